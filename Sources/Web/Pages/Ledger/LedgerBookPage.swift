import Application
import Casework
import HTTPTypes
import Kernel

/// The log as everybody of the bureau sees it: whether it records, what of it lies outside, and why that matters; for
/// those who keep it, the way to hand a checkpoint out and to compare one.
struct LedgerBookPage: Sendable {
    var address: Address
    var isAdministrator: Bool
    var origin: String
    var size: Int64
    /// In groups of four, as it stands on paper.
    var root: String
    var keyID: String
    var verifierKey: String
    /// The newest checkpoint as it was signed.
    var note = ""
    /// Why recording has stopped; nil while it goes on.
    var stopReason: String?
    var checkpoint: BureauUpkeep.Kept?
    var backup: BureauUpkeep.Kept?
    var now: Instant
    var handOut: FormFrame
    var compare: FormFrame
    var verdict: OutsideVerdict?
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?
    /// Whether this person keeps the log: hands out checkpoints, compares them.
    var isKeeper = true
    /// What the last whole check found.
    var verified: LastVerification?
    /// Media with backups.
    var media: [BackupMedium] = []
    var isMediumRetired = false
    var retire: FormFrame?

    static let fileField = "checkpoint"

    var page: Page {
        Page(
            title: "记录链", section: isAdministrator ? .administration : .ledger,
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)\(verdictNotice)\(isMediumRetired ? Notice(title: "已登记：这块备份盘不再使用", tone: .done).html : "")<h1>记录链</h1>
                \(isAdministrator ? AdminTabs(address: address, current: .ledger).html : "")<p class="lead">本机关办理的每一步都记在这本账里，一条接一条，写入以后不能改、不能删。这一页说明它现在是否正常。</p>
                \(state)<h2>外面有什么能证明它没有改过</h2>
                \(anchors)\(isKeeper ? keeping : explanation)<h2>给核对的人</h2>
                \(raw)
                """,
            isNarrow: true,
            status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var state: HTML {
        let recording: HTML =
            stopReason.map { "\(Tag(text: "已停止记录", tone: .late).html) \($0)" }
            ?? "\(Tag(text: "正在记录", tone: .done).html) 每条记录写入账本和锁文件以后才答复"
        let check: HTML =
            verified.map { found in
                let anchored = found.checkedSize > 0 ? "，与外面的检查点核对到第 \(found.checkedSize) 条" : "，没有用外面的检查点"
                return found.isWhole
                    ? "\(Tag(text: "完整无误", tone: .done).html) \(found.at.chinese)（\(daysAgo(found.at))）逐条重算到第 \(found.size) 条\(anchored)"
                    : "\(Tag(text: "有不符", tone: .late).html) \(found.at.chinese)核验发现问题，请系统管理员马上处理"
            } ?? "\(Tag(text: "还没有核验过", tone: .soon).html) 请系统管理员在服务器上运行 <code>liuhen ledger verify</code>，服务不用停"
        return SummaryList(rows: [
            .init(label: "状态", value: recording), .init(label: "记录条数", value: "\(size) 条"),
            .init(label: "上次核验", value: check), .init(label: "上次备份", value: lastBackup),
        ]).html
    }

    private func daysAgo(_ at: Instant) -> String {
        let days = now.day.days(since: at.day)
        return days == 0 ? "今天" : "\(days) 天以前"
    }

    private var lastBackup: HTML {
        guard let backup else {
            return "\(Tag(text: "还没有备份过", tone: .late).html) 服务器坏了，记录会全部丢失。请系统管理员马上备份"
        }
        let isLate = now.day.days(since: backup.at.day) > SetupTask.backupDays
        return
            "\(isLate ? "\(Tag(text: "该备份了", tone: .late).html) " as HTML : "")\(backup.at.chinese)（\(daysAgo(backup.at))），到第 \(backup.size) 条，已读回核对\(backup.place.isEmpty ? "" : "，\(backup.place)")\(isLate ? "。超过 \(SetupTask.backupDays) 天，请系统管理员今天再做一次" : "")"
    }

    /// For whoever does not keep it.
    private var explanation: HTML {
        """
        <p>检查点是一小段文字，写着到某一条为止全部记录的“指纹”，并有签名。它存放在外面，谁也不能悄悄改掉在它以前的记录。“已核对”是拿回来对过的，“自称”是交出去了、还没有拿回来对。由档案管理人员或者系统管理员交出和核对。</p>

        """
    }

    /// The checkpoint as programs read it, with a word about what it is.
    private var raw: HTML {
        """
        \(SummaryList(rows: [
            .init(label: "根", value: "<code class=\"groups\">\(root)</code>"),
            .init(label: "记录链名称", value: "<code>\(origin)</code>"),
            .init(label: "密钥标识", value: "<code>\(keyID)</code>"),
            .init(label: "公钥", value: "<code>\(verifierKey)</code>"),
        ]).html)<p>最新的检查点原文如下：第一行是记录链名称，第二行是记录条数，第三行是根，最后是签名。里面没有案情和姓名，谁都可以看。</p>
        <pre class="note">\(note)</pre>
        <p class="hint">给核对程序读取的地址是 <a href="\(address.checkpoint)">\(address.checkpoint)</a>，打开只有上面这几行文字，按浏览器的“后退”回到这里。</p>

        """
    }

    /// What those who keep it do.
    private var keeping: HTML {
        """
        <h2>交出检查点，存放在外面</h2>
        \(why)\(handOut.html(handOutFields))<h2>用外面的检查点核对</h2>
        <p>把以前存放在外面的检查点拿回来，看看从那时到现在，记录有没有被改过、少过。</p>
        \(compare.html(compareFields))<p class="hint">这里的核对由本服务器来做。不信任本服务器的人，请用 liuhen ledger verify --since 检查点文件，或者 liuhen-verify，在另一台电脑上核对。</p>
        \(mediaList)
        """
    }

    private var mediaList: HTML {
        guard !media.isEmpty, let retire else { return "" }
        let rows = media.map { medium -> TaskList.Task in
            let age = medium.age(at: now)
            let name = medium.place.isEmpty ? "编号 \(medium.id.prefix(8))" : medium.place
            return TaskList.Task(
                label: name,
                hint: "上次写入 \(medium.writtenAt.chinese)；上面的证据密钥是\(daysAgo(medium.generationBegan))的。",
                tag: age == .fresh
                    ? Tag(text: "✓", tone: .done)
                    : Tag(text: age == .due ? "该用它备份一次" : "超过 35 天", tone: age == .due ? .soon : .late))
        }
        let choices = media.map { medium in
            FieldModel.Option(
                word: medium.id, label: medium.place.isEmpty ? "编号 \(medium.id.prefix(8))" : medium.place)
        }
        let fields: HTML = """
            \(FieldModel(name: "medium", label: "备份盘", control: .choice(choices), isRequired: true, error: error("medium")).html)\(FieldModel(name: "reason", label: "怎样销毁的", control: .line(), isRequired: true, help: "登记在案，例如：11月20日由某某监督，物理销毁。", error: error("reason")).html)<p class="actions">\(Button(label: "登记不再使用", style: .secondary).html)</p>

            """
        return """
            <h2>备份盘</h2>
            \(TaskList(tasks: rows).html)<details><summary>有备份盘已经销毁</summary>\(retire.html(fields))</details>

            """
    }

    private var anchors: HTML {
        func told(_ kept: BureauUpkeep.Kept?, _ none: String) -> HTML {
            guard let kept else { return "\(Tag(text: none, tone: .late).html)" }
            let place = kept.place.isEmpty ? "" : "，\(kept.place)"
            return "至第 \(kept.size) 条，其后 \(size - kept.size) 条还没有。\(kept.at.chinese)（\(daysAgo(kept.at))）\(place)"
        }
        let verified: HTML
        if case .anchored(let checked, _) = verdict {
            verified = "至第 \(checked) 条，刚才用外面的检查点核对过"
        } else if let found = self.verified, found.isWhole, found.checkedSize > 0 {
            verified = "至第 \(found.checkedSize) 条，\(found.at.chinese)核验时与外面的检查点相符，其后 \(size - found.checkedSize) 条还没有"
        } else {
            verified = "<span class=\"none\">\(isKeeper ? "本次没有核对。请在下面选择外面的检查点" : "还没有用外面的检查点核对过")</span>"
        }
        return SummaryList(rows: [
            .init(label: "已核对", value: verified), .init(label: "自称：检查点", value: told(checkpoint, "还没有交出过")),
            .init(label: "自称：备份", value: told(backup, "还没有备份过")),
        ]).html
    }

    private var why: HTML {
        """
        <p>检查点是一小段文字，写着记录链到某一条为止的“指纹”，并有签名。谁手里有一份，就能证明在那之前的每一条记录后来都没有改过、没有少过。</p>
        <p>只放在这台服务器里没有用：掌握这台服务器和密钥的人，可以重做一本看起来完好的账。所以请定期（例如每月）把检查点交给外面的人保存：上级机关、司法局、档案馆，或者印在公文里。它不含案情和姓名。</p>

        """
    }

    private var handOutFields: HTML {
        """
        \(FieldModel(name: "place", label: "交给谁，放在哪里", control: .line(), isRequired: true, help: "登记在案，例如：市统计局法规科，王某签收。", error: error("place")).html)<p class="actions">\(Button(label: "下载最新检查点").html)</p>

        """
    }

    private var compareFields: HTML {
        """
        \(FieldModel(name: Self.fileField, label: "检查点文件", control: .file(accept: ".txt,text/plain"), isRequired: true, error: error(Self.fileField)).html)<p class="actions">\(Button(label: "核对", style: .secondary).html)</p>

        """
    }

    private func error(_ name: String) -> String? { errors.first { $0.field == name }?.text }

    private var verdictNotice: HTML {
        switch verdict {
        case nil: ""
        case .anchored(let size, let now):
            Notice(
                title: "相符：前 \(size) 条没有改过，也没有少",
                paragraphs: ["从那时到现在新增 \(now - size) 条。这 \(now - size) 条要等下一份检查点存放在外以后，才能这样核对。"], tone: .done
            ).html
        case .ahead(let size, let now):
            Notice(
                title: "不符：记录少了", paragraphs: ["检查点写着 \(size) 条，现在只有 \(now) 条。账本可能退回到了旧的备份。请停止使用，联系实施单位。"],
                tone: .refused
            ).html
        case .rewritten(let size):
            Notice(
                title: "不符：历史被改写过", paragraphs: ["检查点上的前 \(size) 条与现在的不是同一份记录。请保存好这份检查点，停止使用，报告上级机关。"], tone: .refused
            ).html
        case .foreign:
            Notice(title: "这不是本记录链的检查点", paragraphs: ["文件被改动过，或者属于另一个机关。请选择下载时的原文件。"], tone: .warning).html
        }
    }
}

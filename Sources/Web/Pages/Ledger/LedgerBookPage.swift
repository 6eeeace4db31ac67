import Application
import Casework
import HTTPTypes
import Kernel

/// The log as those see it who keep it: head, key, what lies outside, and why that matters.
struct LedgerBookPage: Sendable {
    var address: Address
    var isAdministrator: Bool
    var origin: String
    var size: Int64
    /// In groups of four, as it stands on paper.
    var root: String
    var keyID: String
    var verifierKey: String
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

    static let fileField = "checkpoint"

    var page: Page {
        Page(
            title: "记录链", section: isAdministrator ? .administration : .ledger,
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)\(verdictNotice)<h1>记录链</h1>
                \(isAdministrator ? AdminTabs(address: address, current: .ledger).html : "")\(state)<h2>锚定到哪里</h2>
                \(anchors)<h2>交出检查点，存放在外面</h2>
                \(why)\(handOut.html(handOutFields))<h2>用外面的检查点核对</h2>
                <p>把以前存放在外面的检查点拿回来，看看从那时到现在，记录有没有被改过、少过。</p>
                \(compare.html(compareFields))<p class="hint">这里的核对由本服务器来做。不信任本服务器的人，请用 liuhen ledger verify --since 检查点文件，或者 liuhen-verify，在另一台电脑上核对。</p>
                """,
            isNarrow: true,
            status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var state: HTML {
        let recording: HTML =
            stopReason.map { "\(Tag(text: "已停止记录", tone: .late).html) \($0)" }
            ?? "\(Tag(text: "正在记录", tone: .done).html) 每条记录写入账本和锁文件以后才答复"
        return SummaryList(rows: [
            .init(label: "状态", value: recording), .init(label: "记录条数", value: "\(size) 条"),
            .init(label: "根", value: "<code class=\"groups\">\(root)</code>"),
            .init(label: "记录链名称", value: "<code>\(origin)</code>"),
            .init(label: "密钥标识", value: "<code>\(keyID)</code>"),
            .init(label: "公钥", value: "<code>\(verifierKey)</code>"),
        ]).html
    }

    private var anchors: HTML {
        func told(_ kept: BureauUpkeep.Kept?, _ none: String) -> HTML {
            guard let kept else { return "\(Tag(text: none, tone: .late).html)" }
            let days = now.day.days(since: kept.at.day)
            let place = kept.place.isEmpty ? "" : "，\(kept.place)"
            return
                "至第 \(kept.size) 条，其后 \(size - kept.size) 条还没有。\(kept.at.chinese)（\(days == 0 ? "今天" : "\(days) 天以前")）\(place)"
        }
        let verified: HTML
        if case .anchored(let checked, _) = verdict {
            verified = "至第 \(checked) 条，刚才用外面的检查点核对过"
        } else {
            verified = "<span class=\"none\">本次没有核对。请在下面选择外面的检查点</span>"
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

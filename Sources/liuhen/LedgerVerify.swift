import Application
import ArgumentParser
import Foundation
import Kernel
import Ledger
import Store

/// Re-checks tree and content of a stored ledger, and says how far it is anchored.
struct LedgerVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "从存储重新核验账本：骨架、承诺、叶、树、签名、记录线和开启值。",
        discussion: "服务运行时也可以核验。用 --since 给出保存在外面的检查点，才能发现整个账本被换掉或者退回。锁文件（--lock）记得的比账本多，或者没有锁文件也没有给出检查点，都算不符。")

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
    var bureau: BureauTag?

    @Option(help: ArgumentHelp("保存在外面的检查点文件，可以给多个。", valueName: "文件"))
    var since: [String] = []

    func run() async throws {
        var isWhole = false
        try await reporting {
            let place = options.place
            let tags = try BureauPlaces.tags(in: place, bureau)
            let (there, absent) = BureauPlaces.withLedger(tags, in: place)
            isWhole = absent.isEmpty
            for problem in absent { print(problem) }
            for (tag, check) in try LedgerVerify.checks(of: there, in: place, outside: since) {
                isWhole = await LedgerVerify.judge(tag, check) && isWhole
            }
        }
        if !isWhole { throw ExitCode(1) }
    }

    /// Checks one ledger and prints what was found; one that cannot be read keeps nobody from checking the others.
    ///
    /// - Returns: whether nothing is wrong.
    private static func judge(_ tag: BureauTag, _ check: LedgerVerification) async -> Bool {
        do {
            // A thread of its own: the check reads the whole file and would hold a thread of the pool for long.
            let (problems, verdict) = try await withCheckedThrowingContinuation { continuation in
                Thread {
                    continuation.resume(with: Result { (try check.fileProblems(), try check.run()) })
                }.start()
            }
            print(text(of: verdict, bureau: tag))
            if !problems.isEmpty { print(text(ofFile: problems, isWhole: verdict.isUnchanged)) }
            VerificationMark.write(
                LastVerification(
                    at: SystemClock().now(), size: verdict.logs.last?.size ?? 0,
                    isWhole: verdict.isLedgerWhole && problems.isEmpty,
                    checkedSize: verdict.logs.last?.checkedSize ?? 0),
                beside: check.path)
            return verdict.isWhole && problems.isEmpty
        } catch {
            print(BureauPlaces.unreadable(tag, path: check.path))
            return false
        }
    }

    /// The check of each bureau with the checkpoints from outside that are its own.
    ///
    /// - Throws: `CommandFailure` where a file cannot be read or is of none of these bureaus: it would say nothing of them.
    private static func checks(
        of tags: [BureauTag], in place: ServerPlace, outside files: [String]
    ) throws -> [(BureauTag, LedgerVerification)] {
        var checks = tags.map { tag in
            var check = LedgerVerification(path: place.parts(of: tag).ledger, bureau: tag)
            check.lock = place.parts(of: tag).lockFile
            return (tag, check)
        }
        guard !files.isEmpty else { return checks }
        let firsts = checks.map { (try? $0.1.origins().first) ?? "" }
        for path in files {
            guard let note = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("读不到检查点文件 \(path)。")
            }
            let origin = String(decoding: note.prefix { $0 != UInt8(ascii: "\n") }.prefix(300), as: UTF8.self)
            guard let own = firsts.firstIndex(where: { LogSuccession.isOrigin(origin, first: $0) }) else {
                throw CommandFailure(
                    "\(path) 不是这里的检查点：第一行应是记录链名称（\(firsts.joined(separator: "、"))），它是“\(origin.shownBack)”。没有核验。")
            }
            checks[own].1.outside.append((path, Array(note)))
        }
        return checks
    }

    /// What is damaged in the file, and what to do about it.
    static func text(ofFile problems: [String], isWhole: Bool) -> String {
        let way = wayOut(isWhole: isWhole)
        let shown = problems.prefix(5).map { "  ✗ 账本文件：\(FileDamage.chinese($0))" }.joined(separator: "\n")
        return "  账本文件有 \(problems.count) 处损坏。\(way)\n\(shown)"
    }

    /// What to do about a damaged file, by whether the entries in it are whole.
    static func wayOut(isWhole: Bool) -> String {
        isWhole
            ? "记录本身完整，损坏的是由它们算出的台账和清单。请停止服务，把数据目录整个复制留底，再运行 liuhen ledger rebuild --repair：它由记录重新做成账本文件。"
            : "记录本身也有损坏。请停止服务，把数据目录整个复制留底，用备份恢复（liuhen restore）。"
    }

    /// The verdict for people.
    static func text(of verdict: LedgerVerdict, bureau: BureauTag) -> String {
        var lines = ["机关 \(bureau)：\(verdict.isWhole ? "完整无误" : "有 \(verdict.findingCount) 处不符")"]
        // What was given and fits nothing is told below; it must not read here as if nothing had been given.
        let isGiven =
            !verdict.heldOfLost.isEmpty
            || verdict.findings.contains { finding in if case .outside = finding { true } else { false } }
        let missing = isGiven ? "给出的外面的检查点没有一个锚定这本记录链" : "没有给出外面的检查点"
        for log in verdict.logs {
            lines.append("  记录链 \(log.origin)：\(log.size) 条，根 \(log.root)，签名的检查点 \(log.heads) 个")
            let seconds = log.unanchoredMilliseconds.map { "（\($0 / 1000) 秒之内）" } ?? ""
            lines.append(
                log.checkedSize > 0
                    ? "  已由外面的检查点锚定至第 \(log.checkedSize) 条；其后 \(log.unanchoredRecords) 条\(seconds)尚未锚定"
                    : "  \(missing)：\(log.unanchoredRecords) 条都只靠签名，掌握密钥和磁盘的人能够另做一本账")
            lines.append("  自称锚定：已随文书送达、随案卷或者检查点交出、或者备份至第 \(log.claimedSize) 条")
        }
        for change in verdict.successions where change.isRotation {
            lines.append(
                "  换用密钥：第 \(change.surviving.log) 本记录链到第 \(change.surviving.size) 条（\(change.gapFrom.chinese)）为止，"
                    + "根 \(change.surviving.root)，另启第 \(change.log) 本；没有丢失记录")
        }
        for loss in verdict.successions where !loss.isRotation {
            let lost = loss.knownLost.map { loss.isWholeLoss ? "\($0) 条" : "至少 \($0) 条" } ?? "条数不得而知"
            lines.append(
                "  缺口：第 \(loss.surviving.log) 本记录链第 \(loss.surviving.size) 条（\(loss.gapFrom.chinese)）之后丢失\(lost)，"
                    + "最后已知第 \(loss.previous.log) 本 \(loss.previous.size) 条、根 \(loss.previous.root)，另启第 \(loss.log) 本")
        }
        if let size = verdict.rememberedSize, !verdict.findings.contains(where: \.isOfLock) {
            lines.append("  锁文件记得 \(size) 条，与账本相符：不是放回的旧账本（锁文件在机关自己手里，不算外面的检查点）")
        }
        for name in verdict.heldOfLost { lines.append("  外面的检查点 \(name) 在缺口之内：与所称的丢失不矛盾，但证明不了保存下来的部分") }
        lines.append("  开启值：相符 \(verdict.openings)，依规销毁 \(verdict.destroyed)")
        // They follow from the entries, and whoever computes them anew needs the rules: another command.
        lines.append("  列表、台账和应办事项由记录推算，这里没有比对；要比对，运行 liuhen ledger rebuild")
        if let first = verdict.firstWrongEntry { lines.append("  第一条不符的记录：\(text(of: first))") }
        for finding in verdict.findings.prefix(20) { lines.append("  ✗ \(text(of: finding))") }
        return lines.joined(separator: "\n")
    }

    private static func text(of finding: LedgerFinding) -> String {
        switch finding {
        case .entry(let log, let index, let thread, let seq, let fault):
            let place = thread.map { "（记录线 \($0) 第 \(seq ?? 0) 条）" } ?? ""
            return "\(log > 1 ? "第 \(log) 本" : "")第 \(index) 条记录\(place)：\(text(of: fault))"
        case .node(_, let level, let n): return "第 \(level) 层第 \(n) 个散列值与记录不符"
        case .head(_, let size, let fault): return "\(size) 条时签名的检查点：\(text(of: fault))"
        case .thread(let thread): return "记录线 \(thread) 的末条登记不符"
        case .command(let command): return "步骤 \(command) 的答复不符"
        case .outside(let name, let fault): return "外面的检查点 \(name)：\(text(of: fault))"
        case .log(let number, let fault): return "第 \(number) 本记录链：\(text(of: fault))"
        case .bureau(let other):
            return "这是机关 \(other) 的账本，不是这个机关的：账本文件放错了目录。请停止服务，把 ledger.sqlite（连同 -wal、-shm）放回 "
                + "bureaus/\(other)，这个机关自己的放回原处；找不回的，用备份恢复（liuhen restore）"
        case .lock(let error): return "锁文件：\(error.chinese)"
        case .number(let twice):
            let number = twice.text.map { "“\($0.shownBack)”" } ?? "〔\(twice.year)〕\(twice.number)号"
            return "文号\(number)（文书种类 \(twice.kind)）给出过两次：先是\(text(of: twice.first))，又是\(text(of: twice.again))。"
                + "两条记录都没有改动，恢复备份解决不了：请行政机关负责人查明，作废或者补正后一份文书，换用新的文号，并查明列表和台账是怎么被改动的"
        }
    }

    private static func text(of place: LedgerFinding.Place) -> String {
        "\(place.log > 1 ? "第 \(place.log) 本" : "")第 \(place.index) 条记录（记录线 \(place.thread) 第 \(place.seq) 条）"
    }

    private static func text(of fault: LedgerFinding.EntryFault) -> String {
        switch fault {
        case .missing: "缺失"
        case .content: "骨架或者盐被改动，与承诺不符"
        case .columns: "旁列的内容与骨架不符"
        case .leaf: "叶与树中的散列值不符"
        case .chain: "与前一条不相接"
        case .opening(let name): "字段 \(name) 的值与承诺不符"
        case .openingClass(let name): "字段 \(name) 的公开类别被改动：按记录类型它不是这一类"
        case .openingMissing(let name): "字段 \(name) 的值不在，也没有销毁的依据"
        case .claim: "它所称的检查点从未有过"
        }
    }

    private static func text(of fault: LedgerFinding.LogFault) -> String {
        switch fault {
        case .noneBefore: "它以前的记录链不在文件里"
        case .unknown: "没有登记这本记录链，却有它的内容"
        case .succession: "第一条记录没有写明上一本记录链止于何处"
        case .key: "公钥不合格式，或者不是这本记录链的"
        case .noHead: "没有签名的检查点"
        case .entriesBeyond(let size): "最新的签名检查点（\(size) 条）之后还有记录"
        case .hashesBeyond(let size): "最新的签名检查点（\(size) 条）之后还有散列值"
        case .unreadable(let range): "第 \(range.lowerBound) 条到第 \(range.upperBound - 1) 条记录不能读取"
        case .edge(let index): "第 \(index) 条记录以前的散列值不是这些记录的"
        case .commandless(let count): "有 \(count) 条记录不属于任何登记过的步骤"
        case .types: "记录类型的登记与各条记录不符"
        }
    }

    private static func text(of fault: LedgerFinding.HeadFault) -> String {
        switch fault {
        case .note: "签名或者内容不符"
        case .root: "根与记录不符：历史被改写过"
        case .beyond: "比现有账本更长：账本退回到了更早的时候"
        case .origin: "不是这个机关的记录链"
        }
    }
}

import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Store

/// Computes the projections anew from the entries and proves them equal, or replaces what differs.
struct LedgerRebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "由记录重新推算列表、台账和应办事项，与存储的逐行对照。",
        discussion: "默认只对照、不改动；加 --repair 以推算的结果替换不符的行，账本文件里列表和台账的部分损坏的，由记录重新做成账本文件。记录本身从不改动；记录损坏的，请从备份恢复。")

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
    var bureau: BureauTag?

    @Flag(help: "替换不符的行。")
    var repair = false

    func run() async throws {
        var isRight = false
        try await reporting {
            let place = options.place
            let (there, absent) = BureauPlaces.withLedger(try BureauPlaces.tags(in: place, bureau), in: place)
            for problem in absent { print(problem) }
            isRight = absent.isEmpty
            for tag in there {
                do {
                    let isEqual = try await mendFile(of: tag) ? try await compare(tag) : false
                    isRight = isEqual && isRight
                } catch {
                    // One bureau that cannot be opened keeps nobody from looking at the others.
                    guard there.count > 1 else { throw error }
                    print("机关 \(tag)：✗ \(CommandFailure(error))")
                    isRight = false
                }
            }
        }
        if !isRight { throw ExitCode(1) }
    }

    /// Compares, or repairs, the rows of one bureau and prints what was found.
    ///
    /// - Returns: whether everything is right now.
    private func compare(_ tag: BureauTag) async throws -> Bool {
        let premises = try await Premises.open(options.place, only: tag)
        do {
            let open = try premises.bureau(tag)
            let casebook = open.office.casebook
            let rebuild = Rebuild(open.ledger)
            let progress = RebuildProgress()
            let projector: Rebuild.Projector = { try await casebook.projectedRows(of: $0, entries: $1) }
            let report =
                repair
                ? try await rebuild.repair(projector) { progress.tell($0) }
                : try await rebuild.compare(projector) { progress.tell($0) }
            progress.end(report)
            tell(report, of: tag)
            await premises.close()
            return report.isEqual || repair && report.areEntriesSound
        } catch {
            await premises.close()
            throw error
        }
    }

    private func tell(_ report: Rebuild.Report, of tag: BureauTag) {
        print("机关 \(tag)：重新推算 \(report.threads) 条记录线、\(report.rows) 行：\(report.isEqual ? "与存储的完全一致" : "有不符")")
        for difference in report.differences.prefix(20) {
            print("  ✗ \(difference.key.table.rawValue) \(difference.key.owner) \(difference.key.local)")
        }
        for thread in report.damaged { print("  ✗ 记录线 \(thread) 的存储行不能读取") }
        for fault in report.classes {
            print("  ✗ 记录线 \(fault.thread) 第 \(fault.seq) 条的字段 \(fault.field)：公开类别被改动，请从备份恢复")
        }
        for fault in report.mismatches {
            print("  ✗ 记录线 \(fault.thread) 第 \(fault.seq) 条的 \(fault.field) 与承诺不符：存储的内容被改动。这条线没有改动，请从备份恢复")
        }
        // Search index, handlers, counters: whoever mends needs their names, the rest is English.
        for fault in report.index { print("  ✗ 查找索引或者计数与存储的行不符：\(fault.prefix { $0 != " " })") }
        if repair, !report.isEqual {
            print(report.areEntriesSound ? "已用推算的结果替换。" : "其余的已用推算的结果替换；先运行 liuhen ledger verify，再从备份恢复。")
        }
    }

    /// Looks at the file before it is opened: damaged pages would make any read fail. With `--repair` it is made anew out
    /// of the entries, if these are whole.
    ///
    /// - Returns: whether the rows can be compared now.
    private func mendFile(of tag: BureauTag) async throws -> Bool {
        let place = options.place
        let check = LedgerVerification(path: place.parts(of: tag).ledger, bureau: tag)
        let problems: [String]
        do {
            problems = try await LedgerRebuild.onThread { try check.fileProblems(thorough: true) }
        } catch {
            print(BureauPlaces.unreadable(tag, path: check.path))
            return false
        }
        guard !problems.isEmpty else { return true }
        print("机关 \(tag)：账本文件 \(check.path) 有 \(problems.count)\(problems.count >= 20 ? " 处以上" : " 处")损坏。")
        for problem in problems.prefix(5) { print("  ✗ \(FileDamage.chinese(problem))") }
        guard repair else {
            let verdict = try? await LedgerRebuild.onThread { try check.run() }
            print(LedgerVerify.wayOut(isWhole: verdict?.isUnchanged == true))
            return false
        }
        let data = try DataDirectory(path: place.data)
        let texts = KeptTexts(place)
        let library = try texts.library()
        let remake = LedgerRemake(
            place: .init(data: data, lockDirectory: place.lock, bureau: tag),
            keys: KeyStore(directory: place.keys, bureau: tag))
        let report = try await LedgerRebuild.onThread {
            try remake.run { bureau in
                let rows = try ThreadRows(library: library, bureau: bureau)
                return { thread, entries in try rows.rows(of: thread, entries: entries) }
            }
        }
        print("记录完整无误，共 \(report.entries) 条。列表、台账和索引 \(report.rows) 行已由记录全部重新算出，换上新做成的账本文件。")
        print("原来的文件留作 \(report.kept)。服务用上几天没有问题的，请删除它：里面有案情，也可能有以后依法销毁的内容。")
        return true
    }

    /// Runs what blocks for long on a thread of its own.
    private static func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result { try body() }) }
            thread.stackSize = 4 << 20
            thread.start()
        }
    }
}

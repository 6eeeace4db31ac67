import Application
import ArgumentParser
import Casework
import Kernel
import Store

/// Computes the projections anew from the entries and proves them equal, or replaces what differs.
struct LedgerRebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "由记录重新推算列表、台账和应办事项，与存储的逐行对照。",
        discussion: "默认只对照、不改动；加 --repair 以推算的结果替换不符的行。记录本身从不改动。")

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
    var bureau: BureauTag?

    @Flag(help: "替换不符的行。")
    var repair = false

    func run() async throws {
        var isEqual = false
        var isDamaged = false
        try await reporting {
            let premises = try await Premises.open(options.place)
            do {
                let open = try premises.bureau(bureau)
                let casebook = open.office.casebook
                let rebuild = Rebuild(open.ledger)
                let progress = RebuildProgress()
                let projector: Rebuild.Projector = { try await casebook.projectedRows(of: $0, entries: $1) }
                let report =
                    repair
                    ? try await rebuild.repair(projector) { progress.tell($0) }
                    : try await rebuild.compare(projector) { progress.tell($0) }
                progress.end(report)
                isEqual = report.isEqual
                isDamaged = !report.classes.isEmpty
                print("重新推算 \(report.threads) 条记录线、\(report.rows) 行：\(report.isEqual ? "与存储的完全一致" : "有不符")")
                for difference in report.differences.prefix(20) {
                    print("  ✗ \(difference.key.table.rawValue) \(difference.key.owner) \(difference.key.local)")
                }
                for thread in report.damaged { print("  ✗ 记录线 \(thread) 的存储行不能读取") }
                for fault in report.classes {
                    print("  ✗ 记录线 \(fault.thread) 第 \(fault.seq) 条的字段 \(fault.field)：公开类别被改动，请从备份恢复")
                }
                for fault in report.index { print("  ✗ \(fault)") }
                if repair, !report.isEqual { print("已用推算的结果替换。") }
            } catch {
                await premises.close()
                throw error
            }
            await premises.close()
        }
        if !isEqual, !repair || isDamaged { throw ExitCode(1) }
    }
}

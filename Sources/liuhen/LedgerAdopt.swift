import Application
import ArgumentParser
import Foundation
import Kernel
import Ledger
import Store

/// Goes on without a usable lock file, from a checkpoint that was kept outside, on the decision of two persons.
struct LedgerAdopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "锁文件丢失或损坏时，用保存在外面的检查点继续。",
        discussion: """
            检查点须与账本现有的全部记录相符。它证明这些记录没有改动；这些记录以后是不是还有过别的记录，它证明不了，
            从同一份旧拷贝里取出的检查点更不能。所以由系统管理员和第二人共同决定，各人输入自己的密码；决定登记在案，
            全体人员在下次登录时看到通知。不能确知没有丢失的，启用新的账本（liuhen ledger new-log）。
            """)

    @OptionGroup var options: PlaceOptions
    @OptionGroup var decision: DecisionOptions

    @Option(help: ArgumentHelp("机关简称。", valueName: "简称"))
    var bureau: BureauTag

    @Option(help: ArgumentHelp("检查点文件。", valueName: "文件"))
    var checkpoint: String

    @Option(help: ArgumentHelp("锁文件丢失的经过、怎样确知没有丢失记录，登记在案。", valueName: "原因"))
    var reason: String

    func run() async throws {
        try await reporting {
            try decision.requireBoth()
            let note = try NextLog.note(at: checkpoint)
            let premises = try await Premises.open(options.place, adopting: (bureau, note))
            do {
                let open = try premises.bureau(bureau)
                let head = try await open.ledger.signedHead()
                let last = try await open.ledger.entries(from: head.size - 1, limit: 1).first?.entry
                print("检查点与账本现有的 \(head.size) 条记录相符，最后一条在 \(last?.skeleton.content.recordedAt.chinese ?? "（无）")。")
                print("在那以后办过任何事项的，请不要继续：账本是旧的，应当启用新的账本（liuhen ledger new-log）。")
                let stop = open.ledger.clockStop()
                if let stop { print(ClockCommand.text(of: stop)) }
                fflush(nil)
                let persons = try await decision.persons(at: open, premises: premises)
                let casebook = open.office.casebook
                // A server that stood for days is stopped by its clock too: the same two persons have looked at it.
                if stop != nil { _ = try await casebook.resumeClock(reason: reason, command: .random(), by: persons) }
                _ = try await casebook.adoptLock(reason: reason, command: .random(), by: persons)
                let now = try await open.ledger.signedHead()
                print("已登记，锁文件已重写：\(now.size) 条记录，根 \(now.root)。")
            } catch {
                await premises.close()
                throw error
            }
            await premises.close()
        }
    }
}

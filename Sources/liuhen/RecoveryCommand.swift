import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Ledger
import Store

/// Commands on the recovery sheet.
struct RecoveryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery", abstract: "恢复单：读回一组，确认抄对了、存好了。", subcommands: [Confirm.self])

    /// Asks for one group of the sheet and records that it was read back.
    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "confirm", abstract: "从保险柜取出恢复单，读回其中一组。", discussion: "登记入账。请先停止服务。")

        @OptionGroup var options: PlaceOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        func run() async throws {
            try await reporting {
                let premises = try await Premises.open(options.place)
                do {
                    let open = try premises.bureau(bureau)
                    let keys = KeyStore(directory: options.place.keys, bureau: open.office.bureau)
                    guard
                        let sheet = RecoverySheet(
                            backupKey: try keys.secret(for: .backup), verifierKey: open.ledger.verifierKey,
                            bureauName: open.name, printedOn: premises.clock.now().day)
                    else { throw CommandFailure("备份密钥不是 32 字节，请检查密钥目录 \(options.keys)。") }
                    guard let group = RecoveryCommand.readBack(sheet) else {
                        throw CommandFailure("没有读回恢复单，没有登记。")
                    }
                    try await RecoveryCommand.record(group: group, at: open)
                    print("与密钥相符，已登记。请把恢复单放回保险柜。")
                } catch {
                    await premises.close()
                    throw error
                }
                await premises.close()
            }
        }
    }

    /// Asks for a group of the sheet, three times at most; the group's number from 1, nil if it was never right.
    static func readBack(_ sheet: RecoverySheet) -> Int? {
        let number = Int.random(in: 0..<8)
        for _ in 0..<3 {
            print("请从恢复单上读回第 \(number + 1) 组：", terminator: "")
            fflush(nil)
            guard let typed = readLine() else { return nil }
            if sheet.isGroup(typed, at: number) { return number + 1 }
            print("与恢复单不符，请再看一遍。")
        }
        return nil
    }

    /// Records that a group was read back.
    static func record(group: Int, at open: Premises.OpenBureau) async throws {
        _ = try await open.office.casebook.record(
            [Fact(.recoveryConfirmed, in: open.thread, plain: ["group": .integer(Int64(group))])], by: .system,
            command: .random())
    }
}

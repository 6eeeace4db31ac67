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
        commandName: "recovery", abstract: "恢复单：读回一组，确认抄对了、存好了；再打印一次。",
        subcommands: [Confirm.self, Print.self])

    /// Asks for one group of the sheet and records that it was read back.
    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "confirm", abstract: "从保险柜取出恢复单，读回其中一组。", discussion: "登记入账。请先停止服务。")

        @OptionGroup var options: PlaceOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        func run() async throws {
            try await RecoveryCommand.withSheet(of: bureau, options) { open, sheet in
                guard let group = RecoveryCommand.readBack(sheet) else {
                    throw CommandFailure("没有读回恢复单，没有登记。")
                }
                try await RecoveryCommand.record(group: group, at: open)
                print("与密钥相符，已登记。请把恢复单放回保险柜。")
            }
        }
    }

    /// Prints the sheet once more. Whoever may read the key directory of the server has the key anyway.
    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "print", abstract: "没有抄下恢复单，或者两份都找不到的，再打印一次。")

        @OptionGroup var options: PlaceOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        func run() async throws {
            try await RecoveryCommand.withSheet(of: bureau, options) { _, sheet in
                for copy in 1...2 { print(InitCommand.text(of: sheet, copy: copy)) }
                print("以前的恢复单仍然有效，找到的请销毁。请打印后分别锁入两处保险柜，再运行 liuhen recovery confirm。")
            }
        }
    }

    /// Opens the bureau for as long as its sheet is looked at, and closes it whatever comes.
    private static func withSheet(
        of bureau: BureauTag?, _ options: PlaceOptions,
        _ body: (Premises.OpenBureau, RecoverySheet) async throws -> Void
    ) async throws {
        try await reporting {
            let premises = try await Premises.open(options.place)
            do {
                let open = try premises.bureau(bureau)
                try await body(open, try sheet(of: open, options, on: premises.clock.now().day))
            } catch {
                await premises.close()
                throw error
            }
            await premises.close()
        }
    }

    private static func sheet(
        of open: Premises.OpenBureau, _ options: PlaceOptions, on day: CivilDay
    ) throws -> RecoverySheet {
        let keys = KeyStore(directory: options.place.keys, bureau: open.office.bureau)
        guard
            let sheet = RecoverySheet(
                backupKey: try keys.secret(for: .backup), verifierKey: open.ledger.verifierKey, bureauName: open.name,
                printedOn: day)
        else { throw CommandFailure("备份密钥不是 32 字节，请检查密钥目录 \(options.keys)。") }
        return sheet
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

import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Ledger
import Store

/// Commands on the keys of a bureau.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "密钥：更换账本、回执和封存密钥；为没有备份密钥的机关补一把。",
        subcommands: [Rotate.self, AddBackupKey.self])

    /// Changes a key.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "更换一把密钥，登记入账；先停止服务。",
            discussion: "中途断电或者被打断，再运行一次同样的命令，会从断处接着做完。做完之前不能备份。")

        @OptionGroup var options: PlaceOptions
        @OptionGroup var decision: DecisionOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        @Option(help: ArgumentHelp("哪一把：log（账本，由系统管理员和第二人共同决定，另启新的账本）、receipt（回执）、vault（封存）。", valueName: "用途"))
        var use: String

        @Option(help: ArgumentHelp("更换账本密钥的原因，登记在案。", valueName: "原因"))
        var reason: String?

        @Option(help: .hidden)
        var stopAfter: Int?

        func run() async throws {
            try await reporting {
                guard let use = KeyStore.Use(rawValue: use) else { throw CommandFailure("没有“\(use)”这种密钥。") }
                if use == .log {
                    guard let reason else { throw CommandFailure("更换账本的密钥要写明原因：请给出 --reason。") }
                    let lines = try await LogKeyRotation(
                        place: options.place, bureau: bureau, decision: decision, reason: reason
                    ).run()
                    for line in lines { print(line) }
                    return
                }
                guard let account = decision.account else { throw CommandFailure("请用 --account 给出办理人的登录名。") }
                var console = ConsoleOptions()
                console.account = account
                console.secretFile = decision.secretFile
                var rotation = KeyRotation(place: options.place, bureau: bureau, use: use, console: console)
                rotation.stopAfter = stopAfter
                let report = try await rotation.run()
                print("已换用新的密钥，编号 \(report.keyID)，已登记入账；旧密钥已清除。")
                if use == .vault { print("改用新密钥封存的证据钥匙：\(report.rewrapped) 把。请立即备份一次。") }
            }
        }
    }

    /// Makes the backup key of a bureau that was founded before there was one.
    struct AddBackupKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add-backup-key", abstract: "为没有备份密钥的机关补一把，并打印恢复单。")

        @OptionGroup var options: PlaceOptions
        @OptionGroup var console: ConsoleOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        @Flag(help: "不请操作者读回恢复单（仅用于自动化测试）。")
        var withoutReadingBack = false

        @Option(help: .hidden)
        var stopAfter: Int?

        func run() async throws {
            try await reporting {
                let premises = try await Premises.open(options.place)
                do {
                    try await add(premises)
                } catch {
                    await premises.close()
                    throw error
                }
                await premises.close()
            }
        }

        private func add(_ premises: Premises) async throws {
            let open = try premises.bureau(bureau)
            let performer = try await console.performer(at: open, premises: premises)
            try performer.require(.administrator)
            let keys = KeyStore(directory: premises.place.keys, bureau: open.office.bureau)
            guard !keys.has(.backup) else { throw CommandFailure("这个机关已有备份密钥，没有改动。") }
            // Staged until the sheet is copied: if we die before, the same key is printed again.
            try keys.stage(secret: KeyStore.randomSecret(), for: .backup)
            end(after: 1)
            let secret = try keys.nextSecret(for: .backup)
            guard
                let sheet = RecoverySheet(
                    backupKey: secret, verifierKey: open.ledger.verifierKey, bureauName: open.name,
                    printedOn: premises.clock.now().day),
                let keyID = KeyStore.backupKeyID(secret)
            else { throw CommandFailure("恢复单没有制成。") }
            for copy in 1...2 { print(InitCommand.text(of: sheet, copy: copy)) }
            // The key comes into use only when the sheet has really left this process.
            fflush(nil)
            if !withoutReadingBack, RecoveryCommand.readBack(sheet) == nil {
                throw CommandFailure("没有读回恢复单，备份密钥还没有启用。请把恢复单抄好，再运行一次本命令。")
            }
            _ = try await open.office.casebook.record(
                [
                    Fact(
                        .keyPublished, in: open.thread, plain: ["keyId": .string(keyID), "use": "backup"])
                ], by: .person(performer.tag), command: KeyRotation.command(.backup, keyID))
            end(after: 2)
            try keys.promote(.backup)
            print("备份密钥已补上并登记入账，现在可以备份。")
        }

        private func end(after step: Int) {
            #if DEBUG
            if stopAfter == step { _exit(9) }
            #endif
        }
    }
}

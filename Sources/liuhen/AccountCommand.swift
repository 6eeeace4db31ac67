import Application
import ArgumentParser
import Casework
import Kernel
import Store

/// Commands on accounts that only whoever holds the server can give.
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "账号：在服务器上重置系统管理员的密码，或者代替第二人确认。",
        subcommands: [Reset.self, Second.self])

    /// Sets a one-time secret for an administrator who lost theirs, and tells everybody.
    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset", abstract: "系统管理员忘记密码而没有别的系统管理员时，设一次性密码。",
            discussion: "登记入账，并在每个人下次登录时通知。有别的系统管理员时，请由他在“人员”页面办理。请先停止服务。")

        @OptionGroup var options: PlaceOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        @Option(help: ArgumentHelp("重置理由，登记在案。", valueName: "理由"))
        var reason: String

        @Argument(help: ArgumentHelp("系统管理员的登录名。", valueName: "登录名"))
        var account: String

        func run() async throws {
            try await reporting {
                let premises = try await Premises.open(options.place)
                do {
                    try await reset(try premises.bureau(bureau), premises: premises)
                } catch {
                    await premises.close()
                    throw error
                }
                await premises.close()
            }
        }

        private func reset(_ open: Premises.OpenBureau, premises: Premises) async throws {
            let registers = open.office.casebook.registers
            guard let person = try await registers.person(account: account) else {
                throw CommandFailure("没有登录名 \(account)。")
            }
            guard person.roles.contains(.administrator) else {
                throw CommandFailure("\(person.name)不是系统管理员。请由系统管理员登录后，在“人员”页面重置。")
            }
            _ = try await open.office.casebook.resetOnServer(
                person, bureau: open.thread, reason: reason, command: .random())
            // If we die here the account is reset in the record and keeps its old secret: run the command again.
            let secret = try await ConsoleOptions.signIn(at: open, premises: premises).setOneTimeSecret(
                of: AccountName(bureau: open.office.bureau, name: account))
            print("\(person.name)的密码已重置，登记在案；每个人下次登录时都会看到通知。")
            print("登录名：\(account)　一次性密码：\(secret)（首次登录时必须更改）")
        }
    }

    /// Confirms what waits for a second person, where nobody of the bureau can confirm it, and tells everybody.
    struct Second: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "second", abstract: "本机关没有人能作第二人时，确认等待中的账号、职责变更和人员登记更改。",
            discussion: "登记入账，并在每个人下次登录时通知。有人能在网页的“待确认事项”里确认时，不能用这条命令代替。请先停止服务。")

        @OptionGroup var options: PlaceOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        @Argument(help: ArgumentHelp("账号、职责或者登记等待确认的人员的登录名。", valueName: "登录名"))
        var account: String

        func run() async throws {
            try await reporting {
                let premises = try await Premises.open(options.place)
                do {
                    let open = try premises.bureau(bureau)
                    guard let person = try await open.office.casebook.registers.person(account: account) else {
                        throw CommandFailure("没有登录名 \(account)。")
                    }
                    _ = try await open.office.casebook.confirmOnServer(person.thread, command: .random())
                    print("\(person.name)等待确认的事项已在服务器上确认，登记在案；每个人下次登录时都会看到通知。")
                } catch {
                    await premises.close()
                    throw error
                }
                await premises.close()
            }
        }
    }
}

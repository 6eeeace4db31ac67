import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Store

/// Commands on the people of a bureau.
struct PersonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "人员：登记、列出、更改密码。", subcommands: [Add.self, List.self, Secret.self])

    /// Registers a person with roles and an account, in the administrator's name.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "登记一名人员，开通账号并打印一次性密码。",
            discussion: "由系统管理员办理，登记入账。职责："
                + Role.allCases.map { "\($0.rawValue)（\($0.chinese)）" }.joined(separator: "、") + "。")

        @OptionGroup var options: PlaceOptions
        @OptionGroup var console: ConsoleOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        @Option(help: ArgumentHelp("姓名。", valueName: "姓名"))
        var name: String

        @Option(help: ArgumentHelp("科室。", valueName: "科室"))
        var section = ""

        @Option(name: .customLong("role"), help: ArgumentHelp("职责，可以给多个。", valueName: "职责"))
        var roles: [String] = []

        @Option(help: ArgumentHelp("执法证件名称。", valueName: "名称"))
        var certificateKind = "统计执法证"

        @Option(help: ArgumentHelp("执法证件号码。", valueName: "号码"))
        var certificate = ""

        @Option(help: ArgumentHelp("执法证件有效期的最后一日。", valueName: "年-月-日"))
        var certificateUntil: String?

        @Option(help: ArgumentHelp("要开通的登录名；省略则不开通账号。", valueName: "登录名"))
        var signInName: String?

        func run() async throws {
            try await reporting {
                let person = try newPerson()
                let premises = try await Premises.open(options.place)
                do {
                    let open = try premises.bureau(bureau)
                    let performer = try await console.performer(at: open, premises: premises)
                    let receipt = try await open.office.casebook.register(person, command: .random(), by: performer)
                    print("\(name)已登记。")
                    if receipt.answer["waits"] == true {
                        print("审批、审查、保管和系统管理的职责，等行政机关负责人在“待确认事项”里确认后生效。")
                    }
                    if let signInName {
                        // Recorded and not yet with a secret: if we die here the account exists and nobody can use it.
                        let secret = try await ConsoleOptions.signIn(at: open, premises: premises).setOneTimeSecret(
                            of: AccountName(bureau: open.office.bureau, name: signInName))
                        print("登录名：\(signInName)　一次性密码：\(secret)（首次登录时必须更改）")
                    }
                } catch {
                    await premises.close()
                    throw error
                }
                await premises.close()
            }
        }

        private func newPerson() throws -> NewPerson {
            let known = try roles.map { word in
                guard let role = Role(rawValue: word) else {
                    throw CommandFailure("没有“\(word)”这项职责。可用：\(Role.allCases.map(\.rawValue).joined(separator: "、"))。")
                }
                return role
            }
            var until: CivilDay?
            if let certificateUntil {
                guard let day = CivilDay(certificateUntil) else {
                    throw CommandFailure("有效期应写成 2027-12-31 这样的日期。")
                }
                until = day
            }
            return NewPerson(
                thread: .random(), name: name, section: section,
                certificateKind: certificate.isEmpty ? "" : certificateKind, certificateNumber: certificate,
                certificateUntil: until, roles: known, account: signInName)
        }
    }

    /// Changes the secret of whoever types it: the way out of a one-time secret without a browser.
    struct Secret: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "secret", abstract: "更改自己的密码（包括一次性密码）。")

        @OptionGroup var options: PlaceOptions
        @OptionGroup var console: ConsoleOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        @Option(help: ArgumentHelp("存放新密码的文件，一行；省略时从终端读。", valueName: "文件"))
        var newSecretFile: String?

        func run() async throws {
            try await reporting {
                let premises = try await Premises.open(options.place)
                do {
                    let new = try ConsoleOptions.secret(from: newSecretFile, prompt: "新密码：")
                    try await console.change(to: new, at: try premises.bureau(bureau), premises: premises)
                    print("密码已更改，其他登录都已退出。")
                } catch {
                    await premises.close()
                    throw error
                }
                await premises.close()
            }
        }
    }

    /// Lists the people of a bureau.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "列出人员、职责、证件和账号。")

        @OptionGroup var options: PlaceOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        func run() async throws {
            try await reporting {
                let premises = try await Premises.open(options.place)
                do {
                    for person in try await premises.bureau(bureau).office.casebook.registers.persons() {
                        let roles = person.roles.map(\.chinese).joined(separator: "、")
                        let until = person.certificateUntil.map { "，有效至 \($0.chinese)" } ?? ""
                        let certificate =
                            person.certificateNumber.isEmpty ? "" : "　证件 \(person.certificateNumber)\(until)"
                        print("\(person.name)　\(person.section)　\(roles)　账号 \(person.account ?? "无")\(certificate)")
                    }
                } catch {
                    await premises.close()
                    throw error
                }
                await premises.close()
            }
        }
    }
}

import Application
import ArgumentParser
import Foundation
import Kernel

/// The two persons who decide together what no one may decide alone: each signs in with their own secret.
struct DecisionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("系统管理员的登录名。", valueName: "登录名"))
    var account: String?

    @Option(help: ArgumentHelp("存放系统管理员密码的文件，一行；省略时从终端读。", valueName: "文件"))
    var secretFile: String?

    @Option(help: ArgumentHelp("第二人的登录名。", valueName: "登录名"))
    var secondAccount: String?

    @Option(help: ArgumentHelp("存放第二人密码的文件，一行；省略时从终端读。", valueName: "文件"))
    var secondSecretFile: String?

    /// Refuses before anything else is done if one of them is not named.
    func requireBoth() throws {
        guard account != nil, secondAccount != nil else {
            throw CommandFailure("这一步由系统管理员和第二人共同决定：请给出 --account 和 --second-account，各人输入自己的密码。")
        }
    }

    /// Signs both in.
    func persons(at open: Premises.OpenBureau, premises: Premises) async throws -> TwoPersons {
        try requireBoth()
        let first = try await performer(account, secretFile, "系统管理员的密码：", at: open, premises: premises)
        let second = try await performer(secondAccount, secondSecretFile, "第二人的密码：", at: open, premises: premises)
        return try await open.office.casebook.twoPersons(administrator: first, second: second)
    }

    private func performer(
        _ account: String?, _ file: String?, _ prompt: String, at open: Premises.OpenBureau, premises: Premises
    ) async throws -> Performer {
        do {
            return try await ConsoleOptions.performer(
                account ?? "", secret: try ConsoleOptions.secret(from: file, prompt: prompt), at: open,
                premises: premises)
        } catch let failure as CommandFailure {
            throw CommandFailure("\(account ?? "")：\(failure.description)")
        }
    }
}

import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Store

/// Who acts at the console: what is recorded here is recorded in somebody's name, as in the browser.
struct ConsoleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("办理人的登录名。", valueName: "登录名"))
    var account: String

    @Option(help: ArgumentHelp("存放密码的文件，一行；省略时从终端读。", valueName: "文件"))
    var secretFile: String?

    /// Signs the person in, with the secret that was just given.
    func performer(at open: Premises.OpenBureau, premises: Premises) async throws -> Performer {
        try await ConsoleOptions.performer(
            account, secret: try readSecret(), at: open, premises: premises)
    }

    /// Signs a person in with a secret that was just given.
    static func performer(
        _ account: String, secret: String, at open: Premises.OpenBureau, premises: Premises
    ) async throws -> Performer {
        let identity = try await identity(account, at: open, premises: premises, secret: secret)
        guard !identity.mustChangeSecret else {
            throw CommandFailure("这是一次性密码。请先更改：liuhen person secret --account \(account)，或者在浏览器中登录更改。")
        }
        // One call of the program is one step: the secret that it was started with is confirmed for it.
        let command = CommandID.random()
        let proof: SecretProof
        do {
            proof = try await ConsoleOptions.signIn(at: open, premises: premises).confirm(
                secret, by: identity, for: command, source: "console")
        } catch {
            throw CommandFailure("密码不对，或者账号暂时锁定。")
        }
        return Performer(
            person: identity.person,
            confirmation: SecretConfirmation(
                proof, of: identity.person.thread, for: command, at: premises.clock.now()))
    }

    /// Replaces the person's secret by one that only they know.
    func change(to new: String, at open: Premises.OpenBureau, premises: Premises) async throws {
        let current = try readSecret()
        let identity = try await ConsoleOptions.identity(account, at: open, premises: premises, secret: current)
        let casebook = open.office.casebook
        try await casebook.holdBeforeOwnSecret(
            identity.person, isOneTime: identity.mustChangeSecret, command: .random())
        do {
            _ = try await ConsoleOptions.signIn(at: open, premises: premises).change(
                from: current, to: new, by: identity, source: "console")
        } catch {
            guard case .weak(let problem) = error else {
                throw CommandFailure("密码没有更改：原来的密码不对、账号暂时锁定，或者登录数据不能写入。（\(error)）")
            }
            throw CommandFailure("新密码不合要求：\(problem.chinese)")
        }
        try await casebook.confirmAfterOwnSecret(identity.person.thread, command: .random())
    }

    private static func identity(
        _ account: String, at open: Premises.OpenBureau, premises: Premises, secret: String
    ) async throws -> Identity {
        do {
            return try await ConsoleOptions.signIn(at: open, premises: premises).open(
                AccountName(bureau: open.office.bureau, name: account), bureau: open.office.bureau, secret: secret,
                source: "console"
            ).identity
        } catch {
            throw CommandFailure("登录名或者密码不对，或者账号暂时锁定。")
        }
    }

    /// The sign-in of one bureau.
    static func signIn(at open: Premises.OpenBureau, premises: Premises) -> SignIn {
        let roll = open.office.casebook.roll
        let tag = open.office.bureau
        return SignIn(
            installation: premises.installation, registers: { $0 == tag ? roll : nil }, hasher: SecretHasher(),
            clock: premises.clock)
    }

    private func readSecret() throws -> String {
        try ConsoleOptions.secret(from: secretFile, prompt: "密码：")
    }

    /// Reads a secret from a file, or from the terminal without showing it.
    static func secret(from file: String?, prompt: String) throws -> String {
        guard let file else {
            guard let typed = getpass(prompt) else { throw CommandFailure("没有读到密码。") }
            return String(cString: typed)
        }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure("读不到密码文件 \(file)。")
        }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}

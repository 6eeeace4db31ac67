import Application
import ArgumentParser
import Casework
import Demo
import Foundation
import Kernel
import Store
import Web

/// Makes a demonstration bureau in a directory of its own, if it is not there, and serves it.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "建立并启动演示机关（虚构的人员、单位和案件）。",
        discussion: "演示只写入 --directory 指明的目录，不接触其他目录；其记录链以 demo.liuhen.invalid/ 开头。")

    @Option(help: ArgumentHelp("演示目录。", valueName: "目录"))
    var directory = "./var-demo"

    @Option(help: ArgumentHelp("程序文件所在目录。", valueName: "目录"))
    var root = "."

    @OptionGroup var listening: ListenOptions

    @Flag(help: "只建立，不启动。")
    var prepareOnly = false

    func run() async throws {
        try await reporting {
            let (host, port) = try listening.address
            let base = URL(fileURLWithPath: directory).standardizedFileURL.path
            let place = ServerPlace(
                data: base + "/data", keys: base + "/keys", lock: base + "/lock",
                root: URL(fileURLWithPath: root).standardizedFileURL.path)
            try place.requireProgramFiles()
            if !prepareOnly { try PortCheck.requireFree(host, port) }
            let way = try listening.way(host: host, keys: place.keys)
            let done = base + "/ready"
            try requireNothingElse(at: place, in: base)
            if !FileManager.default.fileExists(atPath: done) {
                if FileManager.default.fileExists(atPath: place.data) {
                    throw CommandFailure("\(base) 里有没有做完的演示。请先删除这个目录（make clean-demo），再运行一次。")
                }
                print("正在建立演示机关，约需半分钟……")
                fflush(nil)
                try await build(place, in: base)
                // Written last: a demonstration that was cut off in the middle is never served as a whole one.
                try Data("ready\n".utf8).write(to: URL(fileURLWithPath: done))
            }
            if prepareOnly { return }
            let premises = try await Premises.open(place, clock: SystemClock())
            let accounts = DemoBuilder.accounts
            print("演示账号（登录名 / 密码）：")
            for account in accounts { print("  \(account.name) / \(account.secret)　\(account.person)，\(account.role)") }
            try await Server(premises: premises, host: host, port: port, demoAccounts: accounts).run(way)
        }
    }

    /// Refuses a directory in which something else than a demonstration lies, and says so: what is advised for half a
    /// demonstration, to remove it, would be the end of a real bureau.
    private func requireNothingElse(at place: ServerPlace, in base: String) throws {
        for tag in place.traces {
            let parts = place.parts(of: tag)
            let origins = (try? LedgerVerification(path: parts.ledger).origins()) ?? []
            let isDemo =
                origins.isEmpty
                ? tag.description == DemoBuilder.tag && parts.isUnfinished
                : origins.allSatisfy { $0.utf8.starts(with: "demo.liuhen.invalid/".utf8) }
            guard isDemo else {
                throw CommandFailure(
                    "\(base) 里是真实的机关 \(tag)（\(parts.leftOvers.joined(separator: "、"))），不是演示，没有改动。"
                        + "请不要删除它；演示请用 --directory 另选一个目录。")
            }
        }
        let ours = ["bureaus", "rules", "printing", "process.lock"]
        let others = ((try? FileManager.default.contentsOfDirectory(atPath: place.data)) ?? []).filter { name in
            !ours.contains(name) && !name.hasPrefix("installation.sqlite") && !name.hasPrefix("demo-recording")
        }
        guard place.traces.isEmpty, !others.isEmpty else { return }
        throw CommandFailure(
            "\(place.data) 里已有别的内容（\(others.sorted().prefix(3).joined(separator: "、"))），不是演示，没有改动。请用 --directory 另选一个目录。"
        )
    }

    /// Builds the demonstration; where that fails, what it made is taken away again, and nothing else.
    private func build(_ place: ServerPlace, in base: String) async throws {
        let files = FileManager.default
        let made = ([base, place.data, place.keys, place.lock]).filter { !files.fileExists(atPath: $0) }
        do {
            try await DemoBuilder(place: place).build()
        } catch {
            for path in made.reversed() { try? files.removeItem(atPath: path) }
            throw error
        }
    }
}

import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Ledger
import Rulebook
import Store
import Vault

/// Puts a bureau back from a backup into an empty place.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "恢复：从备份恢复一个机关到空的位置，先全部核对，再投入使用。",
        discussion: """
            需要恢复单上的八组密钥。恢复只写入空的位置：数据目录里没有这个机关，密钥目录和锁文件目录里没有它的文件。
            如果原服务器还能读出较新的数据，请先设法保住它，不要恢复较旧的备份。
            """)

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关简称；备份里只有一个机关时可省略。", valueName: "简称"))
    var bureau: BureauTag?

    @Option(help: ArgumentHelp("存放八组恢复密钥的文件，以空格或换行分隔；省略时从终端读。", valueName: "文件"))
    var recoveryKeyFile: String?

    @Option(help: ArgumentHelp("保存在外面的检查点；恢复前核对备份没有落后于它。", valueName: "文件"))
    var checkpoint: String?

    @Option(help: ArgumentHelp("恢复的原因，登记在案。", valueName: "原因"))
    var reason = "从备份恢复"

    @Argument(help: ArgumentHelp("备份盘上的目录。", valueName: "目录"))
    var source: String

    func run() async throws {
        try await reporting {
            let place = options.place
            let medium = URL(fileURLWithPath: source).standardizedFileURL.path
            let tag = try chosen(on: medium)
            let key = try recoveryKey()
            let library = try RuleFiles.load(
                regulations: place.root + "/Regulations", documents: place.root + "/Documents")
            try await restore(tag, from: medium, key: key, library: library)
            let premises = try await Premises.open(place)
            do {
                try await record(tag, premises: premises)
            } catch {
                await premises.close()
                throw error
            }
            await premises.close()
        }
    }

    private func restore(_ tag: BureauTag, from medium: String, key: [UInt8], library: RuleLibrary) async throws {
        let place = options.place
        let data = try DataDirectory(path: place.data)
        var restore = Restore(
            medium: medium, bureau: tag, key: key,
            place: .init(data: data, lockDirectory: place.lock, bureau: tag),
            keys: KeyStore(directory: place.keys, bureau: tag))
        if let checkpoint {
            guard let note = FileManager.default.contents(atPath: checkpoint) else {
                throw CommandFailure("读不到检查点文件 \(checkpoint)。")
            }
            restore.outside = Array(note)
        }
        print("正在核对备份……")
        fflush(nil)
        let prepared = try await restore.prepare { bureau in
            let rows = try ThreadRows(library: library, bureau: bureau)
            return { thread, entries in try rows.rows(of: thread, entries: entries) }
        }
        try await scrub(prepared)
        let installation = try InstallationDatabase(in: data, clock: SystemClock())
        defer { installation.close() }
        try prepared.commit(into: installation)
        let report = prepared.report
        print("已恢复 \(report.entries) 条记录、\(report.objects) 件证据，备份时间 \(report.madeAt.chinese)。")
        if report.destroyedEntries + report.destroyedObjects > 0 {
            print("已依法销毁的内容没有恢复：\(report.destroyedEntries) 条记录的内容，\(report.destroyedObjects) 件证据。")
        }
        for warning in report.warnings { print("注意：\(warning)") }
        print("根：\(report.head.root)")
        print("公钥：\(report.verifierKey)（请与恢复单核对）")
    }

    /// Reads every object whole under its key before anything is in its place.
    private func scrub(_ prepared: Restore.Prepared) async throws {
        guard let secret = prepared.secret(for: .vault), let key = VaultKey(secret) else {
            throw CommandFailure("备份里没有封存密钥，不能使用。")
        }
        let vault = try await FileVault.open(at: prepared.vault, keys: VaultKeys(current: key))
        do {
            for object in try await vault.objects() { _ = try await vault.scrub(object, bytesPerSecond: nil) }
        } catch {
            await vault.close()
            throw error
        }
        await vault.close()
    }

    private func record(_ tag: BureauTag, premises: Premises) async throws {
        let open = try premises.bureau(tag)
        let head = try await open.ledger.signedHead()
        _ = try await open.office.casebook.record(
            [
                Fact(
                    .backupRestored, in: open.thread,
                    plain: [
                        "lost": .integer(0), "root": .string(head.root.description), "size": .integer(head.size),
                    ], fields: [.init("reason", .string(reason), .officer)])
            ], by: .system, command: .random())
        print("恢复已登记。核验通过，可以启动服务；请尽快再做一次备份。")
    }

    private func chosen(on medium: String) throws -> BureauTag {
        let there = try Restore.bureaus(on: medium)
        if let bureau { return bureau }
        guard there.count == 1, let only = there.first else {
            throw CommandFailure(
                there.isEmpty
                    ? "\(medium) 里没有备份。"
                    : "备份里有几个机关，请用 --bureau 指明：\(there.map(\.description).joined(separator: "、"))。")
        }
        return only
    }

    private func recoveryKey() throws -> [UInt8] {
        var groups: [String] = []
        if let recoveryKeyFile {
            guard let text = FileManager.default.contents(atPath: recoveryKeyFile) else {
                throw CommandFailure("读不到恢复密钥文件 \(recoveryKeyFile)。")
            }
            groups = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        } else {
            for number in 1...8 {
                print("恢复单第 \(number) 组：", terminator: "")
                fflush(nil)
                guard let typed = readLine() else { throw CommandFailure("没有读到恢复密钥。") }
                groups.append(typed)
            }
        }
        do {
            return try RecoverySheet.key(fromGroups: groups)
        } catch {
            throw CommandFailure("恢复密钥第 \(error.number) 组不对，请再核对恢复单。")
        }
    }
}

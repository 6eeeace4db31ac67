import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Ledger
import Store
import Vault

/// Puts a bureau back from a backup into an empty place.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "恢复：从备份恢复一个机关到空的位置，先全部核对，再投入使用。",
        discussion: """
            需要恢复单上的八组密钥。恢复只写入空的位置：数据目录里没有这个机关，密钥目录和锁文件目录里没有它的文件。
            如果原服务器还能读出较新的数据，请先设法保住它，不要恢复较旧的备份。
            备份之后是否还有过记录，备份自己不知道。锁文件（留在原处，或者从原服务器取来放进 --lock 目录）与备份的
            末尾相同的，照原来的账本接着写。只有保存在外面的检查点（--checkpoint）与备份的末尾相同的，它证明不了以后
            没有再记录过：由系统管理员和第二人共同决定接着写，登记在案，并通知全体人员。不能这样证明的，加上
            --new-log：同样由两人决定启用新的账本，缺口写明，较短的旧账本不再接着写。
            """)

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关简称；备份里只有一个机关时可省略。", valueName: "简称"))
    var bureau: BureauTag?

    @Option(help: ArgumentHelp("存放八组恢复密钥的文件，以空格或换行分隔；省略时从终端读。", valueName: "文件"))
    var recoveryKeyFile: String?

    @Option(help: ArgumentHelp("保存在外面的检查点：没有锁文件时，与备份的末尾相同的，可以由两人决定接着写。", valueName: "文件"))
    var checkpoint: String?

    @Option(help: ArgumentHelp("恢复的原因，登记在案。", valueName: "原因"))
    var reason = "从备份恢复"

    @Flag(help: "备份之后的记录已经丢失，或者不知道有没有：恢复以后启用新的账本。")
    var newLog = false

    @Option(help: NextLog.numberRoomHelp)
    var numberRoom: Int?

    @OptionGroup var decision: DecisionOptions

    @Argument(help: ArgumentHelp("备份盘上的目录。", valueName: "目录"))
    var source: String

    func run() async throws {
        try await reporting {
            let place = options.place
            let medium = URL(fileURLWithPath: source).standardizedFileURL.path
            let tag = try chosen(on: medium)
            // A checkpoint is taken with every backup: it fits the backup whatever was recorded afterwards.
            let note = try checkpoint.map { try NextLog.note(at: $0) }
            let adopting = newLog || FileManager.default.fileExists(atPath: "\(place.lock)/\(tag).lock") ? nil : note
            if newLog || adopting != nil { try decision.requireBoth() }
            if newLog, numberRoom == nil, !FileManager.default.fileExists(atPath: "\(place.lock)/\(tag).lock") {
                // Said before anything is put in its place.
                throw CommandFailure(NextLog.roomIsNeeded)
            }
            let key = try recoveryKey()
            let vault = try await restore(tag, from: medium, key: key, awaitsAdoption: adopting != nil)
            let loss = newLog ? try await beginNextLog(of: tag) : nil
            let premises = try await Premises.open(place, adopting: adopting.map { (tag, $0) })
            do {
                let persons = adopting == nil ? nil : try await adopters(of: tag, premises: premises)
                try await resumeClock(of: tag, by: persons, premises: premises)
                if let persons {
                    _ = try await premises.bureau(tag).office.casebook.adoptLock(
                        reason: reason, command: .random(), by: persons)
                }
                try await record(tag, loss: loss, vault, premises: premises)
            } catch {
                await premises.close()
                throw error
            }
            await premises.close()
            guard vault.found.flaws.isEmpty else { throw CommandFailure(RestoreCommand.loss(vault.found)) }
        }
    }

    /// What is said at the end where not all evidence came back: the bureau is in its place all the same.
    private static func loss(_ found: VaultInspection.Result) -> String {
        "恢复已完成，记录完整，可以启动服务；但记录提到的 \(found.count) 件证据中，这份备份里不见的 \(found.missing) 件、"
            + "损坏的 \(found.damaged) 件，上面逐件写明。请接上别的备份盘（较早的也要）逐份查找；"
            + "哪一份里都没有完好的，这些文件就是丢失了，请报告负责人，封存这块备份盘和原来的磁盘。"
    }

    /// Those who decide that nothing followed the checkpoint. If they cannot be asked, the bureau is in its place without a
    /// lock file: no server starts on it, and `ledger adopt` goes on.
    private func adopters(of tag: BureauTag, premises: Premises) async throws -> TwoPersons {
        do {
            return try await decision.persons(at: try premises.bureau(tag), premises: premises)
        } catch {
            throw CommandFailure(
                "\(CommandFailure(error).description)\n数据已恢复到位，但还没有人决定接着写，服务不会启动。请运行 "
                    + "liuhen ledger adopt --bureau \(tag) --checkpoint 检查点文件 --reason 原因，或者 liuhen ledger new-log。")
        }
    }

    private func restore(
        _ tag: BureauTag, from medium: String, key: [UInt8], awaitsAdoption: Bool
    ) async throws -> RestoredVault {
        let place = options.place
        let data = try DataDirectory(path: place.data)
        var restore = Restore(
            medium: medium, bureau: tag, key: key,
            place: .init(data: data, lockDirectory: place.lock, bureau: tag),
            keys: KeyStore(directory: place.keys, bureau: tag))
        restore.outside = try checkpoint.map { try NextLog.note(at: $0) }
        restore.opensNextLog = newLog
        restore.awaitsAdoption = awaitsAdoption
        print("正在核对备份……")
        fflush(nil)
        let (texts, kept) = (KeptTexts(place), restore.keptRules)
        let prepared = try await restore.prepare { bureau in
            // With the texts that the bureau adopted, wherever this program has others.
            let library = try texts.library(keptAt: kept)
            let rows = try ThreadRows(library: library, bureau: bureau)
            return { thread, entries in try rows.rows(of: thread, entries: entries) }
        }
        let vault = try await read(prepared)
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
        for line in vault.lines { print("✗ \(line)") }
        fflush(nil)
        return vault
    }

    /// Reads every object that the entries name whole under its key, before anything is in its place.
    private func read(_ prepared: Restore.Prepared) async throws -> RestoredVault {
        guard let secret = prepared.secret(for: .vault), let key = VaultKey(secret) else {
            throw CommandFailure("备份里没有封存密钥，不能使用。")
        }
        let library = try? KeptTexts(options.place).library()
        let (ledger, vault) = (prepared.ledger, prepared.vault)
        return try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(
                    with: Swift.Result {
                        let verification = LedgerVerification(path: ledger)
                        let objects = SealedObjects(at: vault, keys: VaultKeys(current: key))
                        var found = VaultInspection.Result()
                        for object in try verification.namedObjects() {
                            found.count += 1
                            guard let flaw = objects.flaw(of: object.id, .whole, expecting: object.sha256) else {
                                continue
                            }
                            guard flaw != .wrongKey else {
                                throw CommandFailure("备份里的封存密钥打不开证据 \(object.id)，没有恢复。请换用另一份备份。")
                            }
                            found.flaws.append((object, flaw))
                        }
                        return RestoredVault(
                            found: found,
                            lines: ObjectWords(library: library).lines(found.flaws, verification))
                    })
            }.start()
        }
    }

    /// What the look at the objects found before they were put in their place.
    private struct RestoredVault: Sendable {
        let found: VaultInspection.Result
        let lines: [String]
    }

    /// The records that are lost, once the later log has begun; nil if it turned out that none are.
    ///
    /// If we die before it has begun, the bureau is in its place and no server starts on it; `ledger new-log` goes on.
    private func beginNextLog(of tag: BureauTag) async throws -> LogLoss? {
        do {
            return try await NextLog(
                place: options.place, bureau: tag, note: try checkpoint.map { try NextLog.note(at: $0) },
                decision: decision, numberRoom: numberRoom, reason: reason
            ).begin()
        } catch let error as LedgerStartError {
            guard case .nothingLost = error else { throw error }
            print(error.chinese)
            return nil
        }
    }

    /// A backup is often older than the clock's rule allows; those who put it back can confirm the clock at once.
    private func resumeClock(of tag: BureauTag, by adopters: TwoPersons?, premises: Premises) async throws {
        let open = try premises.bureau(tag)
        guard let stop = open.ledger.clockStop() else { return }
        print(ClockCommand.text(of: stop))
        fflush(nil)
        guard decision.account != nil, decision.secondAccount != nil else {
            throw CommandFailure(
                "数据已恢复到位并核对无误，但恢复还没有登记：距备份时最后一条记录已久，须由系统管理员和第二人确认时钟。"
                    + "请运行 liuhen clock resume，然后启动服务。")
        }
        let persons: TwoPersons
        if let adopters {
            persons = adopters
        } else {
            persons = try await decision.persons(at: open, premises: premises)
        }
        _ = try await open.office.casebook.resumeClock(reason: reason, command: .random(), by: persons)
    }

    private func record(
        _ tag: BureauTag, loss: LogLoss?, _ vault: RestoredVault, premises: Premises
    ) async throws {
        let open = try premises.bureau(tag)
        let head = try await open.ledger.signedHead()
        var plain: [JSON.Member] = [
            .init("lost", .integer(Int64(loss?.succession.knownLost ?? 0))),
            .init("root", .string(head.root.description)), .init("size", .integer(head.size)),
        ]
        if let loss { plain.append(.init("previousOrigin", .string(loss.previousOrigin))) }
        _ = try await open.office.casebook.record(
            [
                Fact(
                    .backupRestored, in: open.thread, plain: .object(plain),
                    fields: [.init("reason", .string(reason), .officer)]),
                VaultCheck.fact(vault.found, vault.lines, in: open.thread),
            ], by: .system, command: .random())
        print(vault.found.flaws.isEmpty ? "恢复已登记。核验通过，可以启动服务；请尽快再做一次备份。" : "恢复和缺损的证据已登记。")
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

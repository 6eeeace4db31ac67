import Application
import Casework
import Foundation
import Kernel
import Ledger
import Logging
import ServiceLifecycle
import Store
import Vault

/// Looks at every object that the entries of a bureau name. Locks nothing and writes nothing, so that it goes beside the
/// running server.
struct VaultInspection {
    let bureau: BureauTag
    let ledger: LedgerVerification
    let objects: SealedObjects
    let words: ObjectWords

    /// The inspection of a bureau's vault.
    init(of bureau: BureauTag, in place: ServerPlace, library: RuleLibrary?) throws {
        self.bureau = bureau
        ledger = LedgerVerification(path: place.parts(of: bureau).ledger, bureau: bureau)
        let keys = try VaultKeys(of: KeyStore(directory: place.keys, bureau: bureau), in: place)
        objects = SealedObjects(at: place.vault(of: bureau), keys: keys)
        words = ObjectWords(library: library)
    }

    /// What was found.
    struct Result {
        /// How many objects entries name.
        var count = 0
        var flaws: [(object: NamedObject, flaw: ObjectFlaw)] = []

        /// How many of them are gone, and how many are there and wrong.
        var missing: Int { flaws.count { $0.flaw.isMissing } }
        var damaged: Int { flaws.count - missing }
    }

    /// Looks at all of them, one after another.
    ///
    /// - Parameter progress: is told after each object how many of how many were looked at.
    func run(_ depth: InspectionDepth, progress: (Int, Int) -> Void = { _, _ in }) throws -> Result {
        let named = try ledger.namedObjects()
        var result = Result(count: named.count)
        for (number, object) in named.enumerated() {
            if let flaw = objects.flaw(of: object.id, depth, expecting: object.sha256) {
                result.flaws.append((object, flaw))
            }
            progress(number + 1, named.count)
        }
        return result
    }

    /// A line for each flaw: what it is, whose it is, what is wrong, in which file.
    func lines(_ flaws: some Sequence<(object: NamedObject, flaw: ObjectFlaw)>) -> [String] {
        words.lines(Array(flaws), ledger)
    }
}

/// Says in words which paper or recording an object is.
struct ObjectWords {
    let library: RuleLibrary?

    /// A line for each flaw.
    func lines(_ flaws: [(object: NamedObject, flaw: ObjectFlaw)], _ ledger: LedgerVerification) -> [String] {
        zip(flaws, ledger.places(of: flaws.map(\.object))).map { found, place in
            "\(name(of: found.object, place))：\(found.flaw.chinese)（vault 目录里的 objects/\(path(found.object.id))，"
                + "密钥 keys/\(path(found.object.id))）"
        }
    }

    private func path(_ id: ObjectID) -> String { "\(id.description.prefix(2))/\(id)" }

    private func name(of object: NamedObject, _ place: ObjectPlace) -> String {
        var parts: [String] = []
        if let title = place.caseTitle { parts.append("案件“\(title)”") }
        if let file = place.fileName {
            parts.append("音像资料“\(file)”")
        } else if place.isVeiled {
            parts.append("依法保密的音像资料")
        } else if let kind = place.kind {
            let title = library?.kinds[kind]?.kind.title ?? kind
            parts.append("文书“\(title)”" + (place.number.map { "（\($0)）" } ?? ""))
        } else {
            parts.append("记录“\(EntryType(rawValue: object.type)?.chinese ?? object.type)”的文件")
        }
        return parts.joined(separator: "的")
    }

    /// What to do about objects that are gone or damaged.
    static let advice =
        "请停止服务，把数据目录整个复制留底，检查磁盘；然后从最近一份还完好的备份取回这些文件：用 liuhen restore 恢复到另一组空的目录"
        + "（只为取出文件，不投入使用），把其 vault 目录里同名的 objects 和 keys 两个文件复制到原处，再运行一次 liuhen vault check。"
        + "备份做成以后换过封存密钥的，密钥文件不能照搬，请报告负责人。各份备份里都没有的，这些文件已经丢失：报告负责人，封存磁盘和备份盘。"
}

/// Reads the evidence of every bureau in the background, one object at a time (ADR 0062).
struct FixityService: ServiceLifecycle.Service {
    let rounds: [FixityRound]
    let logger: Logger
    /// How long it waits where nothing is due, or the vault could say nothing.
    private static let pause = 60

    /// - Parameter days: the period; nothing is read where it is 0.
    init(premises: Premises, days: Int, logger: Logger) {
        self.logger = logger
        rounds =
            days == 0
            ? []
            : premises.bureaus.map { bureau in
                let tag = bureau.office.bureau
                let path = premises.place.parts(of: tag).ledger
                return FixityRound(
                    office: bureau.office, days: days,
                    progress: FixityFile(path: premises.place.vault(of: tag) + "/fixity.json"),
                    named: { try await FixityService.named(path: path, bureau: tag) })
            }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var isBusy = false
                for round in rounds {
                    do {
                        let step = try await round.step()
                        if step == .ended { logger.notice("fixity round ended") }
                        isBusy = isBusy || step == .looked
                    } catch {
                        // The same object comes up again.
                        logger.error("fixity round failed", metadata: ["error": "\(error)"])
                    }
                }
                try? await Task.sleep(for: .seconds(isBusy ? 1 : FixityService.pause))
            }
        }
    }

    /// On a thread of its own: it reads every entry that names an object.
    private static func named(path: String, bureau: BureauTag) async throws -> [NamedEvidence] {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(
                    with: Result {
                        try LedgerVerification(path: path, bureau: bureau).namedObjects().map {
                            NamedEvidence(
                                object: $0.id, sha256: $0.sha256, source: EntryPlace(thread: $0.thread, seq: $0.seq))
                        }
                    })
            }.start()
        }
    }
}

/// The progress of a round as a small file beside the vault.
struct FixityFile: FixityProgressStore {
    let path: String

    func load() -> FixityProgress? {
        guard let data = FileManager.default.contents(atPath: path), let json = try? JSON(canonical: Array(data)),
            let ended = json["endedAt"]?.integer
        else { return nil }
        var progress = FixityProgress(endedAt: Instant(milliseconds: ended))
        progress.startedAt = json["startedAt"]?.integer.map { Instant(milliseconds: $0) }
        progress.after = json["after"]?.string.flatMap { ObjectID($0) }
        progress.count = Int(json["count"]?.integer ?? 0)
        progress.missing = Int(json["missing"]?.integer ?? 0)
        progress.damaged = Int(json["damaged"]?.integer ?? 0)
        return progress
    }

    func save(_ progress: FixityProgress) throws {
        var members: [JSON.Member] = [
            .init("count", .integer(Int64(progress.count))), .init("damaged", .integer(Int64(progress.damaged))),
            .init("endedAt", .integer(progress.endedAt.milliseconds)),
            .init("missing", .integer(Int64(progress.missing))),
        ]
        if let after = progress.after { members.append(.init("after", .string(after.description))) }
        if let at = progress.startedAt { members.append(.init("startedAt", .integer(at.milliseconds))) }
        let bytes = JSON.object(members.sorted { $0.key < $1.key }).canonicalBytes
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}

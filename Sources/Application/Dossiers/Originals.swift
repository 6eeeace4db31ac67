import Casework
import Kernel
import Ledger

/// Whether the vault still holds what a dossier is to carry (原件是否还在), and the entries that say where it does not
/// (ADR 0062).
struct Originals {
    let casebook: Casebook
    let vault: any EvidenceVault
    let bureauThread: ThreadTag

    /// Objects that are lost, of those that are to go in.
    ///
    /// Each is looked at by its first and its last segment, which tells a file that is gone or cut short without reading
    /// hours of film twice. One that was found damaged before is read whole: it may have been fetched back since.
    func lost(
        among sources: [ObjectID: EntryPlace], in bureau: [LoggedEntry]
    ) async throws(StepRefusal) -> [ObjectID: LostOriginal] {
        let known = Set(bureau.flatMap { Originals.found(in: $0).keys })
        var lost: [ObjectID: LostOriginal] = [:]
        for (object, source) in sources.sorted(by: { $0.key < $1.key }) {
            do throws(VaultError) {
                if known.contains(source) {
                    _ = try await vault.scrub(object, bytesPerSecond: nil)
                } else {
                    let size = try await vault.facts(of: object).byteCount
                    _ = try await vault.read(object, at: 0, upTo: 1)
                    if size > 1 { _ = try await vault.read(object, at: size - 1, upTo: 1) }
                }
            } catch {
                // A vault that is busy or has stopped has lost nothing: the export itself says so.
                if let loss = LostOriginal(error) { lost[object] = loss }
            }
        }
        if lost.values.contains(.missing), await isAbsent {
            throw StepRefusal(
                .unavailable, "证据库里一个文件也没有：多半是存放证据的磁盘没有挂上，或者目录被移走。没有登记，也没有导出。请系统管理员检查磁盘和数据目录以后再导出。")
        }
        return lost
    }

    /// Whether the vault holds nothing at all: a disk that is not mounted has lost no original.
    var isAbsent: Bool {
        get async { (try? await vault.objects())?.isEmpty != false }
    }

    /// The entries that say so, written where there are none yet.
    func findings(_ lost: [EntryPlace: LostOriginal]) async throws(StepRefusal) -> [LoggedEntry] {
        var bureau = try await entries()
        let isStated = { (place: EntryPlace, loss: LostOriginal) in
            bureau.contains { Originals.found(in: $0)[place] == loss }
        }
        let open = lost.filter { !isStated($0.key, $0.value) }.sorted { $0.key < $1.key }
        for (place, loss) in open {
            _ = try await casebook.record(
                [try await Originals.fact(loss, at: place, in: bureauThread, casebook)], by: .system, command: .random()
            )
        }
        if !open.isEmpty { bureau = try await entries() }
        return lost.keys.sorted().compactMap { place in bureau.last { Originals.found(in: $0)[place] == lost[place] } }
    }

    /// The entry that states one loss. It names nothing but the entry that holds the digest: it goes to every reader.
    static func fact(
        _ loss: LostOriginal, at place: EntryPlace, in bureau: ThreadTag, _ casebook: Casebook
    ) async throws(StepRefusal) -> Fact {
        let source: LoggedEntry?
        do {
            source = try await casebook.store.entries(of: place.thread, from: place.seq).first
        } catch { throw StepRefusal(error) }
        guard let source else { throw StepRefusal(.notFound, "没有找到这个文件的入库记录。") }
        return Fact(
            .fixityChecked, in: bureau, plain: ["objects": 1, "result": .string(loss.rawValue)],
            references: [EntryReference(DossierVocabulary.lost, source.entry)])
    }

    /// What an entry says was lost.
    static func found(in logged: LoggedEntry) -> [EntryPlace: LostOriginal] {
        let content = logged.entry.skeleton.content
        guard content.type == EntryType.fixityChecked.rawValue,
            let loss = content.plain["result"]?.string.flatMap(LostOriginal.init(rawValue:))
        else { return [:] }
        return content.references.filter { $0.role == DossierVocabulary.lost }.reduce(into: [:]) {
            $0[EntryPlace(thread: $1.thread, seq: $1.seq)] = loss
        }
    }

    private func entries() async throws(StepRefusal) -> [LoggedEntry] {
        do {
            return try await casebook.threads.entries(of: bureauThread)
        } catch { throw StepRefusal(error) }
    }
}

extension LostOriginal {
    /// What an error of the vault says of an object; nil where it says nothing of it.
    init?(_ error: VaultError) {
        switch error.code {
        case .notFound: self = .missing
        case .damaged: self = .damaged
        default: return nil
        }
    }
}

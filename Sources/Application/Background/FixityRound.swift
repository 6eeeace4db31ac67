import Casework
import Kernel
import Ledger

/// An object that an entry names, as the round over the vault reads it.
public struct NamedEvidence: Hashable, Sendable {
    /// The object.
    public let object: ObjectID
    /// Its SHA-256 as the entry tells it; nil where none does.
    public let sha256: Digest?
    /// The first entry that names it.
    public let source: EntryPlace

    /// An object by its entry.
    public init(object: ObjectID, sha256: Digest?, source: EntryPlace) {
        self.object = object
        self.sha256 = sha256
        self.source = source
    }
}

/// How far a round over the vault has come. It stands outside the ledger: lost, the next round begins a period later.
public struct FixityProgress: Hashable, Sendable {
    /// The last object that was looked at in the round that goes on; nil at its beginning.
    public var after: ObjectID?
    /// When the round that goes on began; nil between two.
    public var startedAt: Instant?
    /// When the last one ended, or when the server first counted from.
    public var endedAt: Instant
    /// What was found so far in the round that goes on.
    public var count = 0
    public var missing = 0
    public var damaged = 0

    /// Between two rounds.
    public init(endedAt: Instant) {
        self.endedAt = endedAt
    }
}

/// Where the progress of a round is kept.
public protocol FixityProgressStore: Sendable {
    /// What was kept last; nil where nothing was, or what is there does not read.
    func load() -> FixityProgress?
    /// Keeps it.
    func save(_ progress: FixityProgress) throws
}

/// Reads every object that an entry names whole, one at a time and slowly, and compares it with its digest (核验完好性).
///
/// Who looks for evidence in court finds it; who overwrote it on the disk is found within a period (ADR 0062). Each loss is
/// an entry of its own when it is found, which names the entry that holds the digest and nothing else, so that it can go
/// into any dossier; the whole round is one entry at its end.
public actor FixityRound {
    /// How fast a round reads: a disk that serves pages beside it does not feel this.
    public static let bytesPerSecond = 8 << 20

    private let office: Office
    private let progress: any FixityProgressStore
    private let period: Int64
    private let named: @Sendable () async throws -> [NamedEvidence]
    /// What is still to be read in the round that goes on; nil until it was listed in this process.
    private var waiting: [NamedEvidence]?

    /// A round over one bureau.
    ///
    /// - Parameters:
    ///   - days: how long after the end of a round the next one begins.
    ///   - named: lists what entries name; called once in a round, off the threads that answer pages.
    public init(
        office: Office, days: Int, progress: any FixityProgressStore,
        named: @escaping @Sendable () async throws -> [NamedEvidence]
    ) {
        self.office = office
        self.progress = progress
        self.named = named
        period = Int64(days) * 86_400_000
    }

    /// What became of one step.
    public enum Step: Hashable, Sendable {
        /// The next round is not due.
        case resting
        /// One object was looked at, or a round began.
        case looked
        /// The round is over, and its entry is written.
        case ended
        /// The vault could not say anything now: the same object comes up again.
        case later
    }

    /// Looks at one object.
    public func step() async throws -> Step {
        let now = office.casebook.now
        guard var state = progress.load() else {
            // Whoever starts a server for the first time is not made to wait for a round.
            try progress.save(FixityProgress(endedAt: now))
            return .resting
        }
        if state.startedAt == nil {
            guard now.milliseconds(since: state.endedAt) >= period else { return .resting }
            state.startedAt = now
            waiting = nil
        }
        if waiting == nil {
            let mark = state.after
            waiting = try await named().sorted { $0.object < $1.object }.filter { one in
                mark.map { one.object > $0 } ?? true
            }
            try progress.save(state)
        }
        guard let next = waiting?.first else {
            try await end(&state, at: now)
            return .ended
        }
        switch await look(at: next) {
        case .later: return .later
        case .whole: break
        case .destroyed:
            try advance(&state, past: next)
            return .looked
        case .lost(let loss):
            if loss == .missing, try await originals().isAbsent { return .later }
            try await record(loss, at: next.source)
            if loss == .missing { state.missing += 1 } else { state.damaged += 1 }
        }
        state.count += 1
        try advance(&state, past: next)
        return .looked
    }

    private enum Finding {
        case whole, destroyed, later
        case lost(LostOriginal)
    }

    private func look(at one: NamedEvidence) async -> Finding {
        do throws(VaultError) {
            let facts = try await office.vault.scrub(one.object, bytesPerSecond: FixityRound.bytesPerSecond)
            guard let sha256 = one.sha256, sha256 != facts.sha256 else { return .whole }
            return .lost(.damaged)
        } catch {
            if error.code == .gone { return .destroyed }
            // A busy or stopped vault has lost nothing.
            return LostOriginal(error).map { .lost($0) } ?? .later
        }
    }

    private func advance(_ state: inout FixityProgress, past one: NamedEvidence) throws {
        state.after = one.object
        try progress.save(state)
        waiting?.removeFirst()
    }

    /// Writes the entry of a loss, unless it stands already.
    private func record(_ loss: LostOriginal, at source: EntryPlace) async throws {
        _ = try await originals().findings([source: loss])
    }

    private func originals() async throws -> Originals {
        Originals(
            casebook: office.casebook, vault: office.vault,
            bureauThread: try await office.casebook.chambers.profile().thread)
    }

    /// The entry of the whole round. Where both happened the worse is the result: what is gone is gone.
    private func end(_ state: inout FixityProgress, at now: Instant) async throws {
        let result = state.missing > 0 ? "missing" : state.damaged > 0 ? "damaged" : "intact"
        var fields: [FieldValue] = []
        if result != "intact" {
            fields.append(
                .init(
                    "findings",
                    .string("不见的 \(state.missing) 件，损坏的 \(state.damaged) 件，逐件见前面的记录。请运行 liuhen vault check 看是哪些。"),
                    .internal))
        }
        let fact = Fact(
            .fixityChecked, in: try await office.casebook.chambers.profile().thread,
            plain: ["objects": .integer(Int64(state.count)), "result": .string(result)], fields: fields)
        _ = try await office.casebook.record([fact], by: .system, command: .random())
        state = FixityProgress(endedAt: now)
        waiting = nil
        try progress.save(state)
    }
}

import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// What a case says is what the log holds: rows that were written behind the program's back are neither shown nor acted on
/// (ADR 0055).
@Suite("A case is what the log holds", .serialized)
struct ProvedThreadsTests {
    /// An entry as whoever can write the file makes it: the same place, other words.
    private static func forged(_ logged: LoggedEntry, _ change: (inout [JSON.Member]) -> Void) throws -> LoggedEntry {
        let entry = logged.entry
        var content = entry.skeleton.content
        guard case .object(var members) = content.plain else { throw StoreError.failed("plain is no object") }
        change(&members)
        content.plain = .object(members)
        return LoggedEntry(
            log: logged.log, index: logged.index,
            entry: Entry(
                unchecked: try Skeleton(content), salt: entry.salt, prev: entry.prev, openings: entry.openings))
    }

    /// A case whose decision the head turned down, with its entries and where the refusal stands.
    private func turnedDown(
        _ world: CaseWorld
    ) async throws -> (thread: ThreadTag, entries: [LoggedEntry], refusal: Int) {
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        try await world.take(world.drafting(), in: thread, by: world.people.officer1)
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: false, opinion: "证据不足"), in: thread, by: world.people.head)
        let entries = try await world.load(thread).entries
        let refusal = try #require(entries.lastIndex { $0.entry.skeleton.content.type == "decision.approved" })
        return (thread, entries, refusal)
    }

    @Test("a refusal that is read as an approval for a minute decides nothing, and everybody is told")
    func refusal() async throws {
        let world = try await CaseWorld()
        let (thread, entries, refusal) = try await turnedDown(world)
        let forged = try Self.forged(entries[refusal]) { members in
            members = members.map { $0.value == "refuse" ? .init($0.key, "approve") : $0 }
        }
        #expect(forged.entry.skeleton != entries[refusal].entry.skeleton)
        var changed = entries
        changed[refusal] = forged
        world.store.forge(thread, changed)
        let told = try await world.refusal("on a forged approval") {
            _ = try await world.fix(DocumentKindName.penaltyDecision, in: thread)
        }
        #expect(told?.code == .unavailable && told?.message.contains("liuhen ledger verify") == true)
        let damage = try #require(world.office.casebook.threads.damage)
        #expect(damage.thread == thread && damage.seq == refusal + 1)
        world.store.forge(thread, nil)
        #expect(try await world.load(thread).entries == entries)
        #expect(world.office.casebook.threads.damage != nil, "what was found stays told")
    }

    @Test(
        "each entry of a case, forged, misplaced, opened otherwise or taken away, is found before anything is taken from it"
    )
    func everyEntry() async throws {
        let world = try await CaseWorld()
        let (thread, entries, _) = try await turnedDown(world)
        func isRefused(_ what: String, _ change: (inout [LoggedEntry]) throws -> Void) async throws {
            var changed = entries
            try change(&changed)
            world.store.forge(thread, changed)
            await #expect(throws: StepRefusal.self, "\(what)") { try await world.load(thread) }
        }
        for place in entries.indices {
            let forged = try Self.forged(entries[place]) { $0.append(.init("zz", 1)) }
            try await isRefused("another skeleton at \(place + 1)") { $0[place] = forged }
            try await isRefused("taken away at \(place + 1)") { $0.remove(at: place) }
            try await isRefused("cut off at \(place)") { $0.removeSubrange(place...) }
            if place > 0 { try await isRefused("in the place before \(place + 1)") { $0.swapAt(place, place - 1) } }
            for (number, opening) in entries[place].entry.openings.enumerated() {
                try await isRefused("opening \(opening.name) of \(place + 1) taken away") { changed in
                    let entry = changed[place].entry
                    changed[place] = LoggedEntry(
                        log: changed[place].log, index: changed[place].index,
                        entry: Entry(
                            unchecked: entry.skeleton, salt: entry.salt, prev: entry.prev,
                            openings: entry.openings.filter { $0.name != opening.name }))
                }
                try await isRefused("opening \(opening.name) of \(place + 1)") { changed in
                    let entry = changed[place].entry
                    var openings = entry.openings
                    openings[number] = Opening(
                        name: opening.name, openingClass: opening.openingClass, salt: opening.salt,
                        value: Array("\"forged\"".utf8))
                    changed[place] = LoggedEntry(
                        log: changed[place].log, index: changed[place].index,
                        entry: Entry(
                            unchecked: entry.skeleton, salt: entry.salt, prev: entry.prev, openings: openings))
                }
            }
        }
        world.store.forge(thread, nil)
        #expect(try await world.load(thread).entries == entries)
    }

    @Test("a whole thread that is chained but stands under no signed head is no case")
    func chained() async throws {
        let world = try await CaseWorld()
        let (thread, entries, _) = try await turnedDown(world)
        var chain: [LoggedEntry] = []
        for logged in entries {
            let forged = try Self.forged(logged) { _ in }
            chain.append(
                LoggedEntry(
                    log: logged.log, index: logged.index,
                    entry: Entry(
                        unchecked: forged.entry.skeleton, salt: Salt(Digest.sha256(logged.entry.leaf.bytes)),
                        prev: chain.last?.entry.commitment ?? .zero, openings: logged.entry.openings)))
        }
        // A process that never read the case knows no head of it.
        let fresh = ProvedThreads(store: world.store, bureau: world.thread)
        #expect(try await fresh.entries(of: thread) == entries)
        let other = ProvedThreads(store: world.store, bureau: world.thread)
        world.store.forge(thread, chain)
        await #expect(throws: StoreError.self) { try await other.entries(of: thread) }
        #expect(other.damage?.thread == thread)
    }
}

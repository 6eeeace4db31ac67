import Application
import Casework
import GRDB
import Kernel
import Ledger
import Testing

@testable import Store

@Suite("The sequencer", .serialized)
struct SequencerTests {
    @Test("an append is read back whole, with its position, its openings and a signed head that proves it")
    func appendAndRead() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        let first = try await fixture.append(thread)
        let second = try await fixture.append(thread, fixture.tag())
        #expect(first.indices == [0] && first.size == 1 && !first.repeated)
        #expect(second.indices == [1, 2] && second.size == 3)

        let entries = try await fixture.ledger.entries(of: thread, from: 1)
        #expect(entries.map(\.index) == [0, 1])
        #expect(entries.map(\.entry.skeleton.content.seq) == [1, 2])
        #expect(entries.allSatisfy { $0.entry.mismatches.isEmpty && $0.entry.openings.count == 1 })
        #expect(try await fixture.ledger.head(of: thread) == fixture.known(thread))
        #expect(try await fixture.ledger.entries(of: thread, from: 2).count == 1)
        #expect(try await fixture.ledger.head(of: fixture.tag()) == nil)

        let head = try await fixture.ledger.signedHead()
        let verified = try VerifiedCheckpoint(note: head.note, key: fixture.key.verifier)
        #expect(verified.checkpoint.size == 3 && verified.checkpoint.root == head.root)
        let leaves = try await fixture.ledger.leaves(from: 0, limit: 10)
        #expect(leaves.count == 3)
        for (index, leaf) in leaves.enumerated() {
            let proof = try await fixture.ledger.inclusionProof(of: Int64(index), in: 3)
            try InclusionProof(hashes: proof).verify(
                leafHash: RFC6962.leafHash(leaf.bytes), index: index, size: 3, root: head.root)
        }
    }

    @Test("who is answered is the last that holds the request: the one thread that writes frees nothing of it")
    func requestIsLetGo() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        for _ in 0..<50 { #expect(try await answered(fixture, thread).request == nil) }
    }

    private struct Weakly { weak var request: CheckedRequest? }

    /// A request that was answered, held by nobody here any more.
    private func answered(_ fixture: Fixture, _ thread: ThreadTag) async throws -> Weakly {
        let request = try RequestCheck.check(fixture.request([thread]), bureau: fixture.bureau)
        _ = try await fixture.ledger.sequencer.append(request).get()
        return Weakly(request: request)
    }

    @Test("every size up to 40 has the root, the inclusion and the consistency proofs of the tree in memory")
    func smallTrees() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        var memory = MemoryHashes()
        var roots = [RFC6962.emptyRoot]
        for size in 1...40 {
            try await fixture.append(thread)
            let leaf = try #require(try await fixture.ledger.leaves(from: Int64(size - 1), limit: 1).first)
            memory.append(leafHash: RFC6962.leafHash(leaf.bytes))
            roots.append(memory.edge.root)
            #expect(try await fixture.ledger.signedHead().root == memory.edge.root)
            for old in 0...size {
                let proof = try await fixture.ledger.consistencyProof(from: Int64(old), to: Int64(size))
                try ConsistencyProof(hashes: proof).verify(
                    old: old, oldRoot: roots[old], new: size, newRoot: roots[size])
                guard old < size else { continue }
                let inclusion = try await fixture.ledger.inclusionProof(of: Int64(old), in: Int64(size))
                #expect(inclusion == (try InclusionProof(of: old, in: size, reader: memory).hashes))
            }
        }
    }

    @Test("the same command id gets the first answer again and appends nothing")
    func repeated() async throws {
        let fixture = try Fixture.made()
        let request = try fixture.request([fixture.tag()])
        let first = try await fixture.ledger.append(request)
        let again = try await fixture.ledger.append(request)
        #expect(again.repeated && again.indices == first.indices && again.answer == request.answer)
        #expect(again.size == first.size)
        #expect(try await fixture.ledger.signedHead().size == 1)
        let receipt = try #require(try await fixture.ledger.receipt(of: request.command))
        #expect(receipt == again)
        #expect(try await fixture.ledger.receipt(of: fixture.command()) == nil)
        try fixture.reopen()
        #expect(try await fixture.ledger.append(request) == again)
    }

    @Test("a step drawn from an older state is stale, says how far the thread is, and changes nothing")
    func stale() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await fixture.append(thread)
        let head = fixture.known(thread)
        let mine = try fixture.request([thread, fixture.tag()], upserting: [.caseFile(fixture.caseRow(thread))])
        fixture.forget(thread, head)
        try await fixture.append(thread)

        let error = await storeError { try await fixture.ledger.append(mine) }
        guard case .stale(let where_, let expected, let actual) = error else {
            Issue.record("not stale: \(String(describing: error))")
            return
        }
        #expect(where_ == thread && expected == 1 && actual == 2)
        #expect(try await fixture.ledger.signedHead().size == 2)
        #expect(try await fixture.ledger.caseFile(thread) == nil)
        #expect(try await fixture.ledger.receipt(of: mine.command) == nil)
        // The same command may come again, drawn anew.
        try await fixture.append(thread)
    }

    @Test("rows that were also computed from a thread that has moved on are refused as stale, and nothing changes")
    func movedMeanwhile() async throws {
        let fixture = try Fixture.made()
        let (thread, other) = (fixture.tag(), fixture.tag())
        try await fixture.append(other)
        var mine = try fixture.request([thread], upserting: [.caseFile(fixture.caseRow(thread))])
        mine.unmoved = [other: 1, fixture.tag(): 0]
        try await fixture.append(other)
        let error = await storeError { try await fixture.ledger.append(mine) }
        guard case .stale(other, expected: 1, actual: 2) = error else {
            Issue.record("not stale: \(String(describing: error))")
            return
        }
        #expect(try await fixture.ledger.caseFile(thread) == nil)
        #expect(try await fixture.ledger.receipt(of: mine.command) == nil)
        mine.unmoved[other] = 2
        _ = try await fixture.ledger.append(mine)
        #expect(try await fixture.ledger.caseFile(thread) != nil)
    }

    @Test("one stale request in a group does not spoil the others")
    func groupOfMany() async throws {
        let fixture = try Fixture.made()
        let threads = (0..<32).map { _ in fixture.tag() }
        for thread in threads { try await fixture.append(thread) }
        var requests: [(AppendRequest, Bool)] = []
        for (index, thread) in threads.enumerated() {
            let head = fixture.known(thread)
            requests.append((try fixture.request([thread]), true))
            guard index % 3 == 0 else { continue }
            fixture.forget(thread, head)
            requests.append((try fixture.request([thread]), false))
        }
        let ledger: LedgerDatabase = fixture.ledger
        let appended = await withTaskGroup(of: Bool.self) { group in
            for (request, _) in requests {
                group.addTask { await storeError { try await ledger.append(request) } == nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(appended == 32)
        #expect(try await fixture.ledger.signedHead().size == 64)
        for thread in threads {
            let entries = try await fixture.ledger.entries(of: thread, from: 1)
            #expect(entries.count == 2)
            #expect(entries[1].entry.prev == entries[0].entry.commitment)
        }
    }

    @Test("32 writers at once lose nothing, and every head that was signed is kept and consistent with the last")
    func concurrentWriters() async throws {
        let fixture = try Fixture.made()
        let requests = try (0..<32).map { _ in
            let thread = fixture.tag()
            return try (0..<20).map { _ in try fixture.request([thread]) }
        }
        let ledger: LedgerDatabase = fixture.ledger
        try await withThrowingTaskGroup(of: Void.self) { group in
            for series in requests {
                group.addTask { for request in series { _ = try await ledger.append(request) } }
            }
            try await group.waitForAll()
        }
        let last = try await ledger.signedHead()
        #expect(last.size == 640)
        let notes = try await ledger.pool.read { db in
            try String.fetchAll(db, sql: "SELECT note FROM head ORDER BY position")
        }
        #expect(notes.count > 1 && notes.count <= 641)
        for note in notes {
            let old = try VerifiedCheckpoint(note: Array(note.utf8), key: fixture.key.verifier).checkpoint
            let proof = try await ledger.consistencyProof(from: Int64(old.size), to: last.size)
            try ConsistencyProof(hashes: proof).verify(
                old: old.size, oldRoot: old.root, new: Int(last.size), newRoot: last.root)
        }
    }

    @Test("a claim is made once, whoever asks; the loser's whole command is refused")
    func claims() async throws {
        let fixture = try Fixture.made()
        let (one, two) = (fixture.tag(), fixture.tag())
        let claim = { ProjectionRow.claim(ClaimRow(thread: $0, kind: .documentNumber, key: "行政处罚决定书/2026/1")) }
        try await fixture.append(one, upserting: [claim(one)])
        for thread in [two, one] {
            let head = fixture.known(thread)
            let error = await storeError { try await fixture.append(thread, upserting: [claim(thread)]) }
            guard case .taken(.documentNumber, key: "行政处罚决定书/2026/1") = error else {
                Issue.record("not taken: \(String(describing: error))")
                return
            }
            fixture.forget(thread, head)
        }
        #expect(try await fixture.ledger.signedHead().size == 1)
        try await fixture.append(two)
    }

    @Test("a request that breaks its own rules is refused before it reaches the ledger")
    func malformed() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        let good = try fixture.request([thread])
        let entry = good.entries[0]
        var bad: [AppendRequest] = []
        bad.append(AppendRequest(command: fixture.command(), entries: []))
        bad.append(AppendRequest(command: fixture.command(), entries: [entry]))
        // An opening is missing, changed, or of another field.
        bad.append(
            AppendRequest(
                command: good.command,
                entries: [Entry(unchecked: entry.skeleton, salt: entry.salt, prev: entry.prev, openings: [])]))
        let opening = entry.openings[0]
        for changed in [
            Opening(name: opening.name, openingClass: .internal, salt: opening.salt, value: Array("\"李\"".utf8)),
            Opening(name: "other", openingClass: .internal, salt: opening.salt, value: opening.value),
            Opening(name: opening.name, openingClass: .internal, salt: Salt(.zero), value: opening.value),
        ] {
            bad.append(
                AppendRequest(
                    command: good.command,
                    entries: [Entry(unchecked: entry.skeleton, salt: entry.salt, prev: entry.prev, openings: [changed])]
                ))
        }
        bad.append(AppendRequest(command: good.command, entries: [entry, entry]))
        // The class is not the one that the field has; the type has no such field; the skeleton states another class.
        for openingClass in OpeningClass.allCases where openingClass != .internal {
            let other = Opening(
                name: opening.name, openingClass: openingClass, salt: opening.salt, value: opening.value)
            bad.append(
                AppendRequest(
                    command: good.command,
                    entries: [Entry(unchecked: entry.skeleton, salt: entry.salt, prev: entry.prev, openings: [other])]))
        }
        for (type, version, values, stated) in [
            (EntryType.caseOpened, 1, [FieldValue("nickname", "甲", .party)], []),
            (.entryCorrected, 2, [FieldValue("value", "甲", .reporter)], [FieldValue("value", "甲", .party)]),
            (.entryCorrected, 2, [FieldValue("value", "甲", .reporter)], []),
            (.documentIssued, 2, [FieldValue("digest", "甲", .officer)], [FieldValue("digest", "甲", .officer)]),
        ] as [(EntryType, Int, [FieldValue], [FieldValue])] {
            let command = fixture.command()
            let wrong = try fixture.entry(
                fixture.tag(), type: type, version: version, command: command,
                plain: OpeningRule.stating(stated, in: .object([]), type: type.rawValue, version: version),
                values: values)
            bad.append(AppendRequest(command: command, entries: [wrong]))
        }
        for request in bad {
            let error = await storeError { try await fixture.ledger.append(request) }
            guard case .failed = error else {
                Issue.record("not refused: \(String(describing: error))")
                return
            }
        }
        #expect(try await fixture.ledger.signedHead().size == 0)
        _ = try await fixture.ledger.append(good)
    }

    @Test("an entry that follows another entry than the thread's last is refused")
    func wrongPrevious() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await fixture.append(thread)
        fixture.forget(thread, ThreadHead(seq: 1, commitment: Digest.sha256(Array("other".utf8))))
        let error = await storeError { try await fixture.append(thread) }
        guard case .failed = error else {
            Issue.record("not refused: \(String(describing: error))")
            return
        }
        #expect(try await fixture.ledger.signedHead().size == 1)
    }

    @Test("entries, hashes and heads cannot be changed or removed through the database")
    func appendOnly() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        for sql in [
            "UPDATE entry SET seq = 2", "DELETE FROM entry", "UPDATE node SET hash = zeroblob(32)",
            "DELETE FROM node", "UPDATE head SET note = ''", "DELETE FROM head", "UPDATE opening SET value = ''",
        ] {
            let refusal = #expect(throws: Shell.Failed.self, "\(sql)") { try fixture.tamper(sql) }
            #expect(refusal?.output.contains("never") == true, "\(sql)")
        }
    }

    @Test("stock sqlite3 reads the ledger")
    func stockSQLite() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await fixture.append(thread, upserting: [.caseFile(fixture.caseRow(thread))])
        fixture.close()
        let output = try Shell.run(
            "/usr/bin/sqlite3", fixture.databasePath,
            """
            SELECT log, idx, hex(thread), json_extract(skeleton, '$.type') FROM entry;
            SELECT name, value FROM opening; SELECT size FROM head; SELECT title FROM case_file;
            SELECT rowid FROM case_text WHERE case_text MATCH '\(Bigrams.query(for: "面粉")!)'; PRAGMA integrity_check;
            """)
        #expect(
            output == """
                1|0|\(thread.description.uppercased())|case.handlers-changed
                reason|"换人"
                0
                1
                对赵县测试面粉厂的检查
                1
                ok

                """)
    }
}

import Application
import Casework
import GRDB
import Kernel
import Ledger
import Synchronization
import Testing

@testable import Store

@Suite("A group of requests", .serialized)
struct GroupTests {
    @Test(
        "what a database stores otherwise than it was told is noticed before anything is signed", arguments: Self.lies)
    func lyingDatabase(lie: Lie) async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await fixture.append(thread)
        let before = try await fixture.ledger.signedHead()
        try await fixture.ledger.sequencer.maintain { connection in
            for guardian in [
                "entry_is_never_changed", "entry_is_never_removed", "opening_is_never_changed", "node_is_never_changed",
                "node_is_never_removed",
            ] {
                try connection.run("DROP TRIGGER \(guardian)")
            }
            try connection.run(
                "CREATE TRIGGER liar AFTER INSERT ON \(lie.table) WHEN \(lie.when) BEGIN \(lie.change); END")
        }
        // Three entries after the first: numbers 1 to 3, which complete the pairs 0–1 and 2–3 and the four.
        var requests: [AppendRequest] = []
        for _ in 0..<3 { requests.append(try fixture.request([thread])) }
        for outcome in try await fixture.ledger.append(together: requests) {
            guard case .failure(let error) = outcome, error.isStopped else {
                Issue.record("\(lie): answered \(outcome)")
                return
            }
        }
        #expect(fixture.ledger.stopReason() != nil)
        #expect(try await fixture.ledger.signedHead() == before)
        #expect(try await fixture.ledger.head(of: thread)?.seq == 1)
    }

    /// A way in which a database could break its word.
    struct Lie: Sendable, CustomStringConvertible {
        let table: String
        let when: String
        let change: String
        var description: String { "\(table) when \(when): \(change)" }
    }

    static let lies: [Lie] =
        [
            "thread = zeroblob(16)", "seq = seq + 10", "prev = zeroblob(32)", "commitment = zeroblob(32)",
            "salt = zeroblob(32)", "skeleton = skeleton || ' '",
        ].flatMap { change in
            (1...3).map {
                Lie(
                    table: "entry", when: "new.position = \($0)",
                    change: "UPDATE entry SET \(change) WHERE position = new.position")
            }
        }
        + ["name = name || 'x'", "salt = zeroblob(32)", "value = value || ' '"].map {
            Lie(
                table: "opening", when: "new.position = 2",
                change: "UPDATE opening SET \($0) WHERE position = new.position")
        }
        + [
            Lie(
                table: "opening", when: "new.position = 3",
                change: "DELETE FROM opening WHERE position = new.position"),
            Lie(
                table: "opening", when: "new.position = 2",
                change: "INSERT INTO opening VALUES (new.position, 'zz', new.class, new.salt, new.value)"),
        ]
        // Numbers 1, 2, 3, 4, 5, 6: leaf 1, the first pair, leaves 2 and 3, the second pair, the four.
        + (1...6).flatMap { number in
            ["UPDATE node SET hash = zeroblob(32)", "DELETE FROM node"].map {
                Lie(table: "node", when: "new.position = \(number)", change: "\($0) WHERE position = new.position")
            }
        }

    @Test("a request refused in the middle of its rows leaves nothing, and its neighbours on both sides stand")
    func refusedInTheMiddle() async throws {
        let fixture = try Fixture.made()
        let (one, two, three) = (fixture.tag(), fixture.tag(), fixture.tag())
        let claim = { (thread: ThreadTag, number: Int) in
            ProjectionRow.claim(ClaimRow(thread: thread, kind: .documentNumber, key: "决定书/2026/\(number)"))
        }
        let first = try fixture.request([one], upserting: [.caseFile(fixture.caseRow(one)), claim(one, 1)])
        let second = try fixture.request([one], upserting: [claim(one, 2)])
        // The case's row comes before the claim that is taken.
        let head = fixture.known(two)
        let loser = try fixture.request([two], upserting: [.caseFile(fixture.caseRow(two)), claim(two, 1)])
        fixture.forget(two, head)
        let stale = try fixture.request([one])
        let third = try fixture.request([three], upserting: [.caseFile(fixture.caseRow(three)), claim(three, 3)])
        let outcomes = try await fixture.ledger.append(together: [first, second, loser, stale, stale, first, third])
        let sizes = outcomes.map { try? $0.get().size }
        #expect(sizes == [1, 2, nil, 3, 3, 1, 4])
        guard case .failure(.taken(.documentNumber, key: "决定书/2026/1")) = outcomes[2] else {
            Issue.record("not taken: \(outcomes[2])")
            return
        }
        #expect(try outcomes[4].get().repeated && outcomes[5].get().repeated)
        #expect(try await fixture.ledger.signedHead().size == 4)
        #expect(try await fixture.ledger.head(of: two) == nil)
        #expect(try await fixture.ledger.caseFile(two) == nil)
        #expect(try await fixture.ledger.receipt(of: loser.command) == nil)
        #expect(try await fixture.ledger.cases(CaseFilter()).total == 2)
        #expect(try await fixture.ledger.holder(of: .documentNumber, key: "决定书/2026/1") == one)
        #expect(try await fixture.ledger.holder(of: .documentNumber, key: "决定书/2026/3") == three)
        // The number of entries of each type, as a program of another version asks for them, is there too.
        let types = try await fixture.ledger.pool.read { try String.fetchAll($0, sql: "SELECT type FROM entry_type") }
        #expect(types == ["case.handlers-changed"])
        try fixture.reopen()
        #expect(try await fixture.ledger.signedHead().size == 4)
    }

    @Test("a type whose first entry was taken back is noted when it comes again")
    func typeTakenBack() async throws {
        let fixture = try Fixture.made()
        let (one, two) = (fixture.tag(), fixture.tag())
        let claim = { ProjectionRow.claim(ClaimRow(thread: $0, kind: .documentNumber, key: "决定书/2026/1")) }
        try await fixture.append(one, upserting: [claim(one)])
        let head = fixture.known(two)
        let loser = try fixture.request([two], type: .caseEnded, upserting: [claim(two)])
        #expect(await storeError { try await fixture.ledger.append(loser) } != nil)
        fixture.forget(two, head)
        let types = {
            try await fixture.ledger.pool.read { try String.fetchAll($0, sql: "SELECT type FROM entry_type") }
        }
        #expect(try await types() == ["case.handlers-changed"])
        _ = try await fixture.ledger.append(try fixture.request([two], type: .caseEnded))
        #expect(try await types().sorted() == ["case.ended", "case.handlers-changed"])
    }

    @Test("a case's row that changes in any of its columns is stored as it is, and so is one that only grows")
    func everyColumn() async throws {
        let fixture = try Fixture.made()
        let (thread, person) = (fixture.tag(), fixture.tag())
        var row = fixture.caseRow(thread)
        try await fixture.append(thread, upserting: [.caseFile(row)])
        let changes: [(inout CaseRow) -> Void] = [
            { $0.lastAt = $0.lastAt.advanced(byMilliseconds: 5) }, { $0.entries += 1 }, { $0.kind = "penalty" },
            { $0.title = "另一个标题" }, { $0.subject = person }, { $0.subjectName = "另一家" }, { $0.handlers = [person] },
            { $0.stage = .decision }, { $0.state = .ended }, { $0.openedAt = $0.openedAt.advanced(byMilliseconds: 7) },
            { $0.endedAt = $0.lastAt }, { $0.filedAt = $0.lastAt }, { $0.endedAt = nil }, { $0.filedAt = nil },
        ]
        for change in changes {
            change(&row)
            try await fixture.append(thread, upserting: [.caseFile(row)])
            #expect(try await fixture.ledger.caseFile(thread) == row)
        }
        var filter = CaseFilter()
        (filter.text, filter.handler) = ("另一", person)
        #expect(try await fixture.ledger.cases(filter).rows == [row])
    }

    @Test("who comes while a group is written goes with it under one signed head, also when the group is written twice")
    func joining() async throws {
        for isTaken in [false, true] {
            let fixture = try Fixture.made()
            let threads = (0..<4).map { _ in fixture.tag() }
            let claim = ProjectionRow.claim(ClaimRow(thread: threads[0], kind: .documentNumber, key: "决定书/2026/1"))
            let requests = try threads.enumerated().map { number, thread in
                let isClaiming = number == 0 || isTaken && number == 2
                return try RequestCheck.check(
                    fixture.request([thread], upserting: isClaiming ? [claim] : []), bureau: fixture.bureau)
            }
            let (bureau, key, clock, head) = (
                fixture.bureau, fixture.key, fixture.clock, try await fixture.ledger.signedHead()
            )
            let outcomes = Mutex<[GroupCommit.Outcome]>([])
            try await fixture.ledger.sequencer.maintain { connection in
                let commit = try GroupCommit(
                    connection: connection, bureau: bureau, log: 1, key: key, head: head, lastEntry: nil,
                    faults: WriteFaults())
                var waiting = [[requests[1]], [requests[2], requests[3]], []]
                let done = try commit.run(
                    [requests[0]], now: clock.now(), stopped: nil, joining: { (waiting.removeFirst(), clock.now()) })
                outcomes.withLock { $0 = done }
            }
            let sizes = outcomes.withLock { $0.map { try? $0.get().size } }
            #expect(sizes == (isTaken ? [1, 2, nil, 3] : [1, 2, 3, 4]))
            let heads = try await fixture.ledger.pool.read { try Int.fetchAll($0, sql: "SELECT size FROM head") }
            #expect(heads == [0, isTaken ? 3 : 4])
            for (number, request) in requests.enumerated() {
                let receipt = try await fixture.ledger.receipt(of: request.request.command)
                #expect((receipt == nil) == (isTaken && number == 2))
            }
        }
    }

    @Test("a mailbox gives what has come up to the first that is not wanted, and keeps the rest in order")
    func takeNow() {
        let mailbox = Mailbox<Int>()
        #expect(mailbox.takeNow(atMost: 5) { _ in true } == [])
        for number in 1...6 { _ = mailbox.put(number) }
        #expect(mailbox.takeNow(atMost: 2) { _ in true } == [1, 2])
        #expect(mailbox.takeNow(atMost: 9) { $0 != 5 } == [3, 4])
        #expect(mailbox.takeNow(atMost: 9) { $0 != 5 } == [])
        guard case .items(let rest) = mailbox.take(quietAfter: 0) else {
            Issue.record("nothing is left")
            return
        }
        #expect(rest == [5, 6])
    }
}

import Application
import Casework
import Foundation
import GRDB
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("Verification of a stored ledger", .serialized)
struct VerificationTests {
    /// A closed ledger with two cases of several fields each, and a person.
    private func ledger(entries count: Int = 6) async throws -> (Fixture, SignedHead) {
        let fixture = try Fixture.made()
        let threads = [fixture.tag(), fixture.tag(), fixture.tag()]
        for index in 0..<count {
            fixture.clock.advance(1000)
            let command = fixture.command()
            let entry = try fixture.entry(
                threads[index % 3], type: .caseOpened, command: command,
                plain: ["n": .integer(Int64(index)), "word": "a-b"],
                values: [
                    FieldValue("emergencyReason", .string("因工作调动\(index)"), .internal),
                    FieldValue("title", .string("检查\(index)"), .party),
                ])
            _ = try await fixture.ledger.append(
                AppendRequest(command: command, entries: [entry], answer: ["n": .integer(Int64(index))]))
        }
        let head = try await fixture.ledger.signedHead()
        fixture.close()
        return (fixture, head)
    }

    private func verify(
        _ fixture: Fixture, _ change: (inout LedgerVerification) -> Void = { _ in }
    ) throws -> LedgerVerdict {
        var verification = LedgerVerification(path: fixture.databasePath)
        change(&verification)
        return try verification.run()
    }

    @Test("a whole ledger is whole, with every head, opening and the newest root counted, for every size up to 12")
    func whole() async throws {
        for count in 0...12 {
            let (fixture, head) = try await ledger(entries: count)
            for threads in 1...3 {
                let verdict = try verify(fixture) {
                    $0.threads = threads
                    $0.smallLog = 0
                }
                #expect(verdict.findings == [], "\(count) entries, \(threads) threads")
                #expect(verdict.openings == 2 * count)
                let log = try #require(verdict.logs.first)
                #expect(log.size == count && log.root == head.root && log.heads == count + 1)
                #expect(log.checkedSize == 0 && log.unanchoredRecords == count)
            }
            #expect(try verify(fixture) { $0.withContent = false }.isWhole)
        }
    }

    @Test("a whole ledger that is another bureau's is told, whatever it holds, and an empty one is nobody's")
    func foreign() async throws {
        let (fixture, _) = try await ledger(entries: 3)
        let other = try #require(BureauTag("somebody-else"))
        #expect(try verify(fixture) { $0.bureau = fixture.bureau }.isWhole)
        let verdict = try verify(fixture) { $0.bureau = other }
        #expect(verdict.findings == [.bureau(fixture.bureau)] && !verdict.isWhole && !verdict.isLedgerWhole)
        let (empty, _) = try await ledger(entries: 0)
        #expect(try verify(empty) { $0.bureau = other }.isWhole)
    }

    @Test("a ledger is verified while the server writes it")
    func live() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        for _ in 0..<5 { try await fixture.append(thread) }
        let verdict = try verify(fixture)
        #expect(verdict.isWhole && verdict.logs.first?.size == 5)
        try await fixture.append(thread)
        #expect(try verify(fixture).logs.first?.size == 6)
    }

    @Test("heads given from outside say how far it is anchored, in records and time; those that do not fit are named")
    func anchors() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        var heads: [SignedHead] = []
        for _ in 0..<5 {
            fixture.clock.advance(60_000)
            try await fixture.append(thread)
            heads.append(try await fixture.ledger.signedHead())
        }
        fixture.close()
        let verdict = try verify(fixture) { $0.outside = [("纸", heads[1].note), ("光盘", heads[2].note)] }
        let log = try #require(verdict.logs.first)
        #expect(verdict.isWhole && log.checkedSize == 3 && log.unanchoredRecords == 2)
        #expect(log.unanchoredMilliseconds == 120_000)

        let fork = try #require(Checkpoint(origin: fixture.key.verifier.name, size: 2, root: .sha256([1])))
        let beyond = try #require(Checkpoint(origin: fixture.key.verifier.name, size: 9, root: .sha256([1])))
        let other = try #require(SigningKey(generating: "other.example/log"))
        let foreign = try #require(Checkpoint(origin: "other.example/log", size: 2, root: .sha256([1])))
        var flipped = heads[1].note
        flipped[flipped.count - 5] ^= 1
        let bad = try verify(fixture) {
            $0.outside = try! [
                ("fork", fork.signed(by: fixture.key)), ("beyond", beyond.signed(by: fixture.key)),
                ("foreign", foreign.signed(by: other)), ("flipped", flipped),
            ]
        }
        #expect(
            Set(bad.findings) == [
                .outside("fork", .root), .outside("beyond", .beyond), .outside("foreign", .origin),
                .outside("flipped", .note),
            ])
    }

    @Test("heads that entries state are claimed anchors; one that never was is found")
    func claims() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        for _ in 0..<3 { try await fixture.append(thread) }
        let head = try await fixture.ledger.signedHead()
        let paper = JSON.string(DocumentID.random().description)
        func record(_ type: EntryType, _ plain: JSON) async throws {
            let command = fixture.command()
            let entry = try fixture.entry(thread, type: type, command: command, plain: plain)
            _ = try await fixture.ledger.append(AppendRequest(command: command, entries: [entry]))
        }
        func export(_ root: Digest) async throws {
            try await record(
                .documentIssued,
                [
                    "document": paper, "printedRoot": .string(root.description),
                    "printedSize": .integer(head.size),
                ])
        }
        try await export(head.root)
        var verdict = try verify(fixture)
        // In a drawer it proves nothing to anybody.
        #expect(verdict.isWhole && verdict.logs.first?.claimedSize == 0)
        try await record(.documentServed, ["document": paper])
        verdict = try verify(fixture)
        #expect(verdict.isWhole && verdict.logs.first?.claimedSize == 3 && verdict.logs.first?.checkedSize == 0)
        // A dossier holds the entry that says it was handed out.
        try await record(.dossierExported, [:])
        try await fixture.append(thread)
        verdict = try verify(fixture)
        #expect(verdict.isWhole && verdict.logs.first?.claimedSize == 6)
        try await export(.sha256([1]))
        verdict = try verify(fixture)
        #expect(verdict.findings == [.entry(log: 1, index: 7, thread: nil, seq: nil, .claim)])
    }

    @Test(
        "a changed byte in any column of any table is found, and what it belongs to is named",
        arguments: [
            "entry.thread", "entry.seq", "entry.prev", "entry.commitment", "entry.recorded_at", "entry.type",
            "entry.salt", "entry.skeleton", "opening.name", "opening.class", "opening.salt", "opening.value",
            "node.hash", "head.root", "head.note", "thread.tag", "thread.kind", "thread.seq", "thread.commitment",
            "command.id", "command.first", "command.entries", "command.answer", "command.digest", "entry_type.type",
            "entry_type.version", "log.origin", "log.vkey",
        ])
    func changedByte(name: String) async throws {
        let parts = name.split(separator: ".")
        let (table, column) = (String(parts[0]), String(parts[1]))
        let (fixture, head) = try await ledger()
        let intruder = try Intruder(fixture.databasePath)
        let key =
            switch table {
            case "opening": "position, name"
            case "thread": "tag"
            case "command": "id"
            case "entry_type": "type, version"
            case "log": "n"
            default: "position"
            }
        var changes = 0
        // The first, a middle and the last row stand for all.
        let rows = try intruder.rows(of: table, key: key, column: column)
        for row in Set([0, rows.count / 2, rows.count - 1]).sorted().map({ rows[$0] }) {
            for changed in row.changes {
                let undo = try intruder.change(table, column, row, to: changed)
                let verdict = try verify(fixture) { $0.outside = [("kept", head.note)] }
                changes += 1
                #expect(!verdict.isWhole, "\(name) of \(row.position): \(row.value) → \(changed)")
                if table == "entry" || table == "opening" {
                    #expect(
                        verdict.findings.contains { $0.entryPosition?.index == row.position },
                        "\(name) of \(row.position): \(verdict.findings)")
                } else if table == "head" {
                    #expect(
                        verdict.findings.contains { finding in
                            if case .head(_, row.position, _) = finding { true } else { false }
                        }, "\(name) of \(row.position): \(verdict.findings)")
                }
                try undo()
            }
        }
        #expect(changes > 0)
        #expect(try verify(fixture).isWhole, "the changes were taken back")
    }

    @Test("a class changed on disk to any other class is found, and entry and field are named")
    func changedClass() async throws {
        let (fixture, _) = try await ledger()
        let intruder = try Intruder(fixture.databasePath)
        let rows = try intruder.rows(of: "opening", key: "position, name", column: "class")
        #expect(rows.count == 12)
        for row in rows {
            for other in OpeningClass.allCases where other.rawValue.databaseValue != row.value {
                let undo = try intruder.change("opening", "class", row, to: other.rawValue.databaseValue)
                let verdict = try verify(fixture)
                #expect(verdict.findingCount == 1)
                let name = String.fromDatabaseValue(row.rowid[1]) ?? ""
                guard case .entry(1, row.position, _, _, .openingClass(name))? = verdict.firstWrongEntry else {
                    Issue.record("\(row.position) \(name) \(other): \(verdict.findings)")
                    continue
                }
                try undo()
            }
        }
        #expect(try verify(fixture).isWhole)
    }

    @Test("a class that the skeleton states is compared with the row, and version 1 without a statement still verifies")
    func statedClass() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        for version in [1, 2] {
            let command = fixture.command()
            let values = [FieldValue("data", ["a": 1], .internal), FieldValue("digest", ["b": 2], .party)]
            let entry = try fixture.entry(
                thread, type: .documentFixed, version: version, command: command,
                plain: OpeningRule.stating(values, in: .object([]), type: "document.fixed", version: version),
                values: values)
            #expect((entry.skeleton.content.plain["classes"] == nil) == (version == 1))
            _ = try await fixture.ledger.append(AppendRequest(command: command, entries: [entry]))
        }
        fixture.close()
        #expect(try verify(fixture).isWhole)
        let intruder = try Intruder(fixture.databasePath)
        for row in try intruder.rows(of: "opening", key: "position, name", column: "class") where row.position == 1 {
            let other = row.value == "party".databaseValue ? "internal" : "party"
            let undo = try intruder.change("opening", "class", row, to: other.databaseValue)
            #expect(
                try verify(fixture).firstWrongEntry.map { "\($0)".contains("openingClass") } == true, "\(row.rowid)")
            try undo()
        }
    }

    @Test("a removed row in any table is found")
    func removedRow() async throws {
        let (fixture, _) = try await ledger()
        let intruder = try Intruder(fixture.databasePath)
        for table in ["entry", "opening", "node", "thread", "command", "entry_type"] {
            let count = try intruder.count(table)
            for offset in 0..<count {
                let undo = try intruder.remove(table, offset)
                #expect(!(try verify(fixture).isWhole), "\(table) \(offset)")
                try undo()
            }
            #expect(try verify(fixture).isWhole)
        }
        // The newest head: entries then stand after the newest head that is left.
        let undo = try intruder.remove("head", try intruder.count("head") - 1)
        #expect(try verify(fixture).findings.contains(.log(1, .entriesBeyond(5))))
        try undo()
    }

    @Test("a second log goes on with the threads of the first, under its own key, and both verify as one history")
    func secondLog() async throws {
        let fixture = try Fixture.made()
        let threads = [fixture.tag(), fixture.tag()]
        for index in 0..<5 { try await fixture.append(threads[index % 2]) }
        let first = try await fixture.ledger.signedHead()
        let key = try #require(
            SigningKey(name: "demo.liuhen.invalid/log/zhaoxian/2", seed: [UInt8](repeating: 8, count: 32)))
        let now = fixture.clock.now()
        let end = LogSuccession.Head(log: 1, size: 5, root: first.root)
        let succession = try #require(
            LogSuccession(log: 2, surviving: end, previous: end, source: .nothing, gapFrom: now))
        try await fixture.ledger.sequencer.maintain { connection in
            try connection.run("BEGIN IMMEDIATE")
            try LogOpening.open(number: 2, key: key, at: now, on: connection)
            try connection.run("COMMIT")
        }
        fixture.close()
        #expect(throws: LedgerStartError.wrongKey(expected: key.verifier.description)) { try fixture.open() }
        fixture.key = key
        try fixture.open()
        let command = fixture.command()
        let opening = try fixture.entry(
            threads[0], type: .logOpened, command: command, plain: .object(succession.members))
        _ = try await fixture.ledger.append(AppendRequest(command: command, entries: [opening]))
        for index in 1..<4 {
            let receipt = try await fixture.append(threads[index % 2])
            #expect(receipt.indices == [Int64(index)] && receipt.size == index + 1)
        }
        let second = try await fixture.ledger.signedHead()
        #expect(try await fixture.ledger.entries(of: threads[0], from: 1).map(\.log) == [1, 1, 1, 2, 2])
        #expect(try await fixture.ledger.entries(from: 0, limit: 9).map(\.index) == [0, 1, 2, 3])
        try fixture.reopen()
        fixture.close()
        let verdict = try verify(fixture) { $0.outside = [("one", first.note), ("two", second.note)] }
        #expect(verdict.findings == [])
        #expect(verdict.logs.map(\.size) == [5, 4] && verdict.logs.map(\.checkedSize) == [5, 4])
        // The second log alone, as if the first had never been: its threads do not begin.
        try fixture.tamper(
            "DROP TRIGGER entry_is_never_changed; UPDATE entry SET prev = zeroblob(32) WHERE log = 2 AND idx = 0")
        #expect(try verify(fixture).firstWrongEntry?.entryPosition.map { [$0.log, Int($0.index)] } == [2, 0])
    }

    @Test("a rewrite with the key from entry k on passes every check but a head kept from after k")
    func rewriteWithKey() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        var heads: [SignedHead] = []
        // Of each size from 1 to 6; the file as it was at 3 is what the rewriter goes on from, key in hand.
        for size in 1...3 {
            try await fixture.append(thread)
            heads.append(try await fixture.ledger.signedHead())
            #expect(heads.last?.size == Int64(size))
        }
        fixture.close()
        let early = try Data(contentsOf: URL(fileURLWithPath: fixture.databasePath))
        let lock = try Data(contentsOf: URL(fileURLWithPath: fixture.lockPath))
        let head = fixture.known(thread)
        func goOn(_ keep: Bool) async throws {
            try fixture.open()
            for _ in 0..<3 {
                try await fixture.append(thread)
                if keep { heads.append(try await fixture.ledger.signedHead()) }
            }
            fixture.close()
        }
        try await goOn(true)
        for (number, kept) in heads.enumerated() {
            #expect(try verify(fixture) { $0.outside = [("\(number)", kept.note)] }.isWhole)
        }
        // The rewriter puts the early file and its lock file back and records otherwise from the fourth on.
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: fixture.databasePath + suffix) }
        try early.write(to: URL(fileURLWithPath: fixture.databasePath))
        try lock.write(to: URL(fileURLWithPath: fixture.lockPath))
        fixture.forget(thread, head)
        try await goOn(false)
        let verdict = try verify(fixture)
        #expect(verdict.isWhole && verdict.logs.map(\.size) == [6])
        // A head from before the fourth is one of the rewritten ledger too: it proves nothing of what came after it.
        for (number, kept) in heads.enumerated() {
            let findings = try verify(fixture) { $0.outside = [("\(number)", kept.note)] }.findings
            #expect(findings == (number < 3 ? [] : [.outside("\(number)", .root)]), "a head of \(number + 1)")
        }
    }

    @Test("fields of an entry that a disposal names are destroyed with authority, others are missing, in either half")
    func destroyed() async throws {
        for smallLog in [Int64(0), 4096] {
            let fixture = try Fixture.made()
            let thread = fixture.tag()
            var entries: [Entry] = []
            for _ in 0..<4 {
                let command = fixture.command()
                let entry = try fixture.entry(thread, command: command)
                entries.append(entry)
                _ = try await fixture.ledger.append(AppendRequest(command: command, entries: [entry]))
            }
            let command = fixture.command()
            let disposal = try fixture.entry(
                thread, type: .entryCorrected, command: command, references: [EntryReference("destroys", entries[1])],
                values: [])
            _ = try await fixture.ledger.append(AppendRequest(command: command, entries: [disposal]))
            fixture.close()
            try fixture.tamper("DELETE FROM opening WHERE position IN (1, 2)")
            let verdict = try verify(fixture) { $0.smallLog = smallLog }
            let fields = entries[1].skeleton.content.fields.count
            #expect(fields > 0 && verdict.destroyed == fields)
            #expect(verdict.findingCount == entries[2].skeleton.content.fields.count)
            #expect(verdict.firstWrongEntry?.entryPosition?.index == 2)
        }
    }

    @Test("a damaged page is found wherever it is, and reading it never crashes")
    func damagedPage() async throws {
        let (fixture, _) = try await ledger(entries: 40)
        let url = URL(fileURLWithPath: fixture.databasePath)
        let whole = try Data(contentsOf: url)
        var random = SeededRandom(3)
        var found = 0
        var besides = 0
        let pages = whole.count / 4096
        let place = LedgerVerification(path: fixture.databasePath)
        #expect(try place.fileProblems().isEmpty)
        for page in 1..<pages {
            var data = whole
            // Zeros, and noise.
            let filler = page % 2 == 0 ? [UInt8](repeating: 0, count: 4096) : random.bytes(4096)
            data.replaceSubrange(page * 4096..<(page + 1) * 4096, with: filler)
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: url.path + suffix) }
            try data.write(to: url)
            let verdict = try? verify(fixture)
            if verdict?.isWhole != true {
                found += 1
            } else if (try? place.fileProblems())?.isEmpty != true {
                besides += 1
            }
        }
        // Work lists and registers are no part of the ledger: the check of the file tells their damage.
        #expect(besides >= 10, "\(besides) of \(pages)")
        // Pages of projections and free pages concern no record; those of records are the most of this file.
        #expect(found >= 10, "\(found) of \(pages)")
    }

    @Test("leaves are hashed as Leaf writes them")
    func leafText() {
        var random = SeededRandom(9)
        var text = LeafText()
        for seq in [1, 9, 10, 99, 100, 12_345, Int(Int32.max)] {
            let leaf = Leaf(
                thread: ThreadTag(high: random.next(), low: random.next()), seq: seq,
                prev: .sha256(random.bytes(4)), commitment: .sha256(random.bytes(4)))
            let hash = leaf.thread.bytes.withUnsafeBytes { thread in
                leaf.prev.bytes.withUnsafeBytes { prev in
                    leaf.commitment.bytes.withUnsafeBytes {
                        text.hash(thread: thread, seq: Int64(seq), prev: prev, commitment: $0)
                    }
                }
            }
            #expect(hash == RFC6962.leafHash(leaf.bytes))
        }
    }

    @Test("the scan of a skeleton says what its reader says, and gives up on every cut")
    func skeletonScan() throws {
        let fixture = try Fixture()
        let entry = try fixture.entry(
            fixture.tag(), command: fixture.command(),
            plain: ["a": ["b", true, -5, .object([])], "fields": ["x": .integer(1)], "seq": .integer(77)],
            values: [
                FieldValue("one", .string("一"), .party), FieldValue("two", .integer(2), .secret),
                FieldValue("three", .array([]), .officer),
            ])
        let bytes = entry.skeleton.bytes
        let content = entry.skeleton.content
        let scan = try #require(bytes.withUnsafeBytes { SkeletonScan($0) })
        #expect(scan.recordedAt == content.recordedAt.milliseconds && scan.seq == Int64(content.seq))
        #expect(scan.thread == content.thread && scan.command == content.command && scan.typeVersion == 1)
        #expect(String(decoding: bytes[scan.type], as: UTF8.self) == content.type)
        #expect(scan.fields.map(\.commitment) == content.fields.map(\.commitment))
        #expect(scan.fields.map { String(decoding: bytes[$0.name], as: UTF8.self) } == content.fields.map(\.name))
        for length in 0..<bytes.count {
            #expect(Array(bytes[..<length]).withUnsafeBytes { SkeletonScan($0) } == nil)
        }
    }
}

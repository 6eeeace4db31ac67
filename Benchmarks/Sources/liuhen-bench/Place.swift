import Application
import Casework
import Foundation
import Kernel
import Ledger
import Store

/// A ledger in a directory of its own.
struct Place {
    let ledger: LedgerDatabase
    let bureau: BureauTag

    /// Opens the ledger in `directory`, making it if there is none.
    init(_ directory: String) throws {
        guard let bureau = BureauTag("bench"),
            let key = SigningKey(name: "demo.liuhen.invalid/log/bench", seed: [UInt8](repeating: 5, count: 32))
        else { throw Failure("no bureau") }
        self.bureau = bureau
        let data = try DataDirectory(path: directory + "/data")
        let place = LedgerDatabase.Place(data: data, lockDirectory: directory + "/lock", bureau: bureau)
        let exists = FileManager.default.fileExists(atPath: data.ledger(of: bureau))
        ledger =
            exists
            ? try .open(at: place, key: key, clock: SystemClock())
            : try .create(at: place, key: key, clock: SystemClock())
    }
}

/// One thread that grows entry by entry, with the rows that a case has.
struct Course {
    let bureau: BureauTag
    let thread = ThreadTag.random()
    let person = ThreadTag.random()
    private var head: ThreadHead?
    private let body: String

    /// - Parameter byteCount: the size of each entry, skeleton and openings together, in bytes; 470 at least.
    init(bureau: BureauTag, byteCount: Int) {
        self.bureau = bureau
        // What skeleton, field names and the short opening take; the long opening takes the rest.
        body = String(repeating: "x", count: max(1, byteCount - 465))
    }

    /// Seals the next entries and the rows that follow from the last of them.
    mutating func next(_ count: Int = 1, withObligation: Bool = true) throws -> (request: AppendRequest, byteCount: Int)
    {
        let command = CommandID.random()
        var source = SystemRandom()
        let now = SystemClock().now()
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            let seq = (head?.seq ?? 0) + 1
            let type: EntryType = seq == 1 ? .caseOpened : .statementRecorded
            // Only fields that the type knows are appended, each of the class that OpeningRule says.
            let names = seq == 1 ? ("title", "subjectName") : ("facts", "name")
            let content = Skeleton.Content(
                type: type.rawValue, typeVersion: type.version, bureau: bureau, thread: thread, seq: seq,
                recordedAt: now, actor: .person(person), command: command,
                plain: ["manner": "oral", "speaker": "party"])
            let entry = try Entry.seal(
                content, values: [.init(names.0, .string(body), .party), .init(names.1, "某甲", .party)],
                prev: head?.commitment ?? .zero, using: &source)
            head = ThreadHead(seq: seq, commitment: entry.commitment)
            entries.append(entry)
        }
        var request = AppendRequest(command: command, entries: entries)
        if let seq = head?.seq { request.upserting = Array(rows(seq: seq, at: now).prefix(withObligation ? 2 : 1)) }
        let byteCount = entries[0].skeleton.bytes.count + entries[0].openings.reduce(0) { $0 + $1.value.count }
        return (request, byteCount)
    }

    /// The case, and one obligation that is met by every second entry.
    private func rows(seq: Int, at now: Instant) -> [ProjectionRow] {
        [
            .caseFile(
                CaseRow(
                    thread: thread, kind: "penalty", title: "清禾县星河纸品厂提供不真实统计资料案", subject: person,
                    subjectName: "清禾县星河纸品厂（演示）", handlers: [person], stage: .investigation, state: .open,
                    openedAt: Instant(milliseconds: 1_795_000_000_000), endedAt: nil, filedAt: nil, lastAt: now,
                    entries: seq)),
            .obligation(
                ObligationRow(
                    caseThread: thread, key: "statement-review", matter: "statement-review",
                    state: seq % 2 == 0 ? .open : .met, title: "复核当事人的陈述申辩", provisions: ["zhaoxian-2017:12(3)"],
                    gate: "hard", who: "handler", due: now.advanced(byMilliseconds: 86_400_000),
                    lateFrom: now.advanced(byMilliseconds: 86_400_000))),
        ]
    }
}

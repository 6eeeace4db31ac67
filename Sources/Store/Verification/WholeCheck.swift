import Application
import Kernel
import Ledger

/// One run of `LedgerVerification`: joins what the ranges found, and checks what concerns the whole.
struct WholeCheck {
    let verification: LedgerVerification
    let connection: Connection
    private var verdict = LedgerVerdict()
    /// The last link of each thread so far, over all logs.
    private var links: [ThreadTag: ThreadHead] = [:]
    private var types: Set<String> = []
    /// Fields without an opening, and the entries that disposals name, over all logs: the one may stand in a later log.
    private var absent: [(log: Int, field: RangeCheck.Absent)] = []
    private var destroyed: Set<Digest> = []
    /// Documents that got a number, over all logs.
    private var numbered: [RangeCheck.Numbered] = []

    init(verification: LedgerVerification, connection: Connection) {
        self.verification = verification
        self.connection = connection
    }

    /// - Parameter remembered: what the lock file holds; nil where nobody asks it.
    mutating func run(_ remembered: LockFile.State?) throws -> LedgerVerdict {
        let logs = try EntryReader(connection: connection).logs()
        guard !logs.isEmpty else { throw StoreError.damaged("the file holds no log") }
        let successions = Dictionary(
            try EntryReader(connection: connection).successions().map { ($0.log, $0.succession) },
            uniquingKeysWith: { first, _ in first })
        try checkBureau(logs[0])
        if logs[0].number != 1 { report([.log(logs[0].number, .noneBefore)]) }
        for log in logs {
            // A later log says which of the bureau's logs survived before it; so does `previous` end for good.
            if let before = verdict.logs.last { checkSuccession(of: log, after: before, successions[log.number]) }
            verdict.successions += successions[log.number].map { [$0] } ?? []
            try check(log)
        }
        // Who vouches for any part of a later log vouches for its first entry, which names the end of the log before.
        for place in verdict.logs.indices.dropFirst().reversed() where verdict.logs[place].checkedSize > 0 {
            verdict.logs[place - 1].checkedSize = verdict.logs[place - 1].size
            verdict.logs[place - 1].checkedAt = verdict.logs[place - 1].lastAt
        }
        let beyond = Position.all(of: (logs.last?.number ?? 0) + 1).lowerBound
        if try exists("entry", from: beyond) || exists("node", from: beyond) || exists("head", from: beyond) {
            report([.log((logs.last?.number ?? 0) + 1, .unknown)])
        }
        checkAbsent()
        report(try RepeatedNumbers(connection: connection).findings(numbered))
        try checkThreads()
        if verification.withContent { try checkTypes() }
        let origins = logs.map(\.origin)
        for (name, note) in verification.outside where !origins.contains(where: { WholeCheck.is(note, of: $0) }) {
            if isOfLostLog(note, first: logs[0].origin) {
                verdict.heldOfLost.append(name)
            } else {
                report([.outside(name, .origin)])
            }
        }
        if let remembered { try checkLock(remembered) }
        return verdict
    }

    /// Whether the ledger is the newest that the lock file knows of, by the rule of the server's own start.
    private mutating func checkLock(_ remembered: LockFile.State) throws {
        guard let last = verdict.logs.last else { return }
        // Another bureau's ledger is told as that; its lock file lies elsewhere.
        if verdict.findings.contains(where: { if case .bureau = $0 { true } else { false } }) { return }
        // Whoever looks at a copy elsewhere has no lock file; a checkpoint from outside says the same and more.
        if remembered == .absent, last.checkedSize > 0 { return }
        let state = StoredHead(log: last.number, size: last.size, root: last.root)
        let rule = try StartRule.verdict(
            stored: state, lock: remembered,
            rootAt: { log, size in
                (try? RightEdge(size: Int(size), reader: NodeReader(connection: connection, log: log)))?.root
            },
            isNamedLost: { head in
                try EntryReader(connection: connection).successions().contains { _, succession in
                    succession.previous == LogSuccession.Head(log: head.log, size: Int(head.size), root: head.root)
                }
            })
        if case .refuse(let error) = rule { report([.lock(error)]) }
        if case .head(let head) = remembered { verdict.rememberedSize = head.size }
    }

    /// Every entry names its bureau, and those of one log name one: the first tells whose ledger this is.
    private mutating func checkBureau(_ first: LogRow) throws {
        guard let bureau = verification.bureau else { return }
        // One that cannot be read is told where the entries are.
        guard let found = try? EntryReader(connection: connection).entries(of: first.number, from: 0, limit: 1).first
        else { return }
        let named = found.entry.skeleton.content.bureau
        if named != bureau { report([.bureau(named)]) }
    }

    /// The first entry of a later log names the end of the log before it; its origin follows from the first.
    private mutating func checkSuccession(of log: LogRow, after before: LogVerdict, _ succession: LogSuccession?) {
        let origin = LogSuccession.origin(of: log.number, first: verdict.logs[0].origin)
        guard let succession, succession.log == log.number, succession.surviving.log == before.number,
            Int64(succession.surviving.size) == before.size, succession.surviving.root == before.root,
            log.origin.utf8.elementsEqual(origin.utf8)
        else { return report([.log(log.number, .succession)]) }
    }

    /// Whether a head is of a log of which nothing survived, and no later than the one that is named as its last.
    private func isOfLostLog(_ note: [UInt8], first: String) -> Bool {
        guard let text = (try? SignedNote(note)).flatMap({ try? Checkpoint(text: $0.text) }) else { return false }
        return verdict.successions.contains { succession in
            let previous = succession.previous
            let origin = LogSuccession.origin(of: previous.log, first: first)
            return previous.log != succession.surviving.log && text.origin.utf8.elementsEqual(origin.utf8)
                && (text.size < previous.size || text.size == previous.size && text.root == previous.root)
        }
    }

    private mutating func check(_ log: LogRow) throws {
        let key = VerifierKey(log.verifierKey)
        let reader = EntryReader(connection: connection)
        if key == nil || key?.name.utf8.elementsEqual(log.origin.utf8) == false {
            report([.log(log.number, .key)])
        }
        guard let head = try? reader.head(of: log.number) else {
            return report([.log(log.number, .noHead)])
        }
        if try reader.size(of: log.number) > head.size {
            report([.log(log.number, .entriesBeyond(head.size))])
        }
        let hashes = Position(log: log.number, number: Int64(StoredHash.count(forSize: Int(head.size)))).value
        if try exists("node", from: hashes, to: Position.all(of: log.number).upperBound) {
            report([.log(log.number, .hashesBeyond(head.size))])
        }
        var result = LogVerdict(
            number: log.number, origin: log.origin, verifierKey: log.verifierKey, size: head.size, root: head.root)
        try checkEmptyHead(of: log.number, key: key, &result)

        let parts = head.size < verification.smallLog ? 1 : Int64(max(1, verification.threads))
        let ranges = (0..<parts).map { head.size * $0 / parts..<head.size * ($0 + 1) / parts }
        var claims: [RangeCheck.Claim] = []
        var served: Set<String> = []
        var lastDossier: Int64?
        var commands: [CommandID?] = []
        var edge: [Digest] = []
        for (range, outcome) in zip(ranges, verification.check(ranges, of: log.number, key: key)) {
            switch outcome {
            case .failure:
                report([.log(log.number, .unreadable(range))])
                commands.append(contentsOf: repeatElement(nil, count: range.count))
            case .success(let part):
                report(part.findings)
                if part.firstEdge != edge {
                    report([
                        .log(log.number, .edge(range.lowerBound))
                    ])
                }
                edge = part.lastEdge
                join(part.chains, log: log.number)
                verdict.openings += part.openings
                absent += part.absent.map { (log.number, $0) }
                destroyed.formUnion(part.destroyed)
                numbered += part.numbered
                served.formUnion(part.served)
                lastDossier = part.lastDossier ?? lastDossier
                result.heads += part.heads
                claims += part.claims
                commands += part.commands
                types.formUnion(part.types)
            }
        }
        if verification.withContent { try checkCommands(of: log.number, commands) }
        try checkAnchors(of: log, key: key, claims, served: served, &result)
        if let lastDossier { result.claimedSize = max(result.claimedSize, lastDossier + 1) }
        verdict.logs.append(result)
    }

    /// Tells what was destroyed with authority from what is missing.
    private mutating func checkAbsent() {
        var missing: [LedgerFinding] = []
        for (log, field) in absent {
            if let commitment = field.commitment, destroyed.contains(commitment) {
                verdict.destroyed += 1
            } else {
                missing.append(
                    .entry(
                        log: log, index: field.index, thread: field.thread, seq: field.seq, .openingMissing(field.name))
                )
            }
        }
        report(missing)
    }

    /// The head of size 0 stands before the first range.
    private mutating func checkEmptyHead(of log: Int, key: VerifierKey?, _ result: inout LogVerdict) throws {
        let row = try connection.first(
            "SELECT root, note FROM head WHERE position = ?", .position(log, 0), row: { ($0.digest(0), $0.bytes(1)) })
        guard let (root, note) = row else { return report([.head(log: log, size: 0, .note)]) }
        result.heads += 1
        if let fault = HeadCheck.fault(size: 0, root: root, note: note, key: key, computed: RFC6962.emptyRoot) {
            report([.head(log: log, size: 0, fault)])
        }
    }

    /// Joins the chains of a range to those before it: each must go on where the thread stood.
    private mutating func join(_ chains: [ThreadTag: RangeCheck.Chain], log: Int) {
        var broken: [LedgerFinding] = []
        for (thread, chain) in chains {
            let before = links[thread]
            if chain.firstSeq != Int64(before?.seq ?? 0) + 1 || chain.firstPrev != before?.commitment ?? .zero {
                broken.append(
                    .entry(log: log, index: chain.firstIndex, thread: thread, seq: chain.firstSeq, .chain))
            }
            links[thread] = ThreadHead(seq: Int(chain.lastSeq), commitment: chain.lastCommitment)
        }
        report(broken)
    }

    /// Compares stored thread heads with the chains that were walked.
    private mutating func checkThreads() throws {
        var findings: [LedgerFinding] = []
        var seen = 0
        let rows = try connection.all(
            "SELECT tag, kind, seq, commitment FROM thread",
            row: { row -> (ThreadTag?, ThreadHead?) in
                (row.id(0), row.digest(3).map { ThreadHead(seq: Int(row.integer(2)), commitment: $0) })
            })
        for (tag, head) in rows {
            guard let tag else { continue }
            if let link = links[tag], head == link { seen += 1 } else { findings.append(.thread(tag)) }
        }
        if seen + findings.count < links.count {
            let stored = Set(rows.compactMap(\.0))
            findings += links.keys.filter { !stored.contains($0) }.map { .thread($0) }
        }
        let firsts = try connection.all(
            """
            SELECT t.tag FROM thread AS t JOIN entry AS e ON e.thread = t.tag AND e.seq = 1
            WHERE t.kind <> substr(e.type, 1, instr(e.type, '.') - 1)
            """, row: { row -> ThreadTag? in row.id(0) })
        findings += firsts.compactMap { $0 }.map { .thread($0) }
        report(findings)
    }

    /// Compares stored commands with those that the entries name.
    private mutating func checkCommands(of log: Int, _ commands: [CommandID?]) throws {
        var findings: [LedgerFinding] = []
        var covered = 0
        let bounds = Position.all(of: log)
        let rows = try connection.all(
            "SELECT id, first, entries, answer, digest FROM command WHERE first BETWEEN ? AND ?",
            .integer(bounds.lowerBound), .integer(bounds.upperBound),
            row: { row -> (id: CommandID?, first: Int64, count: Int64, whole: Bool) in
                (row.id(0), row.integer(1), row.integer(2), row.withBytes(3) { Digest.sha256($0) } == row.digest(4))
            })
        for row in rows {
            guard let id = row.id else { continue }
            let first = Int(Position(value: row.first).number)
            guard first < commands.count else { continue }
            guard row.whole, row.count > 0, first + Int(row.count) <= commands.count,
                commands[first..<first + Int(row.count)].allSatisfy({ $0 == id })
            else {
                findings.append(.command(id))
                continue
            }
            covered += Int(row.count)
        }
        if covered != commands.count, findings.isEmpty {
            findings.append(.log(log, .commandless(commands.count - covered)))
        }
        report(findings)
    }

    /// Checks heads from outside and heads that entries state, and says how far they reach.
    private mutating func checkAnchors(
        of log: LogRow, key: VerifierKey?, _ claims: [RangeCheck.Claim], served: Set<String>,
        _ result: inout LogVerdict
    ) throws {
        let hashes = NodeReader(connection: connection, log: log.number)
        func root(_ size: Int64) -> Digest? { (try? RightEdge(size: Int(size), reader: hashes))?.root }
        for (name, note) in verification.outside where WholeCheck.is(note, of: log.origin) {
            guard let key, let checkpoint = try? VerifiedCheckpoint(note: note, key: key).checkpoint else {
                report([.outside(name, .note)])
                continue
            }
            let size = Int64(checkpoint.size)
            if size > result.size {
                let head = LogSuccession.Head(log: log.number, size: checkpoint.size, root: checkpoint.root)
                // Within what a later log says was lost it is no contradiction, and proves nothing of what survived.
                if try isNamedLost(head) {
                    verdict.heldOfLost.append(name)
                } else {
                    report([.outside(name, .beyond)])
                }
            } else if root(size) != checkpoint.root {
                report([.outside(name, .root)])
            } else {
                result.checkedSize = max(result.checkedSize, size)
            }
        }
        for claim in claims {
            // An entry can only speak of heads before itself, or of an older log.
            if let older = claim.log, older < log.number {
                let reader = NodeReader(connection: connection, log: older)
                let stored = (try? RightEdge(size: Int(claim.size), reader: reader))?.root
                if stored != claim.root {
                    report([.entry(log: log.number, index: claim.index, thread: nil, seq: nil, .claim)])
                }
            } else if claim.size <= claim.index, root(claim.size) == claim.root {
                // A paper that lies in a drawer of the bureau anchors nothing.
                guard claim.document.map(served.contains) ?? true else { continue }
                result.claimedSize = max(result.claimedSize, claim.size)
            } else {
                report([.entry(log: log.number, index: claim.index, thread: nil, seq: nil, .claim)])
            }
        }
        result.checkedAt = try recordedAt(log.number, result.checkedSize - 1)
        result.lastAt = try recordedAt(log.number, result.size - 1)
    }

    /// Whether a head lies between what survived of its log and the last head that a later log's first entry names.
    private func isNamedLost(_ head: LogSuccession.Head) throws -> Bool {
        try EntryReader(connection: connection).successions().contains { _, succession in
            let (surviving, previous) = (succession.surviving, succession.previous)
            guard surviving.log == head.log, head.size > surviving.size else { return false }
            return previous.log > head.log || head.size < previous.size || head == previous
        }
    }

    /// Compares the types that the start asks for with those that the entries have.
    private mutating func checkTypes() throws {
        let stored = try connection.all(
            "SELECT type, version FROM entry_type", row: { "\($0.text(0)) \($0.integer(1))" })
        if Set(stored) != types {
            report([.log(1, .types)])
        }
    }

    private func recordedAt(_ log: Int, _ index: Int64) throws -> Instant? {
        guard index >= 0 else { return nil }
        return try connection.first(
            "SELECT recorded_at FROM entry WHERE position = ?", .position(log, index),
            row: { Instant(milliseconds: $0.integer(0)) })
    }

    private func exists(_ table: String, from: Int64, to: Int64 = .max) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM \(table) WHERE position BETWEEN ? AND ? LIMIT 1", .integer(from), .integer(to),
            row: { _ in true }) ?? false
    }

    private mutating func report(_ findings: [LedgerFinding]) {
        verdict.findingCount += findings.count
        verdict.findings += findings.prefix(LedgerVerdict.findingLimit - verdict.findings.count)
    }

    private static func `is`(_ note: [UInt8], of origin: String) -> Bool {
        note.starts(with: Array(origin.utf8) + [UInt8(ascii: "\n")])
    }
}

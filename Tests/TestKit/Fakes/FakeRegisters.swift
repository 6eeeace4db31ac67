import Application
import Casework
import Kernel
import Synchronization

/// Projected rows in memory, read by the contract of `Registers`: lists are bounded, ordered and filtered alike.
public final class FakeRegisters: Registers {
    private let state: Mutex<[ProjectionRow]>

    /// Registers that hold these rows.
    public init(_ rows: [ProjectionRow] = []) {
        state = Mutex(rows)
    }

    /// Puts rows in the place of rows with the same key.
    public func put(_ rows: ProjectionRow...) {
        state.withLock { stored in
            for row in rows {
                stored.removeAll { $0.key == row.key }
                stored.append(row)
            }
        }
    }

    /// Takes a row away.
    public func remove(_ key: ProjectionKey) {
        state.withLock { stored in stored.removeAll { $0.key == key } }
    }

    private func all<Row>(_ select: (ProjectionRow) -> Row?) -> [Row] {
        let rows = state.withLock { $0 }
        return rows.compactMap(select)
    }

    private var personRows: [PersonRow] {
        all { if case .person(let row) = $0 { row } else { nil } }
    }
    private var caseRows: [CaseRow] {
        all { if case .caseFile(let row) = $0 { row } else { nil } }
    }
    private var documentRows: [DocumentRow] {
        all { if case .document(let row) = $0 { row } else { nil } }
    }
    private var obligationRows: [ObligationRow] {
        all { if case .obligation(let row) = $0 { row } else { nil } }
    }
    private var recordingRows: [RecordingRow] {
        all { if case .recording(let row) = $0 { row } else { nil } }
    }
    private var subjectRows: [SubjectRow] {
        all { if case .subject(let row) = $0 { row } else { nil } }
    }

    public func persons() async throws(StoreError) -> [PersonRow] {
        personRows.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    }

    public func persons(in state: PersonRow.AccountState) async throws(StoreError) -> [PersonRow] {
        try await persons().filter { $0.accountState == state }
    }

    public func names() async throws(StoreError) -> [ThreadTag: String] {
        Dictionary(personRows.map { ($0.thread, $0.name) }) { first, _ in first }
    }

    public func duties(
        _ filter: ObligationFilter, own: [String], at now: Instant
    ) async throws(StoreError) -> DutyPage {
        let wanted = filter.counted(own: own, at: now)
        var page = DutyPage(
            total: try await countOpenObligations(filter), own: try await countOpenObligations(wanted.own),
            ownOpen: try await countOpenObligations(wanted.open), ownLate: try await countOpenObligations(wanted.late))
        page.rows = try await openObligations(filter)
        return page
    }

    public func person(_ thread: ThreadTag) async throws(StoreError) -> PersonRow? {
        personRows.first { $0.thread == thread }
    }

    public func person(account: String) async throws(StoreError) -> PersonRow? {
        personRows.first { $0.account.map { $0.utf8.elementsEqual(account.utf8) } ?? false }
    }

    public func subject(_ thread: ThreadTag) async throws(StoreError) -> SubjectRow? {
        subjectRows.first { $0.thread == thread }
    }

    public func subjects(matching text: String, limit: Int) async throws(StoreError) -> [SubjectRow] {
        Array(subjectRows.filter { Self.has($0.name, text) || Self.has($0.code, text) }.prefix(limit))
    }

    public func caseFile(_ thread: ThreadTag) async throws(StoreError) -> CaseRow? {
        caseRows.first { $0.thread == thread }
    }

    public func caseFiles(_ threads: [ThreadTag]) async throws(StoreError) -> [CaseRow] {
        caseRows.filter { threads.contains($0.thread) }
    }

    public func names(of threads: [ThreadTag]) async throws(StoreError) -> [ThreadTag: String] {
        Dictionary(personRows.filter { threads.contains($0.thread) }.map { ($0.thread, $0.name) }) { first, _ in first }
    }

    private var numberClaims: [ClaimRow] {
        all { if case .claim(let row) = $0, row.kind == .caseNumber { row } else { nil } }
    }

    public func caseNumbers(of threads: [ThreadTag]) async throws(StoreError) -> [ThreadTag: String] {
        Dictionary(grouping: numberClaims.filter { threads.contains($0.thread) }, by: \.thread)
            .mapValues { $0.map(\.key).sorted().joined(separator: "、") }
    }

    public func cases(_ filter: CaseFilter) async throws(StoreError) -> CasePage {
        let numbered = filter.number.map { number in
            Set(numberClaims.filter { $0.key.utf8.starts(with: number.utf8) }.map(\.thread))
        }
        let words = Array((filter.number == nil ? filter.text : "").utf8).split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        let under = Set(
            obligationRows.filter { row in
                row.state == .open && filter.lateAt.map { late in row.lateFrom.map { $0 <= late } ?? false } ?? true
            }.flatMap { row in row.provisions.map { CaseAndRow(row.caseThread, $0) } })
        let found = caseRows.filter { row in
            numbered?.contains(row.thread) != false
                && words.allSatisfy { Self.has(row.title, $0) || Self.has(row.subjectName, $0) }
                && (filter.kind.map { $0 == row.kind } ?? row.isCase)
                && filter.state.map { $0 == row.state } ?? true
                && filter.stage.map { $0 == row.stage } ?? true
                && filter.handler.map { row.handlers.contains($0) } ?? true
                && filter.openedFrom.map { row.openedAt >= $0 } ?? true
                && filter.openedBefore.map { row.openedAt < $0 } ?? true
                && filter.provision.map { under.contains(CaseAndRow(row.thread, $0)) } ?? true
                && (!filter.isLed || isLed(row.thread))
        }
        let sorted = found.sorted { left, right in
            switch filter.sort {
            case .newest: (left.openedAt, left.thread) > (right.openedAt, right.thread)
            case .oldest: (left.openedAt, left.thread) < (right.openedAt, right.thread)
            case .lastChange: (left.lastAt, left.thread) > (right.lastAt, right.thread)
            case .title: Array(left.title.utf8).lexicographicallyPrecedes(Array(right.title.utf8))
            }
        }
        let size = min(max(filter.pageSize, 1), 1000)
        let rows = sorted.dropFirst((max(filter.page, 1) - 1) * size).prefix(size)
        return CasePage(rows: Array(rows), total: found.count)
    }

    public func document(_ id: DocumentID) async throws(StoreError) -> DocumentRow? {
        documentRows.first { $0.id == id }
    }

    public func documents(_ filter: DocumentFilter) async throws(StoreError) -> [DocumentRow] {
        let found = documentRows.filter { row in
            filter.caseThread.map { $0 == row.caseThread } ?? true && filter.kind.map { $0 == row.kind } ?? true
                && filter.state.map { $0 == row.state } ?? true && filter.year.map { $0 == row.year } ?? true
        }
        let sorted = found.sorted { ($0.fixedAt, $0.id) > ($1.fixedAt, $1.id) }
        return Array(sorted.dropFirst((max(filter.page, 1) - 1) * filter.pageSize).prefix(filter.pageSize))
    }

    public func documentRegister(_ filter: DocumentRegisterFilter) async throws(StoreError) -> DocumentRegisterPage {
        let cases = Dictionary(caseRows.map { ($0.thread, $0) }, uniquingKeysWith: { first, _ in first })
        let words = filter.text.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        let found = documentRows.compactMap { row -> DocumentRegisterLine? in
            guard let work = cases[row.caseThread], filter.kind.map({ $0 == row.kind }) ?? true,
                filter.state.map({ $0 == row.state }) ?? true,
                filter.handler.map({ work.handlers.contains($0) }) ?? true,
                filter.fixedFrom.map({ row.fixedAt >= $0 }) ?? true,
                filter.fixedBefore.map({ row.fixedAt < $0 }) ?? true
            else { return nil }
            if let number = filter.number {
                guard row.year == number.year, row.number == number.number,
                    number.mark.isEmpty || Self.has(row.numberText, number.mark)
                else { return nil }
            } else {
                guard words.allSatisfy({ Self.has(work.title, $0) || Self.has(work.subjectName, $0) }) else {
                    return nil
                }
            }
            return DocumentRegisterLine(
                document: row, caseTitle: work.title, subjectName: work.subjectName,
                isOfLead: work.kind == CaseRow.leadKind)
        }
        // A number or nothing: by time. A person or words: case by case, the one opened last first.
        let isByTime = filter.number != nil || (filter.handler == nil && words.isEmpty)
        let places = Dictionary(caseRows.enumerated().map { ($1.thread, isByTime ? 0 : $0) }) { first, _ in first }
        func rank(_ line: DocumentRegisterLine) -> (Int, Instant, DocumentID) {
            (places[line.document.caseThread] ?? 0, line.document.fixedAt, line.document.id)
        }
        let sorted = found.sorted { rank($0) > rank($1) }
        let size = min(max(filter.pageSize, 1), 1000)
        return DocumentRegisterPage(
            lines: Array(sorted.dropFirst((max(filter.page, 1) - 1) * size).prefix(size)), total: found.count)
    }

    public func lastNumber(kind: String, year: Int) async throws(StoreError) -> Int {
        documentRows.filter { $0.kind == kind && $0.year == year }.compactMap(\.number).max() ?? 0
    }

    public func freeNumber(kind: String, year: Int, from first: Int) async throws(StoreError) -> Int {
        max(first, try await lastNumber(kind: kind, year: year) + 1)
    }

    public func openedCase(from thread: ThreadTag, seq: Int) async throws(StoreError) -> ThreadTag? {
        try await holder(of: .findingLed, key: "\(thread)/\(seq)")
    }

    public func openObligations(_ filter: ObligationFilter) async throws(StoreError) -> [ObligationRow] {
        let far = Instant(milliseconds: .max)
        let sorted = open(filter).sorted {
            ($0.due ?? far, $0.caseThread, $0.key) < ($1.due ?? far, $1.caseThread, $1.key)
        }
        return Array(sorted.dropFirst((max(filter.page, 1) - 1) * filter.limit).prefix(filter.limit))
    }

    public func countOpenObligations(_ filter: ObligationFilter) async throws(StoreError) -> Int {
        open(filter).count
    }

    public func openCounts(
        of regulation: String, handler: ThreadTag?, at: Instant
    ) async throws(StoreError) -> [String: OpenCount] {
        var filter = ObligationFilter()
        filter.handler = handler
        var result: [String: OpenCount] = [:]
        for row in open(filter) {
            let late = row.lateFrom.map { $0 <= at } ?? false
            for provision in Set(row.provisions) where provision.hasPrefix("\(regulation):") {
                let count = result[provision] ?? OpenCount(open: 0, late: 0)
                result[provision] = OpenCount(open: count.open + 1, late: count.late + (late ? 1 : 0))
            }
        }
        return result
    }

    public func standings(
        of matters: [String], at now: Instant
    ) async throws(StoreError) -> [String: [ObligationStanding: Int]] {
        var result: [String: [ObligationStanding: Int]] = [:]
        for row in all({ if case .obligation(let row) = $0 { row } else { nil } }) where matters.contains(row.matter) {
            let standing: ObligationStanding =
                switch row.state {
                case .open: row.lateFrom.map { $0 <= now } ?? false ? .overdue : .open
                case .met: .met
                case .metLate: .metLate
                case .excused: .excused
                case .notApplicable: .notApplicable
                }
            result[row.matter, default: [:]][standing, default: 0] += 1
        }
        return result
    }

    public func documentsToSign(_ filter: SignatureFilter) async throws(StoreError) -> [DocumentRow] {
        let sorted = toSign(filter).sorted { ($0.fixedAt, $0.id) < ($1.fixedAt, $1.id) }
        return Array(sorted.dropFirst((max(filter.page, 1) - 1) * filter.limit).prefix(filter.limit))
    }

    public func countDocumentsToSign(_ filter: SignatureFilter) async throws(StoreError) -> Int {
        toSign(filter).count
    }

    public func holder(of kind: ClaimRow.Kind, key: String) async throws(StoreError) -> ThreadTag? {
        let claims = all { if case .claim(let row) = $0 { row } else { nil } }
        return claims.first { $0.kind == kind && $0.key == key }?.thread
    }

    public func holders(
        of kind: ClaimRow.Kind, under owner: ThreadTag, limit: Int
    ) async throws(StoreError) -> [ThreadTag] {
        let claims = all { if case .claim(let row) = $0 { row } else { nil } }
        return claims.filter { $0.kind == kind && $0.key.utf8.starts(with: "\(owner)/".utf8) }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.prefix(max(limit, 0)).map(\.thread)
    }

    public func claims(
        of kind: ClaimRow.Kind, under owner: String, without part: String, limit: Int
    ) async throws(StoreError) -> [ClaimRow] {
        let claims = all { if case .claim(let row) = $0 { row } else { nil } }
        return claims.filter { claim in
            claim.kind == kind && claim.key.utf8.starts(with: "\(owner)/".utf8)
                && Array(claim.key.utf8).firstRange(of: Array(part.utf8)) == nil
        }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.prefix(max(limit, 0)).map { $0 }
    }

    private func isLed(_ inspection: ThreadTag) -> Bool {
        let claims = all { if case .claim(let row) = $0 { row } else { nil } }
        return claims.contains { $0.kind == .findingLed && $0.key.utf8.starts(with: "\(inspection)/".utf8) }
    }

    private func toSign(_ filter: SignatureFilter) -> [DocumentRow] {
        let cases = Dictionary(caseRows.map { ($0.thread, $0) }) { first, _ in first }
        return documentRows.filter { row in
            guard let file = cases[row.caseThread], row.state == .fixed, file.state != .filed || filter.handler == nil
            else { return false }
            return filter.places.contains { place in
                place.kind == row.kind
                    && row.openSlots.contains {
                        place.slot.hasSuffix("*") ? $0.hasPrefix(place.slot.dropLast()) : $0 == place.slot
                    }
            } && filter.handler.map { file.handlers.contains($0) } ?? true
                && filter.notHandledBy.map { !file.handlers.contains($0) } ?? true
        }
    }

    private func open(_ filter: ObligationFilter) -> [ObligationRow] {
        let words = Array(filter.text.utf8).split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        let found = Set(
            caseRows.filter { row in
                words.allSatisfy { Self.has(row.title, $0) || Self.has(row.subjectName, $0) }
            }.map(\.thread))
        let handled = Set(
            caseRows.filter { row in filter.handler.map { row.handlers.contains($0) } ?? true }.map(\.thread))
        return obligationRows.filter { row in
            row.state == .open && (words.isEmpty || found.contains(row.caseThread))
                && (filter.dueFrom == nil || row.due.map { $0 >= filter.dueFrom ?? $0 } ?? false)
                && (filter.dueUntil == nil || row.due.map { $0 <= filter.dueUntil ?? $0 } ?? false)
                && (filter.hasTerm.map { $0 == (row.due != nil) } ?? true)
                && (filter.handler == nil || handled.contains(row.caseThread))
                && (filter.who.isEmpty || filter.who.contains(row.who))
                && filter.lateAt.map { late in row.lateFrom.map { $0 <= late } ?? false } ?? true
        }
    }

    public func obligations(of caseThread: ThreadTag) async throws(StoreError) -> [ObligationRow] {
        obligationRows.filter { $0.caseThread == caseThread }.sorted { $0.key < $1.key }
    }

    public func recording(_ thread: ThreadTag) async throws(StoreError) -> RecordingRow? {
        recordingRows.first { $0.thread == thread }
    }

    public func recordingsToInspect(
        after mark: RecordingRow?, limit: Int
    ) async throws(StoreError) -> [RecordingRow] {
        func place(_ row: RecordingRow) -> (Instant, String) { (row.importedAt, row.thread.description) }
        return Array(
            recordingRows.filter { row in !row.inspected && (mark.map { place($0) < place(row) } ?? true) }
                .sorted { place($0) < place($1) }.prefix(limit))
    }

    private static func has(_ text: String, _ part: String) -> Bool {
        let text = Array(text.utf8)
        let part = Array(part.utf8)
        guard !part.isEmpty else { return true }
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }
}

/// A case and a row of a text under which something is open there.
private struct CaseAndRow: Hashable {
    let thread: ThreadTag
    let row: String

    init(_ thread: ThreadTag, _ row: String) {
        self.thread = thread
        self.row = row
    }
}

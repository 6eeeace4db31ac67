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

    public func cases(_ filter: CaseFilter) async throws(StoreError) -> CasePage {
        let words = Array(filter.text.utf8).split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        let found = caseRows.filter { row in
            words.allSatisfy { Self.has(row.title, $0) || Self.has(row.subjectName, $0) }
                && (filter.kind.map { $0 == row.kind } ?? (row.kind != CaseRow.leadKind))
                && filter.state.map { $0 == row.state } ?? true
                && filter.stage.map { $0 == row.stage } ?? true
                && filter.handler.map { row.handlers.contains($0) } ?? true
        }
        let sorted = found.sorted { left, right in
            switch filter.sort {
            case .newest: (left.openedAt, left.thread) > (right.openedAt, right.thread)
            case .oldest: (left.openedAt, left.thread) < (right.openedAt, right.thread)
            case .lastChange: (left.lastAt, left.thread) > (right.lastAt, right.thread)
            case .title: Array(left.title.utf8).lexicographicallyPrecedes(Array(right.title.utf8))
            }
        }
        let size = min(max(filter.pageSize, 1), 100)
        let rows = sorted.dropFirst((max(filter.page, 1) - 1) * size).prefix(size)
        return CasePage(rows: Array(rows), total: found.count)
    }

    public func documents(_ filter: DocumentFilter) async throws(StoreError) -> [DocumentRow] {
        let found = documentRows.filter { row in
            filter.caseThread.map { $0 == row.caseThread } ?? true && filter.kind.map { $0 == row.kind } ?? true
                && filter.state.map { $0 == row.state } ?? true && filter.year.map { $0 == row.year } ?? true
        }
        let sorted = found.sorted { ($0.fixedAt, $0.id) > ($1.fixedAt, $1.id) }
        return Array(sorted.dropFirst((max(filter.page, 1) - 1) * filter.pageSize).prefix(filter.pageSize))
    }

    public func lastNumber(kind: String, year: Int) async throws(StoreError) -> Int {
        documentRows.filter { $0.kind == kind && $0.year == year }.compactMap(\.number).max() ?? 0
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

    private func toSign(_ filter: SignatureFilter) -> [DocumentRow] {
        let cases = Dictionary(caseRows.map { ($0.thread, $0) }) { first, _ in first }
        return documentRows.filter { row in
            guard let file = cases[row.caseThread], row.state == .fixed, file.state != .filed else { return false }
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

    public func recordingsToInspect(limit: Int) async throws(StoreError) -> [RecordingRow] {
        Array(recordingRows.filter { !$0.inspected }.sorted { $0.importedAt < $1.importedAt }.prefix(limit))
    }

    private static func has(_ text: String, _ part: String) -> Bool {
        let text = Array(text.utf8)
        let part = Array(part.utf8)
        guard !part.isEmpty else { return true }
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }
}

import Application
import Casework
import Kernel

/// Projected rows from their tables. The columns of each kind stand beside the code that reads them.
extension PersonRow {
    static let columns = "thread, name, section, certificate_number, certificate_until, roles, account, account_state"

    /// The values of `columns`.
    var values: [SQLValue] {
        [
            .id(thread), .text(name), .text(section), .text(certificateNumber),
            .optional(certificateUntil?.description), .utf8(RowText.encode(roles.map(\.rawValue))),
            .optional(account), .text(accountState.rawValue),
        ]
    }

    init(_ row: Statement) throws(StoreError) {
        guard let thread: ThreadTag = row.id(0), let roles = RowText.decode(row.bytes(5)),
            let state = AccountState(rawValue: row.text(7))
        else { throw .damaged("a row of person is malformed") }
        let until = row.optionalText(4)
        let day = until.flatMap { CivilDay($0) }
        guard (until == nil) == (day == nil) else { throw .damaged("a row of person has no valid day") }
        let known = roles.compactMap { Role(rawValue: $0) }
        guard known.count == roles.count else { throw .damaged("a row of person has an unknown role") }
        self.init(
            thread: thread, name: row.text(1), section: row.text(2), certificateNumber: row.text(3),
            certificateUntil: day, roles: known, account: row.optionalText(6), accountState: state)
    }
}

extension SubjectRow {
    static let columns = "thread, kind, name, code"

    /// The values of `columns`.
    var values: [SQLValue] {
        [
            .id(thread), .text(kind), .text(name), .text(code),
        ]
    }

    init(_ row: Statement) throws(StoreError) {
        guard let thread: ThreadTag = row.id(0) else { throw .damaged("a row of subject is malformed") }
        self.init(thread: thread, kind: row.text(1), name: row.text(2), code: row.text(3))
    }
}

extension CaseRow {
    static let columns = """
        thread, kind, title, subject, subject_name, handlers, stage, state, opened_at, ended_at, filed_at, last_at, entries
        """

    /// The values of `columns`.
    var values: [SQLValue] {
        [
            .id(thread), .text(kind), .text(title), .id(subject), .text(subjectName),
            .utf8(RowText.encode(handlers.map(\.description))), .text(stage.rawValue), .text(state.rawValue),
            .instant(openedAt), .instant(endedAt), .instant(filedAt), .instant(lastAt), .number(entries),
        ]
    }

    init(_ row: Statement) throws(StoreError) {
        guard let thread: ThreadTag = row.id(0), let subject: ThreadTag = row.id(3),
            let handlers = RowText.decode(row.bytes(5)), let stage = Stage(rawValue: row.text(6)),
            let state = State(rawValue: row.text(7))
        else { throw .damaged("a row of case_file is malformed") }
        let tags = handlers.compactMap { ThreadTag($0) }
        guard tags.count == handlers.count else { throw .damaged("a row of case_file has a malformed handler") }
        self.init(
            thread: thread, kind: row.text(1), title: row.text(2), subject: subject, subjectName: row.text(4),
            handlers: tags, stage: stage, state: state, openedAt: Instant(milliseconds: row.integer(8)),
            endedAt: row.optionalInstant(9), filedAt: row.optionalInstant(10),
            lastAt: Instant(milliseconds: row.integer(11)), entries: Int(row.integer(12)))
    }
}

extension DocumentRow {
    static let columns = "id, case_thread, kind, state, fixed_at, issued_at, year, number, number_text, open_slots"

    /// The values of `columns`.
    var values: [SQLValue] {
        [
            .id(id), .id(caseThread), .text(kind), .text(state.rawValue), .instant(fixedAt), .instant(issuedAt),
            .number(year), .number(number), .text(numberText), .utf8(RowText.encode(openSlots)),
        ]
    }

    init(_ row: Statement) throws(StoreError) {
        guard let id: DocumentID = row.id(0), let caseThread: ThreadTag = row.id(1),
            let state = State(rawValue: row.text(3)), let slots = RowText.decode(row.bytes(9))
        else { throw .damaged("a row of document is malformed") }
        self.init(
            id: id, caseThread: caseThread, kind: row.text(2), state: state,
            fixedAt: Instant(milliseconds: row.integer(4)), issuedAt: row.optionalInstant(5),
            year: row.isNull(6) ? nil : Int(row.integer(6)), number: row.isNull(7) ? nil : Int(row.integer(7)),
            numberText: row.text(8), openSlots: slots)
    }
}

extension ObligationRow {
    static let columns = "case_thread, key, matter, state, title, provisions, gate, who, due, late_from"

    /// The values of `columns`.
    var values: [SQLValue] {
        [
            .id(caseThread), .text(key), .text(matter), .text(state.rawValue), .text(title),
            .utf8(RowText.encode(provisions)), .text(gate), .text(who), .instant(due), .instant(lateFrom),
        ]
    }

    init(_ row: Statement) throws(StoreError) {
        guard let caseThread: ThreadTag = row.id(0), let state = State(rawValue: row.text(3)),
            let provisions = RowText.decode(row.bytes(5))
        else { throw .damaged("a row of obligation is malformed") }
        self.init(
            caseThread: caseThread, key: row.text(1), matter: row.text(2), state: state, title: row.text(4),
            provisions: provisions, gate: row.text(6), who: row.text(7), due: row.optionalInstant(8),
            lateFrom: row.optionalInstant(9))
    }
}

extension RecordingRow {
    static let columns = "thread, object, form, file_name, media_type, byte_count, imported_at, inspected"

    /// The values of `columns`.
    var values: [SQLValue] {
        [
            .id(thread), .id(object), .text(form), .text(fileName), .text(mediaType), .integer(byteCount),
            .instant(importedAt), .integer(inspected ? 1 : 0),
        ]
    }

    init(_ row: Statement) throws(StoreError) {
        guard let thread: ThreadTag = row.id(0), let object: ObjectID = row.id(1) else {
            throw .damaged("a row of recording is malformed")
        }
        self.init(
            thread: thread, object: object, form: row.text(2), fileName: row.text(3), mediaType: row.text(4),
            byteCount: row.integer(5), importedAt: Instant(milliseconds: row.integer(6)),
            inspected: row.integer(7) == 1)
    }
}

extension ClaimRow {
    static let columns = "thread, kind, key"

    /// The values of `columns`.
    var values: [SQLValue] {
        [
            .id(thread), .text(kind.rawValue), .text(key),
        ]
    }

    init(_ row: Statement) throws(StoreError) {
        guard let thread: ThreadTag = row.id(0), let kind = Kind(rawValue: row.text(1)) else {
            throw .damaged("a row of claim is malformed")
        }
        self.init(thread: thread, kind: kind, key: row.text(2))
    }
}

extension ProjectionRow {
    /// The values of the row's columns: two rows are the same row of a table when these are the same bytes.
    var values: [SQLValue] {
        switch self {
        case .person(let row): row.values
        case .subject(let row): row.values
        case .caseFile(let row): row.values
        case .document(let row): row.values
        case .obligation(let row): row.values
        case .recording(let row): row.values
        case .claim(let row): row.values
        }
    }
}

import Casework
import Kernel
import Ledger

/// What of the record one person may read now (依法保密的内容): the one rule that every page, list and answer asks.
///
/// What a reporter said, or a secret, is shown only while a look at it runs that the ledger recorded before the first byte
/// (invariant 4). The rule goes by the class that the entry itself states, never by the kind of a document: the receipt for
/// a notice to a reporter names them as plainly as the notice does.
public struct Sight: Sendable {
    /// Documents, and threads of recordings or leads, that this person looks at now.
    private var documents: Set<DocumentID> = []
    private var threads: Set<ThreadTag> = []
    /// Records of the case, to find what a correction is about.
    private var records: [Record] = []
    /// What is marked as secret in the case, and whether this person is cleared for it (zhaoxian-2017:33).
    private var marks: [SecrecyMark.Thing: Bool] = [:]
    /// Fields whose class nothing but their row says (entries of a version that did not state it yet) and that are open.
    private var open: [RecordID: Set<String>] = [:]

    /// The sight of somebody who looks at nothing.
    public init() {}

    /// What anybody may read of a case without looking, and what may be printed of it.
    public init(_ view: CaseView) {
        records = view.records
        for logged in view.entries + view.recordings.values.joined() { learn(logged.entry) }
        for mark in view.work.secrecyMarks { marks[mark.thing] = false }
    }

    /// What a person may read of a case.
    public init(_ view: CaseView, by person: PersonRow, at now: Instant) {
        self.init(view)
        for mark in view.work.secrecyMarks { marks[mark.thing] = mark.clears(person, in: view.work) }
        for look in view.history.runningLooks(by: person.thread, at: now) {
            if let document = look.word("document").flatMap({ DocumentID($0) }) {
                documents.insert(document)
            } else if look.thread != view.work.thread {
                threads.insert(look.thread)
            }
        }
    }

    /// What a person may read of a lead.
    public init(_ view: LeadView, by person: ThreadTag, at now: Instant) {
        records = view.records
        for logged in view.entries { learn(logged.entry) }
        if view.isLooking(person, at: now) { threads.insert(view.file.thread) }
        for look in view.records.runningLooks(by: person, at: now) {
            if let document = look.word("document").flatMap({ DocumentID($0) }) { documents.insert(document) }
        }
    }

    /// Names of the fields of a record that are there and that this person may not read now.
    public func hidden(_ record: Record) -> Set<String> {
        let isCleared = marked(record).flatMap { marks[$0] }
        // All that a marked thing says is kept back, and from who is not cleared a running look keeps nothing open.
        if isCleared == false { return Set(record.fields.keys) }
        let veiled = Set(
            record.fields.keys.filter { name in
                guard isCleared == nil else { return true }
                guard let known = record.openingClass(of: name) else { return open[record.id]?.contains(name) != true }
                return OpeningRule.veiled.contains(known)
            })
        return veiled.isEmpty || isLookedAt(record) ? [] : veiled
    }

    /// The record without the values that this person may not read now; their names stay.
    public func readable(_ record: Record) -> Record {
        let hidden = hidden(record)
        guard !hidden.isEmpty else { return record }
        var readable = record
        for name in hidden { readable.fields[name] = nil }
        return readable
    }

    /// Whether the contents of a document may be read now.
    public func mayRead(_ document: CaseDocument) -> Bool {
        guard records.indices.contains(document.fixedSeq - 1) else { return false }
        return !hidden(records[document.fixedSeq - 1]).contains("data")
    }

    /// Whether a person may not see a document or recording at all: it is marked, and the person is not cleared.
    public func isBarred(from thing: SecrecyMark.Thing) -> Bool { marks[thing] == false }

    /// Whether a record tells what is in such a thing.
    public func isBarred(from record: Record) -> Bool { marked(record).map { marks[$0] == false } ?? false }

    /// The marked thing that a record tells the contents of; nil for others.
    private func marked(_ record: Record) -> SecrecyMark.Thing? {
        guard !marks.isEmpty else { return nil }
        let thing: SecrecyMark.Thing?
        switch record.type {
        case .documentFixed, .documentSigned, .documentScanned:
            thing = record.word("document").flatMap { DocumentID($0) }.map { .document($0) }
        case .recordingImported, .recordingInspected: thing = .recording(record.thread)
        case .recordingLinked: thing = record.thread("recording").map { .recording($0) }
        case .correctionProposed, .entryCorrected, .correctionRefused:
            guard let target = record.number("target").map({ Int($0) }), target != record.seq,
                records.indices.contains(target - 1), records[target - 1].number("target") == nil
            else { return nil }
            return marked(records[target - 1])
        default: thing = nil
        }
        return thing.flatMap { marks[$0] == nil ? nil : $0 }
    }

    /// Whether a look at this document runs.
    public func isLooking(at document: CaseDocument) -> Bool { documents.contains(document.id) }

    /// Whether a look at what the record is about runs.
    private func isLookedAt(_ record: Record) -> Bool {
        if threads.contains(record.thread) || record.thread("recording").map(threads.contains) == true { return true }
        if ["document", "receipt"].contains(where: { name in
            record.word(name).flatMap { DocumentID($0) }.map(documents.contains) == true
        }) {
            return true
        }
        guard let target = record.number("target").map({ Int($0) }), target != record.seq,
            records.indices.contains(target - 1), records[target - 1].number("target") == nil
        else { return false }
        return isLookedAt(records[target - 1])
    }

    private mutating func learn(_ entry: Entry) {
        let content = entry.skeleton.content
        for opening in entry.openings where !OpeningRule.veiled.contains(opening.openingClass) {
            guard
                case .unstated? = OpeningRule.rule(
                    type: content.type, version: content.typeVersion, field: opening.name)
            else { continue }
            open[RecordID(thread: content.thread, seq: content.seq), default: []].insert(opening.name)
        }
    }
}

extension Record {
    /// The class of a field as the program or the entry's own members say; nil where neither does.
    func openingClass(of field: String) -> OpeningClass? {
        let stated = plain[OpeningRule.member]?[field]?.string
        switch OpeningRule.rule(type: type.rawValue, version: type.version, field: field) {
        case .always(let openingClass): return openingClass
        case .stated(let classes): return classes.first { $0.rawValue == stated }
        case .otherwise(let usual, let others):
            guard plain[OpeningRule.member]?[field] != nil else { return usual }
            return others.first { $0.rawValue == stated }
        case .unstated, nil: return nil
        }
    }
}

extension [Record] {
    /// The looks of a person that were recorded, have not been ended and are not over.
    func runningLooks(by person: ThreadTag, at now: Instant) -> [Record] {
        let ended = Set(lazy.filter { $0.type == .accessClosed }.compactMap { $0.word("session") })
        return filter { record in
            record.type == .accessOpened && record.actor == person && record.recordedAt <= now
                && record.instant("until").map { now < $0 } == true
                && record.word("session").map { !ended.contains($0) } == true
        }
    }
}

extension CaseView {
    /// Whether what a document says is kept from everybody who does not look at it: of a reporter, or a secret, by its own
    /// class or by a mark.
    public func isVeiled(_ document: CaseDocument) -> Bool {
        work.secrecyMark(of: .document(document.id)) != nil
            || openingClass(of: "data", at: document.fixedSeq).map(OpeningRule.veiled.contains) ?? true
    }

    /// The class of a field of an entry of the case; nil where there is no such entry or field.
    func openingClass(of field: String, at seq: Int) -> OpeningClass? {
        guard entries.indices.contains(seq - 1) else { return nil }
        let entry = entries[seq - 1].entry
        return entry.openingClass(of: field) ?? entry.openings.first { $0.name == field }?.openingClass
    }
}

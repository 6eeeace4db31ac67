import Application
import Casework
import Kernel
import Ledger

/// Carries a fictional case through the very steps that people take in the browser, at days gone by.
public struct DemoCase: Sendable {
    let office: Office
    /// The clock that is set to days gone by.
    public let clock: DemoClock
    let people: DemoPeople

    /// A driver over a bureau's office.
    public init(office: Office, clock: DemoClock, people: DemoPeople) {
        self.office = office
        self.clock = clock
        self.people = people
    }

    /// The performer for a member, with the secret given again.
    public func performer(_ member: DemoPeople.Member) async throws -> Performer {
        guard let row = try await office.casebook.registers.person(member.person.thread) else {
            throw StepRefusal(.notFound, "演示人员没有登记。")
        }
        return Performer(
            person: row,
            confirmation: SecretConfirmation(demonstrationOf: row.thread, in: office.casebook.store))
    }

    /// Takes one step in a case.
    public func take(_ step: some CaseStep, in thread: ThreadTag, by member: DemoPeople.Member) async throws {
        let seq = try await office.casebook.load(thread).work.entries
        _ = try await office.casebook.perform(
            step, on: thread, expecting: seq, command: .random(), by: try await performer(member))
    }

    /// Writes and fixes a document.
    public func fix(
        _ kind: String, _ data: JSON, in thread: ThreadTag, activity: ActivityID? = nil, about: DocumentID? = nil,
        by member: DemoPeople.Member
    ) async throws -> DocumentID {
        let seq = try await office.casebook.load(thread).work.entries
        let draft = Draft(
            id: .random(), bureau: office.bureau, caseThread: thread, kind: kind, data: data,
            author: member.person.thread, savedAt: clock.now(), version: 1)
        _ = try await office.desk.fix(
            draft, activity: activity, about: about, expecting: seq, command: .random(),
            by: try await performer(member))
        return draft.id
    }

    /// Signs one place of a document on screen.
    public func sign(
        _ document: DocumentID, _ slot: String, in thread: ThreadTag, by member: DemoPeople.Member,
        as signer: String? = nil, capacity: SignerCapacity? = nil, decision: SigningDecision? = nil,
        opinion: String? = nil, isCompared: Bool = false
    ) async throws {
        try await take(
            SignSlot(
                document: document, slot: slot, manner: .screen, decision: decision, signedAt: clock.now(),
                signer: signer ?? member.person.name,
                capacity: capacity ?? (signer == nil ? nil : .representative), opinion: opinion,
                drawing: DemoCase.stroke(for: signer ?? member.person.name), isCompared: isCompared),
            in: thread, by: member)
    }

    /// Opens the fixed text of a document in a view session, as whoever signs for the bureau has to, reads it, and ends the
    /// session. What is not read is opened, and one byte of it fetched.
    public func look(
        at document: DocumentID, in thread: ThreadTag, by member: DemoPeople.Member, purpose: String = "supervision",
        isRead: Bool = true
    ) async throws {
        let work = try await office.casebook.load(thread).work
        let performer = try await performer(member)
        guard let object = work.document(document)?.fixedObject, let right = work.viewRight(of: performer.person) else {
            throw StepRefusal(.notFound, "演示案件没有这份文书。")
        }
        let look = try await office.views.begin(
            object, in: thread, document: document, by: performer, right: right, purpose: purpose, command: .random())
        let size = Int64(try await office.vault.read(object, at: 0, upTo: 1 << 24).count)
        await office.views.count(0..<(isRead ? size : 1), of: size, in: look.id)
        try await office.views.end(look.id)
    }

    /// Signs and seals one place on the printed sheet, and scans it back.
    ///
    /// The scan is a picture of the sheet that was printed; a demonstration has no scanner.
    public func signOnPaper(
        _ document: DocumentID, _ slot: String, in thread: ThreadTag, by member: DemoPeople.Member, as signer: String,
        at signedAt: Instant? = nil, isSealed: Bool = true
    ) async throws {
        let work = try await office.casebook.load(thread).work
        guard let fixed = work.document(document), let data = fixed.data else { return }
        let sheet = Draft(
            id: document, bureau: office.bureau, caseThread: thread, kind: fixed.kind, data: data,
            author: member.person.thread, savedAt: clock.now(), version: 1)
        guard let page = try await office.desk.preview(sheet, scale: 1.5).last else { return }
        let scan = try await office.vault.store(page)
        try await take(
            SignSlot(
                document: document, slot: slot, manner: .paper, signedAt: signedAt ?? clock.now(), signer: signer,
                capacity: .representative, place: "检查科 2 号柜", scan: scan, isSealed: isSealed),
            in: thread, by: member)
    }

    /// Issues a document.
    public func issue(_ document: DocumentID, in thread: ThreadTag, by member: DemoPeople.Member) async throws {
        let seq = try await office.casebook.load(thread).work.entries
        _ = try await office.desk.issue(
            document, in: thread, expecting: seq, command: .random(), by: try await performer(member))
    }

    /// Stores bytes and registers them as a recording of the case.
    public func record(
        _ bytes: [UInt8], name: String, mediaType: String, completedAt: Instant, activity: ActivityID,
        in thread: ThreadTag, by member: DemoPeople.Member
    ) async throws {
        let object = try await office.vault.store(bytes)
        try await take(
            ImportRecording(
                recording: .random(), object: object, form: "video", device: "recorder", fileName: name,
                mediaType: mediaType, completedAt: completedAt, activity: activity, note: nil),
            in: thread, by: member)
    }

    /// Strokes that look like a hurried signature, different for each name.
    static func stroke(for name: String) -> String {
        var seed: UInt64 = 1_469_598_103_934_665_603
        for byte in name.utf8 { seed = (seed ^ UInt64(byte)) &* 1_099_511_628_211 }
        func next(_ range: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % range
        }
        var path = ""
        for character in 0..<max(2, min(name.count, 4)) {
            let left = 10 + character * 60
            path += "M\(left + next(10)) \(20 + next(20))"
            for point in 1...5 {
                path += "Q\(left + point * 9 + next(12)) \(5 + next(70)) \(left + point * 9 + next(8)) \(15 + next(50))"
            }
        }
        return path
    }

    /// The officers of the case as a form's field of persons.
    public var officers: JSON {
        .array(
            [people.officer1, people.officer2].map { member in
                [
                    "certificate": .string(member.person.certificateNumber), "name": .string(member.person.name),
                    "person": .string(member.person.thread.description),
                ]
            })
    }
}

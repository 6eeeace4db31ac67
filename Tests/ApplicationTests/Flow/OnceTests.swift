import Application
import Casework
import Demo
import Kernel
import Ledger
import Synchronization
import TestKit
import Testing

/// What may happen once happens once: commands, forms, decisions, numbers.
@Suite("Once and only once", .serialized)
struct OnceTests {
    @Test("a command that comes again gets the first answer and makes no second entry, whatever it says then")
    func repeated() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let seq = try await world.load(thread).work.entries
        let command = CommandID.random()
        let performer = try await world.performer(world.people.officer1)
        let first = try await world.office.casebook.perform(
            world.visit(), on: thread, expecting: seq, command: command, by: performer)
        #expect(!first.repeated)
        let size = try await world.size()
        // The page was sent twice: the second finds the case moved on, and even another step under the id is not taken.
        for step in [world.visit(), world.visit(place: "别处")] {
            let again = try await world.office.casebook.perform(
                step, on: thread, expecting: seq, command: command, by: performer)
            #expect(again.repeated)
            #expect(again.indices == first.indices && again.size == first.size && again.answer == first.answer)
        }
        #expect(try await world.size() == size)
    }

    @Test("a second click that overtakes the first gets its answer, not a stale page")
    func overtaken() async throws {
        let world = try await CaseWorld()
        let casebook = world.office.casebook
        let officer = try await world.performer(world.people.officer1)
        let inspection = try await world.inspection()
        // Each is sent twice with one id; the second has found no receipt when the first is carried out whole.
        func twice(
            _ name: String, _ send: @escaping @Sendable () async throws -> AppendReceipt
        ) async throws -> AppendReceipt {
            let first = Mutex<AppendReceipt?>(nil)
            world.store.afterNoReceipt {
                let receipt = try? await send()
                first.withLock { $0 = receipt }
            }
            let second = try await send()
            #expect(second.repeated, "\(name)")
            #expect(second.indices == first.withLock { $0 }?.indices, "\(name)")
            return second
        }
        let (opening, thread) = (CommandID.random(), ThreadTag.random())
        let seq = try await world.load(inspection).work.entries
        let penalty = OpenPenalty(title: CaseWorld.title, handlers: world.handlers, isMajor: false, emergency: nil)
        _ = try await twice("opening") {
            try await casebook.open(
                penalty, as: thread, inspection: (inspection, seq), command: opening, by: officer)
        }
        try await world.approveStart(in: thread)
        let (visit, visiting) = (world.visit(), CommandID.random())
        let opened = try await world.load(thread).work.entries
        _ = try await twice("a step") {
            try await casebook.perform(visit, on: thread, expecting: opened, command: visiting, by: officer)
        }
        let draft = Draft(
            id: .random(), bureau: world.office.bureau, caseThread: thread, kind: DocumentKindName.rightsNotice,
            data: world.form(DocumentKindName.rightsNotice), author: officer.tag, savedAt: world.clock.now(), version: 1
        )
        let (desk, fixing) = (world.office.desk, CommandID.random())
        _ = try await twice("fixing") {
            try await desk.fix(
                draft, activity: nil, about: nil, expecting: opened + 1, command: fixing, by: officer)
        }
        #expect(try await world.load(thread).work.entries == opened + 2)
    }

    @Test("a step that others overtake while it is made is stamped anew; over midnight its person sends it again")
    func slow() async throws {
        let world = try await CaseWorld()
        let inspection = try await world.inspection()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        func visit(waiting: Int64) -> Slow {
            Slow(step: world.visit()) {
                world.clock.set(to: world.clock.now().advanced(byMilliseconds: waiting))
                try? await world.take(world.visit(), in: inspection, by: world.people.officer2)
            }
        }
        let (seq, size) = (try await world.load(thread).work.entries, try await world.size())
        try await world.take(visit(waiting: 30_000), in: thread, by: world.people.officer1)
        let records = try await world.load(thread).records
        #expect(records.count == seq + 1)
        #expect(records.last?.recordedAt == world.clock.now(), "not before what was recorded meanwhile")
        #expect(try await world.size() == size + 2)
        let refusal = await #expect(throws: StepRefusal.self) {
            try await world.take(visit(waiting: 24 * 3_600_000), in: thread, by: world.people.officer1)
        }
        #expect(refusal?.code == .unavailable)
        #expect(try await world.load(thread).work.entries == seq + 1)
    }

    @Test("opening, fixing and issuing are taken once too, and print once")
    func repeatedDocuments() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let officer = try await world.performer(people.officer1)
        let inspection = try await world.inspection()
        let (opening, thread) = (CommandID.random(), ThreadTag.random())
        let seq = try await world.load(inspection).work.entries
        let step = OpenPenalty(title: CaseWorld.title, handlers: world.handlers, isMajor: false, emergency: nil)
        for isRepeated in [false, true] {
            let receipt = try await world.office.casebook.open(
                step, as: thread, inspection: (inspection, seq), command: opening, by: officer)
            #expect(receipt.repeated == isRepeated)
        }
        let second = try await world.refusal("a second case from one finding") {
            _ = try await world.open(step, from: inspection, by: officer)
        }
        #expect(second?.code == .taken)
        try await world.approveStart(in: thread)

        let fixing = CommandID.random()
        let draft = Draft(
            id: .random(), bureau: world.office.bureau, caseThread: thread, kind: DocumentKindName.rightsNotice,
            data: world.form(DocumentKindName.rightsNotice), author: officer.tag, savedAt: world.clock.now(), version: 1
        )
        let beforeFixing = try await world.load(thread).work.entries
        for isRepeated in [false, true] {
            let printed = world.printer.printed
            let receipt = try await world.office.desk.fix(
                draft, activity: nil, about: nil, expecting: beforeFixing, command: fixing, by: officer)
            #expect(receipt.repeated == isRepeated)
            #expect(world.printer.printed == printed + (isRepeated ? 0 : 1))
        }
        let notice = try await world.signedNotice(in: thread)
        let issuing = CommandID.random()
        let beforeIssue = try await world.load(thread).work.entries
        for isRepeated in [false, true] {
            let receipt = try await world.office.desk.issue(
                notice, in: thread, expecting: beforeIssue, command: issuing, by: officer)
            #expect(receipt.repeated == isRepeated)
        }
        #expect(try await lastNumber(in: world) == 1)
        // Sixteen clicks on one button at once.
        let many = CommandID.random()
        let before = try await world.size()
        let entries = try await world.load(thread).work.entries
        let visit = world.visit()
        let receipts = try await withThrowingTaskGroup(of: AppendReceipt.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await world.office.casebook.perform(
                        visit, on: thread, expecting: entries, command: many, by: officer)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(receipts.count { !$0.repeated } == 1)
        #expect(Set(receipts.map(\.indices)).count == 1)
        #expect(try await world.size() == before + 1)
    }

    @Test("a form drawn from an older state is refused and shows all that happened since")
    func stale() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let seq = try await world.load(thread).work.entries
        try await world.approveStart(in: thread)
        let now = try await world.load(thread)
        for drawn in [seq, seq + 1, now.work.entries - 1] {
            let refusal = try await world.refusal("drawn from \(drawn)") {
                _ = try await world.office.casebook.perform(
                    world.visit(), on: thread, expecting: drawn, command: .random(),
                    by: try await world.performer(people.officer1))
            }
            #expect(refusal?.code == .stale)
            #expect(refusal?.since == Array(now.records.dropFirst(drawn)))
        }
        let ahead = try await world.refusal("drawn from a state that is not there yet") {
            _ = try await world.office.casebook.perform(
                world.visit(), on: thread, expecting: now.work.entries + 1, command: .random(),
                by: try await world.performer(people.officer1))
        }
        #expect(ahead?.code == .stale && ahead?.since == [])
    }

    @Test("of two decisions at once exactly one is recorded, and the others see it")
    func together() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.drafted()
        try await world.reviewLegality(in: thread)
        let before = try await world.load(thread)
        let seq = before.work.entries
        let head = try await world.performer(people.head)
        let outcomes = await withTaskGroup(of: Result<AppendReceipt, StepRefusal>.self) { group in
            for number in 0..<8 {
                group.addTask {
                    do throws(StepRefusal) {
                        return .success(
                            try await world.office.casebook.perform(
                                ApproveDecision(isApproved: number.isMultiple(of: 2), opinion: "意见\(number)"),
                                on: thread, expecting: seq, command: .random(), by: head))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let after = try await world.load(thread)
        #expect(after.work.entries == seq + 1)
        #expect(Array(after.records.prefix(seq)) == before.records)
        var won = 0
        for outcome in outcomes {
            switch outcome {
            case .success(let receipt):
                won += 1
                #expect(receipt.indices == [after.entries[seq].index])
            case .failure(let refusal):
                #expect(refusal.code == .stale)
                #expect(refusal.since == [after.records[seq]], "the loser sees what was decided")
            }
        }
        #expect(won == 1 && outcomes.count == 8)
    }

    private func lastNumber(in world: CaseWorld) async throws -> Int {
        try await world.office.casebook.registers.lastNumber(
            kind: DocumentKindName.rightsNotice, year: CaseWorld.today.parts.year)
    }

    @Test("sixteen who issue at once get sixteen numbers without gap")
    func numbers() async throws {
        let world = try await CaseWorld()
        var documents: [(thread: ThreadTag, notice: DocumentID, seq: Int)] = []
        for _ in 0..<16 {
            let thread = try await world.penalty(startedAgo: 0)
            let notice = try await world.signedNotice(in: thread)
            documents.append((thread, notice, try await world.load(thread).work.entries))
        }
        let officer = try await world.performer(world.people.officer1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for document in documents {
                group.addTask {
                    _ = try await world.office.desk.issue(
                        document.notice, in: document.thread, expecting: document.seq, command: .random(), by: officer)
                }
            }
            try await group.waitForAll()
        }
        var numbers: [Int] = []
        var texts: Set<String> = []
        for document in documents {
            let issue = try #require(try await world.load(document.thread).work.document(document.notice)?.issue)
            numbers.append(try #require(issue.number))
            texts.insert(try #require(issue.numberText))
            // The stored sheet carries the number that was recorded.
            let object = try #require(issue.object)
            let facts = try await world.vault.facts(of: object)
            let bytes = try await world.vault.read(object, at: 0, upTo: Int(facts.byteCount))
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains(issue.numberText ?? "-"))
        }
        #expect(numbers.sorted() == Array(1...16))
        #expect(texts.count == 16)
        #expect(try await lastNumber(in: world) == 16)
    }

    @Test("a void document keeps its number, and what it had met is open again")
    func void() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        func state(_ provision: String) async throws -> [ObligationRow.State] {
            try await world.evaluation(of: thread).parts(of: provision).map(\.state)
        }
        let provisions = ["zhaoxian-2017:11", "parent-law:penalty-44"]
        for provision in provisions { #expect(try await state(provision) == [.open]) }
        let first = try await world.signedNotice(in: thread)
        try await world.demo.issue(first, in: thread, by: people.officer1)
        for provision in provisions { #expect(try await state(provision) == [.met]) }
        try await world.take(VoidDocument(document: first, reason: "事实写错"), in: thread, by: people.head)
        for provision in provisions { #expect(try await state(provision) == [.open]) }
        let again = try await world.refusal("void twice") {
            try await world.take(VoidDocument(document: first, reason: "再"), in: thread, by: people.head)
        }
        #expect(again?.code == .notFound)
        let second = try await world.signedNotice(in: thread)
        try await world.demo.issue(second, in: thread, by: people.officer1)
        for provision in provisions { #expect(try await state(provision) == [.met]) }
        let work = try await world.load(thread).work
        #expect(work.document(first)?.issue?.number == 1 && work.document(first)?.isVoid == true)
        #expect(work.document(second)?.issue?.number == 2)
        var filter = DocumentFilter()
        filter.kind = DocumentKindName.rightsNotice
        let rows = try await world.office.casebook.registers.documents(filter)
        #expect(
            Set(rows.map { "\($0.state) \($0.numberText)" })
                == ["void 清禾统罚告〔2026〕1号", "issued 清禾统罚告〔2026〕2号"])
    }
}

/// A step during which something else happens, after the time was read.
private struct Slow: CaseStep {
    static let name = "slow"
    let step: any CaseStep
    let meanwhile: @Sendable () async -> Void

    func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        await meanwhile()
        return try await step.facts(in: scene)
    }
}

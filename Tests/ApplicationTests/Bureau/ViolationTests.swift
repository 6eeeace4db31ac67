import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// Breaches of the rules of recording: who records them and what follows, and whom they are told.
@Suite("Breaches, orders, rectification, liability, assessment", .serialized)
struct ViolationTests {
    private static func found(
        _ world: CaseWorld, kind: String = "notRecorded", severity: String = "minor", person: ThreadTag? = nil,
        thread: ThreadTag? = nil
    ) -> NewViolation {
        NewViolation(
            kind: kind, severity: severity, person: person, caseThread: thread, facts: "现场检查没有录像。",
            foundAt: world.clock.now())
    }

    private func seq(_ world: CaseWorld) async throws -> Int {
        try await world.office.casebook.chambers.records().count
    }

    @discardableResult
    private func record(_ violation: NewViolation, in world: CaseWorld, by member: DemoPeople.Member) async throws
        -> Int
    {
        _ = try await world.office.casebook.record(
            violation, expecting: try await seq(world), command: .random(), by: try await world.performer(member))
        return try #require(Violations(try await world.office.casebook.chambers.records()).all.last?.seq)
    }

    private func act(
        _ act: ViolationAct, on violation: Int, in world: CaseWorld, by member: DemoPeople.Member
    ) async throws {
        world.minute()
        _ = try await world.office.casebook.act(
            act, on: violation, at: world.clock.now(), expecting: try await seq(world), command: .random(),
            by: try await world.performer(member))
    }

    private func found(_ violation: Int, in world: CaseWorld) async throws -> Violations.Violation {
        try #require(Violations(try await world.office.casebook.chambers.records())[violation])
    }

    @Test(
        "who watches records breaches, who decides orders and holds liable; nobody else, and nobody in their own matter"
    )
    func persons() async throws {
        let world = try await CaseWorld()
        let people = world.people
        for member in [people.officer1, people.custodian, people.administrator] {
            let refusal = try await world.refusal("found by \(member.person.name)") {
                try await record(Self.found(world), in: world, by: member)
            }
            #expect(refusal?.code == .notAllowed)
        }
        let unconfirmed = try await world.refusal("without the secret") {
            _ = try await world.office.casebook.record(
                Self.found(world), expecting: try await seq(world), command: .random(),
                by: try await world.performer(people.head, confirmed: false))
        }
        #expect(unconfirmed?.code == .secretNeeded)
        let own = try await world.refusal("of oneself") {
            try await record(Self.found(world, person: people.unitHead.person.thread), in: world, by: people.unitHead)
        }
        #expect(own?.fields.map(\.name) == ["person"])
        let stale = try await world.refusal("from an old page") {
            _ = try await world.office.casebook.record(
                Self.found(world), expecting: 1, command: .random(), by: try await world.performer(people.head))
        }
        #expect(stale?.code == .stale)
        let violation = try await record(
            Self.found(world, person: people.reviewer.person.thread), in: world, by: people.unitHead)
        let order = ViolationAct.order(by: "superior", until: world.clock.now().day.advanced(by: 10), content: "补制作。")
        for member in [people.unitHead, people.reviewer, people.officer1] {
            let refusal = try await world.refusal("ordered by \(member.person.name)") {
                try await act(order, on: violation, in: world, by: member)
            }
            #expect(refusal?.code == .notAllowed)
        }
        let early = try await world.refusal("rectified before it was ordered") {
            try await act(.rectification(isCorrected: true, findings: "已补。"), on: violation, in: world, by: people.head)
        }
        #expect(early?.code == .outOfOrder)
        try await act(order, on: violation, in: world, by: people.head)
        let mine = try await world.refusal("rectified by whom it is about") {
            try await act(
                .rectification(isCorrected: true, findings: "已补。"), on: violation, in: world, by: people.reviewer)
        }
        #expect(mine?.code == .notAllowed)
        try await act(.rectification(isCorrected: true, findings: "已补。"), on: violation, in: world, by: people.unitHead)
        let again = try await world.refusal("rectified twice") {
            try await act(.rectification(isCorrected: true, findings: "再。"), on: violation, in: world, by: people.head)
        }
        #expect(again?.code == .outOfOrder)
    }

    @Test("a serious breach goes from found to settled; each state, each duty of article 40, each notice")
    func course() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: nil)
        let person = people.officer1.person.thread
        let violation = try await record(
            Self.found(world, severity: "serious", person: person, thread: thread), in: world, by: people.unitHead)
        let today = world.clock.now().day
        let chambers = world.office.casebook.chambers
        func parts() async throws -> [ObligationRow.State] {
            let evaluation = try await chambers.law().evaluateBureau(try await chambers.records())
            return evaluation.parts(of: "zhaoxian-2017:40").map(\.state)
        }
        func notices(_ tag: ThreadTag, _ roles: [Role] = []) async throws -> Int {
            try await chambers.upkeep().unread(by: tag, roles: roles, since: Instant(milliseconds: 0))
                .count { $0.kind == .violation }
        }
        var one = try await found(violation, in: world)
        #expect(one.standing(on: today) == .found && one.caseThread == thread && one.person == person)
        #expect(try await parts() == [.open, .open], "to be ordered, somebody to be held liable")
        #expect(try await notices(person) == 1, "whom it is about is told")
        #expect(try await notices(people.head.person.thread, [.agencyHead]) == 1, "and the agency head")
        #expect(try await notices(people.officer2.person.thread) == 0, "nobody else")
        let last = today.advanced(by: 5)
        try await act(.order(by: "superior", until: last, content: "补制作笔录。"), on: violation, in: world, by: people.head)
        one = try await found(violation, in: world)
        #expect(one.standing(on: last) == .ordered && one.standing(on: last.advanced(by: 1)) == .late)
        try await act(
            .rectification(isCorrected: false, findings: "还缺一份。"), on: violation, in: world, by: people.unitHead)
        #expect(try await found(violation, in: world).standing(on: last.advanced(by: 1)) == .late)
        try await act(
            .rectification(isCorrected: true, findings: "已补齐。"), on: violation, in: world, by: people.unitHead)
        #expect(try await found(violation, in: world).standing(on: last.advanced(by: 1)) == .unanswered)
        try await act(.liability(result: "sanction", decision: "批评教育。"), on: violation, in: world, by: people.head)
        #expect(try await found(violation, in: world).standing(on: last.advanced(by: 1)) == .settled)
        let states = try await parts()
        #expect(states.count == 3 && states.allSatisfy { $0 == .met }, "\(states)")
        #expect(try await notices(person) == 5, "told of each step")
        // The bureau's duty is none of the case's.
        #expect(try await world.evaluation(of: thread).obligations(of: "violation-order").isEmpty)
    }

    @Test("what is wrong is told field by field")
    func wrong() async throws {
        let world = try await CaseWorld()
        let people = world.people
        func fields(_ change: (inout NewViolation) -> Void) async throws -> [String] {
            var violation = Self.found(world)
            change(&violation)
            let refusal = try await world.refusal("wrong") { try await record(violation, in: world, by: people.head) }
            return refusal?.fields.map(\.name) ?? []
        }
        #expect(try await fields { $0.kind = "none" } == ["kind"])
        #expect(try await fields { $0.severity = "" } == ["severity"])
        #expect(try await fields { $0.facts = "  " } == ["facts"])
        #expect(try await fields { $0.foundAt = world.clock.now().advanced(byMilliseconds: 1) } == ["foundAt"])
        #expect(try await fields { $0.person = .random() } == ["person"])
        #expect(try await fields { $0.caseThread = .random() } == ["case"])
        let violation = try await record(Self.found(world), in: world, by: people.head)
        func acting(_ step: ViolationAct) async throws -> [String] {
            let refusal = try await world.refusal("wrong act") {
                try await act(step, on: violation, in: world, by: people.head)
            }
            return refusal?.fields.map(\.name) ?? []
        }
        let today = world.clock.now().day
        #expect(try await acting(.order(by: "king", until: today, content: "改")) == ["orderedBy"])
        #expect(try await acting(.order(by: "bureau", until: nil, content: "改")) == ["correctBy"])
        #expect(try await acting(.order(by: "bureau", until: today.advanced(by: -1), content: "改")) == ["correctBy"])
        #expect(try await acting(.order(by: "bureau", until: today, content: "")) == ["content"])
        #expect(try await acting(.liability(result: "forgiven", decision: "无")) == ["result"])
        let none = try await world.refusal("of no breach") {
            try await act(.liability(result: "none", decision: "无"), on: 1, in: world, by: people.head)
        }
        #expect(none?.code == .notFound)
    }

    @Test("a year's assessment meets article 39, once for each year; only heads record it")
    func assessment() async throws {
        let world = try await CaseWorld()
        let people = world.people
        func assess(_ year: Int, by member: DemoPeople.Member, kind: String = "unit", content: String = "良好。")
            async throws
        {
            _ = try await world.office.casebook.assess(
                year: year, subjectKind: kind, content: content, at: world.clock.now(), expecting: try await seq(world),
                command: .random(), by: try await world.performer(member))
        }
        let year = world.clock.now().day.parts.year
        // A year is assessed when it is over.
        let january = try #require(CivilDay(year: year + 1, month: 1, day: 20))
        for member in [people.unitHead, people.reviewer, people.officer1] {
            let refusal = try await world.refusal("by \(member.person.name)") { try await assess(year, by: member) }
            #expect(refusal?.code == .notAllowed)
        }
        for (wrong, field) in [(year + 1, "year"), (1999, "year")] {
            let refusal = try await world.refusal("of \(wrong)") { try await assess(wrong, by: people.head) }
            #expect(refusal?.fields.map(\.name) == [field])
        }
        let refusal = try await world.refusal("of nobody") {
            try await assess(year, by: people.head, kind: "x", content: "")
        }
        #expect(Set(refusal?.fields.map(\.name) ?? []) == ["content", "subjectKind"])
        let chambers = world.office.casebook.chambers
        func met() async throws -> Int {
            try await chambers.law().evaluateBureau(try await chambers.records()).parts(of: "zhaoxian-2017:39")
                .count { [.met, .metLate].contains($0.state) }
        }
        world.clock.set(to: Instant(january, hour: 9))
        #expect(try await met() == 0)
        try await assess(year, by: people.head)
        #expect(try await met() == 1)
    }

    @Test("what was done to a recording is told in its own thread and is a breach of its case; nothing else names one")
    func altered() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: nil)
        let recording = ThreadTag.random()
        try await world.take(
            ImportRecording(
                recording: recording, object: try await world.vault.store([1, 2, 3]), form: "photo", device: "phone",
                fileName: "账簿.jpg", mediaType: "image/jpeg", completedAt: world.clock.now(), activity: nil, note: nil),
            in: thread, by: people.officer1)
        func found(_ kind: String, _ recording: ThreadTag, _ way: String, in thread: ThreadTag?) -> NewViolation {
            var violation = Self.found(world, kind: kind, person: people.officer1.person.thread, thread: thread)
            violation.altered = (recording, way)
            return violation
        }
        world.minute()
        for (what, field, violation) in [
            ("a kind that alters nothing", "recording", found("notRecorded", recording, "cut", in: thread)),
            ("in no way", "way", found("altered", recording, "", in: thread)),
            ("from no case", "recording", found("altered", recording, "cut", in: nil)),
            ("not of the case", "recording", found("altered", .random(), "cut", in: thread)),
        ] {
            let refusal = try await world.refusal(what) { try await record(violation, in: world, by: people.unitHead) }
            #expect(refusal?.fields.map(\.name) == [field], "\(what)")
        }
        // Found from a case and naming no recording: a text was altered.
        try await record(
            Self.found(world, kind: "altered", thread: thread), in: world, by: people.unitHead)
        #expect(!(try await world.load(thread).history.contains { $0.type == .recordingAltered }))

        try await record(found("altered", recording, "cut", in: thread), in: world, by: people.unitHead)
        let told = try #require(try await world.load(thread).history.last)
        #expect(
            told.type == .recordingAltered && told.thread == recording && told.word("way") == "cut"
                && told.thread("person") == people.officer1.person.thread && told.text("facts")?.isEmpty == false)
        let broken = try await world.evaluation(of: thread).obligations.filter { $0.parts.contains(where: \.isBreach) }
        #expect(broken.map(\.key.matter) == ["av-integrity"])
        // The rows of the case say so at once, and are those that its entries give.
        let rows = try await world.office.casebook.registers.obligations(of: thread)
        #expect(rows.contains { $0.matter == "av-integrity" })
        let entries = try await world.store.entries(of: thread, from: 1)
        let anew = try await world.office.casebook.projectedRows(of: thread, entries: entries)
        for row in rows { #expect(anew.contains(.obligation(row)), "\(row.matter)") }
    }
}

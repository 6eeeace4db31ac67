import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// The places of offices on papers: who may stand beside whom, and what has to be done before they sign.
@Suite("Who signs what, and after what", .serialized)
struct SigningOrderTests {
    /// Every place of a kind that an office holds, written out with its station: a place that is added is not in it.
    private static let places: [String: [String]] = [
        "unit": [
            "complaint-report-record handlingUnit", "decision-drafting-record unitReviewer",
            "expert-argument-report handlingUnit", "head-approval-record handlingUnit",
            "internal-approval-form reviewer",
            "post-demand-defence-review reviewer", "procedure-initiation-approval handlingUnit",
            "review-submission handlingUnit", "summary-decision-filing checker", "consult-copy-request approver",
        ],
        "legal": [
            "internal-approval-form legalBody", "legal-review-record reviewer", "legal-review-record legalBody",
            "procedure-initiation-approval legalBody",
        ],
        "approver": [
            "added-fine-decision agencyHead", "advance-registration-notice agencyHead",
            "appraisal-commission agencyHead", "case-transfer-letter agencyHead", "closing-sheet agencyHead",
            "collective-discussion-minutes host",
            "collective-discussion-record host", "compulsory-execution-decision agencyHead",
            "correction-order agencyHead", "court-enforcement-application agencyHead", "demand-notice agencyHead",
            "disposal-decision agencyHead", "enforcement-decision agencyHead",
            "evidence-preservation-record agencyHead", "freezing-document agencyHead",
            "head-approval-record agencyHead", "hearing-announcement agencyHead", "hearing-notice agencyHead",
            "internal-approval-form approver", "long-term-preservation-approval agencyHead",
            "other-execution-document agencyHead", "penalty-decision agencyHead",
            "procedure-initiation-approval deputyHead", "procedure-initiation-approval agencyHead",
            "public-notice agencyHead", "release-approval approver", "removal-restoration-decision agencyHead",
            "sealing-seizure-decision agencyHead", "substitute-performance-decision agencyHead",
            "transfer-notice agencyHead", "viewing-request agencyHead",
        ],
    ]

    @Test(
        "on every paper of every kind a handler stands at no office's place, and an approver took no part in the case")
    func separation() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let was = ThreadTag.random()
        let present = ThreadTag.random()
        let reviewed = ThreadTag.random()
        let tags = world.handlers.map { JSON.string($0.description) }
        try await world.append([
            Fact(
                .caseHandlersChanged, in: thread,
                plain: ["handlers": .array([tags[0], .string(was.description)])]),
            Fact(.caseHandlersChanged, in: thread, plain: ["handlers": .array(tags)]),
            Fact(
                .activityBegan, in: thread,
                plain: [
                    "activity": .string(ActivityID.random().description), "kind": "siteInspection",
                    "officers": [.string(present.description)], "startAt": 0,
                ]),
        ])
        let law = try await world.office.casebook.chambers.law()
        var found: [String: Set<String>] = [:]
        for loaded in law.library.kinds.values {
            let kind = loaded.kind
            let id = DocumentID.random()
            try await world.append([
                Fact(
                    .documentFixed, in: thread,
                    plain: ["document": .string(id.description), "kind": .string(kind.name)],
                    fields: [.init("data", .object([]), .party)])
            ])
            let work = try await world.load(thread).work
            let document = try #require(work.document(id))
            func refused(_ person: ThreadTag, _ place: SlotPlace) -> Bool {
                SlotSeparation.refusal(of: person, at: place, on: document, kind: kind, in: work)?.code == .notAllowed
            }
            for place in kind.places(for: .object([])) {
                let station: String
                switch place.slot.who {
                case .unitHead: station = "unit"
                case .legalReviewer: station = "legal"
                case .departmentHead, .deputyHead, .agencyHead: station = "approver"
                default: continue
                }
                let what = "\(kind.name) \(place.name)"
                found[station, default: []].insert(what)
                let decides = [.internalApproval, .decision].contains(kind.category) || place.slot.decision != .none
                let approves = station == "approver" && [.internalApproval, .decision].contains(kind.category)
                #expect(refused(people.officer1.person.thread, place) == (station != "legal"), "\(what) by a handler")
                #expect(refused(was, place) == (decides && station != "legal"), "\(what) by a former handler")
                #expect(refused(present, place) == approves, "\(what) by an officer of an act")
                #expect(!refused(people.head.person.thread, place), "\(what) by somebody else")
                #expect(!refused(reviewed, place), "\(what) by somebody else")
            }
        }
        #expect(found.mapValues { $0.sorted() } == Self.places.mapValues { $0.sorted() }, "places of offices changed")
    }

    @Test("nobody signs a form of approval at two stations; the head's two places are one station")
    func stations() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let form = try await world.handInStart(in: thread)
        let both = try await world.performer(people.unitHead, adding: .agencyHead, .departmentHead, .deputyHead)
        func agree(_ slot: String) -> SignSlot { world.signature(form, slot, decision: .agree, opinion: "同意") }
        try await world.take(agree("handlingUnit"), in: thread, by: both)
        try await world.expect([
            Refused("the reviewer as approver", .notAllowed) {
                try await world.take(agree("agencyHead"), in: thread, by: both)
            },
            Refused("the reviewer as deputy", .notAllowed) {
                try await world.take(agree("deputyHead"), in: thread, by: both)
            },
        ])
        // The deputy in charge is an office of its own: the head of the department does not sign in its place.
        let department = try await world.performer(people.head, adding: .departmentHead)
        try await world.expect([
            Refused("the head of the department as deputy", .notAllowed) {
                try await world.take(agree("deputyHead"), in: thread, by: department)
            }
        ])
        let deputy = try await world.performer(people.head, adding: .deputyHead)
        try await world.take(agree("deputyHead"), in: thread, by: deputy)
        try await world.take(agree("agencyHead"), in: thread, by: people.head)
        #expect(try await world.load(thread).work.isStartApproved)
    }

    @Test("a handler who is head approves no start: not in their own case, nor in one that they handed over")
    func start() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let form = try await world.handInStart(in: thread)
        let agree = world.signature(form, "agencyHead", decision: .agree, opinion: "同意")
        try await world.take(
            world.signature(form, "handlingUnit", decision: .agree, opinion: "同意"), in: thread, by: people.unitHead)
        let second = try await world.performer(people.officer2, adding: .agencyHead)
        try await world.expect([
            Refused("in their own case", .notAllowed) { try await world.take(agree, in: thread, by: second) }
        ])
        try await world.take(
            ChangeHandlers(
                handlers: [people.officer1.person.thread, people.officer3.person.thread], reason: "另有任务。"), in: thread,
            by: people.head)
        try await world.expect([
            Refused("in a case that they handed over", .notAllowed) {
                try await world.take(agree, in: thread, by: second)
            }
        ])
        try await world.take(agree, in: thread, by: people.head)
        let head = people.head.person.thread
        #expect(try await world.load(thread).work.document(form)?.slots["agencyHead"]?.by == head)
    }

    @Test("the unit agrees to nothing that no handler signed; where a text orders the places, its gate speaks")
    func proposal() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let form = try await world.fix(DocumentKindName.initiationApproval, in: thread)
        func word(_ slot: String, _ decision: SigningDecision) -> SignSlot {
            world.signature(form, slot, decision: decision, opinion: "意见")
        }
        try await world.expect([
            Refused("the unit first", .gate, provisions: ["zhaoxian-2017:41"]) {
                try await world.take(word("handlingUnit", .agree), in: thread, by: people.unitHead)
            },
            Refused("the head first", .gate, provisions: ["zhaoxian-2017:41"]) {
                try await world.take(word("agencyHead", .agree), in: thread, by: people.head)
            },
        ])
        // Whoever is against it need not wait.
        try await world.take(word("handlingUnit", .refuse), in: thread, by: people.unitHead)
        #expect(try await world.load(thread).work.document(form)?.slots["handlingUnit"]?.decision == "refuse")
    }

    @Test("the decision is signed after the newest draft was approved, not before, nor on the word for an older draft")
    func decision() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.drafted()
        try await world.reviewLegality(in: thread)
        let decision = try await world.fix(DocumentKindName.penaltyDecision, in: thread)
        try await world.demo.look(at: decision, in: thread, by: people.head)
        let sign = world.signature(decision, "agencyHead", at: world.clock.now())
        func refused(_ what: String) async throws {
            try await world.expect([
                Refused(what, .gate, provisions: ["zhaoxian-2017:19", "parent-law:penalty-57"]) {
                    try await world.take(sign, in: thread, by: people.head)
                }
            ])
        }
        try await refused("before the head's word")
        try await world.take(ApproveDecision(isApproved: false, opinion: "退回"), in: thread, by: people.head)
        try await refused("after the head refused")
        world.minute()
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        world.minute()
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        let again = try await world.refusal("after it was drafted anew") {
            try await world.take(sign, in: thread, by: people.head)
        }
        #expect(again?.code == .gate, "\(String(describing: again))")
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        try await world.take(sign, in: thread, by: people.head)
    }

    @Test("the form of the head's approval waits for the same reviews as the step, and then stands for it")
    func form() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        func fix() async throws -> DocumentID {
            try await world.fix(
                DocumentKindName.headApproval, in: thread,
                changing: [
                    .init("caseName", .string(CaseWorld.title)), .init("subjectName", .string(DemoFirm.paperMill.name)),
                    .init("proposal", "给予警告。"),
                ])
        }
        let early = try await fix()
        func agree(_ form: DocumentID) -> SignSlot {
            world.signature(form, "agencyHead", decision: .agree, opinion: "同意")
        }
        try await world.expect([
            Refused("before there is a draft", .outOfOrder) {
                try await world.take(agree(early), in: thread, by: people.head)
            }
        ])
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        try await world.expect([
            Refused(
                "before any review", .gate, provisions: ["zhaoxian-2017:15", "zhaoxian-2017:16", "zhaoxian-2017:41"]
            ) { try await world.take(agree(early), in: thread, by: people.head) }
        ])
        try await world.reviewLegality(in: thread)
        try await world.take(agree(try await fix()), in: thread, by: people.head)
        let decision = try await world.signedDecision(in: thread)
        let signed = try await world.load(thread).work.document(decision)?.slots["agencyHead"]
        #expect(signed?.by == people.head.person.thread, "the form does not stand for the step")
    }
}

import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// Marking what holds a secret or touches privacy, and lifting the mark (zhaoxian-2017:33, ADR 0077).
@Suite("What is marked as secret is seen by the cleared alone", .serialized)
struct SecrecyMarkTests {
    private func mark(
        _ thing: SecrecyMark.Thing?, through name: String = "secrecy", also: [String: JSON] = [:], in thread: ThreadTag,
        _ world: CaseWorld, by member: DemoPeople.Member
    ) async throws {
        var answers: [String: JSON] = ["reason": "写有客户名单。"]
        switch thing {
        case .document(let id)?: answers["document"] = .string(id.description)
        case .recording(let tag)?: answers["recording"] = .string(tag.description)
        case nil: break
        }
        if name == "secrecy" {
            answers["class"] = "trade"
            answers["clearance"] = ["agencyHead"]
        }
        answers.merge(also) { $1 }
        world.minute()
        try await world.take(
            RecordEntry(try #require(RecordedStep.named(name)), answers), in: thread, by: member)
    }

    /// A penalty case with a fixed notice.
    private func scene(_ world: CaseWorld) async throws -> (thread: ThreadTag, notice: DocumentID) {
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        return (thread, try await world.fix(DocumentKindName.rightsNotice, in: thread))
    }

    private func mayRead(
        _ document: DocumentID, of thread: ThreadTag, _ world: CaseWorld, by member: DemoPeople.Member
    ) async throws -> Bool {
        let view = try await world.load(thread)
        let person = try await world.performer(member).person
        return Sight(view, by: person, at: world.clock.now()).mayRead(try #require(view.work.document(document)))
    }

    @Test(
        "the keeper or a head marks; a handler, a reviewer and the administrator do not, and nothing half said is taken"
    )
    func refused() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let (thread, notice) = try await scene(world)
        let linked = ThreadTag.random()
        try await world.take(
            ImportRecording(
                recording: linked, object: try await world.vault.store([7]), form: "photo", device: "phone",
                fileName: "账簿.jpg", mediaType: "image/jpeg", completedAt: world.clock.now(), activity: nil, note: nil,
                openingClass: .party), in: thread, by: people.officer1)
        func refused(
            _ what: String, _ code: StepRefusal.Code, _ fields: [String], _ thing: SecrecyMark.Thing?,
            _ also: [String: JSON] = [:], by member: DemoPeople.Member? = nil
        ) -> Refused {
            Refused(what, code, fields: fields) {
                try await mark(thing, also: also, in: thread, world, by: member ?? people.custodian)
            }
        }
        let document = SecrecyMark.Thing.document(notice)
        try await world.expect([
            refused("by a handler", .notAllowed, [], document, by: people.officer1),
            refused("by the reviewer", .notAllowed, [], document, by: people.reviewer),
            refused("by the administrator", .notAllowed, [], document, by: people.administrator),
            refused("of nothing", .invalid, ["document"], nil),
            refused(
                "of two things", .invalid, ["document"], document,
                ["recording": .string(linked.description)]),
            refused("of what is not in the case", .invalid, ["document"], .document(.random())),
            refused("of another case's recording", .invalid, ["recording"], .recording(.random())),
            refused("as no secret", .invalid, ["class"], document, ["class": "none"]),
            refused("for nobody", .invalid, ["clearance"], document, ["clearance": []]),
            refused("for a role that is none", .invalid, ["clearance"], document, ["clearance": ["chief"]]),
            refused(
                "for the administrator", .invalid, ["clearance"], document,
                ["clearance": ["agencyHead", "administrator"]]),
            refused(
                "for the administrator by name", .invalid, ["clearance"], document,
                ["clearance": ["agencyHead", .string(people.administrator.person.thread.description)]]),
            refused("with nobody who decides", .invalid, ["clearance"], document, ["clearance": ["officer"]]),
            refused("without a reason", .invalid, ["reason"], document, ["reason": ""]),
            Refused("lifted where nothing is marked", .outOfOrder) {
                try await mark(document, through: "secrecy-lift", in: thread, world, by: people.head)
            },
        ])
        #expect(try await world.load(thread).work.secrecyMarks.isEmpty)
    }

    @Test(
        "who is not cleared reads nothing of it, whatever runs; the cleared read it in a recorded look; the lift opens it"
    )
    func sight() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let (thread, notice) = try await scene(world)
        let document = SecrecyMark.Thing.document(notice)
        for member in [people.officer1, people.head, people.deputy] {
            #expect(try await mayRead(notice, of: thread, world, by: member))
        }
        try await mark(
            document, also: ["clearance": ["agencyHead", .string(people.officer2.person.thread.description)]],
            in: thread, world, by: people.custodian)
        let work = try await world.load(thread).work
        for (member, clears) in [
            (people.officer1, false), (people.officer2, true), (people.head, true), (people.deputy, false),
            (people.custodian, false), (people.administrator, false),
        ] {
            let refusal = work.secrecyRefusal(document, to: try await world.performer(member).person)
            #expect((refusal == nil) == clears, "\(member.person.name)")
            if let refusal {
                #expect(
                    refusal.code == .notAllowed && refusal.message.contains("涉及商业秘密")
                        && refusal.message.contains("行政机关负责人、指定的1名人员"), "\(refusal.message)")
            }
            #expect(!(try await mayRead(notice, of: thread, world, by: member)), "no look runs")
        }
        // A look opens it for the cleared alone; one that ran already, or was begun past every page, opens nothing.
        for member in [people.officer1, people.head] {
            let object = try #require(work.document(notice)?.fixedObject)
            _ = try await world.office.views.begin(
                object, in: thread, document: notice, by: try await world.performer(member), right: "handler",
                purpose: "handling", command: .random())
        }
        #expect(try await mayRead(notice, of: thread, world, by: people.head))
        #expect(!(try await mayRead(notice, of: thread, world, by: people.officer1)))
        #expect(!(try await mayRead(notice, of: thread, world, by: people.deputy)))

        // Who is not cleared changes nothing of the mark; the same once more is none.
        try await world.expect([
            Refused("marked anew by who is not cleared", .invalid, fields: ["document"]) {
                try await mark(
                    document, also: ["clearance": ["departmentHead"]], in: thread, world, by: people.custodian)
            },
            Refused("lifted by a head who is not cleared", .invalid, fields: ["document"]) {
                try await mark(document, through: "secrecy-lift", in: thread, world, by: people.deputy)
            },
            Refused("lifted by the keeper", .notAllowed) {
                try await mark(document, through: "secrecy-lift", in: thread, world, by: people.custodian)
            },
            Refused("the same again", .invalid, fields: ["clearance"]) {
                try await mark(
                    document, also: ["clearance": [.string(people.officer2.person.thread.description), "agencyHead"]],
                    in: thread, world, by: people.head)
            },
        ])
        // The last mark counts: the officers of the case, as they are now.
        try await mark(
            document, also: ["class": "privacy", "clearance": ["officer", "agencyHead"]], in: thread, world,
            by: people.head)
        let anew = try await world.load(thread).work
        #expect(anew.secrecyMarks.map(\.kind) == ["privacy"])
        #expect(anew.secrecyRefusal(document, to: try await world.performer(people.officer1).person) == nil)
        #expect(anew.secrecyRefusal(document, to: try await world.performer(people.officer3).person) != nil)

        try await mark(document, through: "secrecy-lift", in: thread, world, by: people.head)
        #expect(try await world.load(thread).work.secrecyMarks.isEmpty)
        for member in [people.officer1, people.deputy, people.custodian] {
            #expect(try await mayRead(notice, of: thread, world, by: member), "as before")
        }
        // What is read again from the entries says the same, and the law finds nothing left to do.
        let evaluation = try await world.evaluation(of: thread)
        #expect(evaluation.obligations.filter { $0.key.matter == "records-secrecy" }.allSatisfy { $0.state == .met })
    }

    @Test("a file is handed to nobody whom a mark does not clear, to no party, and a state secret to no court")
    func dossier() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let (thread, notice) = try await scene(world)
        func export(_ audience: DossierAudience, by member: DemoPeople.Member) async throws {
            world.minute()
            _ = try await DossierExport(
                casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread
            ).prepare(
                case: thread, audience: audience, mode: .compact, recipient: "县法院（演示）", secrecyCheck: "已经审查。",
                command: .random(), by: try await world.performer(member))
        }
        let document = SecrecyMark.Thing.document(notice)
        try await mark(
            document, also: ["clearance": ["departmentHead"]], in: thread, world, by: people.custodian)
        // The head of this bureau heads the department as well.
        try await export(.archive, by: people.head)
        try await export(.court, by: people.head)
        let party = try await world.refusal("to a party") { try await export(.party, by: people.head) }
        #expect(
            party?.code == .gate && party?.message.contains("查阅、复制") == true
                && party?.message.contains("《权利告知书》") == true, "\(party?.message ?? "")")
        try await mark(
            document, also: ["class": "state", "clearance": ["departmentHead"]], in: thread, world, by: people.deputy)
        let court = try await world.refusal("a state secret to a court") { try await export(.court, by: people.head) }
        #expect(court?.code == .gate && court?.message.contains("保密规定另行移送") == true)
        try await mark(
            document, also: ["class": "trade", "clearance": ["departmentHead"]], in: thread, world, by: people.deputy)
        try await mark(document, through: "secrecy-lift", in: thread, world, by: people.deputy)
        try await export(.party, by: people.head)
        // Only an agency head who is no head of the department, and whom the mark does not name.
        try await mark(document, also: ["clearance": ["departmentHead"]], in: thread, world, by: people.custodian)
        let view = try await world.load(thread)
        var other = try await world.performer(people.head).person
        other.roles = [.agencyHead]
        #expect(view.work.secrecyRefusal(document, to: other) != nil)
        let refusal = try await world.refusal("by a head who is not cleared") {
            world.minute()
            _ = try await DossierExport(
                casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread
            ).prepare(
                case: thread, audience: .archive, mode: .compact, recipient: nil, secrecyCheck: nil,
                command: .random(),
                by: Performer(
                    person: other, confirmation: SecretConfirmation(demonstrationOf: other.thread, in: world.ledger)))
        }
        #expect(refusal?.code == .notAllowed && refusal?.message.contains("不在可以接触的范围内") == true)
    }

    @Test(
        "a marked recording tells nothing of itself, and the sheet of the file says what is marked, by whom, for whom")
    func recording() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: .nothingFound)
        let file = ImportRecording(
            recording: .random(), object: try await world.vault.store([1, 2, 3]), form: "photo", device: "phone",
            fileName: "客户名单.jpg", mediaType: "image/jpeg", completedAt: world.clock.now(), activity: nil,
            note: "甲厂的客户名单。", openingClass: .party)
        try await world.take(file, in: thread, by: people.officer1)
        try await mark(.recording(file.recording), in: thread, world, by: people.custodian)
        let view = try await world.load(thread)
        let sight = Sight(view, by: try await world.performer(people.officer1).person, at: world.clock.now())
        let told = view.history.flatMap { sight.readable($0).fields.values.compactMap(\.string) }
        #expect(!told.contains { $0.contains("客户名单.jpg") || $0.contains("甲厂") }, "\(told)")
        let library = try await world.office.casebook.chambers.law().library
        let thing = try #require(view.releasables(library).first { $0.isRecording })
        #expect(thing.isVeiled && thing.mark == "涉密" && !thing.title.contains("客户"))
        let piece = try #require(MarkedPiece.all(view, source: nil, library).first)
        let sentence = piece.sentence { _ in "江书遥" }
        #expect(
            sentence.contains("归入的音像资料：江书遥于") && sentence.contains("可以接触的是行政机关负责人")
                && !sentence.contains("客户名单.jpg"), "\(sentence)")
    }
}

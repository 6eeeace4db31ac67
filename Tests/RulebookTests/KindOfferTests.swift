import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Rulebook

@Suite("What a kind's file says of its cases, its fields and its places")
struct KindOfferTests {
    private func problems(_ kind: String, _ change: (String) -> String) throws -> [String] {
        let directory = try RuleFilesTests.copy()
        let path = "Documents/\(kind)/kind.yaml"
        let before = try RuleFilesTests.read(directory, path)
        let after = change(before)
        #expect(before != after, "nothing was changed")
        try directory.write(Array(after.utf8), to: path)
        return RuleFilesTests.problems(in: directory)
    }

    private func kind(_ name: String) throws -> DocumentKind { try #require(Sample.library.kind(name)) }

    @Test("the files say which cases, which power, and when a kind stands in front")
    func read() throws {
        let decision = try kind("penalty-decision")
        #expect(decision.taken.kinds == [.penalty] && decision.taken.procedures == [.general])
        #expect(decision.offered.stages == [.decision] && decision.offered.after == [.decisionApproved])
        #expect(decision.offered.kinds == [.penalty], "as far as it is taken, where nothing else is said")
        #expect(try kind("sealing-seizure-decision").taken.power == .coerciveMeasures)
        #expect(try kind("other-execution-document").taken.power == .ownExecution)
        #expect(try kind("viewing-request").offered.stages.isEmpty)
        let record = try kind("site-inspection-record")
        #expect(record.taken == DocumentKind.Cases() && record.offered.stages == [record.stage])
        #expect(decision.fields.filter(\.operative).map(\.name) == ["content", "performance"])
    }

    @Test(
        "the files say which record of a lead asks for which paper; what no lead records, and no word of it, is refused"
    )
    func leads() throws {
        #expect(try kind("acceptance-record").leads == [.init(.applicationDecided)])
        let notice = try kind("non-initiation-notice")
        #expect(notice.leads.map(\.type) == [.leadReceived, .leadReviewed])
        #expect(notice.leads.first?.words == ["isRealName": ["true"]])
        #expect(try kind("penalty-decision").leads.isEmpty)
        for (written, said) in [
            ("{ record: case.opened }", "不是线索的记录"),
            ("{ record: lead.reviewed, where: { result: perhaps } }", "没有“perhaps”"),
            ("{ record: lead.reviewed, where: { reason: x } }", "没有可以这样比较的成员“reason”"),
            ("{ record: lead.reviewed, wher: { result: pursue } }", "不认识“wher”"),
        ] {
            let problems = try problems("acceptance-record") {
                $0.replacingOccurrences(of: "{ record: application.decided }", with: written)
            }
            #expect(problems.contains { $0.contains(said) }, "\(written): \(problems)")
        }
    }

    @Test("every power of a kind is one that a text lets the bureau set")
    func powers() {
        let declared = Set(Sample.library.regulations.flatMap(\.regulation.settings).map(\.name))
        for power in BureauPower.allCases {
            #expect(declared.contains(power.rawValue), "\(power)")
            #expect(Sample.library.kinds.values.contains { $0.kind.taken.power == power }, "\(power)")
        }
    }

    @Test("only officers of the act show certificates: a leader in a discussion needs none, an officer of a visit does")
    func certificates() throws {
        func problems(_ name: String, _ field: String, _ row: JSON) throws -> [String] {
            let field = try #require(try kind(name).field(field))
            return try kind(name).problems(in: .object([.init(field.name, .array([row]))]), complete: false).map(
                \.field)
        }
        let leader: JSON = ["certificate": "", "name": "沈怀远"]
        #expect(try problems("collective-discussion-record", "attendees", leader) == [])
        #expect(try problems("collective-discussion-minutes", "attendees", ["name": "沈怀远"]) == [])
        #expect(try problems("site-inspection-record", "officers", leader) == ["officers[0].certificate"])
        for kind in Sample.library.kinds.values.map(\.kind) {
            for field in kind.fields where field.type == .persons {
                #expect(field.certificates == (field.name != "attendees"), "\(kind.name) \(field.name)")
            }
        }
    }

    @Test("there is a line to sign for each expert of the table, and one where none is named yet")
    func experts() throws {
        for name in ["expert-opinion", "expert-argument-report", "expert-review-minutes"] {
            func places(_ count: Int) throws -> Int {
                let rows = (0..<count).map { JSON.object([.init("name", .string("专家\($0)"))]) }
                return try kind(name).places(for: .object([.init("experts", .array(rows))]))
                    .count { $0.slot.name == "expert" }
            }
            #expect(try [0, 1, 3, 7, 400].map(places) == [1, 1, 3, 7, FieldType.personLimit], "\(name)")
        }
    }

    @Test("a file that contradicts itself is refused with what is wrong")
    func contradictions() throws {
        let cases = "taken: { cases: [penalty], procedures: [general] }"
        #expect(
            try problems("penalty-decision") { $0.replacing(cases, with: "taken: { cases: [] }") }.first?
                .contains("taken 至少写一种案件") == true)
        #expect(
            try problems("penalty-decision") { $0.replacing("offered: {", with: "offered: { cases: [inspection],") }
                .first?.contains("应当在 taken 所写的种类之中") == true)
        #expect(
            try problems("penalty-decision") { $0.replacing(cases, with: "taken: { power: taxation }") }.first?
                .contains("taxation") == true)
        #expect(
            try problems("penalty-decision") { $0.replacing("after: [decision.approved]", with: "after: [decided]") }
                .first?.contains("decided") == true)
        #expect(
            try problems("expert-opinion") { $0.replacing("grows-with: experts", with: "grows-with: opinion") }.first?
                .contains("grows-with 应是") == true)
        #expect(
            try problems("site-inspection-record") {
                $0.replacing(
                    "{ name: recorder, label: 记录人, who: officer,",
                    with: "{ name: recorder, label: 记录人, grows-with: officers, who: officer,")
            }.first?.contains("repeats: true") == true)
        #expect(
            try problems("site-inspection-record") {
                $0.replacing("type: instant, required: true, plain: true }", with: "type: instant, operative: true }")
            }.first?.contains("operative") == true)
        #expect(
            try problems("site-inspection-record") {
                $0.replacing(
                    "{ name: place, label: 检查地点, type: text,",
                    with: "{ name: place, label: 检查地点, certificates: true, type: text,")
            }.first?.contains("certificates") == true)
    }
}

import Casework
import Kernel
import TestKit
import Testing

@Suite("Overrides and closing with defects (design invariant 5)")
struct OverrideTests {
    static let form = "zhaoxian-2017:8"

    static func overridden(
        by person: String = "局长", reason: String? = "设备故障", basis: String? = "某规定", step: EntryType = .activityBegan
    ) -> History {
        History().opened().then(.initiation(major: false)).without("form.agencyHead")
            .override("zhaoxian-2017:8", step: step, by: person, reason: reason, legalBasis: basis)
            .override("zhaoxian-2017:8.p2", step: step, by: person, reason: reason, legalBasis: basis)
            .began("visit")
    }

    @Test("with reason, legal basis and another person's word the step passes, and the verdict says so")
    func passes() {
        let verdict = Self.overridden().verdict(on: "visit")
        #expect(verdict.isAllowed)
        #expect(verdict.overridden.flatMap(\.citations).map(\.provision) == ["zhaoxian-2017:8", "zhaoxian-2017:8.p2"])
        let parts = Self.overridden().evaluated().parts(of: Self.form)
        #expect(parts.map(\.state) == [.excused])
        #expect(parts.first?.override?.step == .activityBegan)
    }

    @Test(
        "without reason, without legal basis, by the stopped person or a fellow handler, or for another step it does not pass"
    )
    func doesNotPass() {
        for broken in [
            Self.overridden(reason: nil), Self.overridden(basis: nil), Self.overridden(by: "甲"),
            Self.overridden(by: "乙"),
            Self.overridden(step: .decisionApproved),
        ] {
            #expect(broken.refusing("visit") == ["zhaoxian-2017:8", "zhaoxian-2017:8.p2"])
        }
    }

    @Test("an override lifts one provision; another that stands open still refuses")
    func onlyItsProvision() {
        let half = History(events: Self.overridden().events.enumerated().filter { $0.offset != 5 }.map(\.element))
        #expect(half.events.filter { $0.name == "override" }.count == 1)
        #expect(half.refusing("visit").count == 1)
    }

    @Test("an override stands for the next such step only")
    func onlyOnce() {
        let again = Self.overridden().began("second")
        #expect(again.refusing("second") == ["zhaoxian-2017:8", "zhaoxian-2017:8.p2"])
        #expect(again.states(of: Self.form) == [.open])
    }

    @Test("no override lifts a hard gate, even where a softer one of the same matter is lifted")
    func hardStands() throws {
        let history = History.penaltyCase.without("notice")
            .replacing(
                "approval",
                with: History().override("zhaoxian-2017:11", step: .decisionApproved, by: "副局长")
                    .override("parent-law:penalty-44", step: .decisionApproved, by: "副局长")
                    .override("zhaoxian-2017:12(5)", step: .decisionApproved, by: "副局长").approved())
        let refusals = history.verdict(on: "approval").refusals
        #expect(refusals.flatMap(\.citations).map(\.provision) == ["parent-law:penalty-44"])
        #expect(refusals.allSatisfy { $0.gate == .hard && $0.overridableBy.isEmpty })
    }

    @Test("a case closes with defects only when the head approved each, and the evaluation lists them")
    func defects() {
        let lacking = History.inspectionCase.without("video")
        #expect(lacking.refusing("filed") == ["zhaoxian-2017:13a"])
        let approved = lacking.replacing(
            "filed", with: History().override("zhaoxian-2017:13a", step: .caseFiled).filed())
        let verdict = approved.verdict(on: "filed")
        #expect(verdict.isAllowed)
        #expect(verdict.overridden.map(\.title) == ["音像记录"])
        #expect(approved.evaluated().defects.map(\.citation.provision) == ["zhaoxian-2017:13a"])
        #expect(History.inspectionCase.evaluated().defects.isEmpty)
    }

    @Test("what an override excused and was done later is met, not excused")
    func doneLater() {
        let later = Self.overridden().signed("form", slot: "agencyHead", by: "局长", decision: .agree, opinion: "同意")
        #expect(later.states(of: Self.form) == [.met])
    }
}

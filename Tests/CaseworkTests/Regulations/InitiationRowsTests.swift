import Casework
import Kernel
import TestKit
import Testing

@Suite("zhaoxian-2017, chapters 1 and 2: scope, stages, initiation")
struct InitiationRowsTests {
    // MARK: 2

    @Test("zhaoxian-2017:2 kept: inspection and penalty are enforcement; another type is, with a reason")
    func scopeKept() {
        #expect(History().opened(kind: "penalty").states(of: "zhaoxian-2017:2") == [.met])
        #expect(History().opened(kind: "inspection").states(of: "zhaoxian-2017:2") == [.met])
        let other = History().opened(kind: "licensing", fields: ["scopeReason": "上级交办"])
        #expect(other.states(of: "zhaoxian-2017:2") == [.met])
    }

    @Test("zhaoxian-2017:2 broken: another type of case without a reason")
    func scopeBroken() {
        let other = History().opened(kind: "licensing")
        #expect(other.states(of: "zhaoxian-2017:2") == [.open])
        #expect(other.missing(for: "zhaoxian-2017:2") == ["案件类型不是行政检查或行政处罚，或者“开立案件”没有写明适用本办法的理由"])
    }

    // MARK: 3

    @Test("zhaoxian-2017:3 kept: each document belongs to one of the five stages")
    func stagesKept() {
        let states = History.penaltyCase.states(of: "zhaoxian-2017:3")
        #expect(states.count == 9)
        #expect(states.allSatisfy { $0 == .met })
    }

    @Test("zhaoxian-2017:3 broken: a document of a kind without a stage")
    func stagesBroken() {
        let stray = History().opened().fixed("memo-of-nobody", as: "memo")
        #expect(stray.states(of: "zhaoxian-2017:3") == [.open])
        #expect(stray.missing(for: "zhaoxian-2017:3") == ["文书没有归入任何阶段"])
    }

    // MARK: 8

    static let form = History().opened().then(.initiation(major: false)).began("visit")

    @Test("zhaoxian-2017:8 kept: the approved form stands before the first act of investigation")
    func approvalKept() {
        #expect(Self.form.refusing("visit") == [])
        #expect(Self.form.states(of: "zhaoxian-2017:8") == [.met])
    }

    @Test("zhaoxian-2017:8 broken: no form, an unsigned form, a refusal: the act is refused and says who can mend it")
    func approvalBroken() throws {
        for broken in [
            Self.form.without("form"), Self.form.without("form.agencyHead"),
            Self.form.replacing(
                "form.agencyHead",
                with: History().signed("form", slot: "agencyHead", by: "局长", decision: .refuse, opinion: "不同意")),
        ] {
            #expect(broken.refusing("visit").contains("zhaoxian-2017:8"))
            #expect(broken.evaluated().parts(of: "zhaoxian-2017:8").map(\.state) == [.open])
        }
        let refusal = try #require(Self.form.without("form.agencyHead").verdict(on: "visit").refusals.first)
        #expect(refusal.sentence.contains("《程序启动审批表》缺少机关负责人签名（同意）"))
        #expect(refusal.suppliers == "行政机关负责人")
        #expect(refusal.gate == .pre)
        #expect(refusal.overridableBy == [.departmentHead, .agencyHead])
    }

    @Test("zhaoxian-2017:8 broken: an act that came first makes the approval late, from that act on")
    func approvalLate() throws {
        let late = History().opened().began("visit").then(.initiation(major: false))
        let part = try #require(late.evaluated().parts(of: "zhaoxian-2017:8").first)
        #expect(part.state == .metLate)
        #expect(part.lateFrom == late.records[1].recordedAt)
        #expect(History().opened().began("visit").states(of: "zhaoxian-2017:8") == [.open])
    }

    @Test("zhaoxian-2017:8: an inspection needs no form, and serving a paper is no act of investigation")
    func approvalElsewhere() {
        let inspection = History().opened(kind: "inspection").began("visit")
        #expect(inspection.refusing("visit") == [])
        #expect(inspection.states(of: "zhaoxian-2017:8") == [])
        #expect(History().opened().began("trip", kind: "service").refusing("trip") == [])
    }

    @Test("zhaoxian-2017:8: a case that ends before anything was done needs no approval any more")
    func approvalLapses() {
        #expect(History().opened().ended("withdrawn").states(of: "zhaoxian-2017:8") == [.notApplicable])
        let acted = History().opened().began("visit").ended("withdrawn")
        #expect(acted.states(of: "zhaoxian-2017:8") == [.open])
    }

    // MARK: 8b

    static func emergency(filedAt: String) -> History {
        History()
            .at("2026-03-06 18:30").opened(startedAt: "2026-03-06 18:00")
            .began("visit")
            .at(filedAt).fixed("procedure-initiation-approval", as: "form", data: ["handlerOpinion": "补报"])
            .at(filedAt).signed("form", slot: "handler", by: "甲")
    }

    @Test("zhaoxian-2017:8b kept: handed in at the very end of 24 hours, over a weekend")
    func lateFilingKept() throws {
        let kept = Self.emergency(filedAt: "2026-03-07 18:00")
        #expect(kept.refusing("visit", under: Loaded.zhaoxian) == [])
        let part = try #require(kept.evaluated().parts(of: "zhaoxian-2017:8b").first)
        #expect(part.state == .met)
        #expect(part.due == Instant("2026-03-07 18:00"))
        #expect(part.lateFrom == Instant("2026-03-07 18:00:00.001"))
        #expect(part.term?.chinese == "自2026年3月6日 18:00起算24小时，至2026年3月7日 18:00止")
    }

    @Test("zhaoxian-2017:8b broken: a second later it is late; never handed in, the case cannot be filed")
    func lateFilingBroken() {
        #expect(Self.emergency(filedAt: "2026-03-07 18:00:01").states(of: "zhaoxian-2017:8b") == [.metLate])
        let never = Self.emergency(filedAt: "2026-03-07 18:00").without("form").ended("terminated").filed()
        #expect(never.states(of: "zhaoxian-2017:8b") == [.open])
        #expect(never.refusing("filed").contains("zhaoxian-2017:8b"))
    }

    @Test("zhaoxian-2017:8b: in an emergency the form is asked before the decision, not before the investigation")
    func emergencyStillNeedsTheForm() {
        let drafted = History().opened(startedAt: "2026-03-02 08:00").began("visit").drafted()
        #expect(drafted.refusing("visit", under: Loaded.zhaoxian) == [])
        #expect(drafted.refusing("draft", under: Loaded.zhaoxian) == ["zhaoxian-2017:8", "zhaoxian-2017:8.p2"])
        let approved = History().opened(startedAt: "2026-03-02 08:00").then(.initiation(major: false)).drafted()
        #expect(approved.refusing("draft", under: Loaded.zhaoxian) == [])
        #expect(approved.states(of: "zhaoxian-2017:8") == [.met])
    }

    // MARK: 8.p2

    @Test("zhaoxian-2017:8.p2 kept: reason, party and three opinions; an opinion may stand in the form")
    func formContentsKept() {
        #expect(Self.form.states(of: "zhaoxian-2017:8.p2") == [.met])
        let inForm = History().opened()
            .fixed(
                "procedure-initiation-approval", as: "form",
                data: [
                    "startReason": "线索", "partyBasicInfo": "示例公司", "handlerOpinion": "启动",
                    "handlingUnitOpinion": "同意", "agencyHeadOpinion": "同意",
                ]
            )
            .signed("form", slot: "handler").signed("form", slot: "handlingUnit", decision: .agree)
            .signed("form", slot: "agencyHead", decision: .agree)
        #expect(inForm.states(of: "zhaoxian-2017:8.p2") == [.met])
    }

    @Test(
        "zhaoxian-2017:8.p2 broken: each of its contents is asked by name",
        arguments: [("startReason", "启动理由"), ("partyBasicInfo", "当事人基本情况"), ("handlerOpinion", "承办人意见")])
    func formContentsBroken(field: String, label: String) {
        let data: [String: JSON] = ["startReason": "线索", "partyBasicInfo": "示例公司", "handlerOpinion": "启动"]
        let members = data.filter { $0.key != field }.map { JSON.Member($0.key, $0.value) }
        let broken = Self.form.replacing(
            "form",
            with: History().fixed("procedure-initiation-approval", as: "form", data: .object(members))
                .signed("form", slot: "handler").signed("form", slot: "handlingUnit", opinion: "同意")
                .signed("form", slot: "agencyHead", decision: .agree, opinion: "同意"))
        #expect(broken.missing(for: "zhaoxian-2017:8.p2") == ["《程序启动审批表》没有写明\(label)"])
        #expect(broken.refusing("visit") == ["zhaoxian-2017:8.p2"])
    }

    @Test("zhaoxian-2017:8.p2 broken: a signature of the unit without an opinion")
    func formOpinionBroken() {
        let broken = Self.form.replacing(
            "form.handlingUnit", with: History().signed("form", slot: "handlingUnit", decision: .agree))
        #expect(broken.missing(for: "zhaoxian-2017:8.p2") == ["《程序启动审批表》缺少承办机构负责人意见和签名"])
    }

    // MARK: 8.p2b

    @Test("zhaoxian-2017:8.p2b kept: a major act carries the legal body's opinion; an ordinary one needs none")
    func majorKept() {
        let major = History().opened(major: true).then(.initiation(major: true)).began("visit")
        #expect(major.states(of: "zhaoxian-2017:8.p2b") == [.met])
        #expect(major.refusing("visit") == [])
        #expect(Self.form.states(of: "zhaoxian-2017:8.p2b") == [])
    }

    @Test("zhaoxian-2017:8.p2b broken: a major act without it, whether the case or only the form says that it is major")
    func majorBroken() {
        let opened = History().opened(major: true).then(.initiation(major: true)).began("visit").without(
            "form.legalBody")
        #expect(opened.refusing("visit") == ["zhaoxian-2017:8.p2b"])
        let found = History().opened(major: false).then(.initiation(major: true)).began("visit").without(
            "form.legalBody")
        #expect(found.refusing("visit") == ["zhaoxian-2017:8.p2b"])
        #expect(found.missing(for: "zhaoxian-2017:8.p2b") == ["《程序启动审批表》缺少法制机构意见和签名"])
    }
}

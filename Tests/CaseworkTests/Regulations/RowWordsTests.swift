import Casework
import Kernel
import TestKit
import Testing

/// What rows say in words: terms with their sums, refusals with who can mend them. That each row is kept and broken as it
/// says is told in Tests/Histories.
@Suite("Words of rows: sums of terms, refusals, sources")
struct RowWordsTests {
    @Test("a refusal says what is missing, who can supply it, how strict the gate is and who may lift it")
    func refusal() throws {
        let form = History().opened().then(.initiation(major: false)).began("visit").without("form.agencyHead")
        let refusal = try #require(form.verdict(on: "visit").refusals.first)
        #expect(refusal.sentence.contains("《程序启动审批表》缺少机关负责人签名（同意）"))
        #expect(refusal.suppliers == "行政机关负责人")
        #expect(refusal.gate == .pre)
        #expect(refusal.overridableBy == [.departmentHead, .agencyHead])
    }

    @Test("a hard gate names nobody who may lift it, whatever override was given")
    func hard() throws {
        let release = History.penaltyCase.override("zhaoxian-2017:32", step: .dossierExported).exported("party")
        let refusal = try #require(release.verdict(on: "exported").refusals.first)
        #expect(refusal.citations.map(\.provision) == ["zhaoxian-2017:32"])
        #expect(refusal.gate == .hard)
        #expect(refusal.overridableBy == [])
        let alone = History().opened(kind: "inspection").override("parent-law:penalty-42", step: .activityBegan)
            .began("visit", officers: ["甲"])
        #expect(alone.verdict(on: "visit").refusals.first?.sentence == "本次执法活动的执法人员少于两人")
    }

    @Test("a term in hours and a term in days that rolls show their sums")
    func sums() throws {
        let emergency = History().at("2026-03-06 18:30").opened(startedAt: "2026-03-06 18:00")
        let hours = try #require(emergency.evaluated().parts(of: "zhaoxian-2017:8b").first)
        #expect(hours.term?.chinese == "自2026年3月6日 18:00起算24小时，至2026年3月7日 18:00止")
        let ended = History().at("2026-09-01 17:00").opened(kind: "inspection").ended("nothingFound")
        let days = try #require(ended.evaluated().parts(of: "zhaoxian-2017:30.p2").first)
        #expect(days.term?.countedEnd == CivilDay("2026-10-01"))
        #expect(
            days.term?.chinese
                == "自2026年9月1日起算30日，开始当日不计入，自2026年9月2日计，2026年10月1日届满，因逢休息日顺延至2026年10月8日24时止")
    }

    @Test("a term whose start is not stated says so and has no due")
    func unstated() throws {
        let stored = History().opened(kind: "inspection").imported("video")
        let part = try #require(stored.evaluated().parts(of: "zhaoxian-2017:30.p3b").first)
        #expect(part.due == nil)
        #expect(part.notes == ["没有写明起算时间，无法计算期限"])
    }

    @Test("everything of parent law is shown as such, with its source and whether it was confirmed")
    func parentLaw() throws {
        let regulation = try #require(Loaded.library.newest("parent-law")?.regulation)
        #expect(regulation.standing == .parentLaw)
        #expect(regulation.provisions.allSatisfy { $0.source != nil })
        let citations = History.penaltyCase.evaluated(under: Loaded.parentLaw).obligations.flatMap(\.citations)
        #expect(!citations.isEmpty)
        #expect(citations.allSatisfy { $0.isParentLaw && $0.chinese.hasPrefix("上位法《") })
    }

    @Test("of both texts together an ordinary penalty case that keeps everything refuses nothing")
    func together() {
        let unheard = History.penaltyCase.without("statement", "statement-review")
        #expect(unheard.refusing("approval") == ["parent-law:penalty-62"])
        #expect(History.penaltyCase.refusing("approval") == [])
    }
}

import Casework
import Kernel
import TestKit
import Testing

@Suite("zhaoxian-2017, chapter 3: investigation and evidence")
struct InvestigationRowsTests {
    static let inspection = History.inspectionCase

    // MARK: 10a

    /// The rules with one more document kind, an interview transcript; none is among the project's kinds yet.
    static let withTranscripts: RulesInForce = {
        var kinds = Loaded.both.kinds
        kinds["interview-transcript"] = DocumentKind(
            name: "interview-transcript", title: "询问笔录", row: 12, stage: .investigation, category: .interview,
            fields: [])
        do {
            return try RulesInForce(spans: Loaded.both.spans, matters: Loaded.both.matters, kinds: kinds)
        } catch {
            fatalError("\(error)")
        }
    }()

    static func transcript(_ data: JSON) -> History {
        History().opened(kind: "inspection").fixed("interview-transcript", as: "transcript", data: data)
            .signed("transcript", slot: "party").ended("nothingFound").filed()
    }

    @Test("zhaoxian-2017:10a kept: names, certificate numbers and their showing stand in the transcript")
    func identityKept() {
        let kept = Self.transcript([
            "officers": [["name": "甲", "certificate": "冀A1"], ["name": "乙", "certificate": "冀A2"]],
            "certShown": "已出示",
        ])
        #expect(kept.states(of: "zhaoxian-2017:10a", under: Self.withTranscripts) == [.met])
        #expect(kept.refusing("filed", under: Self.withTranscripts) == [])
    }

    @Test(
        "zhaoxian-2017:10a broken: an officer without certificate number, or a transcript that does not say it was shown"
    )
    func identityBroken() {
        for data: JSON in [
            [
                "officers": [["name": "甲", "certificate": "冀A1"], ["name": "乙", "certificate": " "]],
                "certShown": "已出示",
            ],
            ["officers": [["name": "甲", "certificate": "冀A1"]]], ["officers": [], "certShown": "已出示"], [:],
            ["officers": "甲、乙", "certShown": "已出示"],
        ] {
            let broken = Self.transcript(data)
            #expect(broken.states(of: "zhaoxian-2017:10a", under: Self.withTranscripts) == [.open])
            #expect(broken.refusing("filed", under: Self.withTranscripts) == ["zhaoxian-2017:10a"])
        }
    }

    @Test("zhaoxian-2017:10a: on site records the block is offered, not asked")
    func identityOnSiteRecords() {
        #expect(Self.inspection.states(of: "zhaoxian-2017:10a") == [])
    }

    // MARK: 10b

    @Test("zhaoxian-2017:10b kept: an organisation signs and seals the site record; a natural person signs")
    func partyKept() {
        #expect(Self.inspection.states(of: "zhaoxian-2017:10b") == [.met])
        let person = History().opened(kind: "inspection", subjectKind: "individual").began("visit")
            .fixed("site-inspection-record", as: "record", data: ["findings": "无"], activity: "visit")
            .signed("record", slot: "party")
        #expect(person.states(of: "zhaoxian-2017:10b") == [.met])
    }

    @Test("zhaoxian-2017:10b broken: without the seal, or without any signature, the case cannot be filed")
    func partyBroken() {
        let unsealed = Self.inspection.replacing(
            "record.party", with: History().signed("record", slot: "party", manner: .paper))
        #expect(unsealed.states(of: "zhaoxian-2017:10b") == [.open])
        #expect(unsealed.missing(for: "zhaoxian-2017:10b") == ["《现场检查笔录》缺少被检查人（现场负责人）签名并加盖公章"])
        #expect(unsealed.refusing("filed") == ["zhaoxian-2017:10b"])
        let unsigned = Self.inspection.without("record.party")
        #expect(unsigned.states(of: "zhaoxian-2017:10b") == [.open])
        #expect(unsigned.refusing("filed") == ["zhaoxian-2017:10b", "zhaoxian-2017:12.p2"])
    }

    @Test("zhaoxian-2017:10b: a refusal stands in for signature and seal")
    func partyRefuses() {
        let refused = Self.inspection.replacing(
            "record.party", with: History().signed("record", slot: "party", manner: .refused, reason: "认为不公"))
        #expect(refused.states(of: "zhaoxian-2017:10b") == [.met])
    }

    @Test("zhaoxian-2017:10b broken: an interview transcript nobody signed")
    func transcriptUnsigned() {
        let broken = Self.transcript([:]).without("transcript.party")
        #expect(broken.states(of: "zhaoxian-2017:10b", under: Self.withTranscripts) == [.open])
        #expect(Self.transcript([:]).states(of: "zhaoxian-2017:10b", under: Self.withTranscripts) == [.met])
    }

    // MARK: 10c

    static func refusal(reason: String?) -> History {
        inspection.replacing(
            "record.party", with: History().signed("record", slot: "party", manner: .refused, reason: reason))
    }

    @Test("zhaoxian-2017:10c kept: the officer notes why the party refuses to sign")
    func refusalKept() {
        #expect(Self.refusal(reason: "认为不公").states(of: "zhaoxian-2017:10c") == [.met])
        #expect(Self.refusal(reason: "认为不公").refusing("filed") == [])
        #expect(Self.inspection.states(of: "zhaoxian-2017:10c") == [])
    }

    @Test("zhaoxian-2017:10c broken: a refusal without reason, or with blanks for a reason")
    func refusalBroken() {
        for reason in [nil, " \u{3000}"] {
            #expect(Self.refusal(reason: reason).states(of: "zhaoxian-2017:10c") == [.open])
            #expect(Self.refusal(reason: reason).refusing("filed") == ["zhaoxian-2017:10c"])
        }
    }

    // MARK: 11

    @Test("zhaoxian-2017:11 kept: the notice says which rights, how, when and to whom")
    func rightsKept() {
        #expect(History.penaltyCase.states(of: "zhaoxian-2017:11") == [.met])
        #expect(History.penaltyCase.refusing("approval", under: Loaded.zhaoxian) == [])
    }

    @Test("zhaoxian-2017:11 broken: no notice, or one that does not say how: the decision is not approved")
    func rightsBroken() {
        let without = History.penaltyCase.without("notice", "statement", "statement-review")
        #expect(without.refusing("approval", under: Loaded.zhaoxian) == ["zhaoxian-2017:11"])
        let silent = History.penaltyCase.replacing(
            "notice",
            with: History().fixed(
                "rights-notice", as: "notice",
                data: [
                    "rights": ["statement", "defence"], "notifiedAt": "2026-03-02T14:00:00+08:00", "recipient": "张三",
                ]))
        #expect(silent.refusing("approval", under: Loaded.zhaoxian) == ["zhaoxian-2017:11"])
        #expect(silent.missing(for: "zhaoxian-2017:11") == ["《权利告知书》没有写明告知方式"])
    }

    // MARK: 12(3)

    @Test("zhaoxian-2017:12(3) kept: a site inspection has its record")
    func siteRecordKept() {
        #expect(Self.inspection.states(of: "zhaoxian-2017:12(3)") == [.met])
        let talk = History().opened(kind: "inspection").began("talk", kind: "questioning")
        #expect(talk.states(of: "zhaoxian-2017:12(3)") == [])
    }

    @Test("zhaoxian-2017:12(3) broken: none, one of another visit, one without findings, one that was made void")
    func siteRecordBroken() {
        let other = Self.inspection.replacing(
            "record",
            with: History().began("second", kind: "other")
                .fixed("site-inspection-record", as: "record", data: ["findings": "无"], activity: "second")
                .signed("record", slot: "party", manner: .paper, sealed: true).signed("record", slot: "officer1"))
        let empty = Self.inspection.replacing(
            "record",
            with: History().fixed("site-inspection-record", as: "record", data: ["findings": ""], activity: "visit")
                .signed("record", slot: "party", manner: .paper, sealed: true).signed("record", slot: "officer1"))
        let void = Self.inspection.replacing("finding", with: History().voided("record"))
        for broken in [Self.inspection.without("record"), other, empty, void] {
            #expect(broken.states(of: "zhaoxian-2017:12(3)") == [.open])
            #expect(broken.refusing("filed") == ["zhaoxian-2017:12(3)"])
        }
    }

    // MARK: 12(5)

    @Test("zhaoxian-2017:12(5) kept: rights notice and the statement's facts and reasons")
    func statementKept() {
        #expect(History.penaltyCase.states(of: "zhaoxian-2017:12(5)") == [.met])
        let waived = History.penaltyCase.replacing(
            "statement", with: History().statement("waived", facts: nil, reasons: nil))
        #expect(waived.states(of: "zhaoxian-2017:12(5)") == [])
    }

    @Test("zhaoxian-2017:12(5) broken: a statement without facts or reasons, or heard without a notice")
    func statementBroken() {
        let noFacts = History.penaltyCase.replacing("statement", with: History().statement(facts: nil))
        #expect(noFacts.states(of: "zhaoxian-2017:12(5)") == [.open])
        #expect(noFacts.refusing("approval") == ["zhaoxian-2017:12(5)"])
        let noReasons = History.penaltyCase.replacing("statement", with: History().statement(reasons: nil))
        #expect(noReasons.missing(for: "zhaoxian-2017:12(5)") == ["“陈述申辩”没有写明陈述的理由"])
        let noNotice = History.penaltyCase.without("notice")
        #expect(noNotice.refusing("approval", under: Loaded.zhaoxian) == ["zhaoxian-2017:11", "zhaoxian-2017:12(5)"])
    }

    // MARK: 12.p2

    @Test("zhaoxian-2017:12.p2 kept: officers and party sign the papers of the investigation")
    func signaturesKept() {
        #expect(History.penaltyCase.states(of: "zhaoxian-2017:12.p2") == [.met, .met])
    }

    @Test("zhaoxian-2017:12.p2 broken: no officer, or no party, on either paper")
    func signaturesBroken() {
        for missing in [
            ["record.officer1", "record.officer2"], ["notice.officer1", "notice.officer2"], ["notice.party"],
        ] {
            let broken = History(events: History.penaltyCase.events.filter { !missing.contains($0.name) })
            #expect(broken.states(of: "zhaoxian-2017:12.p2").sorted { $0.rawValue < $1.rawValue } == [.met, .open])
            #expect(broken.refusing("filed").contains("zhaoxian-2017:12.p2"))
        }
    }

    // MARK: 13a

    @Test("zhaoxian-2017:13a kept: the visit's recording is in the case; questioning may go without")
    func recordingKept() {
        #expect(Self.inspection.states(of: "zhaoxian-2017:13a") == [.met])
        let talk = History().opened(kind: "inspection").began("talk", kind: "questioning")
        #expect(talk.states(of: "zhaoxian-2017:13a") == [])
    }

    @Test("zhaoxian-2017:13a kept: unsuitable for recording, with reason, explanation and approval")
    func recordingExempted() {
        let exempt = Self.inspection.without("video").replacing("finding", with: History().exempted("visit"))
        #expect(exempt.states(of: "zhaoxian-2017:13a") == [.excused])
        #expect(exempt.refusing("filed") == [])
    }

    @Test("zhaoxian-2017:13a broken: no recording, one of another visit, only a scan, an exemption without explanation")
    func recordingBroken() {
        let none = Self.inspection.without("video")
        let other = none.replacing(
            "finding", with: History().began("talk", kind: "other").imported("video").linked("video", to: "talk"))
        let scan = none.replacing(
            "finding", with: History().imported("video", form: "document").linked("video", to: "visit"))
        let unexplained = none.replacing("finding", with: History().exempted("visit", explanation: nil))
        let elsewhere = none.replacing("finding", with: History().exempted("another"))
        for broken in [none, other, scan, unexplained, elsewhere] {
            #expect(broken.states(of: "zhaoxian-2017:13a") == [.open])
            #expect(broken.refusing("filed") == ["zhaoxian-2017:13a"])
        }
    }
}

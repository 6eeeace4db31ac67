import Casework
import Kernel
import TestKit
import Testing

@Suite("Parent law: conditions of validity and terms")
struct ParentLawRowsTests {
    static let whole = History.penaltyCase
    static let major = History.penaltyCase(major: true)

    @Test("everything of parent law is shown as such, with its source and whether it was confirmed")
    func shownAsSuch() throws {
        let regulation = try #require(Loaded.library.newest("parent-law")?.regulation)
        #expect(regulation.standing == .parentLaw)
        #expect(regulation.provisions.allSatisfy { $0.source != nil })
        let citations = Self.whole.evaluated(under: Loaded.parentLaw).obligations.flatMap(\.citations)
        #expect(!citations.isEmpty)
        #expect(citations.allSatisfy { $0.isParentLaw && $0.chinese.hasPrefix("上位法《") })
    }

    // MARK: 42

    @Test("parent-law:penalty-42 kept: two officers; serving needs no two")
    func officersKept() {
        #expect(History().opened(kind: "inspection").began("visit").refusing("visit") == [])
        #expect(
            History().opened(kind: "inspection").began("trip", kind: "service", officers: ["甲"]).refusing("trip") == [])
    }

    @Test("parent-law:penalty-42 broken: one officer, or one named twice, and no override helps")
    func officersBroken() throws {
        for officers in [["甲"], ["甲", "甲"], []] {
            let alone = History().opened(kind: "inspection").override("parent-law:penalty-42", step: .activityBegan)
                .began("visit", officers: officers)
            let refusal = try #require(alone.verdict(on: "visit").refusals.first)
            #expect(refusal.citations.map(\.provision) == ["parent-law:penalty-42"])
            #expect(refusal.gate == .hard)
            #expect(refusal.sentence == "本次执法活动的执法人员少于两人")
        }
    }

    // MARK: 44

    @Test("parent-law:penalty-44 kept: told before the decision; a refusal to sign the notice does not hinder it")
    func noticeKept() {
        #expect(Self.whole.states(of: "parent-law:penalty-44") == [.met])
        let refused = Self.whole.replacing(
            "notice.party", with: History().signed("notice", slot: "party", manner: .refused, reason: "不认可"))
        #expect(refused.refusing("approval") == [])
    }

    @Test("parent-law:penalty-44 broken: not told, not handed over, or told of one right only")
    func noticeBroken() {
        let half = Self.whole.replacing(
            "notice",
            with: History().fixed(
                "rights-notice", as: "notice",
                data: [
                    "facts": "甲", "reasons": "乙", "legalBasis": "丙", "content": ["丁"], "rights": ["statement"],
                    "method": "written", "notifiedAt": "2026-03-02T14:00:00+08:00", "recipient": "张三",
                ], plain: ["rights": ["statement"]]
            ).signed("notice", slot: "party").signed("notice", slot: "officer1"))
        for broken in [Self.whole.without("notice"), Self.whole.without("notice.party"), half] {
            #expect(broken.refusing("approval", under: Loaded.parentLaw) == ["parent-law:penalty-44"])
            #expect(broken.refusing("decision.issued", under: Loaded.parentLaw) == ["parent-law:penalty-44"])
        }
    }

    // MARK: 45 and 62

    @Test("parent-law:penalty-45 kept: each statement is reviewed; a waiver needs no review")
    func reviewKept() {
        #expect(Self.whole.states(of: "parent-law:penalty-45") == [.met])
        let waived = Self.whole.without("statement-review").replacing("statement", with: History().statement("waived"))
        #expect(waived.states(of: "parent-law:penalty-45") == [])
        #expect(waived.refusing("approval") == [])
    }

    @Test("parent-law:penalty-45 broken: not reviewed, reviewed without reason, or only the first of two reviewed")
    func reviewBroken() {
        let noReason = Self.whole.replacing("statement-review", with: History().statementReviewed(reason: nil))
        let second = Self.whole.replacing("statement-review", with: History().statementReviewed().statement())
        for broken in [Self.whole.without("statement-review"), noReason, second] {
            #expect(broken.refusing("approval", under: Loaded.parentLaw) == ["parent-law:penalty-45"])
        }
    }

    @Test(
        "parent-law:penalty-62 kept: heard, waived, or the time passed without a word",
        arguments: ["oral", "written", "waived", "silent"])
    func heardKept(manner: String) {
        let heard = Self.whole.replacing("statement", with: History().statement(manner))
        #expect(heard.states(of: "parent-law:penalty-62") == [.met])
    }

    @Test("parent-law:penalty-62 broken: nothing on record of what the party said")
    func heardBroken() {
        let unheard = Self.whole.without("statement", "statement-review")
        #expect(unheard.refusing("approval") == ["parent-law:penalty-62"])
        let strange = Self.whole.replacing("statement", with: History().statement("telepathy"))
        #expect(strange.refusing("approval", under: Loaded.parentLaw).contains("parent-law:penalty-62"))
    }

    // MARK: 57

    @Test("parent-law:penalty-57 kept: the head approves before the decision is issued")
    func approvalKept() {
        #expect(Self.whole.states(of: "parent-law:penalty-57") == [.met])
    }

    @Test("parent-law:penalty-57 broken: not approved, refused, or approved by a handler")
    func approvalBroken() {
        for broken in [
            Self.whole.without("approval"), Self.whole.replacing("approval", with: History().approved("refuse")),
            Self.whole.replacing("approval", with: History().approved(by: "甲")),
            Self.whole.replacing("approval", with: History().approved(by: "乙")),
        ] {
            #expect(broken.refusing("decision.issued", under: Loaded.parentLaw) == ["parent-law:penalty-57"])
        }
    }

    // MARK: 58

    @Test("parent-law:penalty-58 kept: a major decision passed its review; an ordinary one needs none here")
    func legalReviewKept() {
        #expect(Self.major.states(of: "parent-law:penalty-58") == [.met, .met, .met])
        #expect(Self.whole.states(of: "parent-law:penalty-58") == [])
    }

    @Test("parent-law:penalty-58 broken: returned, missing, or of an older draft")
    func legalReviewBroken() {
        let returned = Self.major.replacing(
            "review.reviewer", with: History().signed("review", slot: "reviewer", by: "法制员", decision: .returned))
        let redrafted = Self.major.replacing("approval", with: History().drafted().approved())
        for broken in [returned, Self.major.without("review"), redrafted] {
            #expect(broken.refusing("approval", under: Loaded.parentLaw).contains("parent-law:penalty-58"))
        }
        let anew = Self.major.replacing(
            "approval",
            with: History().drafted()
                .fixed(
                    "legal-review-record", as: "second", data: ["reviewer": "法制员", "opinion": "清楚", "suggestions": "无"]
                )
                .signed("second", slot: "reviewer", by: "法制员", decision: .passed).approved())
        #expect(anew.refusing("approval", under: Loaded.parentLaw) == [])
    }

    // MARK: 60

    static func decided(at time: String) -> History {
        History().opened().then(.initiation(major: false)).drafted().at(time).approved()
    }

    @Test("parent-law:penalty-60 kept: the ninetieth day from the approved start")
    func decisionTermKept() throws {
        // Approved on 2026-03-02; day 90 is Sunday 2026-05-31, so the end rolls to Monday 06-01.
        let kept = Self.decided(at: "2026-06-01 23:59")
        let part = try #require(kept.evaluated().parts(of: "parent-law:penalty-60").first)
        #expect(part.term?.countedEnd == CivilDay("2026-05-31"))
        #expect(part.term?.lastDay == CivilDay("2026-06-01"))
        #expect(part.state == .met)
    }

    @Test("parent-law:penalty-60 broken: a day later; a case that is transferred needs no decision any more")
    func decisionTermBroken() {
        #expect(Self.decided(at: "2026-06-02 00:00").states(of: "parent-law:penalty-60") == [.metLate])
        let moved = History().opened().then(.initiation(major: false)).ended("transferred")
        #expect(moved.states(of: "parent-law:penalty-60") == [.notApplicable])
    }

    // MARK: 61

    static func servedOn(_ time: String) -> History {
        whole.before("decision.issued").at("2026-09-24 10:00").issued("decision")
            .then(.service.before("served")).at("2026-11-01 09:00").served("decision", receipt: "receipt", at: time)
    }

    @Test("parent-law:penalty-61 kept: seven working days around two holidays, by the stated time of service")
    func serviceTermKept() throws {
        // Issued Thu 2026-09-24. 25–27 are off, 10-01 to 10-07 are off, 10-10 (Sat) is worked.
        let kept = Self.servedOn("2026-10-12 18:00")
        let part = try #require(kept.evaluated().parts(of: "parent-law:penalty-61").first)
        #expect(part.term?.lastDay == CivilDay("2026-10-12"))
        #expect(part.state == .met)
    }

    @Test("parent-law:penalty-61 broken: served a day later, or not at all")
    func serviceTermBroken() {
        #expect(Self.servedOn("2026-10-13 00:00").states(of: "parent-law:penalty-61") == [.metLate])
        let never = Self.whole.without("served")
        #expect(never.states(of: "parent-law:penalty-61") == [.open])
        #expect(never.refusing("filed").contains("parent-law:penalty-61"))
    }

    // MARK: 63

    @Test("parent-law:penalty-63 kept: in a major case the notice names the right to a hearing")
    func hearingKept() {
        #expect(Self.major.states(of: "parent-law:penalty-63") == [.met, .met])
        #expect(Self.major.refusing("approval") == [])
        #expect(Self.whole.states(of: "parent-law:penalty-63") == [])
    }

    @Test("parent-law:penalty-63 broken: a major case whose notice does not name it")
    func hearingBroken() {
        let broken = Self.major.replacing("notice", with: .rights(hearing: false))
        #expect(Set(broken.refusing("approval")) == ["parent-law:penalty-63"])
        let byForm = History().opened(major: false).then(Self.major.without("opened")).replacing(
            "notice", with: .rights(hearing: false))
        #expect(Set(byForm.refusing("approval")) == ["parent-law:penalty-63"])
    }

    // MARK: 67

    static func paid(on time: String) -> History {
        whole.without("performed", "ended", "filed", "cover", "catalogue", "closing")
            .at("2026-05-20 09:00").performed(at: time)
    }

    @Test("parent-law:penalty-67 kept: paid on the fifteenth day, the party's duty")
    func paymentKept() throws {
        let kept = Self.paid(on: "2026-03-17 23:59")
        let part = try #require(kept.evaluated().parts(of: "parent-law:penalty-67").first)
        #expect(part.term?.lastDay == CivilDay("2026-03-17"))
        #expect(part.who == .party)
        #expect(part.state == .met)
    }

    @Test("parent-law:penalty-67 broken: paid later, or in part")
    func paymentBroken() {
        #expect(Self.paid(on: "2026-03-18 00:00").states(of: "parent-law:penalty-67") == [.metLate])
        let partly = Self.whole.replacing("performed", with: History().performed("partly"))
        #expect(partly.states(of: "parent-law:penalty-67") == [.open])
    }
}

import Casework
import Kernel
import TestKit
import Testing

@Suite("Whole cases under zhaoxian-2017 and parent law")
struct WholeCaseTests {
    static let cases: [(String, History)] = [
        ("penalty", .penaltyCase), ("major penalty", .penaltyCase(major: true)),
        ("emergency", .penaltyCase(startedAt: "2026-03-02 08:30")), ("inspection", .inspectionCase),
        (
            "inspection led on to a penalty",
            History.inspectionCase.replacing("ended", with: History().ended("led-on"))
        ),
        ("inspection handed on", History.inspectionCase.replacing("ended", with: History().ended("handedOn"))),
        (
            "no penalty",
            History().opened().then(.initiation(major: false)).then(.visit).drafted("noPenalty").unitReviewed()
                .approved()
                .ended("noPenalty").then(.filing)
        ),
        (
            "withdrawn after the notice",
            History().opened().then(.initiation(major: false)).then(.visit).then(.rights(hearing: false))
                .drafted("withdraw").unitReviewed().approved().ended("withdrawn").then(.filing)
        ),
        (
            "transferred in the middle of the investigation",
            History().opened().then(.initiation(major: false)).then(.visit).drafted("transfer").unitReviewed()
                .approved()
                .ended("transferred").then(.filing)
        ),
        ("broken off at once", History().opened().ended("terminated").then(.filing)),
    ]

    @Test("with everything done, every step is allowed and nothing is left open", arguments: cases)
    func kept(name: String, history: History) {
        let records = history.records
        for count in records.indices {
            let verdict = Evaluator.judge(
                step: [records[count]], history: Array(records[..<count]), rules: Loaded.both, calendar: Loaded.calendar
            )
            #expect(verdict.isAllowed, "\(name): \(records[count].type) \(verdict.refusals.map(\.sentence))")
        }
        let evaluation = history.evaluated()
        #expect(evaluation.open.map(\.key.description) == [])
        #expect(evaluation.obligations.allSatisfy { $0.state == .met || $0.state == .notApplicable })
        #expect(evaluation.obligations.contains { $0.state == .met })
    }

    @Test("an ending without decision does not excuse what the acts before it still need")
    func endingsStillNeed() {
        let moved = History().opened().then(.initiation(major: false)).then(.visit).drafted("transfer").unitReviewed()
            .approved()
            .ended("transferred").then(.filing)
        #expect(moved.without("video").refusing("filed") == ["zhaoxian-2017:13a"])
        #expect(
            moved.without("record.party").refusing("filed") == ["zhaoxian-2017:10b", "zhaoxian-2017:12.p2"])
    }

    @Test("a no-penalty outcome asks for draft and approval, not for notice, statement and review")
    func noPenalty() {
        let history = History().opened().then(.initiation(major: false)).drafted("noPenalty").unitReviewed().approved()
        #expect(history.refusing("approval") == [])
        #expect(history.without("draft").refusing("approval").contains("zhaoxian-2017:15"))
    }

    @Test("an approval whose draft is not named counts as the approval of a penalty")
    func unnamedDraft() {
        let history = History().opened().then(.initiation(major: false)).drafted("noPenalty")
            .record(.decisionApproved, as: "approval", plain: [.init("decision", "approve")], fields: ["opinion": "同意"])
        #expect(history.refusing("approval").contains("parent-law:penalty-44"))
    }

    @Test("every penalty step in the wrong order is refused until what it waits for is there")
    func order() {
        let waits: [(step: String, for: String)] = [
            ("visit", "form"), ("notice", "form"), ("statement", "form"), ("draft", "form"), ("approval", "notice"),
            ("approval", "statement"), ("approval", "statement-review"), ("approval", "draft"), ("approval", "review"),
            ("decision.issued", "approval"), ("served", "receipt"), ("filed", "ended"), ("filed", "performed"),
            ("filed", "served"), ("filed", "record"), ("filed", "video"),
        ]
        for wait in waits {
            #expect(History.penaltyCase.refusing(wait.step) == [])
            let broken = History.penaltyCase.without(wait.for)
            #expect(!broken.refusing(wait.step).isEmpty, "\(wait.step) before \(wait.for)")
        }
    }
}

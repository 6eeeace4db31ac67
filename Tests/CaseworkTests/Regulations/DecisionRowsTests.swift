import Casework
import Kernel
import TestKit
import Testing

@Suite("zhaoxian-2017, chapters 4 and 5: decision, service, performance")
struct DecisionRowsTests {
    static let whole = History.penaltyCase

    // MARK: 15

    @Test("zhaoxian-2017:15 kept: the draft names drafter, reviewer, basis, evidence and factors")
    func draftKept() {
        #expect(Self.whole.states(of: "zhaoxian-2017:15") == [.met, .met])
    }

    @Test(
        "zhaoxian-2017:15 broken: each of the five is asked by name before the approval",
        arguments: [
            ("drafter", "起草人"), ("unitReviewer", "起草机构审查人"), ("legalBasis", "法律依据"), ("evidence", "证据材料"),
            ("factors", "应考虑的有关因素"),
        ])
    func draftBroken(member: String, label: String) {
        let broken = Self.whole.replacing("draft", with: History().drafted(without: member))
        #expect(broken.missing(for: "zhaoxian-2017:15") == ["“草拟决定”没有写明\(label)"])
        #expect(broken.refusing("approval", under: Loaded.zhaoxian).contains("zhaoxian-2017:15"))
    }

    @Test("zhaoxian-2017:15 broken: no draft at all; and the newest draft is the one that counts")
    func noDraft() {
        #expect(Self.whole.without("draft").refusing("approval", under: Loaded.zhaoxian) == ["zhaoxian-2017:15"])
        let redrafted = Self.whole.replacing("draft", with: History().drafted().drafted(without: "factors"))
        #expect(redrafted.refusing("approval", under: Loaded.zhaoxian) == ["zhaoxian-2017:15"])
        let mended = Self.whole.replacing("draft", with: History().drafted(without: "factors").drafted())
        #expect(mended.refusing("approval", under: Loaded.zhaoxian) == [])
    }

    // MARK: 16

    @Test("zhaoxian-2017:16 kept: reviewer, opinion, suggestions, signed by somebody who took no part")
    func reviewKept() {
        #expect(Self.whole.states(of: "zhaoxian-2017:16") == [.met])
    }

    @Test("zhaoxian-2017:16 broken: no review, an unsigned one, one without suggestions")
    func reviewBroken() {
        let noSuggestions = Self.whole.replacing(
            "review",
            with: History().fixed("legal-review-record", as: "review", data: ["reviewer": "法制员", "opinion": "清楚"])
                .signed("review", slot: "reviewer", by: "法制员", decision: .passed))
        for broken in [Self.whole.without("review"), Self.whole.without("review.reviewer"), noSuggestions] {
            #expect(broken.states(of: "zhaoxian-2017:16", under: Loaded.zhaoxian) == [.open])
            #expect(broken.refusing("approval", under: Loaded.zhaoxian) == ["zhaoxian-2017:16"])
        }
    }

    @Test(
        "zhaoxian-2017:16 broken: handlers, officers of an activity and the drafter do not review",
        arguments: ["甲", "乙"])
    func reviewByHandler(person: String) {
        let own = Self.whole.replacing(
            "review.reviewer",
            with: History().signed("review", slot: "reviewer", by: person, decision: .passed, opinion: "通过"))
        #expect(own.refusing("approval", under: Loaded.zhaoxian) == ["zhaoxian-2017:16"])
    }

    @Test("zhaoxian-2017:16 broken: a former handler does not review either")
    func reviewByFormerHandler() {
        let changed = Self.whole.replacing(
            "review.reviewer",
            with: History()
                .record(.caseHandlersChanged, as: "change", plain: [.init("handlers", [.string(Names.id("法制员"))])])
                .record(.caseHandlersChanged, as: "change", plain: [.init("handlers", [.string(Names.id("甲"))])])
                .signed("review", slot: "reviewer", by: "法制员", decision: .passed, opinion: "通过"))
        #expect(changed.refusing("approval", under: Loaded.zhaoxian) == ["zhaoxian-2017:16"])
    }

    // MARK: 19

    @Test("zhaoxian-2017:19 kept: the head's opinion and signature stand before the decision is issued")
    func approvalKept() {
        #expect(Self.whole.states(of: "zhaoxian-2017:19") == [.met])
        #expect(Self.whole.refusing("decision.issued", under: Loaded.zhaoxian) == [])
    }

    @Test("zhaoxian-2017:19 broken: no approval, a refusal, an approval without opinion, one of another outcome")
    func approvalBroken() {
        let refused = Self.whole.replacing("approval", with: History().approved("refuse"))
        let silent = Self.whole.replacing("approval", with: History().approved(opinion: nil))
        let other = Self.whole.replacing("draft", with: History().drafted("noPenalty"))
        for broken in [Self.whole.without("approval"), refused, silent, other] {
            #expect(broken.refusing("decision.issued", under: Loaded.zhaoxian) == ["zhaoxian-2017:19"])
        }
    }

    // MARK: 20

    @Test("zhaoxian-2017:20 kept: facts, reasons, basis and content stand in the decision")
    func contentKept() {
        #expect(Self.whole.states(of: "zhaoxian-2017:20") == [.met])
    }

    @Test(
        "zhaoxian-2017:20 broken: a decision without one of them is not issued",
        arguments: [("facts", "违法事实"), ("reasons", "理由"), ("legalBasis", "处罚依据"), ("content", "处罚内容")])
    func contentBroken(field: String, label: String) {
        let data: [String: JSON] = ["facts": "甲", "reasons": "乙", "legalBasis": "丙", "content": ["丁"]]
        let members = data.filter { $0.key != field }.map { JSON.Member($0.key, $0.value) }
        let broken = Self.whole.replacing(
            "decision",
            with: History().fixed("penalty-decision", as: "decision", data: .object(members))
                .signed("decision", slot: "agency").issued("decision"))
        #expect(broken.refusing("decision.issued", under: Loaded.zhaoxian) == ["zhaoxian-2017:20"])
        #expect(broken.missing(for: "zhaoxian-2017:20") == ["《行政处罚决定书》没有写明\(label)"])
    }

    // MARK: 22

    @Test("zhaoxian-2017:22 kept: server and recipient signed the very receipt")
    func receiptKept() {
        #expect(Self.whole.states(of: "zhaoxian-2017:22") == [.met])
        let post = Self.whole.replacing(
            "served", with: History().served("decision", receipt: "receipt", method: "post"))
        #expect(post.states(of: "zhaoxian-2017:22") == [])
    }

    @Test("zhaoxian-2017:22 broken: no server, no recipient, a refusal, or another document's receipt")
    func receiptBroken() {
        let refused = Self.whole.replacing(
            "receipt.recipient", with: History().signed("receipt", slot: "recipient", manner: .refused, reason: "不收"))
        let other = Self.whole.replacing("served", with: History().served("decision", receipt: "record"))
        for broken in [Self.whole.without("receipt.server1"), Self.whole.without("receipt.recipient"), refused, other] {
            #expect(broken.refusing("served") == ["zhaoxian-2017:22"])
            #expect(broken.states(of: "zhaoxian-2017:22") == [.open])
        }
    }

    @Test("zhaoxian-2017:22 broken: a signature after the service makes it late")
    func receiptLate() {
        let late = Self.whole.without("receipt.recipient").replacing(
            "performed", with: History().signed("receipt", slot: "recipient", manner: .paper).performed())
        #expect(late.states(of: "zhaoxian-2017:22") == [.metLate])
    }

    // MARK: 27

    @Test("zhaoxian-2017:27 kept: how the party performs is on record")
    func performanceKept() {
        #expect(Self.whole.states(of: "zhaoxian-2017:27") == [.met])
        let partly = Self.whole.replacing("performed", with: History().performed("partly"))
        #expect(partly.states(of: "zhaoxian-2017:27") == [.met])
    }

    @Test("zhaoxian-2017:27 broken: no record, one from before the decision, or one that does not say of what")
    func performanceBroken() {
        let early = Self.whole.without("performed").replacing("draft", with: History().performed().drafted())
        let empty = Self.whole.replacing("performed", with: History().performed(obligation: nil))
        for broken in [Self.whole.without("performed"), early, empty] {
            #expect(broken.states(of: "zhaoxian-2017:27") == [.open])
            #expect(broken.refusing("filed").contains("zhaoxian-2017:27"))
        }
    }
}

import Casework
import Kernel
import TestKit
import Testing

@Suite("The score sheet of a case's file")
struct CaseScoreTests {
    static let sheet: ScoreSheet = {
        guard let sheet = Loaded.library.scoreSheet else { fatalError("no score sheet") }
        return sheet
    }()

    private static func score(_ history: History, isEnded: Bool = true, after days: Int = 1) -> CaseScore {
        let last = history.records.map(\.recordedAt).max() ?? Instant(milliseconds: 0)
        return CaseScore(
            history.evaluated(), by: sheet, isEnded: isEnded,
            at: Instant(milliseconds: last.milliseconds + Int64(days) * 86_400_000))
    }

    @Test("whole cases without a fault have full points and the best grade")
    func clean() {
        for history in [History.penaltyCase, .penaltyCase(major: true), .inspectionCase] {
            let score = Self.score(history)
            #expect(score.points == 100 && score.grade == "优秀" && !score.hasPending)
            #expect(score.lines.allSatisfy { $0.found.isEmpty })
        }
    }

    /// What is taken out of a whole major case, and every line that then costs points: no fault is missed, and none is
    /// found elsewhere.
    private static let defects: [(left: String, points: Int, lines: [String], isFailed: Bool)] = [
        ("approval", 76, ["draft", "approval"], true), ("catalogue", 95, ["filing"], false),
        ("cover", 93, ["filing", "retention"], false),
        ("discussion.held", 76, ["discussion", "discussion-papers"], true),
        ("draft", 92, ["draft"], false), ("form", 90, ["initiation"], true),
        ("form.agencyHead", 90, ["initiation"], true), ("form.legalBody", 90, ["initiation"], true),
        ("meetingVideo.import", 89, ["av", "av-kept"], false), ("meetingVideo.link", 86, ["av", "av-kept"], false),
        ("notice", 55, ["notice", "heard", "hearing"], true),
        ("notice.party", 58, ["notice", "hearing", "signatures"], true),
        ("performed", 92, ["performance", "demand"], false), ("receipt", 95, ["service"], false),
        ("receipt.recipient", 95, ["service"], false), ("record", 92, ["identity", "site"], false),
        ("record.party", 96, ["signatures"], false), ("review", 80, ["legal-review"], true),
        ("review.reviewer", 80, ["legal-review"], true), ("served", 95, ["service"], false),
        ("statement", 95, ["heard"], false), ("statement-review", 95, ["heard"], false),
        ("unit-review", 92, ["draft"], false), ("video.import", 89, ["av", "av-kept"], false),
        ("video.link", 86, ["av", "av-kept"], false),
    ]

    @Test("one defect costs points on the lines that look at it and on no other", arguments: defects.indices)
    func defect(number: Int) {
        let (left, points, lines, isFailed) = Self.defects[number]
        let score = Self.score(History.penaltyCase(major: true).without(left))
        #expect(score.points == points, "\(left)")
        #expect(score.lines.filter { $0.lost > 0 }.map(\.item.id) == lines, "\(left)")
        #expect((score.grade == "不合格") == isFailed, "\(left)")
    }

    @Test("what is still to be done costs nothing today, and is counted for a file that is closed as it is")
    func pending() {
        let open = Self.score(History.penaltyCase.before("draft"), isEnded: false)
        #expect(open.points == 100 && open.hasPending)
        #expect(open.pointsAsItIs < 100)
        // A day later nothing is late yet; when the term of filing is over, the same case has lost points.
        let ended = History.penaltyCase.without("filed")
        let sooner = Self.score(ended)
        #expect(sooner.points == 100, "\(sooner.lines.flatMap(\.found).map(\.obligation.key))")
        #expect(Self.score(ended, after: 60).lines.first { $0.item.id == "filing" }?.lost == 5)
    }

    @Test("points are counted up to the most of a line, late ones less, and never below nothing")
    func arithmetic() {
        let item = ScoreSheet.Item(id: "i", title: "项", matters: ["rights-notice"], each: 40, late: 5, most: 70)
        let sheet = ScoreSheet(
            title: "表", full: 60, grades: [.init(title: "好", from: 30), .init(title: "差", from: 0)],
            sections: [.init(title: "一", items: [item])], otherwise: "i", apart: ["case-filing"])
        let evaluation = History.penaltyCase(major: true).without("notice", "record", "served").evaluated()
        let score = CaseScore(evaluation, by: sheet, isEnded: true, at: Instant(milliseconds: .max / 2))
        #expect(score.lines[0].found.count > 2, "everything else is counted by the last item")
        #expect(score.lines[0].lost == 70 && score.points == 0 && score.grade == "差")
        #expect(!score.lines[0].found.contains { $0.obligation.key.matter == "case-filing" })
    }

    @Test("every matter that the rules know stands in one line of the sheet, or apart")
    func whole() {
        let placed = Self.sheet.items.flatMap(\.matters) + Array(Self.sheet.apart)
        #expect(Set(placed).count == placed.count)
        #expect(Set(placed) == Set(Loaded.library.matters.keys))
    }
}

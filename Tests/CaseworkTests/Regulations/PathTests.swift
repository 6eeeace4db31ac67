import Casework
import Kernel
import TestKit
import Testing

@Suite("Paths that choose among records")
struct PathTests {
    @Test(
        "a path is written as it was read",
        arguments: [
            "all(activity.began).officers", "all(activity.began kind=questioning).officers",
            "all(activity.began kind!=hearing|service).officers", "last(list.revised).mandatory",
            "last(list.revised kind=avMatters basis=law).mandatory", "kind", "ref.draft.outcome",
        ])
    func written(text: String) throws {
        #expect(try #require(Path(text)).description == text)
    }

    @Test(
        "what is no choice is no path",
        arguments: [
            "all(activity.began kind).officers", "all(activity.began kind=).officers",
            "all(activity.began =x).officers",
            "all(activity.began kind==x).officers", "all(activity.began  kind=x).officers",
            "all(activity.began !=x).officers",
            "all(activity.began kind=a|).officers", "all(activity.began kind=a.b).officers", "all( kind=a).officers",
            "all(activity.began kind=x)officers", "all(activity.began kind=x", "last(list.revised kind=x y).mandatory",
        ])
    func unreadable(text: String) {
        #expect(Path(text) == nil)
    }

    private static func asks(_ path: String) throws -> Duty {
        Duty(
            matter: "thing", demand: "由别人记录", trigger: Pattern([.findingRecorded]),
            requirement: .record(
                RecordRequirement(
                    Pattern(
                        [.findingRecorded],
                        where: [Condition(Path(.own, ["checker"]), .notAmong([try #require(Path(path))]))]),
                    tie: .itself)), who: .handler)
    }

    @Test("only records that have the word, or have none of the words, are looked at; one without a word has none")
    func chosen() throws {
        let history = History().at("2026-03-02 09:00").opened()
            .told(.activityBegan, [.init("activity", "a"), .init("kind", "hearing"), .init("officers", .array(["甲"]))])
            .told(
                .activityBegan,
                [.init("activity", "b"), .init("kind", "questioning"), .init("officers", .array(["乙"]))]
            )
            .told(.activityBegan, [.init("activity", "c"), .init("officers", .array(["丙"]))])
        for (path, met) in [
            ("all(activity.began).officers", []), ("all(activity.began kind=hearing).officers", ["乙", "丙"]),
            ("all(activity.began kind=hearing|questioning).officers", ["丙"]),
            ("all(activity.began kind!=hearing).officers", ["甲"]),
            ("all(activity.began kind!=hearing kind!=questioning).officers", ["甲", "乙"]),
            ("last(activity.began kind!=hearing).officers", ["甲", "乙"]),
            ("last(activity.began kind=questioning).officers", ["甲", "丙"]),
        ] as [(String, [String])] {
            let rules = try Fixture.rules(Fixture.span(Fixture.text("one", try Self.asks(path))))
            for person in ["甲", "乙", "丙"] {
                let told = history.told(.findingRecorded, [.init("checker", .string(person))])
                let found = Evaluator.evaluate(history: told.records, rules: rules, calendar: Loaded.calendar)
                #expect(found.obligations.map(\.state) == [met.contains(person) ? .met : .open], "\(path) \(person)")
                var progress = EvaluationProgress([], plan: EvaluationPlan(rules), calendar: Loaded.calendar)
                progress.append(told.records)
                #expect(progress.evaluation == found)
            }
        }
    }
}

import Casework
import Kernel
import TestKit
import Testing

@Suite("Versions, adoption, repair and repeal (design invariant 6)")
struct VersionTests {
    static let strict = Fixture.text("text", version: 1, Fixture.finding(within: Term(.hours(24), from: [.happened])))
    static let mild = Fixture.text("text", version: 2, Fixture.finding(within: Term(.days(30), from: [.happened])))

    static func evaluate(_ history: History, _ rules: RulesInForce) -> [Obligation] {
        Evaluator.evaluate(history: history.records, rules: rules, calendar: Loaded.calendar).obligations
    }

    @Test("the version in force on the day of the act judges it, to the last and from the first day")
    func byDay() throws {
        let rules = try Fixture.rules(
            Fixture.span(Self.strict, until: "2026-05-01"), Fixture.span(Self.mild, from: "2026-05-01"))
        let before = Self.evaluate(History().at("2026-04-30 23:59").opened(), rules)
        #expect(before.first?.citations.map(\.digest) == [Fixture.digest("text", 1)])
        let after = Self.evaluate(History().at("2026-05-01 00:00").opened(), rules)
        #expect(after.first?.citations.map(\.digest) == [Fixture.digest("text", 2)])
        #expect(Self.evaluate(History().at("2019-12-31 09:00").opened(), rules) == [])
    }

    @Test("a term that runs ends under the version that began it")
    func runningTerm() throws {
        let rules = try Fixture.rules(
            Fixture.span(Self.strict, until: "2026-05-01"), Fixture.span(Self.mild, from: "2026-05-01"))
        let history = History().at("2026-04-30 18:00").opened().at("2026-05-02 09:00").finding("nothingFound")
        #expect(Self.evaluate(history, rules).map(\.state) == [.metLate])
        #expect(Self.evaluate(history, rules).flatMap(\.parts).count == 1)
    }

    @Test("two versions in force on one day are refused, whichever way they overlap")
    func overlap() {
        let pairs: [[(from: String, until: String?)]] = [
            [("2026-01-01", nil), ("2026-06-01", nil)], [("2026-01-01", "2026-06-02"), ("2026-06-01", "2026-07-01")],
            [("2026-01-01", "2026-02-01"), ("2026-01-01", nil)], [("2026-03-01", "2026-03-02"), ("2026-01-01", nil)],
        ]
        for pair in pairs {
            #expect(throws: RulesError.self) {
                try Fixture.rules(
                    Fixture.span(Self.strict, from: pair[0].from, until: pair[0].until),
                    Fixture.span(Self.mild, from: pair[1].from, until: pair[1].until))
            }
        }
    }

    // MARK: entries of the bureau

    static let library = RuleLibrary(
        regulations: [
            LoadedRegulation(regulation: strict, digest: Fixture.digest("text", 1), file: "one.yaml"),
            LoadedRegulation(regulation: mild, digest: Fixture.digest("text", 2), file: "two.yaml"),
        ], matters: ["thing": Matter(id: "thing", title: "某事", per: .caseFile)])

    static func rules(_ history: History) throws(RulesError) -> RulesInForce {
        try RulesInForce(bureau: history.records, library: library)
    }

    static let adopted = History().adopted("text", digest: Fixture.digest("text", 1), from: "2026-01-01")

    @Test("a new version ends the one before on the day it begins")
    func succession() throws {
        let rules = try Self.rules(Self.adopted.adopted("text", digest: Fixture.digest("text", 2), from: "2026-05-01"))
        #expect(rules.spans.map(\.until) == [Fixture.day("2026-05-01"), nil])
    }

    @Test("a repair takes the place of the file it mends for all its days")
    func repair() throws {
        let rules = try Self.rules(
            Self.adopted.record(
                .regulationRepaired, as: "repair",
                plain: [
                    .init("regulation", "text"), .init("digest", .string(Fixture.digest("text", 2).description)),
                    .init("replaces", .string(Fixture.digest("text", 1).description)),
                ]))
        #expect(rules.spans.map(\.digest) == [Fixture.digest("text", 2)])
        #expect(rules.spans.map(\.from) == [Fixture.day("2026-01-01")])
    }

    @Test("a repeal ends a text after its last day")
    func repeal() throws {
        let rules = try Self.rules(
            Self.adopted.record(
                .regulationRepealed, as: "repeal",
                plain: [.init("regulation", "text"), .init("lastDay", "2026-03-31")]))
        #expect(rules.spans.first?.covers(Fixture.day("2026-03-31")) == true)
        #expect(rules.spans.first?.covers(Fixture.day("2026-04-01")) == false)
    }

    @Test("a file that is not there, a day that is none and a text that was never adopted are errors, not silence")
    func refusals() {
        #expect(throws: RulesError.unknownDigest(regulation: "text", digest: Fixture.digest("other", 1).description)) {
            try Self.rules(History().adopted("text", digest: Fixture.digest("other", 1), from: "2026-01-01"))
        }
        #expect(throws: RulesError.unknownDigest(regulation: "another", digest: Fixture.digest("text", 1).description))
        {
            try Self.rules(History().adopted("another", digest: Fixture.digest("text", 1), from: "2026-01-01"))
        }
        #expect(throws: RulesError.unreadable(entry: "regulation.adopted", member: "inForceFrom")) {
            try Self.rules(History().adopted("text", digest: Fixture.digest("text", 1), from: "2026-02-30"))
        }
        #expect(throws: RulesError.notAdopted(regulation: "text")) {
            try Self.rules(
                History().record(
                    .regulationRepealed, as: "repeal",
                    plain: [.init("regulation", "text"), .init("lastDay", "2026-03-31")]))
        }
    }

    @Test("the project's own texts can be adopted from the bureau's entries")
    func ownTexts() throws {
        let zhaoxian = try #require(Loaded.library.newest("zhaoxian-2017"))
        let parent = try #require(Loaded.library.newest("parent-law"))
        let rules = try RulesInForce(
            bureau: History().adopted("zhaoxian-2017", digest: zhaoxian.digest, from: "2017-05-01")
                .adopted("parent-law", digest: parent.digest, from: "2021-07-15").records, library: Loaded.library)
        #expect(rules.spans.count == 2)
        let evaluation = History.penaltyCase.evaluated(under: rules)
        #expect(evaluation == History.penaltyCase.evaluated())
    }
}

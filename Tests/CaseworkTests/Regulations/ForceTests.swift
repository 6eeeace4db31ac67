import Casework
import Kernel
import TestKit
import Testing

@Suite("What a text's days of force decide: which act counts, which term binds, when turns begin")
struct ForceTests {
    static func evaluate(
        _ history: History, _ spans: RulesInForce.Span..., asOf: String? = nil
    ) throws -> [Obligation] {
        let rules = try RulesInForce(
            spans: spans,
            matters: [
                "thing": Matter(id: "thing", title: "某事", per: .caseFile),
                "else": Matter(id: "else", title: "别事", per: .caseFile),
            ], kinds: [:])
        let evaluation = Evaluator.evaluate(
            history: history.records, rules: rules, calendar: Loaded.calendar, asOf: asOf.flatMap { Instant($0) })
        // What is kept while the history grows is the same.
        if asOf == nil {
            var progress = EvaluationProgress([], plan: EvaluationPlan(rules), calendar: Loaded.calendar)
            progress.append(history.records)
            #expect(progress.evaluation == evaluation)
        }
        return evaluation.obligations
    }

    static func told(_ occurrence: Duty.Occurrence, matter: String = "thing") -> Duty {
        Duty(
            matter: matter, demand: "登记", trigger: Pattern([.courtApplied]), occurrence: occurrence,
            requirement: .record(RecordRequirement(Pattern([.findingRecorded]))), who: .handler)
    }

    static let twice = History().at("2026-01-20 09:00").told(.courtApplied).at("2026-03-20 09:00").told(.courtApplied)

    @Test("the first act that counts is the first under the text, not the first of all; the last likewise")
    func underTheText() throws {
        for (occurrence, from, until, cause) in [
            (Duty.Occurrence.first, "2026-02-01", nil, 2), (.first, "2026-01-01", nil, 1),
            (.last, "2026-01-01", "2026-02-01", 1), (.last, "2026-01-01", nil, 2), (.first, "2026-04-01", nil, nil),
        ] as [(Duty.Occurrence, String, String?, Int?)] {
            let text = Fixture.text("one", Self.told(occurrence))
            let found = try Self.evaluate(Self.twice, Fixture.span(text, from: from, until: until))
            #expect(found.flatMap(\.parts).map(\.causedBy.seq) == (cause.map { [$0] } ?? []), "\(occurrence) \(from)")
        }
    }

    @Test("what one version has begun the next does not begin again, unless it asks it of something else")
    func versions() throws {
        let old = Fixture.text("one", version: 1, Self.told(.first))
        let new = Fixture.text("one", version: 2, Self.told(.first))
        let until = "2026-02-01"
        let same = try Self.evaluate(
            Self.twice, Fixture.span(old, until: until), Fixture.span(new, from: until))
        #expect(same.flatMap(\.parts).map(\.citation.digest) == [Fixture.digest("one", 1)])
        let last = try Self.evaluate(
            Self.twice, Fixture.span(Fixture.text("one", version: 1, Self.told(.last)), until: until),
            Fixture.span(Fixture.text("one", version: 2, Self.told(.last)), from: until))
        #expect(last.flatMap(\.parts).map(\.citation.digest) == [Fixture.digest("one", 2)])
        // A new matter of the second version begins with its first act.
        let other = try Self.evaluate(
            Self.twice, Fixture.span(old, until: until),
            Fixture.span(Fixture.text("one", version: 2, Self.told(.first, matter: "else")), from: until))
        #expect(other.map(\.key.matter) == ["thing", "else"])
        #expect(other.flatMap(\.parts).map(\.causedBy.seq) == [1, 2])
    }

    // MARK: terms

    @Test("a term that began before the text was in force makes nobody late; one that began on its first day does")
    func earlierStart() throws {
        let duty = Fixture.finding(within: Term(.hours(24), from: [.member(Path(.own, ["startedAt"]))]))
        let text = Fixture.text("one", duty)
        for (start, state, due) in [
            ("2026-01-31 23:59", ObligationRow.State.met, nil), ("2026-02-01 00:00", .metLate, "2026-02-02 00:00"),
        ] as [(String, ObligationRow.State, String?)] {
            let history = History().at("2026-02-02 08:00").told(
                .caseOpened, [.init("startedAt", .integer(Fixture.instant(start).milliseconds))]
            ).at("2026-02-03 09:00").finding("nothingFound")
            let found = try #require(try Self.evaluate(history, Fixture.span(text, from: "2026-02-01")).first)
            #expect(found.state == state, "\(start)")
            #expect(found.due == due.map { Fixture.instant($0) })
            #expect(found.parts[0].notes.contains { $0.contains("施行以前起算") } == (due == nil))
            // Another version was in force when it began: it binds.
            let both = try #require(
                try Self.evaluate(
                    history, Fixture.span(text, until: "2026-02-01"), Fixture.span(text, from: "2026-02-01")
                ).first)
            #expect(both.state == .metLate, "\(start)")
        }
    }

    // MARK: turns

    static func turn(_ id: String, version: Int = 1, _ types: [EntryType] = [.backupMade]) -> Regulation {
        Fixture.text(
            id, version: version,
            Duty(
                matter: "thing", demand: "备份", trigger: Pattern([.regulationAdopted]), recurrence: .days(.fixed(30)),
                requirement: .record(RecordRequirement(Pattern(types))),
                timing: Timing(term: Term(.days(30), from: [.period])), metAt: .happened, who: .bureau))
    }

    @Test("turns begin with the day of force where that is still to come, and what was done before is none of them")
    func adoptedAhead() throws {
        let early = History().at("2025-12-01 09:00").adopted("one", digest: .zero, from: "2026-02-01")
        let past = early.at("2025-12-20 09:00").told(.backupMade, in: "bureau")
        let done = past.at("2026-02-10 09:00").told(.backupMade, in: "bureau")
        for (history, names) in [
            (early, ["period.2026-02-01"]), (past, ["period.2026-02-01"]),
            (done, ["period.2026-02-01", "period.2026-02-10"]),
        ] {
            let found = try Self.evaluate(
                history, Fixture.span(Self.turn("one"), from: "2026-02-01"), asOf: "2026-02-20 00:00")
            #expect(found.map(\.key.subject.description) == names)
            #expect(found.last?.lastDay == Fixture.day(names.count == 1 ? "2026-03-03" : "2026-03-12"))
        }
        // A day long past does not begin years of turns.
        let long = History().at("2026-03-01 09:00").adopted("one", digest: .zero, from: "2017-05-01")
        let found = try Self.evaluate(long, Fixture.span(Self.turn("one"), from: "2017-05-01"))
        #expect(found.map(\.key.subject.description) == ["period.2026-03-01"])
    }

    @Test("a term from an adoption that takes force later begins with the day of force")
    func termFromAdoption() throws {
        let duty = Duty(
            matter: "thing", demand: "备份", trigger: Pattern([.regulationAdopted]),
            requirement: .record(RecordRequirement(Pattern([.backupMade]))),
            timing: Timing(term: Term(.days(30), from: [.happened])), who: .bureau)
        let history = History().at("2025-12-01 09:00").adopted("one", digest: .zero, from: "2026-02-01")
        let found = try Self.evaluate(history, Fixture.span(Fixture.text("one", duty), from: "2026-02-01"))
        #expect(found.first?.lastDay == Fixture.day("2026-03-03"))
    }

    @Test("a turn is asked by the version of the day on which it begins: none goes on after the text's last day")
    func turnsOfVersions() throws {
        let adopted = History().at("2026-01-01 09:00").adopted("one", digest: .zero, from: "2026-01-01")
        let done = adopted.at("2026-01-20 09:00").told(.backupMade, in: "bureau")
            .at("2026-02-10 09:00").told(.backupMade, in: "bureau")
        let ended = try Self.evaluate(
            done, Fixture.span(Self.turn("one"), from: "2026-01-01", until: "2026-02-01"))
        #expect(ended.map(\.key.subject.description) == ["period.2026-01-01", "period.2026-01-20"])
        #expect(ended.map(\.state) == [.met, .met])
        // The next version begins its own with its own adoption, and the same day is one turn.
        let again = adopted.at("2026-02-01 08:00").adopted("one", digest: .zero, from: "2026-02-01")
            .at("2026-02-10 09:00").told(.backupMade, in: "bureau")
        let both = try Self.evaluate(
            again, Fixture.span(Self.turn("one"), from: "2026-01-01", until: "2026-02-01"),
            Fixture.span(Self.turn("one", version: 2), from: "2026-02-01"))
        #expect(
            both.map(\.key.subject.description) == ["period.2026-01-01", "period.2026-02-01", "period.2026-02-10"])
        #expect(both.map(\.parts.count) == [1, 1, 1])
        #expect(both.map(\.state) == [.metLate, .met, .open])
    }

    @Test("turns of several texts are one obligation only where they begin on one day")
    func turnsOfTexts() throws {
        let history = History().at("2026-01-01 09:00").adopted("one", digest: .zero, from: "2026-01-01")
            .at("2026-01-10 09:00").adopted("two", digest: .zero, from: "2026-01-10")
            .at("2026-01-20 09:00").told(.backupMade, in: "bureau")
        func of(_ id: String) -> Regulation {
            var text = Self.turn(id)
            text.provisions[0].duties[0].trigger = Pattern(
                [.regulationAdopted], where: [Condition(Path(.own, ["regulation"]), .isOne(of: [id]))])
            return text
        }
        let found = try Self.evaluate(history, Fixture.span(of("one")), Fixture.span(of("two")))
        #expect(
            found.map(\.key.subject.description) == ["period.2026-01-01", "period.2026-01-10", "period.2026-01-20"])
        #expect(found.map { $0.parts.map(\.citation.provision) } == [["one:1"], ["two:1"], ["one:1", "two:1"]])
    }

    @Test("two turns that begin on one day have two names")
    func oneDay() throws {
        let history = History().at("2026-01-01 09:00").adopted("one", digest: .zero, from: "2026-01-01")
            .at("2026-01-01 10:00").told(.backupMade, in: "bureau").at("2026-01-01 11:00").told(
                .backupMade, in: "bureau")
        let found = try Self.evaluate(history, Fixture.span(Self.turn("one")))
        #expect(
            found.map(\.key.subject.description)
                == ["period.2026-01-01", "period.2026-01-01.2", "period.2026-01-01.3"])
    }
}

import Casework
import Kernel
import TestKit
import Testing

@Suite("Permissions, levels of audio-video, figures, offices, what stood before")
struct GrantTests {
    static func text(_ id: String, duties: [Duty] = [], allows: [Allowance] = [], figures: [Figure] = []) -> Regulation
    {
        Regulation(
            id: id, version: 1, title: id, short: id, issuer: "示例",
            offices: [
                OfficeDeclaration(
                    name: "approver", title: "批准人", standard: "agencyHead", choices: ["agencyHead", "unitHead"],
                    source: "示例")
            ],
            provisions: [
                Provision(
                    id: "\(id):1", article: "第一条", modality: .may, kind: .record, summary: "示例", duties: duties,
                    allows: allows, figures: figures)
            ])
    }

    static func evaluate(_ history: History, _ texts: [Regulation], settings: Settings = Settings()) throws
        -> Evaluation
    {
        let rules = try RulesInForce(
            spans: texts.map { Fixture.span($0) },
            matters: ["visit": Matter(id: "visit", title: "某次活动", per: .activity)],
            kinds: [:])
        return Evaluator.evaluate(
            history: history.records, rules: rules, calendar: Loaded.calendar, settings: settings)
    }

    static func began(_ kind: String) -> History {
        History().at("2026-03-02 09:00").told(
            .activityBegan, [.init("activity", "a1"), .init("kind", .string(kind))])
    }

    static func allowing(_ kind: String, _ level: AVLevel) -> Allowance {
        Allowance(
            matter: "visit", what: "可以录像",
            when: Pattern([.activityBegan], where: [Condition(Path(.own, ["kind"]), .isOne(of: [kind]))]), level: level)
    }

    @Test("a permission covers what it names, nothing else, and the strictest level of all texts holds")
    func grants() throws {
        let one = Self.text("one", allows: [Self.allowing("questioning", .optional)])
        let two = Self.text("two", allows: [Self.allowing("questioning", .ifNeeded)])
        let found = try Self.evaluate(Self.began("questioning"), [one, two])
        #expect(found.grants.map(\.citation.provision) == ["one:1", "two:1"])
        #expect(found.media.map(\.level) == [.ifNeeded])
        #expect(found.media.first?.citations.map(\.provision) == ["two:1"])
        #expect(try Self.evaluate(Self.began("hearing"), [one, two]).grants.isEmpty)
    }

    @Test("a duty to record beats every permission; an exemption leaves the level to the others")
    func mandatory() throws {
        let duty = Duty(
            matter: "visit", demand: "录像", trigger: Pattern([.activityBegan]),
            requirement: .record(RecordRequirement(Pattern([.recordingLinked]))), who: .officer, level: .mandatory)
        let found = try Self.evaluate(
            Self.began("questioning"),
            [Self.text("one", duties: [duty]), Self.text("two", allows: [Self.allowing("questioning", .optional)])])
        #expect(found.media.map(\.level) == [.mandatory])
    }

    @Test("figures count records, different values, and obligations by where they stand")
    func figures() throws {
        let kinds = Figure(
            name: "kinds", title: "活动种类",
            counts: .records(Pattern([.activityBegan]), distinct: Path(.own, ["kind"])),
            outOf: .records(Pattern([.activityBegan]), distinct: nil))
        let duty = Duty(
            matter: "visit", demand: "结束", trigger: Pattern([.activityBegan]),
            requirement: .record(RecordRequirement(Pattern([.activityEnded]))), who: .officer)
        let ended = Figure(
            name: "ended", title: "已结束", counts: .obligations(["visit"], standing: [.met]),
            outOf: .obligations(["visit"], standing: []))
        let history = Self.began("questioning").told(
            .activityBegan, [.init("activity", "a2"), .init("kind", "hearing")]
        )
        .told(.activityBegan, [.init("activity", "a3"), .init("kind", "hearing")])
        .told(.activityEnded, [.init("activity", "a2")])
        let found = try Self.evaluate(history, [Self.text("one", duties: [duty], figures: [kinds, ended])])
        #expect(found.figures.map(\.count) == [2, 1])
        #expect(found.figures.map(\.outOf) == [3, 3])
    }

    @Test("an office is whom the bureau chose, if that is a choice; else the default")
    func offices() throws {
        let duty = Duty(
            matter: "visit", demand: "批准", trigger: Pattern([.activityBegan]),
            requirement: .record(
                RecordRequirement(
                    Pattern([.avExempted], where: [Condition(Path(.own, ["approverRole"]), .office("approver"))]))),
            who: .officer)
        let history = Self.began("questioning").told(
            .avExempted, [.init("activity", "a1"), .init("approverRole", "unitHead")])
        for (chosen, state) in [("unitHead", ObligationRow.State.met), ("agencyHead", .open), ("officer", .open)] {
            let found = try Self.evaluate(
                history, [Self.text("one", duties: [duty])], settings: Settings(offices: ["approver": chosen]))
            #expect(found.obligations.map(\.state) == [state], "\(chosen)")
        }
    }

    @Test("of what stood before, the last counts alone: an approval for another officer since then is no approval")
    func latest() throws {
        let duty = Duty(
            matter: "visit", demand: "批准", trigger: Pattern([.recorderIssued]),
            requirement: .record(
                RecordRequirement(
                    Pattern(
                        [.recorderApproved],
                        where: [Condition(Path(.own, ["officer"]), .among([Path(.trigger, ["officer"])]))]),
                    tie: .same(.recorder), latest: true)),
            gate: Gate(.hard, refuses: [Pattern([.recorderIssued])]), who: .departmentHead)
        let rules = try RulesInForce(
            spans: [Fixture.span(Self.text("one", duties: [duty]))],
            matters: ["visit": Matter(id: "visit", title: "领用", per: .record)], kinds: [:])
        func verdict(_ approvals: [(device: String, officer: String)]) -> Bool {
            var history = History().at("2026-03-02 09:00")
            for one in approvals {
                history = history.told(
                    .recorderApproved, in: one.device, [.init("officer", .string(Names.id(one.officer)))])
            }
            let all = history.told(.recorderIssued, in: "d1", [.init("officer", .string(Names.id("甲")))]).records
            return Evaluator.judge(
                step: [all[all.count - 1]], history: Array(all.dropLast()), rules: rules, calendar: Loaded.calendar
            ).isAllowed
        }
        #expect(verdict([("d1", "甲")]))
        #expect(!verdict([]))
        #expect(!verdict([("d2", "甲")]))
        #expect(!verdict([("d1", "甲"), ("d1", "乙")]))
        #expect(verdict([("d1", "乙"), ("d1", "甲"), ("d2", "乙")]))
    }

    @Test("a share is rounded up and is at least one")
    func share() throws {
        let duty = Duty(
            matter: "visit", demand: "人数", trigger: Pattern([.staffingCounted]),
            requirement: .record(
                RecordRequirement(
                    Pattern(
                        [.staffingCounted],
                        where: [
                            Condition(
                                Path(.own, ["reviewers"]), .share(percent: 5, of: Path(.own, ["officers"]), with: nil))
                        ]),
                    tie: .itself)), who: .bureau)
        let rules = try RulesInForce(
            spans: [Fixture.span(Self.text("one", duties: [duty]))],
            matters: ["visit": Matter(id: "visit", title: "人数", per: .record)], kinds: [:])
        for (officers, reviewers, met) in [
            (12, 1, true), (12, 0, false), (20, 1, true), (21, 1, false), (21, 2, true), (0, 0, false),
        ] {
            let history = History().at("2026-03-02 09:00").told(
                .staffingCounted, in: "bureau",
                [.init("officers", .integer(Int64(officers))), .init("reviewers", .integer(Int64(reviewers)))])
            let found = Evaluator.evaluate(history: history.records, rules: rules, calendar: Loaded.calendar)
            #expect(found.obligations.map(\.state) == [met ? .met : .open], "\(officers) \(reviewers)")
        }
    }
}

import Casework
import Kernel
import TestKit
import Testing

@Suite("Joining duties of several texts (design invariant 9)")
struct JoiningTests {
    static let days = Term(.days(2), from: [.happened])
    static let hours = Term(.hours(24), from: [.happened])

    static let one = Fixture.text(
        "one", Fixture.finding(within: hours, gate: Gate(.close, refuses: [Pattern([.caseFiled])])))
    static let two = Fixture.text(
        "two",
        Fixture.finding(
            within: days, gate: Gate(.pre, refuses: [Fixture.endsCase], overridableBy: [.agencyHead]),
            fields: ["summary"]))
    static let three = Fixture.text(
        "three", standing: .parentLaw, Fixture.finding(gate: Gate(.hard, refuses: [Fixture.endsCase])))

    static func obligation(_ history: History, _ texts: Regulation...) throws -> Obligation {
        var spans: [RulesInForce.Span] = []
        for text in texts { spans.append(Fixture.span(text)) }
        let rules = try RulesInForce(
            spans: spans, matters: ["thing": Matter(id: "thing", title: "某事", per: .caseFile)], kinds: [:])
        let found = Evaluator.evaluate(history: history.records, rules: rules, calendar: Loaded.calendar).obligations
        #expect(found.count == 1)
        return try #require(found.first)
    }

    static let opened = History().at("2026-03-02 09:00").opened(kind: "inspection")

    @Test("due is the earlier instant, the gate the stricter, and every source is shown")
    func strictest() throws {
        let joined = try Self.obligation(Self.opened, Self.one, Self.two, Self.three)
        #expect(joined.due == Fixture.instant("2026-03-03 09:00"))
        #expect(joined.gate == .hard)
        #expect(joined.citations.map(\.provision) == ["one:1", "three:1", "two:1"])
        #expect(joined.citations.filter(\.isParentLaw).map(\.provision) == ["three:1"])
        #expect(joined.state == .open)
    }

    @Test("the order and the repetition of texts do not matter")
    func commutative() throws {
        let texts = [Self.one, Self.two, Self.three]
        let history = Self.opened.finding("nothingFound")
        let reference = try Self.obligation(history, Self.one, Self.two, Self.three)
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let joined = try Self.obligation(history, texts[order[0]], texts[order[1]], texts[order[2]])
            #expect(joined == reference)
        }
        let parts = reference.parts
        #expect(Obligation(key: reference.key, title: reference.title, parts: parts + parts) == reference)
        #expect(Obligation(key: reference.key, title: reference.title, parts: parts.reversed()) == reference)
    }

    @Test("joining in two goes is joining at once")
    func associative() throws {
        let reference = try Self.obligation(Self.opened, Self.one, Self.two, Self.three)
        let some = Obligation(key: reference.key, title: reference.title, parts: Array(reference.parts.prefix(2)))
        let rest = Obligation(key: reference.key, title: reference.title, parts: Array(reference.parts.suffix(2)))
        #expect(Obligation(key: reference.key, title: reference.title, parts: some.parts + rest.parts) == reference)
    }

    @Test("the union is asked: met for one text, open for the other, then open as a whole")
    func union() throws {
        let bare = Self.opened.record(.findingRecorded, as: "finding", plain: [.init("outcome", "nothingFound")])
        let joined = try Self.obligation(bare, Self.one, Self.two)
        #expect(joined.parts.map(\.state) == [.met, .open])
        #expect(joined.state == .open)
        #expect(joined.missing.map(\.sentence) == ["“记录检查结果”没有写明summary"])
        #expect(joined.due == Instant(startOf: Fixture.day("2026-03-05")).advanced(byMilliseconds: -1))
    }

    @Test("late for one text is late as a whole; no text that was kept is called broken")
    func late() throws {
        let history = Self.opened.at("2026-03-03 12:00").finding("nothingFound")
        let joined = try Self.obligation(history, Self.one, Self.two)
        #expect(joined.parts.map(\.state) == [.metLate, .met])
        #expect(joined.state == .metLate)
        #expect(try Self.obligation(history, Self.two).state == .met)
    }

    @Test("an excuse under one text does not excuse under another")
    func excused() throws {
        let lenient = Fixture.text("lenient", Fixture.finding(excuses: [Pattern([.caseHandlersChanged])]))
        let history = Self.opened.record(.caseHandlersChanged, as: "change")
        #expect(try Self.obligation(history, lenient).state == .excused)
        #expect(try Self.obligation(history, lenient, Self.one).state == .open)
    }

    @Test("a refusal joins what all texts miss, and names who may override only if all allow it")
    func refusals() throws {
        let rules = try Fixture.rules(Fixture.span(Self.two))
        let joint = try Fixture.rules(Fixture.span(Self.two), Fixture.span(Self.three))
        let (history, step) = Self.opened.ended("nothingFound").proposing("ended")
        let soft = Evaluator.judge(step: step, history: history, rules: rules, calendar: Loaded.calendar)
        #expect(soft.refusals.map(\.overridableBy) == [[.agencyHead]])
        let hard = Evaluator.judge(step: step, history: history, rules: joint, calendar: Loaded.calendar)
        #expect(hard.refusals.count == 1)
        #expect(hard.refusals.first?.gate == .hard)
        #expect(hard.refusals.first?.overridableBy == [])
        #expect(hard.refusals.first?.citations.map(\.provision) == ["three:1", "two:1"])
    }
}

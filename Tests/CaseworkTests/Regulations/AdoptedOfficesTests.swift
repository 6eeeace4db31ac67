import Casework
import Kernel
import TestKit
import Testing

@Suite("Approver and custodian as the bureau chose them (design invariant 9)")
struct AdoptedOfficesTests {
    static let office = OfficeDeclaration(
        name: "starter", title: "批准人", standard: "agencyHead", choices: ["agencyHead", "departmentHead"], source: "示例",
        adopted: .approver)

    /// A text whose first duty its custodian has to meet, its second the holder of an office.
    static func text(_ office: OfficeDeclaration = office) -> Regulation {
        var approval = Fixture.finding(gate: Gate(.hard, refuses: [Fixture.endsCase]), who: .agencyHead)
        approval.office = office.name
        var text = Fixture.text(
            "text", Fixture.finding(gate: Gate(.hard, refuses: [Fixture.endsCase]), who: .custodian), approval)
        text.offices = [office]
        return text
    }

    static func span(_ chosen: AdoptedOffices, _ text: Regulation = text()) -> RulesInForce.Span {
        RulesInForce.Span(
            regulation: text, digest: Fixture.digest("text", 1), from: Fixture.day("2020-01-01"), chosen: chosen)
    }

    static func who(_ rules: RulesInForce, _ settings: Settings = Settings()) -> [DutyHolder] {
        Evaluator.evaluate(
            history: History().opened().records, rules: rules, calendar: Loaded.calendar, settings: settings
        ).obligations.flatMap(\.parts).map(\.who)
    }

    @Test("where nobody chose, the text's own words and the office's default hold")
    func none() throws {
        #expect(Self.who(try Fixture.rules(Self.span(.none))) == [.custodian, .agencyHead])
    }

    @Test("the custodian is whom the bureau chose to keep its records, and an office whom it chose to approve")
    func chosen() throws {
        let rules = try Fixture.rules(Self.span(AdoptedOffices(approver: .departmentHead, custodian: .unitHead)))
        #expect(Self.who(rules) == [.unitHead, .departmentHead])
        let history = History().opened().records
        let step = History().opened().ended("performed").records.suffix(1)
        let refusals = Evaluator.judge(
            step: Array(step), history: history, rules: rules, calendar: Loaded.calendar
        ).refusals
        #expect(refusals.map(\.suppliers) == ["承办机构负责人、本部门负责人"])
    }

    @Test(
        "what the bureau sets for the office itself goes before its choice on adoption; who is none of the choices holds nothing"
    )
    func settings() throws {
        let rules = try Fixture.rules(Self.span(AdoptedOffices(approver: .departmentHead)))
        let set = Settings(offices: ["starter": "agencyHead"])
        #expect(Self.who(rules, set) == [.custodian, .agencyHead])
        let other = try Fixture.rules(Self.span(AdoptedOffices(approver: .legalReviewer)))
        #expect(Self.who(other) == [.custodian, .agencyHead])
        // An office that adoption does not fill, and one held by a place for a signature that is no duty holder.
        var apart = Self.office
        apart.adopted = nil
        #expect(
            Self.who(try Fixture.rules(Self.span(AdoptedOffices(approver: .departmentHead), Self.text(apart))))
                == [.custodian, .agencyHead])
        var place = Self.office
        place.standard = "handlingUnit"
        place.choices = ["handlingUnit", "agencyHead"]
        #expect(Self.who(try Fixture.rules(Self.span(.none, Self.text(place)))) == [.custodian, .agencyHead])
    }

    // MARK: entries of the bureau

    static func rules(_ history: History) throws -> RulesInForce {
        let library = RuleLibrary(
            regulations: [1, 2].map {
                LoadedRegulation(regulation: text(), digest: Fixture.digest("text", $0), file: "\($0).yaml")
            }, matters: ["thing": Matter(id: "thing", title: "某事", per: .caseFile)])
        return try RulesInForce(bureau: history.records, library: library)
    }

    static func founded() -> History {
        History().adopted("text", digest: Fixture.digest("text", 1), from: "2020-01-01")
    }

    static func choice(_ type: EntryType, _ members: [JSON.Member]) -> History {
        founded().record(type, as: "choice", plain: [.init("regulation", "text")] + members)
    }

    @Test("the choice is read from the adoption's entry, from the head's confirmation, and stays through a repair")
    func entries() throws {
        #expect(Self.who(try Self.rules(Self.founded())) == [.custodian, .agencyHead])
        let members: [JSON.Member] = [
            .init("approver", "departmentHead"), .init("custodian", "legalReviewer"),
            .init("digest", .string(Fixture.digest("text", 1).description)),
        ]
        let confirmed = Self.choice(.regulationConfirmed, members)
        #expect(Self.who(try Self.rules(confirmed)) == [.legalReviewer, .departmentHead])
        let repaired = confirmed.record(
            .regulationRepaired, as: "repair",
            plain: [
                .init("regulation", "text"), .init("digest", .string(Fixture.digest("text", 2).description)),
                .init("replaces", .string(Fixture.digest("text", 1).description)),
            ])
        #expect(Self.who(try Self.rules(repaired)) == [.legalReviewer, .departmentHead])
        let adopted = History().record(
            .regulationAdopted, as: "adoption",
            plain: [.init("regulation", "text"), .init("inForceFrom", "2020-01-01")] + members)
        #expect(Self.who(try Self.rules(adopted)) == [.legalReviewer, .departmentHead])
        let repealed = adopted.record(
            .regulationRepealed, as: "repeal",
            plain: [.init("regulation", "text"), .init("lastDay", "2026-12-31")])
        #expect(Self.who(try Self.rules(repealed)) == [.legalReviewer, .departmentHead])
    }
}

import Application
import Casework
import Rulebook
import TestKit
import Testing

@testable import Web

/// What the product says that its pages record is true of its pages.
@Suite("Reach of pages")
struct ReachPageTests {
    private static let list = Result { try ReachList.read("\(Project.root)/Regulations/reach.yaml") }

    @Test("every page of the list is a route, and every step with a form says what it records")
    func places() async throws {
        let world = try await WebWorld()
        let routes = Set(
            WebApplication.routeTable(world.services).split(separator: "\n").map { line in
                line.prefix { $0 != "[" }.split(separator: " ").joined(separator: " ")
            })
        let pages = try Self.list.get().lines.filter { $0.way == .page }
        #expect(!pages.isEmpty)
        for line in pages { #expect(routes.contains(line.place), "\(line.place)") }
        for step in PageReach.all { #expect(!step.records.isEmpty, "\(step.step) records nothing") }
        let steps = Set(StepForm.all.map(\.name))
        for name in PageReach.byName.keys { #expect(steps.contains(name), "no form \(name)") }
    }

    @Test("an activity is offered as what the rows name, and as a coercive measure only where a law gives the power")
    func activities() async throws {
        for (world, hasPower) in [(try await WebWorld(), true), (try await WalkTests.world(), false)] {
            try await world.serve { browser in
                let officer = try await browser.signedIn("officer")
                let thread = try await officer.inspection(in: world)
                let page = try await officer.get(officer.address.step("activity", in: thread)).body
                for kind in ["acceptance", "telephoneReport", "nonCooperation"] {
                    #expect(page.contains("value=\"\(kind)\""), "\(kind) is not offered")
                }
                #expect(page.contains("value=\"coerciveMeasure\"") == hasPower)
            }
        }
    }

    @Test("whatever was recorded by walking through pages is on the list of what pages record; cases are judged")
    func recorded() async throws {
        let world = try await WalkTests.world()
        let thread = try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            return try await walk.inspect()
        }
        let told = Set(try Self.list.get().lines.filter { $0.way == .page }.flatMap(\.offer.records))
            .union(PageReach.all.flatMap(\.records))
        let view = try await world.office.casebook.load(thread)
        let types = Set(view.history.map(\.type))
        #expect(types.count > 5 && types.subtracting(told).isEmpty, "\(types.subtracting(told))")
        #expect(try Self.list.get().judged.contains(.caseFile))
        #expect(!(try await world.registers.obligations(of: thread)).isEmpty)
    }
}

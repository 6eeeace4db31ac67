import Application
import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Web

/// What an officer leaves is handed over with a record: leads and requests beside cases.
@Suite("Leads and requests handed over when an officer leaves")
struct HandOverTests {
    private static let secret: Fields = ["secret": WebWorld.secret]

    @Test(
        "a lead goes to whom the head names: the successor works on it, the other sees it no more, nothing is left open"
    )
    func leads() async throws {
        let world = try await WalkTests.world()
        try await world.register(
            ThreadTag(high: 2, low: 97), name: "外人", roles: [.officer], account: "other", certificate: "统执2026097")
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let unit = try await browser.signedIn("unithead")
            let admin = try await browser.signedIn("administrator")
            let lin = try await browser.signedIn("lin")
            let address = browser.address
            let person = try #require(world.people[.officer]?.thread)
            let successor = ThreadTag(high: 2, low: 99)
            let opened = try await officer.carryOut(
                address.newLead(.complaint),
                [
                    "channel": "telephone", "isRealName": "no", "content": "反映该厂虚报产值。", "target": "清禾县星河纸品厂（演示）",
                ])
            let lead = try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
            let casebook = world.office.casebook
            #expect(try await casebook.openWork(of: person).leads == 1)
            let leaving = try await admin.get("\(address.person(person))/close").body
            #expect(leaving.contains("有 1 条线索没有办结") && !leaving.contains("虚报产值"))
            let path = "\(address.lead(lead))/steps/hand-over"
            // Who works on a lead hands nothing over by themselves.
            let refused = try await officer.submit(path, ["handlers": successor.description, "reason": "调离。"])
            #expect(refused.status == 422)
            let nobody = try await unit.submit(path, ["reason": "调离。"])
            #expect(nobody.status == 422 && nobody.body.contains("#f-handlers"))
            try await unit.carryOut(path, ["handlers": successor.description, "reason": "经办人调离。"])
            let file = try await casebook.loadLead(lead).file
            #expect(file.handlers == [successor])
            #expect(try await casebook.openWork(of: person).leads == 0)
            #expect(try await casebook.openWork(of: successor).leads == 1)
            let page = try await lin.get(address.lead(lead)).body
            #expect(page.contains("移交线索") && page.contains("经办人调离。"))
            // The reporter's words are the successor's to look at, and the other's no more.
            let view = try await casebook.loadLead(lead)
            #expect(view.viewRight(of: try #require(try await world.registers.person(successor))) == "handler")
            #expect(view.viewRight(of: try #require(world.people[.officer])) == nil)
        }
    }

    @Test("nobody without an account in use takes over")
    func successors() async throws {
        let world = try await WalkTests.world()
        var gone = try #require(world.people[.officer])
        #expect(RecordedInput.Persons.successors.includes(gone, in: nil))
        for state in [PersonRow.AccountState.closed] {
            gone.accountState = state
            #expect(!RecordedInput.Persons.successors.includes(gone, in: nil))
        }
        gone.accountState = .open
        gone.roles = [.custodian]
        #expect(!RecordedInput.Persons.successors.includes(gone, in: nil))
    }
}

import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Rulebook
import TestKit
import Testing

@testable import Web

/// Roles and accounts that a second person confirms, through the pages.
@Suite("What waits for a second person")
struct SecondsPageTests {
    /// A bureau at work: its head stands by a text.
    static func world(unadopted: [LoadedCalendar] = []) async throws -> WebWorld {
        let world = try await WebWorld(library: try InstalledRules.library, unadopted: unadopted)
        let head = try #require(world.people[.agencyHead])
        let performer = Performer(
            person: head, confirmation: SecretConfirmation(demonstrationOf: head.thread, in: world.store))
        for span in try await world.office.casebook.chambers.law().rules.spans {
            _ = try await world.office.casebook.confirmRegulation(
                span.digest, approver: .agencyHead, custodian: .custodian, reason: "局务会", command: .random(),
                by: performer)
        }
        return world
    }

    @Test("a role that decides is prepared by the administrator and given by the head; both see where it stands")
    func roles() async throws {
        let world = try await Self.world()
        let officer = try #require(world.people[.officer]?.thread)
        try await world.serve { browser in
            let address = browser.address
            let admin = try await browser.signedIn("administrator")
            let led = try await admin.carryOut(
                address.personRoles(officer),
                (["reason": "统党组〔2026〕9号", "secret": WebWorld.secret] as Fields).adding("roles", "officer")
                    .adding("roles", "legalReviewer"))
            #expect(try await admin.get(led).body.contains("等第二人（行政机关负责人）确认后生效"))
            #expect(try await world.registers.person(officer)?.roles == [.officer])
            #expect(try await admin.get(address.seconds).body.contains("撤回"))
            let proposal = try #require(try await world.office.casebook.chambers.upkeep().roleProposals.first)
            let path = address.roleChange(proposal.seq)
            // What waits stands where the person does: by whom, since when, and the way to take it back.
            let page = try await admin.get(address.person(officer)).body
            for text in [
                "等待确认：法制审查人员", "等待确认：增加法制审查人员", "何管理于\(proposal.proposedAt.chinese)拟定", "统党组〔2026〕9号", "撤回",
                path,
            ] { #expect(page.contains(text), "\(text)") }
            #expect(try await admin.get(address.people).body.contains("等待确认：法制审查人员"))
            let bystander = try #require(world.people[.custodian]?.thread)
            #expect(try await !admin.get(address.person(bystander)).body.contains("等待确认"))

            let head = try await browser.signedIn("agencyhead")
            #expect(try await head.get(address.notices).body.contains("1 项人员、账号和设置事项等您确认"))
            #expect(try await head.get(address.home).body.contains("等您确认的人员、账号和设置"))
            let list = try await head.get(address.seconds).body
            #expect(list.contains("增加法制审查人员") && list.contains("统党组〔2026〕9号") && list.contains("何管理"))
            let other = try await browser.signedIn("lin")
            #expect(try await other.get(address.seconds).body.contains("没有等您确认的事项"))
            #expect(try await other.get(path).status == 404)
            let open = try await head.submit(path, ["secret": WebWorld.secret])
            #expect(open.status == 422 && open.body.contains("请选择决定"))
            let wrong = try await head.submit(path, ["decision": "confirm", "secret": "wrong"])
            #expect(wrong.status == 422 && wrong.body.contains("密码不对"))
            #expect(try await world.registers.person(officer)?.roles == [.officer])

            var form = try #require(PageForm(in: try await head.get(path).body, action: path))
            form.fill(["decision": "confirm", "secret": WebWorld.secret])
            for _ in 0..<2 { #expect(try await head.send(.post, path, body: form.body).status == 303) }
            #expect(try await world.registers.person(officer).map { Set($0.roles) } == [.officer, .legalReviewer])
            #expect(try await head.get(path).status == 404)
            #expect(try await !admin.get(address.person(officer)).body.contains("等待确认"))
            #expect(try await !admin.get(address.people).body.contains("等待确认"))
        }
    }

    @Test("a head whom a text in force waits for is led to it at sign-in, whatever else waits")
    func unconfirmed() async throws {
        let world = try await WebWorld(library: try InstalledRules.library)
        try await world.serve { browser in
            let page = try await browser.get(browser.address.signIn)
            var fresh = browser
            fresh.cookie = page.cookie
            let token = try #require(page.hidden(ForgeryGuard.field))
            let fields: Fields = [
                ForgeryGuard.field: token, SignInPage.nameField: "agencyhead", SignInPage.secretField: WebWorld.secret,
            ]
            let answer = try await fresh.post(browser.address.signIn, fields)
            #expect(answer.status == 303 && answer.location == browser.address.notices)
            fresh.cookie = answer.cookie
            #expect(try await fresh.get(browser.address.notices).body.contains("2 项制度事项等您确认"))
        }
    }

    @Test("the administrator takes a prepared change back, and the head turns one down, each with a reason")
    func declined() async throws {
        let world = try await Self.world()
        let officer = try #require(world.people[.officer]?.thread)
        try await world.serve { browser in
            let admin = try await browser.signedIn("administrator")
            let head = try await browser.signedIn("agencyhead")
            let declining: Fields = ["decision": "decline", "secret": WebWorld.secret]
            for (person, values) in [(admin, Fields()), (head, declining)] {
                try await admin.carryOut(
                    browser.address.personRoles(officer),
                    ["roles": "custodian", "reason": "任命", "secret": WebWorld.secret])
                let proposal = try #require(try await world.office.casebook.chambers.upkeep().roleProposals.first)
                let path = browser.address.roleChange(proposal.seq)
                #expect(try await person.submit(path, values).status == 422)
                try await person.carryOut(path, values.adding("reason", "人选不妥"))
                #expect(try await world.office.casebook.chambers.upkeep().roleProposals.isEmpty)
                #expect(try await world.registers.person(officer)?.roles == [.officer])
            }
        }
    }

    @Test("a reset account that decides reads and approves nothing until the head has asked its person")
    func account() async throws {
        let world = try await Self.world()
        let reviewer = try #require(world.people[.legalReviewer]?.thread)
        try await world.serve { browser in
            let address = browser.address
            let admin = try await browser.signedIn("administrator")
            let reset = try await admin.submit(
                address.personReset(reviewer), ["reason": "忘记密码", "secret": WebWorld.secret])
            let once = try #require(
                reset.body.components(separatedBy: "<code class=\"secret\">").dropFirst().first?
                    .components(separatedBy: "</code>").first)
            let own = try await browser.signedIn("legalreviewer", secret: once)
            let token = try #require(try await own.get(address.account).hidden(ForgeryGuard.field))
            let changed = try await own.post(
                address.account,
                [ForgeryGuard.field: token, "current": once, "new": "my own phrase 7", "again": "my own phrase 7"])
            #expect(changed.status == 200 && changed.body.contains("账号等待第二人核实"))
            #expect(try await world.registers.person(reviewer)?.accountState == .waiting)
            let reviewed = try await browser.signedIn("legalreviewer", secret: "my own phrase 7")
            #expect(try await reviewed.get(address.cases).status == 200)
            #expect(try await reviewed.get(address.notices).body.contains("的密码被重置过"))

            let path = address.vouching(for: reviewer)
            #expect(try await admin.get(path).status == 404)
            #expect(try await reviewed.get(path).status == 404)
            let head = try await browser.signedIn("agencyhead")
            let untold = try await head.submit(path, ["secret": WebWorld.secret])
            #expect(untold.status == 422 && untold.body.contains("请先当面核实"))
            try await head.carryOut(path, ["seen": "yes", "secret": WebWorld.secret])
            #expect(try await world.registers.person(reviewer)?.accountState == .open)
            #expect(try await !reviewed.get(address.account).body.contains("账号等待第二人核实"))
        }
    }
}

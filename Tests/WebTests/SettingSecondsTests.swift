import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Rulebook
import TestKit
import Testing

@testable import Web

/// Settings, public holidays and newcomers' accounts that a second person confirms, through the pages.
@Suite("Settings and newcomers that wait for a second person, through the pages")
struct SettingSecondsTests {
    private static let secret: Fields = ["secret": WebWorld.secret]

    @Test(
        "who approves is prepared with a reason, shown with old and new, confirmed by the head, and told to everybody")
    func approver() async throws {
        let world = try await SecondsPageTests.world()
        let chambers = world.office.casebook.chambers
        let law = try await chambers.law()
        let today = world.clock.now().day
        let office = try #require(law.rules.declaredOffices(on: today).first { $0.choices.contains("handlingUnit") })
        @Sendable func holder() async throws -> String {
            let law = try await chambers.law()
            return law.rules.holder(of: office, law.settings, on: today)
        }
        let old = try await holder()
        world.clock.advance(minutes: 1)
        try await world.serve { browser in
            let address = browser.address
            let admin = try await browser.signedIn("administrator")
            let values: Fields = ["office.\(office.name)": "handlingUnit", "secret": WebWorld.secret]
            let unfounded = try await admin.submit(address.settings, values)
            #expect(unfounded.status == 422 && unfounded.body.contains("请填写理由或者文号"))
            let led = try await admin.carryOut(address.settings, values.adding("reason", "局务会〔2026〕3号"))
            let page = try await admin.get(led).body
            for text in ["已提交，等第二人（行政机关负责人）确认后生效", "等待确认：\(office.title)", "局务会〔2026〕3号", "仍按现在的办理"] {
                #expect(page.contains(text), "\(text)")
            }
            #expect(try await holder() == old)
            let proposal = try #require(try await chambers.upkeep().settingProposals.first)
            let path = address.settingChange(proposal.seq)
            #expect(try await admin.get(address.setup).body.contains("1 项拟定的设置或者放假安排等第二人确认"))
            #expect(try await admin.get(path).body.contains("撤回拟定的变更"))
            let officer = try await browser.signedIn("lin")
            #expect(try await officer.get(path).status == 404)

            let head = try await browser.signedIn("agencyhead")
            #expect(try await head.get(address.notices).body.contains("1 项人员、账号和设置事项等您确认"))
            #expect(try await head.get(address.seconds).body.contains(OfficeChoice.chinese(old)))
            let shown = try await head.get(path).body
            for text in [office.title, OfficeChoice.chinese(old), "<b>承办机构负责人</b>", "局务会〔2026〕3号", "何管理"] {
                #expect(shown.contains(text), "\(text)")
            }
            let open = try await head.submit(path, Self.secret)
            #expect(open.status == 422 && open.body.contains("请选择决定"))
            let wrong = try await head.submit(path, ["decision": "confirm", "secret": "wrong"])
            #expect(wrong.status == 422 && wrong.body.contains("密码不对"))
            #expect(try await holder() == old)
            var form = try #require(PageForm(in: shown, action: path))
            form.fill(["decision": "confirm", "secret": WebWorld.secret])
            for _ in 0..<2 { #expect(try await head.send(.post, path, body: form.body).status == 303) }
            #expect(try await holder() == "handlingUnit")
            #expect(try await head.get(path).status == 404)
            let told = try await officer.get(address.notices).body
            for text in ["机关设置或者放假安排有变化", "\(office.title)：\(OfficeChoice.chinese(old)) → 承办机构负责人", "何管理拟定"] {
                #expect(told.contains(text), "\(text)")
            }
            let history = try await admin.get(address.settings).body
            #expect(!history.contains("等待确认：") && history.contains("拟定设置变更"))
        }
    }

    @Test(
        "the superior waits with the reason; a change that is turned down is told to who prepared it, with the reason")
    func declined() async throws {
        let world = try await SecondsPageTests.world()
        let chambers = world.office.casebook.chambers
        world.clock.advance(minutes: 1)
        try await world.serve { browser in
            let address = browser.address
            let admin = try await browser.signedIn("administrator")
            let superior = try await chambers.profile().superior
            let silent = try await admin.submit(address.settings, Self.secret.adding("superior", "示例市统计局"))
            #expect(silent.status == 422 && silent.body.contains("请填写理由或者文号"))
            let led = try await admin.carryOut(
                address.settings, Self.secret.adding("superior", "示例市统计局").adding("reason", "隶属关系调整"))
            let waiting = try await admin.get(led).body
            #expect(waiting.contains("等待确认：上级机关：") && waiting.contains("→ 示例市统计局"))
            #expect(try await chambers.profile().superior == superior)
            let first = try #require(try await chambers.upkeep().settingProposals.first)
            try await browser.signedIn("agencyhead").carryOut(
                address.settingChange(first.seq), Self.secret.adding("decision", "confirm"))
            #expect(try await chambers.profile().superior == "示例市统计局")
            let law = try await chambers.law()
            let number = try #require(
                law.rules.declaredSettings(on: world.clock.now().day).first { $0.range.count > 1 })
            let other = number.standard == number.range.upperBound ? number.range.lowerBound : number.range.upperBound
            try await admin.carryOut(
                address.settings, ["setting.\(number.name)": "\(other)", "secret": WebWorld.secret, "reason": "更改日数"])
            let proposal = try #require(try await chambers.upkeep().settingProposals.first)
            let path = address.settingChange(proposal.seq)
            let head = try await browser.signedIn("agencyhead")
            let declining: Fields = ["decision": "decline", "secret": WebWorld.secret]
            #expect(try await head.submit(path, declining).status == 422)
            try await head.carryOut(path, declining.adding("reason", "日数不妥"))
            #expect(try await chambers.upkeep().settingProposals.isEmpty)
            #expect(try await chambers.profile().settings[number.name] == nil)
            let told = try await admin.get(address.notices).body
            #expect(told.contains("拟定的设置或者放假安排没有采用") && told.contains("日数不妥"))
        }
    }

    @Test(
        "a name and a certificate are prepared with a reason, shown with old and new, confirmed, and told to the person"
    )
    func person() async throws {
        let world = try await SecondsPageTests.world()
        let casebook = world.office.casebook
        let officer = try #require(world.people[.officer])
        world.clock.advance(minutes: 1)
        try await world.serve { browser in
            let address = browser.address
            let admin = try await browser.signedIn("administrator")
            let path = address.personDetails(officer.thread)
            let form = try await admin.get(path).body
            #expect(form.contains("等第二人（行政机关负责人）确认后生效，并通知本人") && form.contains("name=\"reason\""))
            let values: Fields = ["name": "假官丙", "certificateNumber": "国-假0001", "secret": WebWorld.secret]
            let silent = try await admin.submit(path, values)
            #expect(silent.status == 422 && silent.body.contains("请填写更改的理由或者文号"))
            var old = try #require(PageForm(in: form, action: path))
            let led = try await admin.carryOut(path, values.adding("reason", "户籍更名"))
            #expect(led.hasSuffix("done=changeWaits"))
            let page = try await admin.get(led).body
            for text in [
                "人员信息的更改已提交，等第二人", "等待确认：执法证件号码：\(officer.certificateNumber) → 国-假0001；姓名：\(officer.name) → 假官丙",
                "户籍更名", "撤回",
            ] { #expect(page.contains(text), "\(text)") }
            #expect(try await world.registers.person(officer.thread)?.name == officer.name)
            let proposal = try #require(try await casebook.chambers.upkeep().personProposals.first)
            let waiting = address.personChange(proposal.seq)
            #expect(try await admin.get(address.seconds).body.contains("假官丙"))
            #expect(try await admin.get(waiting).body.contains("撤回拟定的人员登记更改"))
            let bystander = try await browser.signedIn("custodian")
            #expect(try await bystander.get(waiting).status == 404)
            #expect(try await !bystander.get(address.notices).body.contains("假官丙"))
            let own = try await browser.signedIn(try #require(officer.account))
            let asked = try await own.get(address.notices).body
            #expect(asked.contains("系统管理员拟更改\(officer.name)的姓名或者证件") && asked.contains("户籍更名"))

            let head = try await browser.signedIn("agencyhead")
            let list = try await head.get(address.seconds).body
            #expect(list.contains("姓名和证件") && list.contains("→ 假官丙"))
            let shown = try await head.get(waiting).body
            for text in ["确认人员登记的更改", officer.name, "<b>假官丙</b>", "<b>国-假0001</b>", "户籍更名", "何管理"] {
                #expect(shown.contains(text), "\(text)")
            }
            let open = try await head.submit(waiting, Self.secret)
            #expect(open.status == 422 && open.body.contains("请选择决定"))
            let wrong = try await head.submit(waiting, ["decision": "confirm", "secret": "wrong"])
            #expect(wrong.status == 422 && wrong.body.contains("密码不对"))
            #expect(try await world.registers.person(officer.thread)?.name == officer.name)
            try await head.carryOut(waiting, Self.secret.adding("decision", "confirm"))
            let row = try #require(try await world.registers.person(officer.thread))
            #expect(row.name == "假官丙" && row.certificateNumber == "国-假0001")
            #expect(try await head.get(waiting).status == 404)
            let told = try await own.get(address.notices).body
            #expect(told.contains("的姓名或者证件已更改") && told.contains("→ 国-假0001"))
            // A page of before the change does not set the section of the person who is somebody else now.
            old.fill(["section": "法规科", "secret": WebWorld.secret])
            let stale = try await admin.send(.post, path, body: old.body)
            #expect(stale.status == 422 || stale.status == 409, "\(stale.status)")
            #expect(stale.body.contains("这名人员的登记又有变化"))
            // What takes a right away does not wait.
            let day = world.clock.now().day.advanced(by: -1)
            let ended = try await admin.carryOut(
                path, Self.secret.adding("certificateUntil", day.description))
            #expect(ended.hasSuffix("done=changed"))
            #expect(try await world.registers.person(officer.thread)?.certificateUntil == day)
        }
    }

    @Test("a year's holidays are prepared by the administrator; the head sees which days move, and then they count")
    func calendar() async throws {
        // A year of which the State Council's notice is out, and which the bureau has not adopted.
        let text = """
            year: 2031
            source: 国务院办公厅关于2031年部分节假日安排的通知（示例）
            holidays:
              - { name: 元旦, from: 2031-01-01, to: 2031-01-03, make-up: [2031-01-05] }
            """
        let table = try RuleFiles.calendar(Array(text.utf8), file: "2031.yaml")
        let world = try await SecondsPageTests.world(unadopted: [table])
        let chambers = world.office.casebook.chambers
        let off = try #require(table.year.holidays.flatMap(\.days).first { WorkingDays().isWorked($0) })
        try await world.serve { browser in
            let address = browser.address
            let admin = try await browser.signedIn("administrator")
            let led = try await admin.carryOut(
                address.calendars, ["digest": table.digest.description, "secret": WebWorld.secret])
            #expect(try await admin.get(led).body.contains("已提交，等第二人（行政机关负责人）确认后生效"))
            #expect(try await chambers.profile().calendars[table.year.year] == nil)
            // What waits is not offered again.
            #expect(try await !admin.get(address.calendars).body.contains(table.digest.description))
            let proposal = try #require(try await chambers.upkeep().settingProposals.first)
            let path = address.settingChange(proposal.seq)
            let head = try await browser.signedIn("agencyhead")
            let shown = try await head.get(path).body
            for text in [
                "确认放假安排", "\(table.year.year) 年", "还没有采用", table.year.source, "改为休息",
                "\(off.parts.month)月\(off.parts.day)日",
            ] {
                #expect(shown.contains(text), "\(text)")
            }
            try await head.carryOut(path, ["decision": "confirm", "secret": WebWorld.secret])
            #expect(try await chambers.profile().calendars[table.year.year] == table.digest)
            #expect(try await !chambers.law().calendar.isWorked(off))
        }
    }

    @Test("a newcomer of a bureau at work reads until the head has asked them; before their own secret nobody is asked")
    func newcomer() async throws {
        let world = try await SecondsPageTests.world()
        try await world.serve { browser in
            let address = browser.address
            let admin = try await browser.signedIn("administrator")
            let slip = try await admin.submit(
                address.newPerson,
                [
                    "name": "夏新", "section": "检查科", "certificateKind": "统计执法证", "certificateNumber": "统执77",
                    "certificateUntil": "2030-12-31", "roles": "officer", "account": "xia", "secret": WebWorld.secret,
                ])
            #expect(slip.body.contains("负责人当面核实"))
            let once = try #require(
                slip.body.components(separatedBy: "<code class=\"secret\">").dropFirst().first?
                    .components(separatedBy: "</code>").first)
            let row = try #require(try await world.registers.persons(in: .waiting).first { $0.name == "夏新" })
            let path = address.vouching(for: row.thread)
            let head = try await browser.signedIn("agencyhead")
            #expect(try await head.get(path).status == 404)
            let own = try await browser.signedIn("xia", secret: once)
            let token = try #require(try await own.get(address.account).hidden(ForgeryGuard.field))
            let changed = try await own.post(
                address.account,
                [ForgeryGuard.field: token, "current": once, "new": "my own phrase 7", "again": "my own phrase 7"])
            #expect(changed.status == 200 && changed.body.contains("账号等待第二人核实"))
            let newcomer = try await browser.signedIn("xia", secret: "my own phrase 7")
            #expect(try await newcomer.get(address.cases).status == 200)
            let size = try await world.store.signedHead().size
            let refused = try await newcomer.submit(
                address.newInspection, ["title": "检查", "source": "plan", "subjectName": "甲厂（演示）"])
            #expect(refused.status == 403 && refused.body.contains("当面找行政机关负责人核实"))
            #expect(try await world.store.signedHead().size == size)
            #expect(try await head.get(address.seconds).body.contains("夏新的账号"))
            try await head.carryOut(path, ["seen": "yes", "secret": WebWorld.secret])
            #expect(try await world.registers.person(row.thread)?.accountState == .open)
        }
    }
}

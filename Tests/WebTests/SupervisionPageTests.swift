import Application
import Casework
import HTTPTypes
import Kernel
import TestKit
import Testing

@testable import Web

/// Watching over recording, higher rules, the internal chain and powers, through the pages.
@Suite("Pages of supervision, higher rules, the internal chain, powers")
struct SupervisionPageTests {
    private static let secret: Fields = ["secret": WebWorld.secret]

    @Test("a breach is found from its case, ordered, rectified, answered for; its person reads of it, others do not")
    func violations() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let (officer, head) = (try await browser.signedIn("officer"), try await browser.signedIn("agencyhead"))
            let unit = try await browser.signedIn("unithead")
            let address = browser.address
            let thread = try await officer.inspection(in: world)
            #expect(try await unit.get(address.caseFile(thread)).body.contains(address.newViolation(in: thread)))
            #expect(!(try await officer.get(address.caseFile(thread)).body.contains("登记记录违规")))
            let person = world.people[.officer]?.thread.description ?? ""
            let empty = try await unit.submit(address.newViolation(in: thread), Self.secret)
            #expect(empty.status == 422 && empty.body.contains("#f-facts"))
            try await unit.carryOut(
                address.newViolation(in: thread),
                Self.secret.adding("kind", "notRecorded").adding("severity", "serious").adding("person", person)
                    .adding("facts", "现场没有录像\(HostileTests.text)"))
            let list = try await unit.get(address.supervision).body
            #expect(list.contains("没有记录") && list.contains("待责令整改") && HostileTests.clean(list))
            #expect(!list.contains("不得不制作"), "a breach is nothing that is still to be done")
            let records = try await world.office.casebook.chambers.records()
            let seq = try #require(Violations(records).all.first?.seq)
            #expect(
                try await unit.get(address.home).body.contains(address.supervision) == false, "nothing is ordered yet")
            #expect(try await head.get(address.home).body.contains("等处理的违规记录"))
            // Whoever only watches has no button to order.
            #expect(!(try await unit.get(address.violation(seq)).body.contains(address.violation(seq, .order))))
            try await head.carryOut(
                address.violation(seq, .order),
                Self.secret.adding("orderedBy", "superior").adding("content", "补制作笔录。"))
            let mine = try await officer.get(address.home).body
            #expect(mine.contains("责令您整改的事项") && mine.contains(address.violation(seq)))
            let own = try await officer.get(address.violation(seq))
            #expect(own.status == 200 && own.body.contains("补制作笔录。") && !own.body.contains("登记整改情况"))
            let lin = try await browser.signedIn("lin")
            #expect(try await lin.get(address.violation(seq)).status == 404)
            #expect(!(try await lin.get(address.supervision).body.contains("没有记录")))
            #expect(try await lin.get(address.newViolation()).status == 403)
            world.clock.advance(minutes: 5)
            try await unit.carryOut(
                address.violation(seq, .rectification),
                Self.secret.adding("result", "corrected").adding("findings", "已补齐。"))
            try await head.carryOut(
                address.violation(seq, .liability),
                Self.secret.adding("result", "sanction").adding("decision", "批评教育。"))
            let page = try await head.get(address.violation(seq)).body
            for text in ["已办结", "责令限期整改", "已完成整改", "追究责任", "由上级"] { #expect(page.contains(text), "\(text)") }
            let table = try await head.get(address.violationTable)
            #expect(table.status == 200 && table.body.contains("没有记录") && table.body.contains("已办结"))
            #expect(!(try await lin.get(address.violationTable).body.contains("没有记录")))
            try await head.carryOut(
                address.newAssessment, Self.secret.adding("subjectKind", "unit").adding("content", "制度健全。"))
            #expect(try await head.get(address.supervision).body.contains("制度健全。"))
        }
    }

    @Test(
        "a check is recorded with what was looked at, and ends what the text asks; figures count the cases of the bureau"
    )
    func checksAndFigures() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let (officer, head) = (try await browser.signedIn("officer"), try await browser.signedIn("agencyhead"))
            let address = browser.address
            #expect(try await officer.get(address.newCheck).status == 403)
            let before = try await head.get(address.supervision).body
            #expect(before.contains("登记监督检查") && before.contains("还没有登记监督检查"))
            #expect(before.contains("已开立的案件</dt><dd>0"), "no case yet")
            let empty = try await head.submit(address.newCheck, Self.secret.adding("findings", "没有选内容"))
            #expect(empty.status == 422 && empty.body.contains("#f-matters") && empty.body.contains("没有选内容"))
            let strange = try await head.submit(
                address.newCheck, Self.secret.adding("findings", "表单没有的词").adding("matters", "nothing"))
            #expect(strange.status == 422)
            #expect(try await world.office.casebook.chambers.records().allSatisfy { $0.type != .checkMade })
            _ = try await officer.inspection(in: world)
            world.clock.advance(minutes: 5)
            try await head.carryOut(
                address.newCheck,
                Self.secret.adding("matters", "handling").adding("matters", "recorded")
                    .adding("findings", "抽查三件案件\(HostileTests.text)"))
            let page = try await head.get(address.supervision).body
            #expect(page.contains("抽查三件案件") && HostileTests.clean(page))
            #expect(page.contains("已开立的案件</dt><dd>1"))
            #expect(page.contains("按期归档的案件</dt><dd>0，共 0"))
            let made = try #require(try await world.office.casebook.chambers.records().last { $0.type == .checkMade })
            #expect(made.words("matters") == ["recorded", "handling"], "in the order of the vocabulary")
        }
    }

    @Test("filming what one was let see is a breach of the viewing as well")
    func filmedViewing() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let unit = try await browser.signedIn("unithead")
            let address = browser.address
            try await unit.carryOut(
                address.newViolation(),
                Self.secret.adding("kind", "filmedViewing").adding("severity", "minor").adding("facts", "用手机翻拍。"))
            let records = try await world.office.casebook.chambers.records()
            #expect(records.contains { $0.type == .viewingBreached && $0.text("facts") == "用手机翻拍。" })
            let broken = try await world.office.casebook.chambers.law().evaluateBureau(records).obligations
                .filter { $0.parts.contains(where: \.isBreach) }
            #expect(broken.contains { $0.key.matter == "viewing-conduct" }, "\(broken.map(\.key.matter))")
        }
    }

    @Test("a higher rule: first what it does to open cases, then the secret; the head confirms; the case names it")
    func overrides() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let (admin, head) = (
                try await browser.signedIn("administrator"), try await browser.signedIn("agencyhead")
            )
            let officer = try await browser.signedIn("officer")
            let address = browser.address
            #expect(try await officer.get(address.newOverride()).status == 403)
            let looking = try await head.get(address.newOverride(row: "zhaoxian-2017:12(3)"))
            #expect(looking.status == 200 && looking.body.contains("由系统管理员登记"), "the rows name the administrator")
            #expect(PageForm(in: looking.body, action: address.newOverride(row: "zhaoxian-2017:12(3)")) == nil)
            #expect(try await admin.get(address.regulations).body.contains(address.newOverride()))
            let row = "zhaoxian-2017:12(3)"
            let path = address.newOverride(row: row)
            let list = try await admin.get(address.newOverride()).body
            #expect(list.contains(path) && !list.contains(address.newOverride(row: "parent-law:penalty-44")))
            #expect(!(try await admin.get("\(address.newOverride())?q=\(Percent.encode("第二十四条"))").body.contains(path)))
            let values: Fields = [
                "higherRule": "示例省规定（虚构）\(HostileTests.text)", "article": "第十条", "value": "另有规定。",
                "effect": "off", "reason": "示统发1号",
            ]
            let empty = try await admin.submit(path, [:])
            #expect(empty.status == 422 && empty.body.contains("#f-higherRule") && empty.body.contains("#f-article"))
            let looked = try await admin.submit(path, values)
            #expect(looked.status == 200 && looked.body.contains("对在办案件的影响"), "\(Browser.problem(looked.body))")
            #expect(looked.body.contains("name=\"\(ConfirmSecret.field)\"") && HostileTests.clean(looked.body))
            #expect(try await world.office.casebook.chambers.upkeep().proposals.isEmpty, "looking records nothing")
            var form = try #require(PageForm(in: looked.body, action: path))
            form.fill(Self.secret)
            let sent = try await admin.send(.post, path, body: form.body)
            #expect(sent.status == 303, "\(Browser.problem(sent.body))")
            let seq = try #require(try await world.office.casebook.chambers.upkeep().proposals.first?.seq)
            let waiting = try await head.get(address.ruleChange(seq)).body
            #expect(waiting.contains("示例省规定") && waiting.contains("本条不再适用") && waiting.contains("对在办案件的影响"))
            try await head.carryOut(address.ruleChange(seq), Self.secret.adding("decision", "confirm"))
            let listed = try await head.get(address.regulations).body
            #expect(listed.contains("适用中") && listed.contains("示例省规定") && HostileTests.clean(listed))
            #expect(try await officer.get("\(address.base)/notices").body.contains("按上位规定执行"))
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let page = try await officer.get(address.caseFile(thread)).body
            #expect(page.contains("按上位规定：示例省规定"), "the case page does not name the higher rule")
            // What was recorded is where the next one begins: ended with a day.
            let known = try #require(try await world.office.casebook.chambers.law().higherRules.all.first?.seq)
            let again = try await admin.get(address.newOverride(following: known)).body
            #expect(again.contains("示例省规定") && again.contains("改变或者终止"))
            // The row's own page says so too, and whoever would record another one is told of this one first.
            let provision = try await officer.get(address.provision(row)).body
            #expect(provision.contains("现在适用上位规定：本条不再适用") && provision.contains("示例省规定"))
            let another = try await admin.get(path).body
            #expect(another.contains("这一条现在已经适用上位规定"))
            #expect(another.contains(address.newOverride(following: known)))
        }
    }

    @Test("the internal chain is walked by three persons through the pages, whatever it is about")
    func chain() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.officer.inspection(in: world)
            let address = walk.address
            func offered(_ browser: Browser, _ step: String) async throws -> Bool {
                try await browser.get(address.caseFile(thread)).body.contains(
                    "href=\"\(address.step(step, in: thread))\"")
            }
            let matters = EntryType.approvalStepped.options(of: "about").map(\.word)
            // What nobody proposed is not reviewed, whatever else waits, and what nobody reviewed is not approved.
            func refusesOthers(_ browser: Browser, _ step: String, besides about: String) async throws {
                for other in matters where other != about {
                    let answer = try await browser.submit(
                        address.step(step, in: thread),
                        Self.secret.adding("about", other).adding("opinion", "同意。").adding("result", "passed"))
                    #expect(
                        answer.status == 422 && answer.body.contains("这一事项还没有由"), "\(step): \(other) for \(about)")
                }
            }
            for about in matters {
                world.clock.advance(minutes: 1)
                #expect(try await !offered(walk.head, "chain-approval"), "\(about)")
                try await walk.officer.carryOut(
                    address.step("chain-opinion", in: thread),
                    ["about": about, "opinion": "建议批准。", "reason": "有必要。"])
                #expect(try await offered(walk.unitHead, "chain-review"), "\(about)")
                try await refusesOthers(walk.unitHead, "chain-review", besides: about)
                let list = try await walk.unitHead.get("\(address.home)?list=pending").body
                #expect(list.contains("steps/chain-review?about=\(about)") && list.contains("起等候"), "\(about)")
                #expect(try await !walk.head.get(address.home).body.contains("steps/chain-"), "\(about)")
                try await walk.unitHead.carryOut(
                    address.step("chain-review", in: thread),
                    Self.secret.adding("about", about).adding("opinion", "同意。").adding("result", "passed"))
                // Not grey, and not by an address typed by hand.
                #expect(try await offered(walk.head, "chain-approval"), "\(about)")
                let page = try await walk.head.get(address.step("chain-approval", in: thread))
                #expect(page.status == 200 && !page.body.contains("现在还不能办理这一步"), "\(about)")
                // What waits is chosen already, nothing else is offered, and the button approves nothing by itself.
                #expect(page.body.contains("value=\"\(about)\""), "\(about)")
                for other in matters where other != about {
                    #expect(!page.body.contains("value=\"\(other)\""), "\(other)")
                }
                #expect(page.body.contains("提交批准结果") && !page.body.contains("批准并登记"), "\(about)")
                // The approver's own list leads here, and nobody else's.
                let home = try await walk.head.get(address.home).body
                #expect(home.contains("steps/chain-approval?about=\(about)") && home.contains("去批准"), "\(about)")
                #expect(try await !walk.unitHead.get(address.home).body.contains("steps/chain-"), "\(about)")
                #expect(try await !walk.officer.get(address.home).body.contains("steps/chain-"), "\(about)")
                try await refusesOthers(walk.head, "chain-approval", besides: about)
                try await walk.head.carryOut(
                    address.step("chain-approval", in: thread),
                    Self.secret.adding("about", about).adding("opinion", "批准。").adding("result", "passed"))
            }
            let records = try await world.office.casebook.load(thread).records
            #expect(
                records.count { $0.type == .approvalStepped } == 3
                    * EntryType.approvalStepped.options(of: "about").count)
        }
    }

    @Test("a step of a power that no law gives: no link, no form, and the command refuses with the provision")
    func powers() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let address = browser.address
            let thread = try await officer.inspection(in: world)
            for step in RecordedStep.all where step.power != nil && step.by == .handler {
                let path = address.step(step.name, in: thread)
                #expect(!(try await officer.get(address.caseFile(thread)).body.contains(path)), "\(step.name)")
                let page = try await officer.get(path)
                #expect(page.status == 200 && page.body.contains("的权力"), "\(step.name)")
                #expect(PageForm(in: page.body, action: path) == nil, "\(step.name) has a form")
                #expect(page.body.contains("行政强制法") && page.body.contains("机关设置"), "\(step.name)")
                let other = try await officer.get(address.step("chain-opinion", in: thread))
                var form = try #require(PageForm(in: other.body, action: address.step("chain-opinion", in: thread)))
                form.fill(["opinion": "x"])
                let seq = try await world.office.casebook.load(thread).work.entries
                let sent = try await officer.send(.post, path, body: form.body)
                #expect(sent.status == 422 && sent.body.contains("机关设置"), "\(step.name) was answered \(sent.status)")
                #expect(try await world.office.casebook.load(thread).work.entries == seq, "\(step.name)")
            }
        }
    }
}

import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import Rulebook
import TestKit
import Testing

@testable import Web

/// The administration through the pages, without scripts: every form is sent as a browser sends it.
@Suite("Administration through the pages")
struct AdministrationTests {
    private static let secret: Fields = ["secret": WebWorld.secret]

    private static func world() async throws -> WebWorld {
        try await WebWorld(
            library: try InstalledRules.library)
    }

    /// What stands in the code element of a class.
    private static func secrets(_ page: String) -> [String] {
        page.components(separatedBy: "<code class=\"secret\">").dropFirst().compactMap {
            $0.components(separatedBy: "</code>").first
        }
    }

    @Test("a person is registered, signs in with the secret that was shown once, and the same form sets no other")
    func register() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let admin = try await browser.signedIn("administrator")
            let address = browser.address
            let page = try await admin.get(address.newPerson)
            var form = try #require(PageForm(in: page.body, action: address.newPerson))
            form.fill([
                "name": "夏新", "section": "检查科", "certificateKind": "统计执法证", "certificateNumber": "统执77",
                "certificateUntil": "2030-12-31", "roles": "officer", "account": "xia", "secret": WebWorld.secret,
            ])
            let shown = try await admin.send(.post, form.action, body: form.body)
            #expect(shown.status == 200)
            #expect(shown.headers[.cacheControl] == "no-store")
            let secret = try #require(Self.secrets(shown.body).first)
            let again = try await admin.send(.post, form.action, body: form.body)
            #expect(again.status == 200 && Self.secrets(again.body).isEmpty)
            #expect(again.body.contains("这件事已经办过"))
            let newcomer = try await browser.signedIn("xia", secret: secret)
            #expect(try await newcomer.get(address.home).location == address.account)
            let people = try await admin.get(address.people)
            #expect(people.body.contains("夏新") && !people.body.contains(secret))
        }
    }

    @Test("nothing is done without the secret or with a wrong one, and what was typed stays")
    func secretAsked() async throws {
        let world = try await Self.world()
        let before = try await world.store.signedHead().size
        try await world.serve { browser in
            let admin = try await browser.signedIn("administrator")
            let address = browser.address
            let officer = try #require(world.people[.officer]).thread
            let forms: [(String, Fields, String)] = [
                (address.newPerson, ["name": "夏新", "roles": "officer"], "value=\"夏新\""),
                (address.personDetails(officer), ["section": "法规科二组"], "value=\"法规科二组\""),
                (address.personRoles(officer), ["roles": "custodian", "reason": "任命文号"], "value=\"任命文号\""),
                (address.personReset(officer), ["reason": "忘记密码"], "value=\"忘记密码\""),
                (address.personClose(officer), ["reason": "调离本局"], "value=\"调离本局\""),
                (address.settings, ["region": "新的区域"], "value=\"新的区域\""),
            ]
            for (path, values, kept) in forms {
                for wrong in ["", "not the secret"] {
                    let answer = try await admin.submit(path, values.adding("secret", wrong))
                    #expect(answer.status == 422, "\(path)")
                    #expect(answer.body.contains("密码不对") && answer.body.contains(kept), "\(path)")
                    #expect(!answer.body.contains(wrong) || wrong.isEmpty, "\(path)")
                }
                // The right one forgets the wrong tries, so that the account is not locked in the middle of the table.
                _ = try await browser.signedIn("administrator")
            }
        }
        #expect(try await world.store.signedHead().size == before)
    }

    @Test("roles, reset and closing do at once what they say in the person's own browser")
    func account() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let admin = try await browser.signedIn("administrator")
            let address = browser.address
            let person = try #require(world.people[.unitHead]).thread
            let own = try await browser.signedIn("unithead")
            #expect(try await own.get(address.newInspection).status == 403)
            try await admin.carryOut(
                address.personRoles(person),
                ["roles": "officer", "reason": "统党组〔2026〕9号", "secret": WebWorld.secret])
            #expect(try await own.get(address.newInspection).status == 200)

            let reset = try await admin.submit(
                address.personReset(person), ["reason": "忘记", "secret": WebWorld.secret])
            let secret = try #require(Self.secrets(reset.body).first)
            #expect(try await own.get(address.cases).status == 303)
            #expect(try await world.registers.person(person)?.accountState == .reset)
            let renewed = try await browser.signedIn("unithead", secret: secret)
            #expect(try await renewed.get(address.cases).location == address.account)

            try await admin.carryOut(
                address.personClose(person),
                ["reason": "调离", "handedOver": "yes", "secret": WebWorld.secret])
            #expect(try await renewed.get(address.account).status == 303)
            let page = try await admin.get(address.person(person))
            #expect(page.body.contains("许知秋") && page.body.contains("已停用") && page.body.contains("统党组〔2026〕9号"))
            let opened = try await admin.submit(address.personAccount(person), ["secret": WebWorld.secret])
            #expect(Self.secrets(opened.body).count == 1)
            #expect(try await world.registers.person(person)?.account == "unithead")
        }
    }

    @Test(
        "somebody with work that others can take over is not closed before it is handed over; no case is shown by name")
    func handover() async throws {
        let world = try await Self.world()
        let officer = try #require(world.people[.officer]).thread
        @Sendable func put(_ state: CaseRow.State) {
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: ThreadTag(high: 7, low: 7), kind: "inspection", title: "星河纸品厂检查",
                        subject: ThreadTag(high: 7, low: 8), subjectName: "星河纸品厂", handlers: [officer],
                        stage: .investigation, state: state, openedAt: world.clock.now(), endedAt: nil, filedAt: nil,
                        lastAt: world.clock.now(), entries: 1)))
        }
        put(.open)
        let waiting = ClaimRow(thread: ThreadTag(high: 7, low: 9), kind: .unitReview, key: "\(officer)/x")
        world.registers.put(.claim(waiting))
        try await world.serve { browser in
            let admin = try await browser.signedIn("administrator")
            let path = browser.address.personClose(officer)
            let page = try await admin.get(path)
            #expect(page.body.contains("有 1 个案件没有办结") && page.body.contains("变更承办人"))
            #expect(page.body.contains("草拟的决定写明由本人审查") && page.body.contains("另选审查人"))
            #expect(!page.body.contains("星河") && !page.body.contains("handedOver"))
            // A tick is no hand-over.
            for tick in ["", "yes"] {
                let refused = try await admin.submit(
                    path, ["reason": "调离", "handedOver": tick, "secret": WebWorld.secret])
                #expect(refused.status == 422 && refused.body.contains("还有工作没有交接"), "\(refused.status)")
            }
            #expect(try await world.registers.person(officer)?.accountState == .open)
            world.registers.remove(ProjectionRow.claim(waiting).key)
            #expect(try await admin.submit(path, ["reason": "调离", "secret": WebWorld.secret]).status == 422)
            // What has ended is nobody's to take over: it is only to be known.
            put(.ended)
            let rest = try await admin.get(path).body
            #expect(rest.contains("有 1 个案件已经终结") && rest.contains("handedOver") && !rest.contains("先要交接的"))
            let unread = try await admin.submit(path, ["reason": "调离", "secret": WebWorld.secret])
            #expect(unread.status == 422 && unread.body.contains("请看清上面列出的情况"))
            try await admin.carryOut(path, ["reason": "调离", "handedOver": "yes", "secret": WebWorld.secret])
            #expect(try await world.registers.person(officer)?.accountState == .closed)
        }
    }

    @Test("a roster is read in UTF-8, with a mark, and in GB18030; shown first, then registered whole")
    func roster() async throws {
        let gb18030 = String.Encoding(rawValue: 0x8000_0632)
        let text = "姓名,职责,登录名\n钱一禾,档案管理人员,qian\n孙二䶮,承办机构负责人,sun\n"
        let files = [
            Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8),
            Array(try #require(text.data(using: gb18030))),
        ]
        for bytes in files {
            let world = try await Self.world()
            try await world.serve { browser in
                let admin = try await browser.signedIn("administrator")
                let address = browser.address
                let shown = try await admin.upload(address.peopleImport, field: "file", bytes)
                #expect(shown.status == 200 && shown.body.contains("孙二䶮"), "\(Browser.problem(shown.body))")
                #expect(try await world.registers.person(account: "qian") == nil)
                var form = try #require(PageForm(in: shown.body, action: address.peopleImport))
                form.fill(["secret": "wrong"])
                #expect(try await admin.send(.post, form.action, body: form.body).status == 422)
                #expect(try await world.registers.person(account: "qian") == nil)
                form.fill(Self.secret)
                let done = try await admin.send(.post, form.action, body: form.body)
                #expect(Self.secrets(done.body).count == 2)
                #expect(try await world.registers.person(account: "sun")?.name == "孙二䶮")
                let again = try await admin.send(.post, form.action, body: form.body)
                #expect(again.body.contains("这件事已经办过"))
            }
        }
    }

    @Test("a roster that is wrong anywhere, or no text at all, registers nobody")
    func wrongRoster() async throws {
        let world = try await Self.world()
        let before = try await world.registers.persons().count
        let files: [([UInt8], String)] = [
            (Array("姓名,职责\n甲,执法人员\n".utf8), "第 2 行“证件号码”"), ([0x50, 0x4B, 0x03, 0x04, 0, 0], "这个文件不是 CSV 文本"),
            ([0xFF, 0xFE, 0x59, 0x4E], "这个文件不是 CSV 文本"), ([], "请选择 CSV 文件"),
            (Array("姓名,职责,登录名\n甲,档案管理人员,officer\n".utf8), "已有人使用"),
        ]
        try await world.serve { browser in
            let admin = try await browser.signedIn("administrator")
            for (bytes, says) in files {
                let answer = try await admin.upload(browser.address.peopleImport, field: "file", bytes)
                #expect(answer.status == 422 && answer.body.contains(says), "\(says)")
            }
            // Text that never was shown is judged like any other.
            let page = try await admin.get(browser.address.peopleImport)
            var form = try #require(PageForm(in: page.body, action: browser.address.peopleImport))
            form.fill(["roster": "姓名,职责\n甲,皇帝\n", "secret": WebWorld.secret])
            #expect(try await admin.send(.post, form.action, body: form.body).status == 422)
        }
        #expect(try await world.registers.persons().count == before)
    }

    @Test("a change of the settings shows at once on every page, and a form from before it is refused")
    func settings() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let admin = try await browser.signedIn("administrator")
            let path = browser.address.settings
            let old = try await admin.get(path)
            var form = try #require(PageForm(in: old.body, action: path))
            try await admin.carryOut(path, ["name": "清禾市统计局", "secret": WebWorld.secret])
            #expect(try await browser.get(browser.address.signIn).body.contains("清禾市统计局"))
            form.fill(["name": "别的名字", "secret": WebWorld.secret])
            let stale = try await admin.send(.post, form.action, body: form.body)
            #expect(stale.status == 422 && stale.body.contains("内容在您填写期间有了变化"))
            #expect(stale.body.contains("value=\"别的名字\""))
            let history = try await admin.get(path)
            #expect(history.body.contains("机关名称：清禾市统计局") && history.body.contains("何管理"))
        }
    }

    @Test("a repeal that the administrator proposes waits for the agency head, who is told at sign-in")
    func regulation() async throws {
        let world = try await Self.world()
        let law = try await world.office.casebook.chambers.law()
        let span = try #require(law.rules.spans.first { $0.regulation.id == "zhaoxian-2017" })
        try await world.serve { browser in
            let address = browser.address
            let admin = try await browser.signedIn("administrator")
            let form = address.newRuleChange("repeal", span.digest.description)
            let chambers = world.office.casebook.chambers
            // Another day than the one whose effect was shown is compared first.
            let today = world.clock.now().day
            let other = today.advanced(by: 30)
            let shown = address.newRuleChange("repeal", span.digest.description, from: today)
            let compared = try await admin.submit(
                form, action: shown,
                ["day": other.description, "reason": "新办法施行", "secret": WebWorld.secret])
            #expect(compared.status == 200 && compared.body.contains("日期改了，还没有提交"))
            #expect(compared.body.contains("施行到\(other.chinese)为止") && compared.body.contains("value=\"新办法施行\""))
            #expect(
                PageForm(
                    in: compared.body, action: address.newRuleChange("repeal", span.digest.description, from: other))
                    != nil)
            #expect(try await chambers.upkeep().proposals.isEmpty)
            try await admin.carryOut(form, action: shown, ["reason": "新办法施行", "secret": WebWorld.secret])
            #expect(try await chambers.law().rules.spans.first { $0.digest == span.digest }?.until == nil)
            let proposal = try #require(try await chambers.upkeep().proposals.first)
            let mine = try await admin.get(address.ruleChange(proposal.seq))
            #expect(mine.body.contains("撤回") && !mine.body.contains("name=\"decision\""))

            let head = try await browser.signedIn("agencyhead")
            let notices = try await head.get(address.notices)
            #expect(notices.body.contains("等您确认"))
            let path = address.ruleChange(proposal.seq)
            #expect(try await head.get(path).body.contains("现在没有在办案件"))
            let open = try await head.submit(path, Self.secret)
            #expect(open.status == 422 && open.body.contains("请选择决定"))
            try await head.carryOut(path, ["decision": "confirm", "secret": WebWorld.secret])
            #expect(
                try await chambers.law().rules.spans.first { $0.digest == span.digest }?.until
                    == world.clock.now().day.advanced(by: 1))
            #expect(try await head.get(path).status == 404)
            let officer = try await browser.signedIn("officer")
            let list = try await officer.get(address.regulations)
            #expect(list.body.contains("新办法施行") && !list.body.contains("拟定施行"))
        }
    }

    @Test("a checkpoint is handed out with an entry that says where it lies, and compares as the one it is")
    func checkpoint() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let keeper = try await browser.signedIn("custodian")
            let address = browser.address
            let refused = try await keeper.submit(address.ledgerBook, action: address.keptCheckpoint, ["place": " "])
            #expect(refused.status == 422 && refused.body.contains("请填写存放处"))
            let size = try await world.store.signedHead().size
            let file = try await keeper.submit(
                address.ledgerBook, action: address.keptCheckpoint, ["place": "市局法规科"])
            #expect(file.status == 200)
            #expect(file.headers[.contentDisposition]?.hasPrefix("attachment; ") == true)
            #expect(file.body.hasPrefix("demo.liuhen.invalid/log/qinghe\n\(size)\n"))
            #expect(try await world.store.signedHead().size == size + 1)
            let page = try await keeper.get(address.ledgerBook)
            #expect(page.body.contains("市局法规科") && page.body.contains("其后 1 条还没有"))
            let same = try await keeper.upload(
                address.ledgerBook, action: address.ledgerComparison, field: "checkpoint", Array(file.body.utf8))
            #expect(same.body.contains("相符：前 \(size) 条没有改过，也没有少"))
            let other = try await keeper.upload(
                address.ledgerBook, action: address.ledgerComparison, field: "checkpoint", Array("x\(file.body)".utf8))
            #expect(other.body.contains("这不是本记录链的检查点"))
        }
    }

    @Test(
        "everybody of the bureau reads whether it records and what lies outside; only its keepers hand out and compare")
    func everybodyReadsTheLog() async throws {
        let world = try await Self.world()
        let start = world.clock.now()
        _ = try await world.office.casebook.record(
            [
                Fact(
                    .backupMade, in: ThreadTag(high: 1, low: 1),
                    plain: [
                        "entries": 1, "generationBegan": .integer(start.milliseconds), "medium": "ab12", "objects": 0,
                        "root": .string(Digest.zero.description), "size": 5,
                    ], fields: [.init("place", .string("一号盘"), .officer)])
            ], by: .system, command: .random())
        let head = try await world.store.signedHead()
        try await world.serve { browser in
            let address = browser.address
            for (account, keeps) in [
                ("officer", false), ("lin", false), ("unithead", false), ("legalreviewer", false),
                ("agencyhead", false), ("custodian", true), ("administrator", true),
            ] {
                let person = try await browser.signedIn(account)
                let page = try await person.get(address.ledgerBook)
                #expect(page.status == 200, "\(account)")
                for text in [
                    "正在记录", "\(head.size) 条", "一号盘", "已读回核对", "demo.liuhen.invalid/log/qinghe\n\(head.size)\n",
                ] {
                    #expect(page.body.contains(text), "\(account): \(text)")
                }
                #expect((PageForm(in: page.body, action: address.keptCheckpoint) != nil) == keeps, "\(account)")
                #expect((PageForm(in: page.body, action: address.retiredMedium) != nil) == keeps, "\(account)")
            }
            for account in ["agencyhead", "unithead"] {
                let person = try await browser.signedIn(account)
                #expect(try await person.get(address.cases).body.contains("<a href=\"\(address.ledgerBook)\""))
            }
            let keeper = try await browser.signedIn("custodian")
            let refused = try await keeper.submit(
                address.ledgerBook, action: address.retiredMedium, ["medium": "ab12", "reason": " "])
            #expect(refused.status == 422 && refused.body.contains("请填写怎样销毁的"))
            let done = try await keeper.carryOut(
                address.ledgerBook, action: address.retiredMedium, ["medium": "ab12", "reason": "物理销毁"])
            let after = try await keeper.get(done).body
            #expect(after.contains("这块备份盘不再使用") && PageForm(in: after, action: address.retiredMedium) == nil)
        }
    }

    @Test("a person sees their sessions, ends one of them, and all; nobody else's")
    func sessions() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let here = try await browser.signedIn("officer")
            let there = try await browser.signedIn("officer")
            let stranger = try await browser.signedIn("custodian")
            let path = browser.address.account
            let page = try await here.get(path)
            #expect(page.body.components(separatedBy: "结束登录").count == 2)
            let strangers = try await stranger.get(path)
            let form = try #require(PageForm(in: strangers.body, action: browser.address.accountSessions))
            #expect(form.fields.contains { $0.name == "session" && $0.value == "all" })
            let digest = try #require(
                PageForm(in: page.body, action: browser.address.accountSessions)?.fields
                    .first { $0.name == "session" }?.value)
            let token = try #require(strangers.hidden(ForgeryGuard.field))
            _ = try await stranger.post(
                browser.address.accountSessions, [ForgeryGuard.field: token, "session": digest])
            #expect(try await there.get(path).status == 200)
            try await here.carryOut(path, action: browser.address.accountSessions)
            #expect(try await there.get(path).status == 303)
            #expect(try await here.get(path).status == 200)
            try await here.carryOut(path, action: browser.address.accountSessions, ["session": "all"])
            #expect(try await here.get(path).status == 303)
            #expect(try await stranger.get(path).status == 200)
        }
    }

    @Test("a reset on the server is shown to everybody at the next sign-in, until they have said that they read it")
    func serverReset() async throws {
        let world = try await Self.world()
        world.clock.advance(minutes: 1)
        let row = try #require(world.people[.administrator])
        _ = try await world.office.casebook.resetOnServer(
            row, bureau: ThreadTag(high: 1, low: 1), reason: "遗失", command: .random())
        try await world.serve { browser in
            let address = browser.address
            let officer = try await browser.signedIn("officer")
            let page = try await officer.get(address.notices)
            #expect(page.body.contains("何管理的密码在服务器上重置过"))
            #expect(try await Self.target(browser, "lin", next: address.cases) == address.notices)
            #expect(try await officer.carryOut(address.notices) == address.home)
            #expect(try await Self.target(browser, "officer", next: address.cases) == address.cases)
            #expect(try await Self.target(browser, "lin", next: address.cases) == address.notices)
        }
    }

    /// Where a sign-in leads.
    private static func target(_ browser: Browser, _ account: String, next: String) async throws -> String {
        let page = try await browser.get(browser.address.signIn(next: next))
        var visitor = browser
        visitor.cookie = page.cookie
        return try await visitor.post(
            browser.address.signIn,
            [
                ForgeryGuard.field: try #require(page.hidden(ForgeryGuard.field)), SignInPage.nameField: account,
                SignInPage.secretField: WebWorld.secret, SignInPage.nextField: next,
            ]
        ).location
    }

    @Test("the administrator's first page is the list of tasks, and no page of a case is open to them")
    func setup() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let admin = try await browser.signedIn("administrator")
            #expect(try await admin.get(browser.address.home).location == browser.address.setup)
            let page = try await admin.get(browser.address.setup)
            #expect(page.body.contains("liuhen backup") && page.body.contains("liuhen recovery confirm"))
            #expect(page.body.contains("等行政机关负责人登录后在“制度”中确认"))
            for path in [browser.address.cases, browser.address.newInspection] {
                let refused = try await admin.get(path)
                #expect(refused.status == 403 && refused.body.contains("可以办理的是"))
            }
        }
    }
}

extension Browser {
    /// Sends a file by the form of a page, as a browser without scripts does.
    func upload(
        _ path: String, action: String? = nil, field: String, _ bytes: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let page = try await get(path)
        let form = try #require(PageForm(in: page.body, action: action ?? path), sourceLocation: sourceLocation)
        let boundary = "----liuhen-test-boundary"
        var body: [UInt8] = []
        for (name, value) in form.fields {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        body += Array(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"\(bytes.isEmpty ? "" : "a.csv")\"\r\nContent-Type: text/csv\r\n\r\n"
                .utf8)
        body += bytes + Array("\r\n--\(boundary)--\r\n".utf8)
        return try await send(
            .post, form.action, bytes: body, headers: ["Content-Type": "multipart/form-data; boundary=\(boundary)"])
    }
}

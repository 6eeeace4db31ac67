import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// Leads through the pages under the real regulations: by the right people, in the order of articles 7 and 9, and with
/// the reporter's words kept apart.
@Suite("Leads through the pages")
struct LeadTests {
    private func thread(_ location: String) throws -> ThreadTag {
        try #require(ThreadTag(String(location.split(separator: "/").last?.prefix(32) ?? "")))
    }

    private static let complaint: Fields = [
        "channel": "telephone", "isRealName": "yes", "complainant": "青萍某（演示）", "content": "反映该厂虚报产值。",
        "target": "清禾县星河纸品厂（演示）",
    ]

    @Test("every type of record of a lead has a step, and every member of it is asked")
    func whole() {
        for type in EntryType.allCases where type.home == .lead && type != .leadStarted {
            guard let step = LeadStep.all.first(where: { $0.body.type == type }) else {
                Issue.record("\(type.rawValue) can be recorded by no step")
                continue
            }
            let asked = Set(step.body.inputs.compactMap(\.member) + step.body.signed)
            #expect(asked == Set(type.members.keys), "\(type.rawValue)")
        }
        #expect(Set(LeadStep.all.map(\.name)).count == LeadStep.all.count)
    }

    @Test(
        "a complaint with a name is not closed before its reporter was told; its words are shown only in a recorded look"
    )
    func complaint() async throws {
        let world = try await WalkTests.world()
        try await world.register(
            ThreadTag(high: 2, low: 97), name: "外人", roles: [.officer], account: "other", certificate: "统执2026097")
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let address = browser.address
            let missing = try await officer.submit(
                address.newLead(.complaint),
                ["channel": "telephone", "isRealName": "yes", "content": "反映。", "target": "某厂"])
            #expect(missing.status == 422 && missing.body.contains("href=\"#f-complainant\""))
            let lead = try thread(try await officer.carryOut(address.newLead(.complaint), Self.complaint))
            let page = try await officer.get(address.lead(lead))
            #expect(page.status == 200 && page.body.contains("电话投诉举报：清禾县星河纸品厂（演示）"))
            #expect(!page.body.contains("青萍某") && !page.body.contains("虚报产值"), "a reporter stands on the page")
            #expect(!(try await officer.get(address.leads).body.contains("青萍某")))
            // Nor in the table that the register is given out as.
            let table = try await officer.get(address.leadTable(query: "state=open"))
            #expect(table.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(table.body.contains("\"电话投诉举报：清禾县星河纸品厂（演示）\",\"办理中\""))
            #expect(!table.body.contains("青萍某") && !table.body.contains("虚报产值"))
            #expect(!(try await officer.get(address.leadTable(query: "state=filed")).body.contains("清禾县星河")))
            // The look is an entry before anything is shown.
            let before = try await world.office.casebook.loadLead(lead).records.count
            try await officer.carryOut(address.lead(lead), action: address.leadLook(lead))
            let looked = try await world.office.casebook.loadLead(lead).records
            #expect(looked.count == before + 1 && looked.last?.type == .accessOpened)
            let open = try await officer.get(address.lead(lead))
            #expect(open.body.contains("青萍某") && open.body.contains("虚报产值"))
            // One person's look shows nothing to another.
            let unit = try await browser.signedIn("unithead")
            #expect(!(try await unit.get(address.lead(lead)).body.contains("虚报产值")))
            // In two steps: half an hour without a request would end the session too.
            world.clock.advance(minutes: 16)
            #expect(try await officer.get(address.lead(lead)).body.contains("虚报产值"))
            world.clock.advance(minutes: 16)
            #expect(!(try await officer.get(address.lead(lead)).body.contains("虚报产值")), "a look goes on too long")
            let other = try await browser.signedIn("other")
            #expect(try await other.get(address.lead(lead)).status == 404)
            #expect(try await other.get(address.leadStep("accept", in: lead)).status == 404)

            try await officer.carryOut(address.leadStep("accept", in: lead), ["outcome": "accepted"])
            try await officer.carryOut(
                address.leadStep("verify", in: lead), ["result": "unfounded", "findings": "核对报表，没有发现虚报。"])
            let review = address.leadStep("review", in: lead)
            let byOfficer = try await officer.submit(
                review, ["result": "notPursued", "reason": "不属实。", "legalBasis": "统计法的规定"])
            #expect(byOfficer.status == 422 && byOfficer.body.contains("您不能办理这一步"))
            let bare = try await unit.submit(review, ["result": "notPursued", "reason": "不属实。"])
            #expect(bare.status == 422 && bare.body.contains("href=\"#f-legalBasis\""))
            try await unit.carryOut(review, ["result": "notPursued", "reason": "不属实。", "legalBasis": "统计法的规定"])

            // Article 9: told first.
            let close = address.leadStep("close", in: lead)
            let refused = try await officer.submit(close, ["reason": "办结。"])
            #expect(refused.status == 422 && refused.body.contains("没有告知投诉举报人") || refused.body.contains("没有告知投诉人"))
            #expect(refused.body.contains("第九条"))
            #expect(try await officer.get(address.home).body.contains("打开线索"))
            try await officer.carryOut(
                address.leadStep("answer", in: lead), ["method": "telephone", "content": "已告知审查结果。"])
            try await officer.carryOut(close, ["reason": "已告知，办结。"])
            let done = try await world.office.casebook.loadLead(lead)
            #expect(done.file.isClosed && done.file.standing == .closed)
            #expect(
                done.records.first { $0.type == .leadAnswered }?.thread("notifiedBy") == world.people[.officer]?.thread)
            let late = try await officer.submit(close, ["reason": "再办结。"])
            #expect(late.status == 422 && late.body.contains("已经办结"))
        }
    }

    @Test("an application starts a case only after it was accepted; lead and case name each other")
    func application() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let address = browser.address
            let form: Fields = ["mode": "oral", "applicant": "星河纸品厂（演示）", "matter": "统计调查项目咨询"]
            let silent = try await officer.submit(address.newLead(.application), form)
            #expect(silent.status == 422 && silent.body.contains("href=\"#f-oralContent\""))
            let lead = try thread(
                try await officer.carryOut(address.newLead(.application), form.adding("oralContent", "口头申请核对报表。")))
            let inspection = (["title": "核对报表"] as Fields).adding(
                "handlers", world.people[.officer]?.thread.description ?? ""
            )
            .adding("handlers", ThreadTag(high: 2, low: 99).description).adding("subjectName", "星河纸品厂（演示）")
            let early = try await officer.submit(
                address.inspection(from: lead), action: address.inspection(from: lead), inspection)
            #expect(early.status == 422 && early.body.contains("没有受理或者不予受理的记录"), "\(Browser.problem(early.body))")
            try await officer.carryOut(address.leadStep("correct", in: lead), ["items": "单位名称写错，当场更正。"])
            try await officer.carryOut(
                address.leadStep("supplement", in: lead), ["itemCount": "2", "items": "一、营业执照；二、报表。"])
            let twice = try await officer.submit(
                address.leadStep("supplement", in: lead), ["itemCount": "1", "items": "三、说明。"])
            #expect(twice.status == 422, "told twice what is missing")
            let bare = try await officer.submit(address.leadStep("decide", in: lead), ["outcome": "refused"])
            #expect(bare.status == 422 && bare.body.contains("href=\"#f-reason\""))
            try await officer.carryOut(address.leadStep("decide", in: lead), ["outcome": "accepted"])
            try await officer.carryOut(address.leadStep("receipt", in: lead), ["receiptNumber": "清禾统受〔2026〕1号"])
            let page = try await officer.get(address.lead(lead))
            #expect(page.body.contains("下一步：启动执法程序"))
            let opened = try thread(
                try await officer.carryOut(
                    address.inspection(from: lead), action: address.inspection(from: lead), inspection))
            let records = try await world.office.casebook.load(opened).records
            #expect(records.first?.thread("lead") == lead && records.first?.word("source") == "application")
            let file = try await world.office.casebook.loadLead(lead).file
            #expect(file.startedCase == opened && file.standing == .started)
            #expect(try await officer.get(address.lead(lead)).body.contains(address.caseFile(opened)))
            let again = try await officer.submit(
                address.inspection(from: lead), action: address.inspection(from: lead), inspection)
            #expect(again.status == 422, "one lead, two cases")
            // Cases and leads stand in lists of their own.
            let cases = try await officer.get(address.cases).body
            #expect(cases.contains("核对报表") && !cases.contains("统计调查项目咨询"))
            let leads = try await officer.get(address.leads).body
            #expect(leads.contains("申请：统计调查项目咨询") && leads.contains("已启动程序"))
            #expect(try await officer.get(address.leads(query: "state=filed")).body.contains("没有线索"))
        }
    }

    @Test("the obligations of a lead are rows of the register, and rows computed anew are the same")
    func rows() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let lead = try thread(
                try await officer.carryOut(
                    browser.address.newLead(.application),
                    ["mode": "written", "applicant": "甲厂（演示）", "matter": "核对"]))
            let rows = try await world.registers.obligations(of: lead)
            #expect(rows.contains { $0.matter == "application-outcome" && $0.state == .open })
            #expect(rows.contains { $0.matter == "application-receipt" && $0.provisions.contains("zhaoxian-2017:7") })
            let entries = try await world.store.entries(of: lead, from: 1)
            let anew = try await world.office.casebook.projectedRows(of: lead, entries: entries)
            #expect(Set(anew.map(\.key)).count == rows.count + 1)
            for row in rows { #expect(anew.contains(.obligation(row))) }
            let stored = try #require(try await world.registers.caseFile(lead))
            #expect(anew.contains(.caseFile(stored)) && stored.kind == CaseRow.leadKind)
        }
    }
}

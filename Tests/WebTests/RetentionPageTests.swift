import Application
import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// The terms of files on pages: a filed case, what its cover says, and why nothing of it is destroyed (zhaoxian-2017:30.p2b).
@Suite("Pages of how long files are kept")
struct RetentionPageTests {
    @Test("the keeper sees each filed case with the end of its term, and why it is not destroyed; others see no list")
    func list() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let thread = ThreadTag.random()
            let officer = try #require(world.people[.officer]).thread
            let cover: JSON = ["retention": "years30"]
            let facts = [
                Fact(
                    .caseOpened, in: thread,
                    plain: [
                        "handlers": [.string(officer.description)], "isEmergency": false, "isMajor": false,
                        "kind": "penalty", "procedure": "general", "source": "inspection",
                        "subject": .string(ThreadTag.random().description), "subjectKind": "organisation",
                    ],
                    fields: [
                        .init("title", .string("旧案\(HostileTests.text)"), .party),
                        .init("subjectName", "星河纸品厂（演示）", .party),
                    ]),
                Fact(
                    .documentFixed, in: thread,
                    plain: [
                        "data": cover, "document": .string(DocumentID.random().description), "kind": "case-file-cover",
                    ], fields: [.init("data", cover, .party)]),
                Fact(.caseFiled, in: thread, plain: ["withDefects": true]),
            ]
            // A case that was filed long ago: its entries, and the rows that a rebuild gives it.
            func append(_ facts: [Fact], _ rows: [ProjectionRow]) async throws {
                let head = try await world.store.head(of: thread)
                let entries = try Scribe(bureau: world.tag).seal(
                    facts, after: head.map { [thread: $0] } ?? [:], by: .person(officer), command: .random(),
                    at: world.clock.now())
                _ = try await world.store.append(
                    AppendRequest(command: .random(), entries: entries, upserting: rows))
            }
            try await append(facts, [])
            let entries = try await world.store.entries(of: thread, from: 1)
            let rows = try await world.office.casebook.projectedRows(of: thread, entries: entries)
            try await append(
                [Fact(.accessClosed, in: thread, plain: ["session": .string(ViewSessionID.random().description)])], rows
            )
            let year = world.clock.now().day.parts.year
            let address = browser.address
            for account in ["custodian", "departmenthead", "agencyhead"] {
                let keeper = try await browser.signedIn(account)
                #expect(try await keeper.get(address.caseFile(thread)).body.contains(address.retention(of: thread)))
                let list = try await keeper.get(address.retention()).body
                #expect(list.contains("旧案") && list.contains("30年") && list.contains("\(year + 30)年"))
                #expect(list.contains("保管中") && HostileTests.clean(list))
                let before = try await world.office.casebook.load(thread).entries.count
                let page = try await keeper.get(address.retention(of: thread))
                #expect(page.status == 200 && page.body.contains("这份案卷现在不能销毁"))
                #expect(page.body.contains("第三十条第二款") && HostileTests.clean(page.body))
                #expect(try await world.office.casebook.load(thread).entries.count == before)
            }
            for account in ["officer", "legalreviewer", "unithead", "administrator"] {
                let other = try await browser.signedIn(account)
                #expect(try await other.get(address.retention()).status == 403, "\(account)")
                #expect(!(try await other.get(address.caseFile(thread)).body.contains(address.retention(of: thread))))
            }
        }
    }
}

import Application
import Casework
import HTTPTypes
import Kernel
import TestKit
import Testing

@testable import Web

@Suite("The score sheet of a case")
struct ScorePageTests {
    @Test(
        "everybody of the case sees today's points; whoever did not handle it records a review, once, in their own name"
    )
    func review() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await officer.inspection(in: world)
            let path = officer.address.score(of: thread)
            #expect(try await officer.get(officer.address.caseFile(thread)).body.contains("href=\"\(path)\""))
            let own = try await officer.get(path)
            #expect(
                own.status == 200 && own.body.contains("<b>100 分</b>") && own.body.contains("优秀")
                    && !own.body.contains("登记评查结果"))
            #expect(try await browser.signedIn("administrator").get(path).status == 403)

            let custodian = try await browser.signedIn("custodian")
            let page = try await custodian.get(path)
            var form = try #require(PageForm(in: page.body, action: path))
            for points in ["", "101", "-1", "九十"] {
                form.fill(["score": points, "defects": "未发现问题"])
                let refused = try await custodian.send(.post, path, body: form.body)
                #expect(refused.status == 422 && refused.body.contains("href=\"#f-score\""), "\(points)")
            }
            form.fill(["score": "92", "defects": "现场检查笔录日期缺一处。"])
            let taken = try await officer.send(.post, path, body: form.body)
            #expect(taken.status == 403, "a form of another person's session")
            let first = try await custodian.send(.post, path, body: form.body)
            let second = try await custodian.send(.post, path, body: form.body)
            #expect(first.status == 303 && second.location == first.location)
            let reviews = try await world.office.casebook.fileReviews(of: thread)
            #expect(reviews.map(\.points) == [92])
            #expect(reviews.first?.reviewer == world.people[.custodian]?.thread)
            #expect(try await officer.get(path).body.contains("现场检查笔录日期缺一处。"))
        }
    }

    @Test("who handled the case reviews no file of it, whatever else they are")
    func handler() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await officer.inspection(in: world)
            let person = try #require(world.people[.officer])
            let row = try #require(try await world.office.casebook.registers.person(person.thread))
            let work = try await world.office.casebook.load(thread).work
            var promoted = row
            promoted.roles.append(.custodian)
            #expect(FileReview.refusal(of: row, in: work) != nil)
            #expect(FileReview.refusal(of: promoted, in: work)?.contains("承办过本案") == true)
            await #expect(throws: StepRefusal.self) {
                _ = try await world.office.casebook.reviewFile(
                    of: thread, points: 90, defects: "无", command: .random(), by: Performer(person: promoted))
            }
        }
    }
}

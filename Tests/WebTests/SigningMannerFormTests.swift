import Application
import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Web

@Suite("A place that nobody signs", .serialized)
struct SigningMannerFormTests {
    /// A form, what it says when it is sent empty, what is typed into it, and the words that stand for it afterwards.
    struct Row: Sendable, CustomTestStringConvertible {
        let manner: SigningManner
        let help: String
        let demands: [String]
        let values: Fields
        let tag: String
        let told: [String]

        var testDescription: String { manner.rawValue }
    }

    static let rows = [
        Row(
            manner: .refused, help: "写明拒绝的原因", demands: ["签名人姓名", "拒绝签名的原因"],
            values: ["signer": "钱有余", "capacity": "employee", "reason": "认为数据没有错。"], tag: "拒绝签名", told: ["认为数据没有错。"]),
        Row(
            manner: .unable, help: "由见证人见证", demands: ["签名人姓名", "不能签名的原因及宣读情况", "宣读人", "见证人"],
            values: [
                "signer": "钱有余", "capacity": "employee", "reason": "不识字，听后无异议。", "reader": "路人丙", "witness": "路人乙",
            ], tag: "不能签名",
            told: ["不识字，听后无异议。", "宣读人：路人丙", "见证人：路人乙"]),
    ]

    private func words(_ page: String) -> String {
        page.replacingOccurrences(of: "<[^>]*>", with: "", options: .regularExpression)
    }

    @Test("is recorded by the form with the reason, told on the pages, and the document is issued", arguments: rows)
    func met(row: Row) async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let (thread, document) = try await ScanTests().record(walk)
            let (address, officer) = (walk.address, walk.officer)
            let path = address.slot("party", of: document, in: thread)
            let page = words(try await officer.get("\(path)?manner=\(row.manner.rawValue)").body)
            #expect(page.contains(row.help))
            // Nothing of another manner is asked for here.
            #expect(!page.contains("扫描件或照片") && !page.contains("清除"))
            let empty = try await officer.submit("\(path)?manner=\(row.manner.rawValue)", action: path, [:])
            #expect(empty.status == 422)
            for demand in row.demands { #expect(words(empty.body).contains("请填写\(demand)"), "\(demand)") }
            let size = try await world.store.logs().map(\.head.size)
            var own = row.values
            own.pairs.removeAll { $0.name == "witness" }
            let officerAsWitness = try await officer.submit(
                "\(path)?manner=\(row.manner.rawValue)", action: path,
                own.adding("witness", world.people[.officer]?.name ?? ""))
            #expect(officerAsWitness.status == 422, "an officer of the case was taken for a witness")
            #expect(try await world.store.logs().map(\.head.size) == size)
            try await officer.carryOut("\(path)?manner=\(row.manner.rawValue)", action: path, row.values)

            let met = try await world.office.casebook.load(thread).work.document(document)?.slots["party"]
            #expect(met?.manner == row.manner.rawValue && met?.name == "钱有余")
            let shown = words(try await officer.get(address.document(document, in: thread)).body)
            #expect(shown.contains(row.tag))
            let course = words(try await officer.get(address.caseFile(thread)).body)
            #expect(course.contains("现场检查笔录：钱有余\(row.tag)"))
            for text in row.told { #expect(shown.contains(text), "\(text)") }
            // An article asks a firm for its seal: a refusal is all that is asked, of an inability the seal stays owed.
            #expect(page.contains("公章仍然欠着") == (row.manner == .unable))
            #expect(page.contains("即符合这一条") == (row.manner == .refused))

            try await walk.sign(officer, "officer1", of: document, in: thread, [:])
            try await walk.sign(walk.second, "officer2", of: document, in: thread, [:])
            try await walk.sign(officer, "recorder", of: document, in: thread, [:])
            try await walk.issue(officer, document, in: thread)
            #expect(try await world.office.casebook.load(thread).work.document(document)?.issue?.object != nil)
        }
    }
}

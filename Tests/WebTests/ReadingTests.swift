import Application
import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Web

/// Pages that only explain: a regulation, two regulations, an obligation.
@Suite("Reading the regulations")
struct ReadingTests {
    @Test("a regulation is read row by row, found by words and kind; two are compared; what is unknown is not found")
    func regulations() async throws {
        let world = try await WalkTests.world()
        let text = try #require(
            try await world.office.casebook.chambers.law().library.newest("zhaoxian-2017")?.regulation)
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let address = officer.address
            let path = address.regulation("zhaoxian-2017")
            let whole = try await officer.get(path)
            #expect(whole.status == 200 && whole.body.contains("本机关施行"))
            for row in text.provisions {
                #expect(whole.body.contains("id=\"\(Address.anchor(of: row.id))\""), "\(row.id)")
            }
            let policies = text.provisions.filter { $0.kind == .policy }.count
            let few = try await officer.get("\(path)?kind=policy")
            #expect(policies > 0 && few.body.components("<section class=\"card\"").count == policies)
            let none = try await officer.get("\(path)?q=\(Percent.encode("\"><script>x"))")
            #expect(none.body.contains("没有找到条文") && !none.body.contains("<script>x"))
            let other = try await officer.get(address.regulation("qinghe"))
            #expect(other.body.contains("本机关没有施行"))
            let both = try await officer.get("\(address.comparison(left: "zhaoxian-2017"))&right=qinghe")
            #expect(both.status == 200 && both.body.contains("★ ") && both.body.contains("（本机关没有施行）"))
            #expect(!both.body.contains("&lt;p&gt;"), "markup is shown as text")
            for unknown in [
                address.regulation("nothing"), "\(address.comparison)?left=nothing", address.regulation("<b>"),
            ] {
                #expect(try await officer.get(unknown).status == 404, "\(unknown)")
            }
        }
    }

    @Test("what is open under a row is counted for who may see the case, and leads to the case; others see neither")
    func current() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let address = walk.address
            let rows = Set(
                try await world.registers.obligations(of: thread).filter { $0.state == .open }.flatMap(\.provisions)
                    .filter { $0.hasPrefix("zhaoxian-2017:") })
            let row = try #require(rows.sorted().first)
            let href = address.cases(under: row)
            let mine = try await walk.officer.get(address.regulation("zhaoxian-2017"))
            #expect(mine.body.contains("href=\"\(href)\">待办"))
            #expect(mine.body.components("class=\"current\"").count == rows.count)
            let list = try await walk.officer.get(href)
            #expect(list.status == 200 && list.body.contains(address.caseFile(thread)) && list.body.contains("有待办事项"))
            // Nothing is late yet; far later everything with a term is.
            #expect(!(try await walk.officer.get(address.cases(under: row, late: true))).body.contains("\(thread)"))
            let only = try await walk.officer.get("\(address.regulation("zhaoxian-2017"))?open=yes")
            #expect(only.body.components("<section class=\"card\"").count == rows.count)
            // Another officer handles nothing of it; heads see it; the administrator sees no counts at all.
            let head = try await browser.signedIn("agencyhead")
            #expect(try await head.get(address.regulation("zhaoxian-2017")).body.contains("href=\"\(href)\">待办"))
            #expect(try await head.get(href).body.contains(address.caseFile(thread)))
            let administrator = try await browser.signedIn("administrator")
            #expect(
                !(try await administrator.get(address.regulation("zhaoxian-2017"))).body.contains("class=\"current\""))
            #expect(try await walk.officer.get(address.cases(under: "zhaoxian-2017:nothing")).status == 404)
            #expect(try await walk.officer.get("\(address.cases)?row=%3Cb%3E").status == 404)
        }
    }

    @Test("an obligation of a case explains its rule and links the entries of the course; an unknown one is not found")
    func obligation() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let work = try await walk.officer.get(walk.address.caseFile(thread))
            let start = "\(walk.address.caseFile(thread))/obligations/"
            let keys = work.body.components("href=\"\(start)").map { String($0.prefix { $0 != "\"" }) }
            #expect(!keys.isEmpty)
            for key in Set(keys) {
                let page = try await walk.officer.get(start + key)
                #expect(page.status == 200 && page.body.contains("怎样算办到"), "\(key)")
                for anchor in page.body.components("#entry-").map({ $0.prefix { $0 != "\"" } }) {
                    #expect(work.body.contains("id=\"entry-\(anchor)\""), "\(key): \(anchor)")
                }
            }
            #expect(try await walk.officer.get(start + "nothing").status == 404)
            #expect(try await walk.officer.get(start + "%3Cb%3E").status == 404)
        }
    }
}

extension String {
    /// What follows each occurrence of `separator`.
    fileprivate func components(_ separator: String) -> [String] {
        Array(components(separatedBy: separator).dropFirst())
    }
}

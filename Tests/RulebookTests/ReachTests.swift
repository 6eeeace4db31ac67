import Casework
import Foundation
import TestKit
import Testing

@testable import Rulebook

/// Which rows the product reaches is worked out from what it can record.
@Suite("Reach of rows")
struct ReachTests {
    private func list(_ text: String) throws -> ReachList {
        let place = try TemporaryDirectory()
        try place.write(Array(text.utf8), to: "reach.yaml")
        return try ReachList.read(place.path + "/reach.yaml")
    }

    private func lacks(_ row: String, _ text: String, steps: [ReachOffer] = []) throws -> [String]? {
        let library = HistoryTests.small
        return RowReach(try list(text), steps: steps, library: library).lacks(
            try #require(library.provision(row)), in: library, by: .page)
    }

    @Test(
        "a row is reached when its cause, its document with its signature, and a page of figures are there; policy is not asked"
    )
    func rows() throws {
        let none = "judges: case\nreach: []"
        #expect(try lacks("left:1", none) == nil)
        let types: [EntryType] = [.activityBegan, .documentFixed, .documentSigned]
        #expect(try lacks("left:2", none) == types.map { "“\($0.chinese)”" })
        let papers = "judges: case\nreach: [{ page: x, records: [document.fixed, document.signed] }]"
        #expect(try lacks("left:2", papers, steps: [ReachOffer([.activityBegan])]) == [])
        #expect(try lacks("left:2", papers)?.count == 1)
        #expect(try lacks("left:3", none, steps: [ReachOffer([.activityBegan])]) == [])
        #expect(try lacks("left:4", none, steps: [ReachOffer([.caseEnded])])?.count == 1)
        #expect(try lacks("left:4", none, steps: [ReachOffer([.caseEnded]), ReachOffer([.caseFiled])]) == [])
        #expect(try lacks("left:5", none)?.count == 1)
        #expect(try lacks("left:5", "judges: case\nreach: [{ page: x, figures: true }]") == [])
    }

    @Test("a paper that others make is reached where a place records it with its scan, and nowhere else")
    func outside() throws {
        let library = Sample.library
        func lacks(_ row: String, _ records: String, _ steps: EntryType...) throws -> [String]? {
            RowReach(
                try list("judges: case\nreach: [{ page: x, records: [\(records)] }]"), steps: [ReachOffer(steps)],
                library: library
            ).lacks(try #require(library.provision(row)), in: library, by: .page)
        }
        let fine = "parent-law:penalty-71.p2"
        #expect(try lacks(fine, "document.fixed", .fineRemitted) == ["《罚款专用票据》"])
        #expect(try lacks(fine, "document.fixed, document.scanned", .fineRemitted) == [])
        let opinion = "zhaoxian-2017:12(7)"
        #expect(try lacks(opinion, "document.fixed, document.signed", .appraisalCommissioned)?.isEmpty == false)
        #expect(
            try lacks(opinion, "document.fixed, document.scanned, document.signed", .appraisalCommissioned) == [])
    }

    @Test(
        "a duty that only a record of a later part of the product causes is not owed; a row of nothing else is not reached"
    )
    func awaited() throws {
        let library = Sample.library
        func reach(_ text: String, _ steps: EntryType...) throws -> RowReach {
            RowReach(try list(text), steps: [ReachOffer(steps)], library: library)
        }
        let secrets = try #require(library.provision("zhaoxian-2017:33"))
        let (plain, later) = ("judges: [case, request, bureau]\nreach: []", "awaits: publication.made\n")
        let steps: [EntryType] = [.secrecyMarked, .requestChecked, .requestFulfilled, .accessOpened, .dossierExported]
        func lacks(_ text: String, _ steps: [EntryType]) throws -> [String]? {
            RowReach(try list(text), steps: [ReachOffer(steps)], library: library)
                .lacks(secrets, in: library, by: .page)
        }
        #expect(try lacks(plain, steps)?.contains("“公示”") == true)
        #expect(try lacks(later + plain, steps) == [])
        #expect(try lacks(later + plain, steps.filter { $0 != .secrecyMarked })?.contains("“标明秘密事项”") == true)
        let names = try reach(later + plain).awaiting(secrets).flatMap(\.trigger.types)
        #expect(!names.isEmpty && Set(names) == [.publicationMade])
        let published = try #require(library.provision("hejin-2019:2.1c"))
        let all = Array(Set(published.duties.flatMap(\.trigger.types)))
        let whole = try reach("awaits: [\(all.map(\.rawValue).joined(separator: ", "))]\n" + plain)
        #expect(whole.awaiting(published).isEmpty == (published.allows.isEmpty && published.figures.isEmpty))
        #expect(throws: RuleFileError.self) {
            try list("awaits: case.opened\njudges: case\nreach: [{ page: x, records: case.opened }]")
        }
        #expect(throws: RuleFileError.self) { try list("awaits: publication.mad\n" + plain) }
    }

    @Test(
        "a word that no place offers is not there; two places add their words; a thread that is not judged reaches nothing"
    )
    func words() throws {
        func offer(_ words: String...) -> ReachOffer { ReachOffer([.activityBegan], words: ["kind": Set(words)]) }
        let none = "judges: case\nreach: []"
        #expect(try lacks("left:3", none, steps: [offer("questioning")])?.first?.contains("没有提供") == true)
        #expect(try lacks("left:3", none, steps: [offer("questioning"), offer("siteInspection")]) == [])
        #expect(try lacks("left:3", none, steps: [offer("questioning"), ReachOffer([.activityBegan])]) == [])
        let both = [ReachOffer([.caseEnded, .caseFiled])]
        #expect(try lacks("left:4", "judges: recording\nreach: []", steps: both)?.count == 1)
    }

    @Test(
        "a list with an unknown type, word, member, thread or key, or two ways in one line, is refused",
        arguments: [
            "judges: case\nreach: [{ page: x, records: case.open }]",
            "judges: case\nreach: [{ page: x, records: case.opened, where: { kind: penal } }]",
            "judges: case\nreach: [{ page: x, records: case.opened, where: { title: penalty } }]",
            "judges: cases\nreach: []", "judges: case\nreach: [{ page: x, rows: [\"left:1\"] }]",
            "judges: case\nreach: [{ page: x, command: y, records: case.opened }]",
            "judges: case\nreach: [{ records: case.opened }]", "judges: case\nreach: [{ page: x }]", "reach: []",
        ])
    func refused(text: String) {
        #expect(throws: RuleFileError.self) { try list(text) }
    }

    @Test("every command that the list names is a command of the program")
    func commands() throws {
        let program = try #require(RegulationCommandTests.program, "liuhen was not built: run swift build first")
        let places = try ReachList.read("\(Sample.root)/Regulations/reach.yaml").lines.filter { $0.way == .command }
        #expect(!places.isEmpty)
        for line in places {
            let words = line.place.split(separator: " ").map(String.init)
            let help = try Judge.run(program, words + ["--help"], in: TemporaryDirectory())
            // A parent's help would do for a wrong word after it: the usage must name the whole command.
            #expect(help.status == 0 && help.output.contains("用法：liuhen \(line.place)"), "\(line.place)")
        }
        #expect(try ReachList.read("\(Sample.root)/Regulations/reach.yaml").lines.allSatisfy { $0.way != .api })
    }
}

/// Programs reach a row by what the API's operations record.
@Suite("Reach of rows by the API")
struct APIReachTests {
    @Test("a row is reached by the API when its operations record what it names; documents when one of them fixes them")
    func rows() throws {
        let place = try TemporaryDirectory()
        try place.write(Array("judges: case\nreach: []".utf8), to: "reach.yaml")
        let list = try ReachList.read(place.path + "/reach.yaml")
        let library = HistoryTests.small
        func lacks(_ row: String, _ api: [ReachOffer]) throws -> [String]? {
            RowReach(list, steps: [], api: api, library: library)
                .lacks(try #require(library.provision(row)), in: library, by: .api)
        }
        #expect(try lacks("left:3", [])?.isEmpty == false)
        #expect(try lacks("left:3", [ReachOffer([.activityBegan])]) == [])
        #expect(try lacks("left:2", [ReachOffer([.activityBegan])])?.count == 3)
        #expect(try lacks("left:2", [ReachOffer([.activityBegan, .documentFixed, .documentSigned])]) == [])
        // What the API offers says nothing of pages.
        #expect(
            try RowReach(list, steps: [], api: [ReachOffer([.activityBegan])], library: library)
                .lacks(#require(library.provision("left:3")), in: library, by: .page)?.isEmpty == false)
    }
}

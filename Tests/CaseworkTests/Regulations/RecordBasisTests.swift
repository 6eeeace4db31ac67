import Casework
import Kernel
import Testing

@Suite("The articles that a record answers to are those of the texts in force")
struct RecordBasisTests {
    private let day = CivilDay("2026-03-02")!

    private func rows(_ type: EntryType, _ words: [String: String] = [:], under texts: RulesInForce) -> Set<String> {
        Set(RecordBasis(of: type, words: words, in: texts, on: day).provisions.map(\.id))
    }

    @Test("each text is cited where it is adopted, and nowhere else")
    func adopted() {
        let zhaoxian = rows(.expertArgued, under: Loaded.rules("zhaoxian-2017"))
        #expect(zhaoxian.contains("zhaoxian-2017:17"))
        for id in ["luanchuan-2020", "qinghe", "hejin-2019"] {
            let found = rows(.expertArgued, under: Loaded.rules(id))
            #expect(found.allSatisfy { $0.hasPrefix("\(id):") }, "\(id): \(found)")
        }
        let all = Loaded.rules("zhaoxian-2017", "luanchuan-2020", "parent-law")
        let discussed = RecordBasis(of: .discussionHeld, in: all, on: day).provisions.map(\.id)
        #expect(discussed.contains("zhaoxian-2017:18") && discussed.contains("luanchuan-2020:10b"))
        #expect(discussed.last == "parent-law:penalty-57.p2", "the parent law comes last")
    }

    @Test("a row that asks for another word of the record is left out")
    func words() {
        let texts = Loaded.rules("zhaoxian-2017")
        let posted = rows(.documentServed, ["method": "post"], under: texts)
        let published = rows(.documentServed, ["method": "public"], under: texts)
        #expect(posted != published)
        #expect(posted.subtracting(published).contains { $0.hasPrefix("zhaoxian-2017:23") }, "\(posted)")
        #expect(!posted.contains { $0.hasPrefix("zhaoxian-2017:26") }, "\(posted)")
    }

    @Test("beside each question stands the article that asks for it, the bureau's own before the parent law")
    func fields() {
        let zhaoxian = Loaded.rules("zhaoxian-2017", "parent-law")
        let began = FieldBasis(of: .activityBegan, in: zhaoxian, on: day)
        let asked = RecordBasis(of: .activityBegan, in: zhaoxian, on: day).provisions.map(\.id)
        for member in ["officers", "place"] {
            if let row = began[member] { #expect(asked.contains(row.id), "\(member): \(row.id)") }
        }
        #expect(began["noSuchMember"] == nil)
        let review = FieldBasis(
            of: .approvalStepped, words: ["step": "reviewer", "about": "service"], in: zhaoxian, on: day)
        #expect(review["opinion"]?.id == "zhaoxian-2017:41")
        #expect(review["step"] == nil, "what the step itself says is no question")
        let other = FieldBasis(of: .approvalStepped, in: Loaded.rules("hejin-2019"), on: day)
        #expect(other["opinion"] == nil, "a text that is not adopted is not cited")
    }

    @Test("the articles behind the fields of a paper are those that ask for the paper with that field")
    func paperFields() {
        var named = 0
        for rules in [Loaded.rules("zhaoxian-2017"), Loaded.rules("qinghe")] {
            for kind in Loaded.library.kinds.values.map(\.kind) {
                let basis = FieldBasis(ofPaper: kind.name, in: rules, on: day)
                for field in kind.fields {
                    guard let row = basis[field.name] else { continue }
                    named += 1
                    #expect(rules.spans.contains { $0.regulation.provisions.contains { $0.id == row.id } })
                }
                #expect(basis["noSuchField"] == nil)
            }
        }
        #expect(named > 40, "\(named)")
    }

    @Test("nothing is cited before a text is in force")
    func before() {
        let texts = Loaded.rules("zhaoxian-2017")
        let early = RecordBasis(of: .expertArgued, in: texts, on: CivilDay("2010-01-01")!)
        #expect(early.provisions.isEmpty)
    }
}

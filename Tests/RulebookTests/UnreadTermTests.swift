import Casework
import Kernel
import Rulebook
import Testing

/// Histories refuse words that no form has, so what a rule makes of one is asked here.
@Suite("A retention term that no rule can read")
struct UnreadTermTests {
    static func verdict(_ retention: String, under text: String, on day: String) throws -> StepVerdict {
        let told = """
            timeline:
              - { at: 2020-03-02T09:00, type: document.fixed, document: 封面, kind: case-file-cover, data: { caseNumber: 示例〔2020〕1号, retention: \(retention) } }
              - { at: 2020-03-02T10:00, type: case.filed, archivist: 丙 }
            next:
              - { at: \(day)T09:00, type: disposal.performed, what: case, approvedBy: 局长, confirmedBy: 丙 }

            """
        return try #require(try UntoldKindTests.check(told, texts: [text]).verdict)
    }

    @Test(
        "opens no gate: nothing is destroyed by it, however late",
        arguments: [("luanchuan-2020", "15"), ("zhaoxian-2017", "30.p2b"), ("qinghe", "33a")])
    func unread(text: String, row: String) throws {
        for word in ["30年", "thirty", "\"30\""] {
            let verdict = try Self.verdict(word, under: text, on: "2099-03-03")
            #expect(verdict.refusals.flatMap(\.citations).map(\.provision) == ["\(text):\(row)"], "\(word)")
        }
        #expect(try Self.verdict("years10", under: text, on: "2030-03-03").isAllowed)
    }
}

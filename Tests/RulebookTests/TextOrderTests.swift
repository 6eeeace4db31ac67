import Casework
import Foundation
import Kernel
import Testing

@testable import Rulebook

/// The order in which texts are named, and naming one twice, change nothing in what is answered.
@Suite("Texts in any order")
struct TextOrderTests {
    static let texts = ["zhaoxian-2017", "hejin-2019", "qinghe", "recorder-mgmt"]

    private static func answer(_ texts: [String]) throws -> [String: Any] {
        let told = """
            timeline:
              - { at: 2026-03-02T09:00+08:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙] }
              - { at: 2026-03-03T09:00+08:00, type: role.granted, thread: 甲, role: officer }
            """
        let base = IncrementalTests.base
        let timeline = try Timeline.read([UInt8](told.utf8), file: "told.yaml", library: base.library)
        let report = try CheckReport(timeline, texts: texts.map { .init(regulation: $0) }, base: base)
        let answer = try JSONSerialization.jsonObject(with: Data(report.json().utf8))
        return try #require(answer as? [String: Any])
    }

    private static func figures(_ answer: [String: Any]) throws -> [String] {
        let figures = try #require(answer["figures"] as? [[String: Any]])
        return figures.compactMap { one in
            guard let provision = one["provision"] as? String, let name = one["name"] as? String else { return nil }
            return "\(provision) \(name)"
        }
    }

    @Test("figures stand in one order, by text and then as in the text")
    func figures() throws {
        let reference = try Self.figures(Self.answer(Self.texts))
        #expect(reference.count > 4)
        #expect(try Self.figures(Self.answer(Self.texts.reversed())) == reference)
        #expect(try Self.figures(Self.answer(Array(Self.texts[2...] + Self.texts[..<2]))) == reference)
        let texts = reference.compactMap { $0.split(separator: ":").first.map(String.init) }
        #expect(texts == texts.sorted())
    }

    @Test("a text named twice is the text once")
    func twice() throws {
        let once = try Self.answer(["hejin-2019"]) as NSDictionary
        #expect(try Self.answer(["hejin-2019", "hejin-2019"]) as NSDictionary == once)
    }
}

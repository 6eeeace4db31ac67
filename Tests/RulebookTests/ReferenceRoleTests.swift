import Casework
import Kernel
import Rulebook
import Testing

@Suite("Timelines: references that are left out")
struct ReferenceRoleTests {
    static func timeline(_ records: String...) throws -> Timeline {
        try TimelineTests.read("timeline:\n" + records.map { "  - { \($0) }\n" }.joined())
    }

    static let order = "at: 2026-03-02T09:00, type: correction.ordered, dueDay: 2026-03-16, content: 补报"
    static let check = "at: 2026-03-16T09:00, type: correction.checked, result: corrected, findings: 已补报"

    @Test("the only record that can be meant is taken, and that is noted")
    func only() throws {
        let told = try Self.timeline(Self.order, Self.check)
        let checked = try #require(told.records.last)
        #expect(checked.references.map(\.role) == ["order"])
        #expect(checked.references.map(\.seq) == [1])
        #expect(told.notes == ["timeline 第2条没有写 refs 的 order，按提到唯一的“责令改正”计"])
    }

    @Test("of two that can be meant none is guessed, and that is noted")
    func several() throws {
        let told = try Self.timeline(Self.order, Self.order, Self.check)
        #expect(told.records.last?.references == [])
        #expect(told.notes.contains { $0.contains("不作推断") && $0.contains("refs: { order: … }") })
    }

    @Test("what is written stands: the right role is kept, another role is completed")
    func written() throws {
        let right = try Self.timeline(
            "id: a, \(Self.order)", "id: b, \(Self.order)", "\(Self.check), refs: { order: b }")
        #expect(right.records.last?.references.map(\.seq) == [2])
        let other = try Self.timeline("id: a, \(Self.order)", "id: b, \(Self.order)", "\(Self.check), refs: { to: b }")
        #expect(other.records.last?.references.map(\.role) == ["to", "order"])
        #expect(other.records.last?.references.map(\.seq) == [2, 2])
    }

    @Test("a record in its own thread is nearer than one in another")
    func ownThread() throws {
        let told = try Self.timeline(
            "at: 2026-03-02T09:00, type: publication.questioned, thread: 甲, wrong: 名称",
            "at: 2026-03-02T09:00, type: publication.questioned, thread: 乙, wrong: 名称",
            "at: 2026-03-03T09:00, type: publication.corrected, thread: 乙, corrected: 名称")
        let corrected = try #require(told.records.last)
        #expect(corrected.references.map(\.thread) == [TimelineNames.tag(of: "乙")])
    }

    @Test("what stands later is never meant")
    func later() throws {
        let told = try Self.timeline(Self.check, Self.order)
        #expect(told.records.first?.references == [])
    }
}

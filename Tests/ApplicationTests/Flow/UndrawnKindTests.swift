import Application
import Casework
import Demo
import Kernel
import TestKit
import Testing

@Suite("Kinds without a template", .serialized)
struct UndrawnKindTests {
    @Test("a kind without a template is known to the law, offered to nobody, and neither previewed nor fixed")
    func refused() async throws {
        let world = try await CaseWorld()
        let officer = try await world.performer(world.people.officer1)
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let law = try await world.office.casebook.chambers.law()
        #expect(try law.kind("appraisal-opinion").kind.title == "鉴定意见书")
        #expect(law.drawnKinds.allSatisfy { $0.template != nil })
        #expect(law.drawnKinds.map(\.row) == law.drawnKinds.map(\.row).sorted())
        #expect(Set(law.drawnKinds.map(\.name)).isSuperset(of: [DocumentKindName.rightsNotice]))
        #expect(!law.drawnKinds.contains { $0.name == "appraisal-opinion" })

        #expect(
            law.outsideKinds.map(\.name) == ["appraisal-opinion", "fine-receipt", "postage-voucher", "return-receipt"])

        let draft = Draft(
            id: .random(), bureau: world.office.bureau, caseThread: thread, kind: "appraisal-opinion", data: [:],
            author: officer.tag, savedAt: world.clock.now(), version: 1)
        let sentence = "《鉴定意见书》由外单位或者个人出具，不在系统中制作。收到以后，在案件页面“归入外来文书”登记并上传扫描件。"
        let previewed = try await world.refusal("preview") {
            _ = try await world.office.desk.preview(draft, scale: 1)
        }
        #expect(previewed?.code == .unavailable)
        #expect(previewed?.message == sentence)
        let fixed = try await world.refusal("fix") {
            _ = try await world.office.desk.fix(
                draft, activity: nil, about: nil, expecting: try await world.load(thread).work.entries,
                command: .random(), by: officer)
        }
        #expect(fixed?.message == sentence)
        // By the step itself, without the desk.
        let stepped = try await world.refusal("step") {
            try await world.take(
                FixDocument(
                    document: draft.id, kind: draft.kind, data: [:],
                    rendition: try await world.vault.store(Array("%PDF".utf8)), pages: 1, press: .zero,
                    activity: nil, about: nil),
                in: thread, by: world.people.officer1)
        }
        #expect(stepped?.message == sentence)
    }
}

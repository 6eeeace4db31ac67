import Application
import Casework
import Demo
import Kernel
import Ledger
import Store
import TestKit
import Testing

/// What breaks outside breaks nothing here: the step is refused in Chinese, the draft stays, nothing is recorded.
@Suite("Faults behind the ports", .serialized)
struct FlowFaultTests {
    /// Something that can fail.
    private enum Fault: CaseIterable, CustomTestStringConvertible {
        case printerHangs, printerDies, printerMissing, glyph, vaultFull, vaultStopped, vaultBusy, storeStopped,
            storeFull
        case storeFailed, storeDamaged

        var testDescription: String { "\(self)" }

        var code: StepRefusal.Code {
            switch self {
            case .printerHangs, .printerDies, .printerMissing, .vaultBusy, .storeDamaged: .unavailable
            case .glyph: .invalid
            case .vaultFull, .vaultStopped, .storeStopped, .storeFull: .stopped
            case .storeFailed: .fault
            }
        }

        func strike(_ world: CaseWorld) {
            func press(_ code: PressError.Code) {
                world.printer.fail(with: PressError(code: code, message: "文书暂时不能制作，请稍后再试。", detail: "told to fail"))
            }
            switch self {
            case .printerHangs: press(.timeout)
            case .printerDies: press(.died)
            case .printerMissing: press(.unavailable)
            case .glyph: press(.missingGlyph)
            case .vaultFull: world.vault.fail(with: VaultError(.full, "told to fail"))
            case .vaultStopped: world.vault.fail(with: VaultError(.stopped, "told to fail"))
            case .vaultBusy: world.vault.fail(with: VaultError(.busy, "told to fail"))
            case .storeStopped: world.store.fail(with: .stopped("磁盘写入出错。"))
            case .storeFull: world.store.fail(with: .full)
            case .storeFailed: world.store.fail(with: .failed("told to fail"))
            case .storeDamaged: world.store.fail(with: .damaged("told to fail"))
            }
        }

        static func end(in world: CaseWorld) {
            world.printer.fail(with: nil)
            world.vault.fail(with: nil)
            world.store.fail(with: nil)
        }
    }

    @Test(
        "fixing and issuing are refused in Chinese at every fault, the draft stays, and all goes on when it is mended")
    func documents() async throws {
        let world = try await CaseWorld()
        let officer = try await world.performer(world.people.officer1)
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let draft = try await world.installation.saveDraft(
            Draft(
                id: .random(), bureau: world.office.bureau, caseThread: thread, kind: DocumentKindName.rightsNotice,
                data: world.form(DocumentKindName.rightsNotice), author: officer.tag, savedAt: world.clock.now(),
                version: 1))
        let (fixing, issuing) = (CommandID.random(), CommandID.random())
        func fix() async throws {
            _ = try await world.office.desk.fix(
                draft, activity: nil, about: nil, expecting: try await world.load(thread).work.entries,
                command: fixing, by: officer)
        }
        for fault in Fault.allCases {
            fault.strike(world)
            let refusal = try await world.refusal("fixing, \(fault)") { try await fix() }
            #expect(refusal?.code == fault.code, "\(fault)")
            #expect(try await world.office.installation.draft(draft.id) == draft, "\(fault)")
            #expect(refusal?.message.contains("told to fail") == false, "what is for the log is not for the screen")
            Fault.end(in: world)
        }
        // The same command that was refused is carried out now; the draft has done its service.
        try await fix()
        #expect(try await world.office.installation.draft(draft.id) == nil)
        try await world.take(
            world.signature(draft.id, "party", signer: DemoFirm.paperMill.representative), in: thread,
            by: world.people.officer1)
        try await world.take(world.signature(draft.id, "officer1"), in: thread, by: world.people.officer1)
        try await world.take(world.signature(draft.id, "officer2"), in: thread, by: world.people.officer2)
        func issue() async throws {
            _ = try await world.office.desk.issue(
                draft.id, in: thread, expecting: try await world.load(thread).work.entries, command: issuing,
                by: officer)
        }
        for fault in Fault.allCases {
            fault.strike(world)
            let refusal = try await world.refusal("issuing, \(fault)") { try await issue() }
            #expect(refusal?.code == fault.code, "\(fault)")
            Fault.end(in: world)
        }
        try await issue()
        // No number was lost to the tries that failed.
        #expect(try await world.load(thread).work.document(draft.id)?.issue?.number == 1)
        #expect(try await world.evaluation(of: thread).parts(of: "zhaoxian-2017:11").map(\.state) == [.met])
    }

    @Test("a stopped ledger takes no step and opens no case, but is read")
    func stopped() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        let before = try await world.load(thread).records
        world.store.fail(with: .stopped("磁盘写入出错。"))
        for (what, attempt) in [
            (
                "a step",
                {
                    _ = try await world.take(
                        EndCase(ground: .terminated, reason: "停"), in: thread, by: world.people.head)
                }
            ),
            ("a case", { _ = try await world.inspection() }),
            (
                "a person",
                {
                    let person = NewPerson(
                        thread: .random(), name: "新来的", section: "检查科", roles: [.officer], account: "newcomer")
                    _ = try await world.office.casebook.register(
                        person, command: .random(), by: try await world.performer(world.people.administrator))
                }
            ),
        ] as [(String, () async throws -> Void)] {
            let refusal = try await world.refusal(what, attempt)
            #expect(refusal?.code == .stopped, "\(what)")
            #expect(refusal?.message.contains("磁盘写入出错") == true, "\(what)")
        }
        #expect(try await world.load(thread).records == before)
        #expect(try await world.office.casebook.registers.caseFile(thread)?.state == .open)
    }

    @Test("a preview that cannot be printed is refused and changes nothing")
    func preview() async throws {
        let world = try await CaseWorld()
        let officer = try await world.performer(world.people.officer1)
        let thread = try await world.penalty()
        let draft = Draft(
            id: .random(), bureau: world.office.bureau, caseThread: thread, kind: DocumentKindName.rightsNotice,
            data: .object([]), author: officer.tag, savedAt: world.clock.now(), version: 1)
        #expect(try await !world.office.desk.preview(draft, scale: 1).isEmpty)
        world.printer.fail(with: PressError(code: .timeout, message: "文书制作超时。", detail: "told to fail"))
        let refusal = try await world.refusal("preview") { _ = try await world.office.desk.preview(draft, scale: 1) }
        #expect(refusal?.code == .unavailable && refusal?.message == "文书制作超时。")
    }
}

import Application
import Casework
import Kernel
import TestKit
import Testing

@testable import Web

extension WalkTests.Walk {
    /// Registers a voucher as a file of the case; returns the place of its link, as the form of the payment offers it.
    func voucher(in thread: ThreadTag) async throws -> String {
        _ = try await world.office.casebook.perform(
            ImportRecording(
                recording: .random(), object: try await world.shelves.store(Array("a voucher".utf8)), form: "document",
                device: "scanner", fileName: "缴款书.pdf", mediaType: "application/pdf", completedAt: nil, activity: nil,
                note: nil),
            on: thread, expecting: try await world.office.casebook.load(thread).work.entries, command: .random(),
            by: Performer(person: try #require(world.people[.officer]), confirmation: nil))
        let records = try await world.office.casebook.load(thread).records
        return String(try #require(records.last { $0.type == .recordingLinked }).seq)
    }

    /// The head of the unit opens the voucher, reads it, and confirms the payment that rests on it.
    func confirmPerformance(in thread: ThreadTag) async throws {
        let path = address.step("performance-confirmation", in: thread)
        let answers: Fields = ["result": "passed", "opinion": "与决定书的数额相符。", "secret": WebWorld.secret]
        let unseen = try await unitHead.submit(path, answers)
        #expect(unseen.status == 422 && unseen.body.contains("请先打开这次履行的凭证"), "\(Browser.problem(unseen.body))")
        let view = try await world.office.casebook.load(thread)
        let seq = try #require(view.work.awaited.first { $0.type == .performanceRecorded }?.proof)
        let recording = try #require(view.records.first { $0.seq == seq }?.thread("recording"))
        let imported = try #require(view.history.first { $0.thread == recording && $0.type == .recordingImported })
        let object = try #require(imported.word("object").flatMap { ObjectID($0) })
        let look = try await world.office.views.begin(
            object, in: recording, by: Performer(person: try #require(world.people[.unitHead]), confirmation: nil),
            right: "head", purpose: "review", command: .random())
        await world.office.views.count(0..<9, of: 9, in: look.id)
        try await world.office.views.end(look.id)
        try await unitHead.carryOut(path, answers)
    }

    /// The head opens each file that a class keeps back and that waits, reads it, and confirms its class.
    func confirmVeiled(in thread: ThreadTag) async throws {
        let view = try await world.office.casebook.load(thread)
        for waiting in view.work.awaited where waiting.type == .recordingLinked {
            let recording = try #require(view.records.first { $0.seq == waiting.seq }?.thread("recording"))
            let imported = try #require(view.history.first { $0.thread == recording && $0.type == .recordingImported })
            let object = try #require(imported.word("object").flatMap { ObjectID($0) })
            let look = try await world.office.views.begin(
                object, in: recording,
                by: Performer(person: try #require(world.people[.agencyHead]), confirmation: nil),
                right: "head", purpose: "review", command: .random())
            await world.office.views.count(0..<9, of: 9, in: look.id)
            try await world.office.views.end(look.id)
            try await head.carryOut(
                address.step("secrecy-confirmation", in: thread, about: ("veiled", String(waiting.seq))),
                ["result": "passed", "opinion": "确有举报人。", "secret": WebWorld.secret])
        }
    }
}

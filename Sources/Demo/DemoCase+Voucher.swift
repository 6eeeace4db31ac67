import Application
import Casework
import Kernel

/// The voucher of a payment, and whoever compares it.
extension DemoCase {
    /// Stores a voucher and registers it as a file of the case.
    ///
    /// A demonstration has no bank: the sheet says that it is none.
    /// - Returns: the place of its link in the case's thread.
    public func recordVoucher(
        _ name: String, completedAt: Instant, in thread: ThreadTag, by member: DemoPeople.Member
    ) async throws -> Int {
        let object = try await office.vault.store(DemoCase.voucherSheet)
        try await take(
            ImportRecording(
                recording: .random(), object: object, form: "document", device: "scanner", fileName: name,
                mediaType: "application/pdf", completedAt: completedAt, activity: nil, note: nil),
            in: thread, by: member)
        return try await office.casebook.load(thread).records.last { $0.type == .recordingLinked }?.seq ?? 0
    }

    /// Opens the voucher of the performance that waits, reads it, and confirms it.
    public func confirmPerformance(in thread: ThreadTag, by member: DemoPeople.Member) async throws {
        let view = try await office.casebook.load(thread)
        guard let waiting = view.work.awaited.first(where: { $0.type == .performanceRecorded }),
            let step = RecordedStep.named("performance-confirmation")
        else { return }
        let recording = view.records.first { $0.seq == waiting.proof }?.thread("recording")
        if let recording { try await look(atFile: recording, of: view, by: member) }
        try await take(
            RecordEntry(
                step, ["performed": .integer(Int64(waiting.seq)), "result": "passed", "opinion": "凭证与决定书的数额相符。"]),
            in: thread, by: member)
    }

    /// Opens a file of a case in a view session, reads it, and ends the session.
    private func look(atFile recording: ThreadTag, of view: CaseView, by member: DemoPeople.Member) async throws {
        let performer = try await performer(member)
        guard let imported = view.history.first(where: { $0.thread == recording && $0.type == .recordingImported }),
            let object = imported.word("object").flatMap({ ObjectID($0) }),
            let right = view.work.viewRight(of: performer.person)
        else { throw StepRefusal(.notFound, "演示案件没有这份资料。") }
        let look = try await office.views.begin(
            object, in: recording, by: performer, right: right, purpose: "review", command: .random())
        let size = Int64(try await office.vault.read(object, at: 0, upTo: 1 << 24).count)
        await office.views.count(0..<size, of: size, in: look.id)
        try await office.views.end(look.id)
    }

    /// One sheet of PDF with a line in letters that every reader has.
    private static let voucherSheet: [UInt8] = {
        let text = "BT /F1 20 Tf 60 760 Td (DEMO - NOT A REAL VOUCHER) Tj 0 -40 Td (CNY 5,000.00) Tj ET"
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length \(text.utf8.count) >>\nstream\n\(text)\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        var bytes = Array("%PDF-1.4\n".utf8)
        var places: [Int] = []
        for (number, object) in objects.enumerated() {
            places.append(bytes.count)
            bytes += Array("\(number + 1) 0 obj\n\(object)\nendobj\n".utf8)
        }
        let table = bytes.count
        bytes += Array("xref\n0 \(places.count + 1)\n0000000000 65535 f \n".utf8)
        for place in places {
            let digits = String(place)
            bytes += Array("\(String(repeating: "0", count: 10 - digits.count))\(digits) 00000 n \n".utf8)
        }
        bytes += Array("trailer\n<< /Size \(places.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n".utf8)
        return bytes
    }()
}

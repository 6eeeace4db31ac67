import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension APIOperation {
    /// What everything that records answers. It is made of what the ledger kept with the command and of nothing else, so
    /// the same key gets the same bytes however often it comes.
    static let receipt = APISchema.named(
        "Receipt",
        .object([
            .init("case", .id), .init("seq", .integer(1...1_000_000_000), "本次提交之后案件的记录条数，下一步的 expectedSeq。"),
            .init("positions", .list(.integer(0...APISchema.instants.upperBound), 0...1000), "新记录在记录册里的位置。"),
            .init("size", .integer(0...APISchema.instants.upperBound), "提交之后记录册的条数。"),
        ]))

    static let expectedSeq = APIField(
        "expectedSeq", .integer(1...1_000_000_000), "提交时所依据的记录条数（案件的 entries）。已有新记录的，拒绝并列出新记录。")
}

extension APICall {
    /// Carries out what records, once for each key: the same key with the same request gets the first answer again, with
    /// another request it is refused.
    func record(_ step: (CommandID, Performer) async throws -> AppendReceipt) async throws -> Response {
        let command = try command
        if let receipt = try await known(command) { return try answer(receipt, isRepeated: true) }
        do {
            let receipt = try await step(command, performer)
            return try answer(receipt, isRepeated: receipt.repeated)
        } catch {
            // The same key may have come twice at once: what the other one recorded is the answer to both.
            if let receipt = try await known(command) { return try answer(receipt, isRepeated: true) }
            throw error
        }
    }

    private func known(_ command: CommandID) async throws -> AppendReceipt? {
        try await bureau.store.receipt(of: command)
    }

    private func answer(_ receipt: AppendReceipt, isRepeated: Bool) throws -> Response {
        guard receipt.answer["request"]?.string == fingerprint.description else {
            throw APIProblem(
                .unprocessableContent, "key-reused", "这个 Idempotency-Key 已经用于另一次提交。新的提交请用新的 Idempotency-Key。")
        }
        guard let thread = receipt.answer["thread"]?.string, let seq = receipt.answer["seq"]?.integer else {
            throw WebRefusal.broken("a receipt without thread or seq")
        }
        var response = Response.json([
            "case": .string(thread), "positions": .array(receipt.indices.map { .integer($0) }), "seq": .integer(seq),
            "size": .integer(receipt.size),
        ])
        response.status = .created
        response.headers[.location] = Address(bureau.tag).api("/cases/\(thread)")
        if isRepeated { response.headers[.idempotencyReplayed] = "true" }
        return response
    }

    var expectedSeq: Int { body["expectedSeq"]?.integer.map { Int($0) } ?? 0 }

    func text(_ name: String) -> String { body[name]?.string ?? "" }
    func optional(_ name: String) -> String? { body[name]?.string }
    func instant(_ name: String) -> Instant? { body[name]?.integer.map { Instant(milliseconds: $0) } }
    func threads(_ name: String) -> [ThreadTag] {
        (body[name]?.elements ?? []).compactMap { $0.string.flatMap { ThreadTag($0) } }
    }
}

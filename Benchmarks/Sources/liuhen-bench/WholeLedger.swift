import Application
import Foundation
import Kernel
import Ledger
import Store

/// The check of a whole ledger from its file: leaves, chains, every stored hash and every signed head on two threads;
/// then with content, skeletons and openings.
enum WholeLedger {
    static let rounds = 5

    static func measure(_ options: Options) async throws {
        let size = try options.number("entries", or: 1_000_000)
        let place = try Place(try options.text("directory") + "/ledger")
        try await fill(place, to: Int64(size))
        let path = place.ledger.path
        place.ledger.close()
        // Without these the first round would read the disk and the others memory.
        try warm(path)

        var tree = Samples(figure: "tree")
        var content = Samples(figure: "content")
        var heads = 0
        var treeTimes: [Double] = []
        var contentTimes: [Double] = []
        for _ in 0..<rounds {
            treeTimes.append(
                try Timing.process { tree.values.append(try check(path, size, withContent: false, heads: &heads)) })
            guard options.optional("only") != "tree" else { continue }
            contentTimes.append(
                try Timing.process { content.values.append(try check(path, size, withContent: true, heads: &heads)) })
        }
        tree.say(
            note:
                "file in memory, \(heads) signed heads; \(treeTimes.quantile(0.5)) s of processor for each check of \(size) entries"
        )
        guard !content.values.isEmpty else { return }
        content.say(
            note: "600 bytes with two openings each; \(contentTimes.quantile(0.5)) s of processor for each check")
    }

    private static func check(
        _ path: String, _ size: Int, withContent: Bool, heads: inout Int
    ) throws -> Double {
        var verification = LedgerVerification(path: path)
        verification.withContent = withContent
        var verdict: LedgerVerdict?
        let time = try Timing.wall { verdict = try verification.run() }
        guard let verdict, verdict.isWhole, verdict.logs.last?.size == Int64(size) else {
            throw Failure("the check found \(verdict?.findings.first.map { "\($0)" } ?? "another size")")
        }
        heads = verdict.logs.last?.heads ?? 0
        return Double(size) / time
    }

    /// Cases of fifty entries, appended in steps by as many writers as a busy hour has.
    private static func fill(_ place: Place, to size: Int64) async throws {
        let start = try await place.ledger.signedHead().size
        guard start < size else { return }
        let steps = Int(size - start) / 50
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<Writers.writers {
                group.addTask { @concurrent in
                    for _ in stride(from: writer, to: steps, by: Writers.writers) {
                        var course = Course(bureau: place.bureau, byteCount: 600)
                        _ = try await place.ledger.append(try course.next(50).request)
                    }
                }
            }
            try await group.waitForAll()
        }
        let left = Int(size - start) % 50
        if left > 0 {
            var course = Course(bureau: place.bureau, byteCount: 600)
            _ = try await place.ledger.append(try course.next(left).request)
        }
    }

    private static func warm(_ path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else { throw Failure("cannot read \(path)") }
        while let data = try file.read(upToCount: 4 << 20), !data.isEmpty {}
    }
}

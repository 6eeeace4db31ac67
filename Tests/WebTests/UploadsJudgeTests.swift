import Application
import Foundation
import HTTPTypes
import HummingbirdTesting
import Kernel
import Ledger
import Synchronization
import TestKit
import Testing
import Vault

@testable import Web

/// Clients that nobody here wrote.
@Suite("Foreign clients upload", .serialized)
struct UploadsJudgeTests {
    @Test(
        "tuspy uploads whole, with checksums, interrupted and resumed",
        .enabled(if: Judge.python != nil || Judge.required))
    func tuspy() async throws {
        let python = try #require(Judge.python, "LIUHEN_JUDGES=1 and .venv/bin/python is missing")
        let bench = try await UploadsBench()
        try await bench.runLive { client in
            let port = try #require(client.port)
            let script = Judge.projectRoot.appendingPathComponent("Tests/Judges/tusjudge.py").path
            let output = try await run(python, [script, "http://localhost:\(port)/uploads"])
            let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
            #expect(lines.count == 5, "\(output)")
            for line in lines {
                let id = try #require(line.first?.split(separator: "/").last.flatMap { UploadID(String($0)) })
                let facts = try #require(try await bench.vault.upload(id).facts)
                #expect(line.last.map { String($0) } == "\(facts.sha256)")
            }
        }
    }

    @Test(
        "curl puts a file with its default fields, and gets it back by ranges",
        .enabled(if: hasCurl || Judge.required))
    func curl() async throws {
        let bench = try await UploadsBench()
        try bench.directory.write((0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }, to: "file")
        let file = bench.directory.path + "/file"
        try await bench.runLive { client in
            let base = "http://localhost:\(try #require(client.port))"
            // With all heads shown, the interim answer is one more. A busy machine may take longer than the second after which
            // curl would go on by itself.
            let output = try await run(
                "/usr/bin/curl",
                [
                    "-sS", "-i", "--expect100-timeout", "60", "-T", file, "-H", "Authorization: officer",
                    base + "/files/",
                ])
            #expect(output.contains("HTTP/1.1 100 Continue") && output.contains("HTTP/1.1 201 Created"))
            let object = try #require(bench.stored.withLock { $0.first }).object
            let facts = try await bench.vault.facts(of: object)
            let bytes = try #require(bench.directory.read("file"))
            #expect(facts.sha256 == Digest.sha256(bytes))
            let part = try await run(
                "/usr/bin/curl",
                ["-sS", "-r", "1048570-1048580", "-o", bench.directory.path + "/part", base + "/objects/\(facts.id)"])
            #expect(part.isEmpty)
            #expect(bench.directory.read("part") == Array(bytes[1_048_570...1_048_580]))
        }
    }

    /// Runs a program off the cooperative pool; what it printed.
    private func run(_ program: String, _ arguments: [String]) async throws -> String {
        let directory = try TemporaryDirectory()
        let queue = DispatchQueue(label: "judge")
        let result = try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try Judge.run(program, arguments, in: directory) })
            }
        }
        #expect(result.status == 0, "\(result.output)")
        return result.output
    }
}

/// Whether curl is installed; without it the test says that it did not run.
let hasCurl = FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")

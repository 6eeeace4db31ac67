import Application
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import NIOCore
import Synchronization
import TestKit
import Testing
import Vault

@testable import Web

@Suite("Objects over HTTP", .serialized)
struct UploadsRangeTests {
    @Test("a Range field means what RFC 9110 says, or is ignored")
    func parsing() {
        let cases: [(String?, ByteRange)] = [
            (nil, .whole), ("bytes=0-0", .part(0..<1)), ("bytes=0-9", .part(0..<10)), ("bytes=0-99", .part(0..<10)),
            ("bytes=9-", .part(9..<10)), ("bytes=10-", .unsatisfiable), ("bytes=10-20", .unsatisfiable),
            ("bytes=-1", .part(9..<10)), ("bytes=-10", .part(0..<10)), ("bytes=-11", .part(0..<10)),
            ("bytes=-0", .unsatisfiable), ("bytes=5-4", .whole), ("bytes=-", .whole), ("bytes=", .whole),
            ("bytes=a-b", .whole), ("bytes=0-1,3-4", .whole), ("items=0-1", .whole), ("bytes 0-1", .whole),
            ("Bytes=1-2", .part(1..<3)), ("bytes= 1-2", .part(1..<3)), ("bytes=--1", .whole), ("bytes=1-2-3", .whole),
            ("bytes=0-18446744073709551616", .part(0..<10)), ("bytes=99999999999999999999999-", .unsatisfiable),
            ("bytes=-99999999999999999999999", .part(0..<10)), ("bytes=+1-2", .whole), ("bytes=１-2", .whole),
        ]
        for (field, expected) in cases {
            #expect(ByteRange(field, byteCount: 10) == expected, "\(field ?? "none")")
        }
        #expect(ByteRange("bytes=0-", byteCount: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-5", byteCount: 0) == .unsatisfiable)
    }

    @Test("GET and HEAD agree in every status, and the bytes are those stored")
    func serving() async throws {
        let bench = try await UploadsBench()
        var random = SeededRandom(5)
        let plain = random.bytes(600_000)
        let id = try await bench.vault.store(plain).id
        try await bench.run { client in
            let path = "/objects/\(id)"
            let cases: [(HTTPFields, HTTPResponse.Status, Range<Int>)] = [
                ([:], .ok, 0..<600_000),
                ([.range: "bytes=0-0"], .partialContent, 0..<1),
                ([.range: "bytes=262143-262144"], .partialContent, 262_143..<262_145),
                ([.range: "bytes=599999-"], .partialContent, 599_999..<600_000),
                ([.range: "bytes=-7"], .partialContent, 599_993..<600_000),
                ([.range: "bytes=600000-"], .rangeNotSatisfiable, 0..<0),
                ([.range: "bytes=0-9", .ifRange: "\"\(id)\""], .partialContent, 0..<10),
                ([.range: "bytes=0-9", .ifRange: "\"other\""], .ok, 0..<600_000),
                ([.ifNoneMatch: "\"\(id)\""], .notModified, 0..<0),
                ([.ifNoneMatch: "\"a\", W/\"\(id)\""], .notModified, 0..<0),
                ([.ifMatch: "\"other\""], .preconditionFailed, 0..<0),
                ([.ifMatch: "*"], .ok, 0..<600_000),
            ]
            for (headers, status, range) in cases {
                let got = try await client.execute(uri: path, method: .get, headers: headers)
                let head = try await client.execute(uri: path, method: .head, headers: headers)
                #expect(got.status == status && head.status == status, "\(headers)")
                #expect(Array(buffer: got.body) == Array(plain[range]), "\(headers)")
                #expect(head.body.readableBytes == 0)
                #expect(got["Accept-Ranges"] == "bytes" && got["Cache-Control"] == "private, no-store")
                #expect(got["ETag"] == "\"\(id)\"" && got["X-Content-Type-Options"] == "nosniff")
                #expect(head["Content-Length"] == got["Content-Length"])
                if status == .partialContent {
                    #expect(got["Content-Range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/600000")
                    #expect(got["Content-Length"] == "\(range.count)")
                }
                if status == .rangeNotSatisfiable { #expect(got["Content-Range"] == "bytes */600000") }
            }
            #expect(try await client.execute(uri: "/objects/\(ObjectID.random())", method: .get).status == .notFound)
            try await bench.vault.destroy(id)
            #expect(try await client.execute(uri: path, method: .get).status == .gone)
        }
    }

    @Test("an object of more than 4 MiB streams in pieces, whole and by ranges")
    func streaming() async throws {
        let bench = try await UploadsBench()
        let plain = [UInt8](unsafeUninitializedCapacity: 9_500_000) { buffer, count in
            for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index &* 31 >> 7) }
            count = 9_500_000
        }
        let id = try await bench.vault.store(plain).id
        try await bench.runLive { client in
            for (field, range) in [
                (nil, 0..<plain.count), ("bytes=1048575-", 1_048_575..<plain.count),
                ("bytes=77-6000000", 77..<6_000_001),
            ] {
                var headers: HTTPFields = [:]
                headers[.range] = field
                let response = try await client.execute(uri: "/objects/\(id)", method: .get, headers: headers)
                #expect(response["Content-Length"] == "\(range.count)")
                #expect(Array(buffer: response.body) == Array(plain[range]))
            }
        }
    }

    @Test(
        "what is told as given out is what went out: nothing of an answer that nobody took, and no more once it may not"
    )
    func given() async throws {
        let bench = try await UploadsBench()
        for size in [200_000, 9_500_000] {
            let plain = [UInt8](repeating: 7, count: size)
            let object = ObjectResponse(
                try await bench.vault.store(plain).id, in: bench.vault, mediaType: "video/mp4")
            let told = Told()
            let request = Request(
                head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/x"),
                body: RequestBody(buffer: ByteBuffer()))
            let answer = await object.respond(to: request) { range, whole in await told.add(range, whole, until: .max) }
            #expect(answer.status == .ok && answer.body.contentLength == size)
            #expect(await told.ranges.isEmpty, "made is not given")
            // The other side breaks off.
            await #expect(throws: BrokenOff.self) { try await answer.body.write(Taker(limit: 100_000)) }
            let given = await told.bytes
            #expect(given >= 100_000 && given < 100_000 + 2 * ObjectResponse.handedAtOnce)
            // Whoever let it out no longer does.
            let other = Told()
            let second = await object.respond(to: request) { range, whole in
                await other.add(range, whole, until: 131_072)
            }
            let taker = Taker(limit: .max)
            await #expect(throws: CancellationError.self) { try await second.body.write(taker) }
            #expect(taker.taken.count.withLock { $0 } == 131_072)
            // All of it, in order and once.
            let all = Told()
            let third = await object.respond(to: request) { range, whole in await all.add(range, whole, until: .max) }
            try await third.body.write(Taker(limit: .max))
            #expect(await all.bytes == size)
            #expect(await all.isWhole(size))
        }
    }

    @Test("a download's name survives any character")
    func names() {
        #expect(ObjectResponse.percentEncoded("现场 \"1\"\r\n.mp4") == "%E7%8E%B0%E5%9C%BA%20%221%22%0D%0A.mp4")
    }

    @Test(
        "HTTP dates",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (1_403_712_000_999, "Wed, 25 Jun 2014 16:00:00 GMT"),
            (951_782_399_000, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (-1000, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ] as [(Int64, String)])
    func dates(milliseconds: Int64, text: String) {
        #expect(HTTPDate.text(Instant(milliseconds: milliseconds)) == text)
    }
}

/// What a response said that it gave out.
private actor Told {
    private(set) var ranges: [Range<Int64>] = []
    private var sizes: Set<Int64> = []
    var bytes: Int { ranges.reduce(0) { $0 + $1.count } }

    func add(_ range: Range<Int64>, _ size: Int64, until: Int64) -> Bool {
        guard range.upperBound <= until else { return false }
        ranges.append(range)
        sizes.insert(size)
        return true
    }

    func isWhole(_ size: Int) -> Bool {
        zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound } && ranges.first?.lowerBound == 0
            && sizes == [Int64(size)]
    }
}

private final class Taken: Sendable {
    let count = Mutex(0)
}

private struct BrokenOff: Error {}

/// The other side of a connection, which takes so many bytes and is gone.
private struct Taker: ResponseBodyWriter {
    let limit: Int
    let taken = Taken()

    mutating func write(_ buffer: ByteBuffer) async throws {
        let all = taken.count.withLock { count -> Int in
            count += buffer.readableBytes
            return count
        }
        guard all <= limit else { throw BrokenOff() }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

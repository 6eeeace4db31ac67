import Application
import Casework
import HTTPTypes
import HummingbirdTesting
import Kernel
import Ledger
import NIOCore
import TestKit
import Testing

@testable import Web

@Suite("The log for strangers")
struct LedgerRouteTests {
    @Test("every tile that a log of this size has is served as the tile writer makes it, and no other")
    func tiles() async throws {
        var world = try await WebWorld()
        // More than one full tile, so that there is a second level.
        let subject = ThreadTag.random()
        var facts: [Fact] = []
        for number in 0..<600 {
            facts.append(
                Fact(
                    number == 0 ? .subjectRegistered : .subjectChanged, in: subject, plain: ["kind": "organisation"],
                    fields: [.init("name", .string("第\(number)"), .party)]))
        }
        _ = try await world.office.casebook.record(facts, by: .system, command: .random())
        let size = Int(try await world.store.signedHead().size)
        let leaves = try await world.store.leaves(from: 0, limit: size).map(\.bytes)
        let writer = TileWriter(hashes: MemoryHashes(entries: leaves)) { Array(leaves[$0]) }
        let expected = try TileLayout.tiles(to: size).map { ($0, try writer.bytes(of: $0)) }
        #expect(expected.contains { if case .hashes(level: 1) = $0.0.kind { true } else { false } })
        world.services.bureaus[0].servesTiles = true
        try await world.serve { browser in
            for (tile, bytes) in expected {
                let served = try await browser.client.execute(uri: "/ledger/qinghe/\(tile)", method: .get) { response in
                    #expect(response.status == .ok, "\(tile)")
                    #expect(response.headers[.cacheControl]?.contains("immutable") == tile.isFull)
                    return Array(response.body.readableBytesView)
                }
                #expect(served == bytes, "\(tile)")
                let numbered = try await browser.client.execute(
                    uri: "/ledger/qinghe/log/1/\(tile)", method: .get
                ) { Array($0.body.readableBytesView) }
                #expect(numbered == bytes, "\(tile)")
            }
            for path in [
                "tile/0/003", "tile/1/000", "tile/8/000.p/1", "tile/entries/002.p/255", "tile/0/00", "tile/x/000",
                "tile/0/../../checkpoint", "log/2/tile/0/000", "log/01/tile/0/000", "log/0/tile/0/000",
            ] {
                #expect(try await browser.get("/ledger/qinghe/\(path)").status == 404, "\(path)")
            }
        }
    }

    @Test("without the setting strangers get the checkpoint and the key, and no tile")
    func closed() async throws {
        let world = try await WebWorld()
        try await world.serve { browser async throws in
            #expect(try await browser.get("/ledger/qinghe/tile/0/000.p/1").status == 404)
            #expect(try await browser.get("/ledger/qinghe/log/1/tile/0/000.p/1").status == 404)
            #expect(try await browser.get("/ledger/qinghe/checkpoint").status == 200)
            for name in ["checkpoint", "vkey"] {
                let open = try await browser.get("/ledger/qinghe/\(name)")
                #expect(try await browser.get("/ledger/qinghe/log/1/\(name)").body == open.body)
                for log in ["0", "2", "01", "x", "1x"] {
                    #expect(try await browser.get("/ledger/qinghe/log/\(log)/\(name)").status == 404, "\(log)")
                }
            }
            #expect(try await browser.get("/ledger/qinghe/vkey").body == "\(world.store.verifierKey)\n")
        }
    }

    @Test("anybody reads key and root in groups of four, and is told whether a root from paper belongs to the log")
    func open() async throws {
        let world = try await WebWorld()
        let early = try await world.store.signedHead()
        let fact = Fact(
            .subjectRegistered, in: .random(), plain: ["kind": "organisation"],
            fields: [.init("name", .string("虚构单位"), .party)])
        _ = try await world.office.casebook.record([fact], by: .system, command: .random())
        let head = try await world.store.signedHead()
        let key = try #require(VerifierKey(world.store.verifierKey))
        try await world.serve { browser in
            for path in ["/ledger/qinghe", "/ledger/qinghe/"] {
                let page = try await browser.get(path)
                #expect(page.status == 200)
                #expect(page.body.contains(PaperText.grouped(head.root)))
                #expect(page.body.contains(PaperText.grouped(key.id)))
                #expect(page.body.contains(world.store.origin) && page.body.contains("\(head.size) 条"))
            }
            #expect(try await browser.get("/ledger/other").status == 404)
            func ask(_ size: String, _ root: String) async throws -> (status: Int, body: String) {
                let answer = try await browser.get(
                    "/ledger/qinghe?size=\(Percent.encode(size))&root=\(Percent.encode(root))")
                return (answer.status, answer.body)
            }
            let paper = PaperText.grouped(early.root)
            for (size, root) in [
                ("\(early.size)", paper), (" \(early.size) ", paper.uppercased()),
                ("\(head.size)", head.root.description),
            ] {
                let answer = try await ask(size, root)
                #expect(answer.status == 200 && answer.body.contains("相符"), "\(size)")
                #expect(!answer.body.contains("不符"), "\(size)")
            }
            for wrong in [("\(early.size)", PaperText.grouped(head.root)), ("1", paper), ("\(head.size + 1)", paper)] {
                let answer = try await ask(wrong.0, wrong.1)
                #expect(answer.status == 200 && answer.body.contains("不符"), "\(wrong.0)")
            }
            for unreadable in [
                ("", paper), ("0", paper), ("-1", paper), ("99999999999999999999", paper), ("1", ""), ("1", "zz"),
                ("1", String(paper.dropLast())), ("<script>", "<script>"),
            ] {
                let answer = try await ask(unreadable.0, unreadable.1)
                #expect(answer.status == 422 && !answer.body.contains("<script>"), "\(unreadable)")
            }
        }
    }
}

import Kernel
import Ledger
import TestKit
import Testing

/// A published log in memory.
func publishedLog(_ entries: [[UInt8]], sizes: [Int]) throws -> [String: [UInt8]] {
    let hashes = MemoryHashes(entries: entries)
    let writer = TileWriter(hashes: hashes) { Array(entries[$0]) }
    var files: [String: [UInt8]] = [:]
    for (old, new) in zip([0] + sizes, sizes) {
        try writer.publish(from: old, to: new) { path, bytes in
            #expect(files[path] == nil, "\(path) is published twice")
            files[path] = bytes
        }
    }
    return files
}

@Suite("Tiles")
struct TileTests {
    @Test("paths are read and printed in one spelling")
    func paths() throws {
        for n in [0, 1, 999, 1000, 1_234_067, 999_999_999_999_999_999] {
            for width in [1, 9, 10, 255, 256] {
                for kind in [Tile.Kind.entries, .hashes(level: 0), .hashes(level: 63)] {
                    let tile = try #require(Tile(kind, n: n, width: width))
                    #expect(Tile(tile.description) == tile)
                }
            }
        }
        #expect(Tile(.hashes(level: 0), n: 1_234_067)?.description == "tile/0/x001/x234/067")
        for bad in [
            "", "tile", "tile/0", "tile/0/", "tile/00/000", "tile/0/00", "tile/0/0000", "tile/0/x000/001",
            "tile/0/x001",
            "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p", "tile/64/000",
            "tile/-1/000", "tile/0/000/", "/tile/0/000", "tile/0/000.p/1/2", "tile/entry/000", "tile/0/-01",
            "tile/0/+01",
            "tile/0/x999/x999/x999/x999/x999/x999/999", "tile//000", "tile/0/ 00", "tile/0/000.p/１",
        ] {
            #expect(Tile(bad) == nil, "\(bad)")
        }
        #expect(Tile(.entries, n: -1) == nil)
        #expect(Tile(.entries, n: 0, width: 0) == nil)
        #expect(Tile(.entries, n: 0, width: 257) == nil)
        #expect(Tile(.hashes(level: 64), n: 0) == nil)
    }

    @Test("a log of 70,000 leaves has the tiles that the specification counts")
    func layout() {
        let tiles = TileLayout.tiles(to: 70_000)
        func count(_ level: Int, full: Bool) -> Int {
            tiles.filter { $0.kind == .hashes(level: level) && $0.isFull == full }.count
        }
        #expect(count(0, full: true) == 273 && count(0, full: false) == 1)
        #expect(count(1, full: true) == 1 && count(1, full: false) == 1)
        #expect(count(2, full: true) == 0 && count(2, full: false) == 1)
        #expect(tiles.filter { $0.kind == .entries }.count == 274)
        #expect(tiles.contains { $0.description == "tile/0/273.p/112" })
        #expect(tiles.contains { $0.description == "tile/1/001.p/17" })
        #expect(tiles.contains { $0.description == "tile/2/000.p/1" })
        #expect(TileLayout.tiles(to: 0).isEmpty)
        #expect(
            Set(TileLayout.tiles(to: 256).map(\.description)) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"])
    }

    @Test("published step by step, a log has every file that each of its sizes needs, and each reads back")
    func steps() throws {
        let entries = sampleEntries(600)
        let sizes = [1, 2, 5, 255, 256, 257, 300, 511, 512, 513, 600]
        let files = try publishedLog(entries, sizes: sizes)
        for size in sizes {
            for tile in TileLayout.tiles(to: size) { #expect(files[tile.description] != nil) }
            let root = ReferenceTree.root(entries[..<size])
            var seen: [[UInt8]] = []
            try TileLog(size: size) { files[$0] }.check(root: root) { index, entry in
                #expect(index == seen.count)
                seen.append(entry)
            }
            #expect(seen == Array(entries[..<size]))
            let tiles = TileHashes(size: size) { files[$0] }
            #expect(try RightEdge(size: size, reader: tiles).root == root)
            let all = MemoryHashes(entries: entries[..<size])
            #expect(try tiles.readHashes(at: Array(all.hashes.indices)) == all.hashes)
        }
    }

    @Test("when partial tiles are deleted the full ones serve older sizes")
    func partialsDeleted() throws {
        let entries = sampleEntries(512)
        let files = try publishedLog(entries, sizes: [300, 512]).filter { !$0.key.contains(".p/44") }
        let root = ReferenceTree.root(entries[..<300])
        try TileLog(size: 300) { files[$0] }.check(root: root)
        #expect(try RightEdge(size: 300, reader: TileHashes(size: 300) { files[$0] }).root == root)
    }

    @Test("a file changed in any byte, cut, lengthened or missing is noticed and named")
    func damage() throws {
        let entries = sampleEntries(260)
        let files = try publishedLog(entries, sizes: [260])
        let root = ReferenceTree.root(entries[...])
        for (path, bytes) in files {
            for position in stride(from: 0, to: bytes.count, by: bytes.count > 300 ? 61 : 1) {
                var damaged = files
                damaged[path]?[position] ^= 0x10
                #expect(throws: TileError.self, "\(path) at \(position)") {
                    try TileLog(size: 260) { damaged[$0] }.check(root: root)
                }
            }
            for replacement in [nil, Array(bytes.dropLast()), bytes + [0], []] as [[UInt8]?] {
                var damaged = files
                damaged[path] = replacement
                #expect(throws: TileError.self) { try TileLog(size: 260) { damaged[$0] }.check(root: root) }
            }
        }
        #expect(throws: TileError(.root)) { try TileLog(size: 260) { files[$0] }.check(root: .zero) }
        #expect(throws: TileError(.size(.max))) { try TileLog(size: .max) { files[$0] }.check(root: root) }
        #expect(throws: TileError.self) { try TileLog(size: 1 << 59) { files[$0] }.check(root: root) }
        #expect(throws: TileError(.size(-1))) { try TileLog(size: -1) { files[$0] }.check(root: root) }
    }

    @Test("every bit of every file of a small log that is turned is noticed", arguments: [1, 2, 5])
    func everyBit(size: Int) throws {
        let entries = sampleEntries(size)
        let files = try publishedLog(entries, sizes: [size])
        let root = ReferenceTree.root(entries[...])
        #expect(files.count == 2)
        for (path, bytes) in files {
            for bit in 0..<bytes.count * 8 {
                var damaged = files
                damaged[path]?[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: TileError.self, "\(path) at bit \(bit)") {
                    try TileLog(size: size) { damaged[$0] }.check(root: root)
                }
            }
        }
    }

    @Test("bundles carry entries of every length to 65,535 bytes and no longer")
    func bundles() throws {
        let entries = [[], [1], [UInt8](repeating: 9, count: 256), [UInt8](repeating: 8, count: 65_535)]
        let bytes = try EntryBundle.encode(entries)
        #expect(EntryBundle.decode(bytes) == entries)
        for count in [1, 3, 4, bytes.count - 1] { #expect(EntryBundle.decode(Array(bytes.prefix(count))) == nil) }
        #expect(throws: TileError(.entryTooLong(65_536))) {
            try EntryBundle.encode([[UInt8](repeating: 0, count: 65_536)])
        }
    }
}

@Suite("Vectors of Tessera", .enabled(if: Vectors.present, "LIUHEN_VECTORS is not set"))
struct TesseraVectorTests {
    @Test("the golden log: tiles, bundles and sixteen checkpoints are byte for byte the same")
    func goldenLog() throws {
        let parameters = try Vectors.json("transparency-dev-tessera/extracted/log_params.json")
        let entries = parameters["leaves_utf8"].array.compactMap { $0.string.map { Array($0.utf8) } }
        #expect(entries.count == 15)
        let key = try #require(
            parameters["public_test_private_key_note_format"].string.flatMap { SigningKey(encoded: $0) })
        #expect(key.verifier.description == parameters["vkey"].string)
        let origin = try #require(parameters["origin"].string)
        let log = "transparency-dev-tessera/testdata/log/"
        var files = 0
        for size in 0...15 {
            let hashes = MemoryHashes(entries: entries[..<size])
            let head = try #require(Checkpoint(origin: origin, size: size, root: hashes.edge.root))
            let golden = try Vectors.bytes(log + "checkpoint.\(size)")
            #expect(try head.signed(by: key) == golden)
            #expect(try VerifiedCheckpoint(note: golden, key: key.verifier).checkpoint == head)
            try TileWriter(hashes: hashes) { Array(entries[$0]) }.publish(to: size) { path, bytes in
                let golden = try Vectors.bytes(log + path)
                #expect(bytes == golden)
                files += 1
            }
            try TileLog(size: size) { try Vectors.bytes(log + $0) }.check(root: head.root)
        }
        #expect(files == 30)
        #expect(try Vectors.bytes(log + "checkpoint") == Vectors.bytes(log + "checkpoint.15"))
    }

    @Test("tile and bundle paths")
    func paths() throws {
        let json = try Vectors.json("transparency-dev-tessera/extracted/paths.json")
        func width(_ vector: VectorJSON, _ name: String = "p") -> Int {
            vector[name].int.flatMap { $0 == 0 ? 256 : $0 } ?? 256
        }
        for vector in json["tile_paths"].array {
            let tile = Tile(
                .hashes(level: try #require(vector["level"].int)), n: try #require(vector["index"].int),
                width: width(vector))
            #expect(tile?.description == vector["path"].string)
        }
        for vector in json["entries_paths"].array {
            #expect(
                Tile(.entries, n: try #require(vector["N"].int), width: width(vector))?.description
                    == vector["path"].string)
        }
        for vector in json["entries_path_for_log_index"].array {
            let tile = TileLayout.tile(
                .entries, n: try #require(vector["seq"].int) / 256, size: try #require(vector["logSize"].int))
            #expect(tile?.description == vector["path"].string)
        }
        for vector in json["parse_tile_level_index_partial"].array {
            let path = "tile/\(try #require(vector["pathLevel"].string))/\(try #require(vector["pathIndex"].string))"
            let tile = Tile(path)
            if vector["wantErr"].bool == true {
                #expect(tile == nil, "\(path)")
            } else {
                #expect(
                    tile
                        == Tile(
                            .hashes(level: try #require(vector["wantLevel"].int)),
                            n: try #require(vector["wantIndex"].int), width: width(vector, "wantP")))
            }
        }
    }

    @Test("bundles")
    func bundles() throws {
        let cases = try Vectors.json("transparency-dev-tessera/extracted/entry_bundles.json")["cases"].array
        #expect(cases.count == 4)
        for vector in cases {
            let bytes = try #require(vector["hex"].string.flatMap { Hex.decode($0.utf8) })
            #expect((EntryBundle.decode(bytes) == nil) == vector["wantErr"].bool)
        }
    }
}

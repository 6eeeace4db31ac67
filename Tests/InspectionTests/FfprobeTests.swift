import Application
import Foundation
import Kernel
import TestKit
import Testing

@testable import Inspection

/// Whether the tools are installed; without them those tests say that they did not run.
let hasTools = ["/usr/bin/ffmpeg", "/usr/bin/ffprobe"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

extension MediaInspector {
    /// Inspects bytes in memory.
    func inspect(_ bytes: [UInt8]) async -> MediaInspection {
        await inspect(byteCount: Int64(bytes.count)) { offset, count in
            Array(bytes[min(bytes.count, Int(offset))..<min(bytes.count, Int(offset) + count)])
        }
    }
}

/// Makes a second of picture and sound.
func sample(_ name: String, _ options: [String], in directory: TemporaryDirectory) throws -> [UInt8] {
    try Program.run(
        "/usr/bin/ffmpeg",
        [
            "-v", "error", "-f", "lavfi", "-i", "testsrc=duration=1:size=64x48:rate=10", "-f", "lavfi", "-i",
            "sine=duration=1", "-metadata", "creation_time=2026-11-20T01:05:00.123456Z", "-metadata",
            "comment=器材 R-1",
        ] + options + [directory.path + "/" + name])
    return try #require(directory.read(name))
}

func reason(_ inspection: MediaInspection) -> MediaDoubt.Reason? {
    guard case .cannotTell(let doubt) = inspection else { return nil }
    return doubt.reason
}

@Suite("Inspection with ffprobe", .serialized, .enabled(if: hasTools || Judge.required))
struct FfprobeTests {
    let directory: TemporaryDirectory
    let inspector: Ffprobe

    init() throws {
        directory = try TemporaryDirectory()
        inspector = Ffprobe(scratch: directory.path)
    }

    @Test("the tool names itself with its version")
    func tool() async throws {
        let tool = try #require(await inspector.tool())
        #expect(tool.hasPrefix("ffprobe ") && tool.utf8.count > 9)
    }

    @Test("facts of a recording: container, streams, length, time, tags")
    func facts() async throws {
        let bytes = try sample("a.mp4", [], in: directory)
        guard case .facts(let facts) = await inspector.inspect(bytes) else {
            Issue.record("no facts")
            return
        }
        #expect(facts.container == "mov" && facts.byteCount == Int64(bytes.count))
        #expect((990...1100).contains(facts.duration ?? 0))
        #expect(
            facts.createdAt == Instant("2026-11-20T01:05:00Z") || facts.createdAt == Instant("2026-11-20T01:05:00.123Z")
        )
        #expect(facts.mediaType == "video/mp4")
        #expect(facts.tag("COMMENT") == "器材 R-1")
        let video = try #require(facts.streams.first { $0.kind == .video })
        #expect(video.codec == "h264" && video.size == PixelSize(width: 64, height: 48) && video.frameRate == "10/1")
        let audio = try #require(facts.streams.first { $0.kind == .audio })
        #expect(audio.codec == "aac" && audio.sampleRate == 44_100 && audio.channels == 1)
    }

    @Test(
        "every container on the list that can be made here is told",
        arguments: [
            ("a.mkv", "matroska", []), ("a.avi", "avi", []), ("a.ts", "mpegts", []), ("a.flv", "flv", []),
            ("a.mpg", "mpeg", ["-r", "25"]), ("a.mov", "mov", []), ("a.wav", "wav", ["-vn"]), ("a.mp3", "mp3", ["-vn"]),
            ("a.aac", "aac", ["-vn"]), ("a.ogg", "ogg", ["-vn", "-c:a", "libvorbis"]), ("a.flac", "flac", ["-vn"]),
            ("a.wmv", "asf", []), ("a.jpg", "jpeg", ["-an", "-frames:v", "1"]),
            ("a.png", "png", ["-an", "-frames:v", "1"]),
        ] as [(String, String, [String])])
    func containers(name: String, container: String, options: [String]) async throws {
        let bytes = try sample(name, options, in: directory)
        guard case .facts(let facts) = await inspector.inspect(bytes) else {
            Issue.record("no facts of \(name)")
            return
        }
        #expect(facts.container == container && !facts.streams.isEmpty)
        #expect(facts.mediaType != "application/octet-stream")
    }

    @Test("an object too large for memory is read from a file without a name")
    func large() async throws {
        let bytes = try sample("a.mkv", [], in: directory)
        let padded = bytes + [UInt8](repeating: 0, count: Int(PrivateCopy.memoryLimit))
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: directory.path))
        guard case .facts(let facts) = await inspector.inspect(padded) else {
            Issue.record("no facts")
            return
        }
        #expect(facts.streams.count == 2)
        let after = Set(try FileManager.default.contentsOfDirectory(atPath: directory.path))
        #expect(after == names.union(["inspection"]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/inspection").isEmpty)
        #expect(await reason(Ffprobe(scratch: directory.path + "/none").inspect(padded)) == .objectUnreadable)
    }

    @Test("a recording cut or flipped anywhere gives facts or a doubt, never a failure")
    func damaged() async throws {
        let bytes = try sample("a.mp4", ["-movflags", "+faststart"], in: directory)
        #expect(reason(await inspector.inspect([])) == .empty)
        for count in stride(from: 1, to: bytes.count, by: bytes.count / 12) {
            _ = await inspector.inspect(Array(bytes[..<count]))
        }
        var random = SeededRandom(11)
        for _ in 0..<25 {
            var changed = bytes
            for _ in 0..<20 {
                changed[Int.random(in: 8..<4000, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = await inspector.inspect(changed)
        }
        // The last word: after all that a sound one is still told.
        #expect(reason(await inspector.inspect(bytes)) == nil)
    }

    @Test("random bytes behind each container's first bytes give a doubt")
    func random() async throws {
        var random = SeededRandom(3)
        let prefixes: [[UInt8]] = [
            Array("\0\0\0\u{18}ftypmp42".utf8), [0x1A, 0x45, 0xDF, 0xA3], Array("RIFF____AVI LIST".utf8),
            Array("FLV\u{1}".utf8), Array("OggS".utf8), Array("fLaC".utf8), [0xFF, 0xD8, 0xFF],
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0, 0, 1, 0xBA],
        ]
        for prefix in prefixes {
            let inspection = await inspector.inspect(prefix + random.bytes(20_000))
            guard case .facts(let facts) = inspection else { continue }
            // Some readers find something in anything; then at least nothing is claimed of its length in time.
            #expect(facts.streams.count < 50, "\(prefix)")
        }
        for _ in 0..<20 { #expect(reason(await inspector.inspect([0] + random.bytes(5000))) == .containerUnknown) }
    }

    @Test("sizes claimed beyond reason end in a doubt, within the limits")
    func claims() async throws {
        let huge: [UInt8] = [0, 0, 0, 1] + Array("moov".utf8) + [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xF0]
        #expect(reason(await inspector.inspect(huge + Array(repeating: 1, count: 100))) == .unplayable)
        var moov: [UInt8] = Array("\0\0\0\u{18}ftypmp42\0\0\0\0mp42isom".utf8)
        // A sample table of four billion entries.
        for (name, size) in [("moov", 200), ("trak", 180), ("mdia", 160), ("minf", 140), ("stbl", 120)] {
            moov += [0, 0, 0, UInt8(size)] + Array(name.utf8)
        }
        moov += [0, 0, 0, 20] + Array("stsz".utf8) + [0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(reason(await inspector.inspect(moov)) == .unplayable)
        let whole = UInt32(2_000_000_000).bigEndian
        let png: [UInt8] =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
            + withUnsafeBytes(of: whole) { Array($0) } + withUnsafeBytes(of: whole) { Array($0) } + [8, 6, 0, 0, 0]
        if case .facts(let facts) = await inspector.inspect(png + [0, 0, 0, 0]) {
            #expect(facts.streams.allSatisfy { ($0.size?.width ?? 0) <= 2_000_000_000 })
        }
    }

    @Test(
        "lists that name other files or addresses are not followed",
        arguments: [
            "ffconcat version 1.0\nfile '@'\n", "file '@'\n", "#EXTM3U\n#EXTINF:1,\n@\n", "concat:@|@", "file:@",
            "http://127.0.0.1:1/a.mp4", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n",
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n",
            "<?xml version=\"1.0\"?><MPD><Period><BaseURL>@</BaseURL></Period></MPD>", "subfile,,start,0,end,0,,:@",
            "[Script Info]\n", "%PDF-1.7\n", "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "1\n00:00:00,000 --> 00:00:01,000\nx",
        ])
    func lists(text: String) async throws {
        _ = try sample("secret.mp4", [], in: directory)
        let pointing = text.replacingOccurrences(of: "@", with: directory.path + "/secret.mp4")
        #expect(reason(await inspector.inspect(Array(pointing.utf8))) == .containerUnknown)
    }

    @Test("a movie that says its samples are in another file gives facts of its own head or a doubt")
    func references() async throws {
        // An mp4 says with a `dref` entry where its samples are. Ours says: in the file beside it.
        let bytes = try sample("a.mov", ["-an"], in: directory)
        let dref = try #require(Data(bytes).range(of: Data("dref".utf8)))
        var pointing = bytes
        let entry = dref.upperBound + 8
        // The entry has the flag "in this file"; it is taken away, so that the place counts.
        let kind = Array(pointing[entry + 4..<entry + 8])
        #expect([Array("url ".utf8), Array("alis".utf8)].contains(kind) && pointing[entry + 11] == 1)
        pointing[entry + 11] = 0
        switch await inspector.inspect(pointing) {
        case .facts(let facts): #expect(facts.streams.map(\.size) == [PixelSize(width: 64, height: 48)])
        case .cannotTell(let doubt): #expect(doubt.reason == .unplayable)
        }
    }
}

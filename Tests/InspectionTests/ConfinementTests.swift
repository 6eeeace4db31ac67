import Application
import Foundation
import Glibc
import Kernel
import TestKit
import Testing

@testable import Inspection

/// Tools that misbehave, played by scripts.
@Suite("A tool that misbehaves", .serialized)
struct ConfinementTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func script(_ text: String) throws -> String {
        let path = directory.path + "/tool"
        try directory.write(Array("#!/bin/sh\n\(text)\n".utf8), to: "tool")
        chmod(path, 0o755)
        return path
    }

    private func inspector(_ text: String, deadline: Int64 = 20_000) throws -> Ffprobe {
        Ffprobe(path: try script(text), scratch: directory.path, deadline: deadline)
    }

    static let movie = Array("\0\0\0\u{18}ftypmp42\0\0\0\0mp42isom".utf8)

    @Test("missing, not executable or not a program: the tool is missing, and nothing else happens")
    func missing() async throws {
        try directory.write([1, 2, 3], to: "data")
        for path in ["/none/ffprobe", directory.path, directory.path + "/data"] {
            let inspector = Ffprobe(path: path, scratch: directory.path)
            #expect(reason(await inspector.inspect(ConfinementTests.movie)) == .toolMissing, "\(path)")
            #expect(await inspector.tool() == nil)
        }
    }

    @Test("a tool that hangs is stopped with all that it started")
    func hanging() async throws {
        let inspector = try inspector("sleep 300 & echo $! > /proc/self/fd/2; wait", deadline: 300)
        #expect(reason(await inspector.inspect(ConfinementTests.movie)) == .toolHung)
        let silent = try self.inspector("exec >&- 2>&-; sleep 300", deadline: 300)
        #expect(reason(await silent.inspect(ConfinementTests.movie)) == .toolHung)
        let stubborn = try self.inspector("trap '' TERM INT HUP; while :; do sleep 300; done", deadline: 300)
        #expect(reason(await stubborn.inspect(ConfinementTests.movie)) == .toolHung)
    }

    @Test("a tool that does not even start is given up in time")
    func unstarted() async throws {
        let path = try script("echo started")
        // A program that somebody has open for writing does not start; it is tried again for a whole second.
        let writing = open(path, O_WRONLY)
        let null = open("/dev/null", O_RDONLY)
        defer { close(null) }
        #expect(writing >= 0)
        let process = ConfinedProcess(path: path, arguments: [], deadline: 100)
        #expect(process.run(input: null).outcome == .timedOut)
        close(writing)
        let patient = ConfinedProcess(path: path, arguments: [])
        #expect(patient.run(input: null).outcome == .exited(code: 0, output: Array("started\n".utf8), errors: []))
    }

    @Test("nothing that a tool started outlives it")
    func children() async throws {
        let path = try script("sleep 301 >/dev/null 2>&1 & echo $!")
        let null = open("/dev/null", O_RDONLY)
        defer { close(null) }
        let (outcome, _) = ConfinedProcess(path: path, arguments: []).run(input: null)
        guard case .exited(0, let output, _) = outcome,
            let child = pid_t(String(decoding: output.filter { $0 != 10 }, as: UTF8.self))
        else {
            Issue.record("\(outcome)")
            return
        }
        // Killed; perhaps not yet reaped by whoever inherited it.
        var state = "?"
        for _ in 0..<200 {
            let text = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
            state = text?.split(separator: " ").dropFirst(2).first.map { String($0) } ?? "gone"
            if ["gone", "Z", "X"].contains(state) { break }
            usleep(10_000)
        }
        #expect(["gone", "Z", "X"].contains(state))
    }

    @Test("a tool that dies, floods, talks nonsense or nothing is told as such")
    func dying() async throws {
        let cases: [(String, MediaDoubt.Reason)] = [
            ("kill -SEGV $$", .toolDied), ("kill -KILL $$", .toolDied), ("exit 1", .unplayable),
            ("exit 0", .toolConfused),
            ("echo '{'", .toolConfused), ("echo '[]'", .toolConfused), ("echo '{}'", .unplayable),
            ("echo '{\"streams\":[]}'", .unplayable), ("echo '{\"streams\":[{\"width\":\"x\"}]}'", .toolConfused),
            ("head -c 3000000 /dev/zero", .toolConfused), ("head -c 3000000 /dev/zero >&2", .toolConfused),
        ]
        for (text, expected) in cases {
            let inspector = try inspector(text)
            #expect(reason(await inspector.inspect(ConfinementTests.movie)) == expected, "\(text)")
        }
    }

    @Test("what a tool complains of is kept short and printable")
    func complaint() async throws {
        let inspector = try inspector(
            "printf 'bad\\033[2J\\nfile' >&2; head -c 2000 /dev/zero | tr '\\0' x >&2; exit 1")
        guard case .cannotTell(let doubt) = await inspector.inspect(ConfinementTests.movie) else {
            Issue.record("facts out of nothing")
            return
        }
        #expect(doubt.detail.hasPrefix("bad[2Jfilexxx") && doubt.detail.utf8.count <= 500)
        for reason in MediaDoubt.Reason.allCases { #expect(!MediaDoubt(reason).chinese.isEmpty) }
    }

    @Test("what lies beside the copies, as the ledger does, cannot be opened by the tool")
    func neighbours() async throws {
        try directory.write(Array("reporter".utf8), to: "ledger.sqlite")
        let inspector = try inspector("cat '\(directory.path)/ledger.sqlite' >&2; exit 1")
        guard case .cannotTell(let doubt) = await inspector.inspect(ConfinementTests.movie) else {
            Issue.record("facts out of nothing")
            return
        }
        #expect(doubt.detail.contains("Permission denied") && !doubt.detail.contains("reporter"), "\(doubt.detail)")
    }

    @Test("the tool gets the plain bytes as its input, seekable, and no other open file")
    func input() async throws {
        let path = try script("wc -c < /proc/self/fd/0; cat; ls /proc/self/fd")
        let copy = try PrivateCopy(byteCount: 5, scratch: directory.path)
        try copy.write(Array("hello".utf8), at: 0)
        // A descriptor of the server that was left open by mistake must not reach it.
        let leaked = open("/etc/hostname", O_RDONLY)
        defer { close(leaked) }
        let (outcome, _) = ConfinedProcess(path: path, arguments: [], readable: ["/proc"]).run(input: copy.descriptor)
        guard case .exited(_, let output, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let words = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace).map { String($0) }
        #expect(words.first == "5" && words.dropFirst().first?.hasPrefix("hello") == true)
        #expect(!words.dropFirst(2).contains("\(leaked)"))
    }

    @Test("the tool sees no network but a loopback of its own")
    func network() async throws {
        let path = try script("cat /proc/self/net/dev")
        let null = open("/dev/null", O_RDONLY)
        defer { close(null) }
        let (outcome, confinement) = ConfinedProcess(path: path, arguments: [], readable: ["/proc"]).run(input: null)
        guard case .exited(0, let output, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let interfaces = String(decoding: output, as: UTF8.self).split(separator: "\n").dropFirst(2)
            .map { $0.prefix { $0 != ":" }.filter { $0 != " " } }
        if confinement.contains(.noNetwork) {
            #expect(
                interfaces.allSatisfy { $0 == "lo" || $0.hasPrefix("tunl") || $0.hasPrefix("sit") }, "\(interfaces)")
        } else {
            // Where the judges have to be there, so has this: a run that proves nothing would look like one that does.
            Issue.record("no network namespace could be made", severity: Judge.required ? .error : .warning)
        }
    }

    @Test("the tool reads no file but programs and libraries, and writes none")
    func confined() async throws {
        let secret = directory.path + "/secret/key"
        try directory.write(Array("topsecret".utf8), to: "secret/key")
        let path = try script(
            """
            cat \(secret); cat /etc/passwd; ls /
            echo x > \(directory.path)/secret/written
            echo x > /tmp/liuhen-written-\(getpid())
            """)
        let null = open("/dev/null", O_RDONLY)
        defer { close(null) }
        let (outcome, confinement) = ConfinedProcess(path: path, arguments: []).run(input: null)
        guard case .exited(_, let output, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let text = String(decoding: output, as: UTF8.self)
        // Whatever the kernel allows to forbid, no file is written: the limit of file size is zero everywhere.
        #expect((directory.read("secret/written") ?? []).isEmpty)
        if confinement.contains(.files) {
            #expect(!text.contains("topsecret") && !text.contains("root:"))
            #expect(directory.read("secret/written") == nil)
        } else {
            Issue.record(
                "this kernel has no Landlock: the tool's files are not confined",
                severity: Judge.required ? .error : .warning)
        }
    }

    @Test("limits of memory and processor time hold")
    func limits() async throws {
        let path = try script("ulimit -v; ulimit -t; ulimit -f; ulimit -c")
        let null = open("/dev/null", O_RDONLY)
        defer { close(null) }
        let process = ConfinedProcess(path: path, arguments: [], memory: 1 << 30, processorSeconds: 7)
        guard case .exited(0, let output, _) = process.run(input: null).outcome else {
            Issue.record("it did not run")
            return
        }
        #expect(String(decoding: output, as: UTF8.self) == "1048576\n7\n0\n0\n")
        let busy = try inspector("while :; do :; done", deadline: 400)
        #expect(reason(await busy.inspect(ConfinementTests.movie)) == .toolHung)
    }

    @Test("an object that cannot be read, or ends early, is told as such")
    func unreadable() async throws {
        let inspector = try inspector("exit 0")
        let broken = await inspector.inspect(byteCount: 10) { _, _ in throw VaultError(.damaged, "x") }
        #expect(reason(broken) == .objectUnreadable)
        let short = await inspector.inspect(byteCount: 1 << 21) { offset, _ in offset == 0 ? ConfinementTests.movie : []
        }
        #expect(reason(short) == .objectUnreadable)
    }

    @Test("lengths and times of the tool are read exactly or not at all")
    func numbers() {
        let lengths: [(String, Int64?)] = [
            ("1.000000", 1000), ("0.001999", 1), ("12", 12_000), ("3599.9", 3_599_900), ("N/A", nil), ("", nil),
            ("-1.0", nil),
            ("1.", nil), (".5", nil), ("1e9", nil), ("99999999999", nil), ("nan", nil), ("1.00x", nil),
        ]
        for (text, value) in lengths { #expect(ProbeOutput.milliseconds(text) == value, "\(text)") }
        #expect(ProbeOutput.instant("2026-11-20T01:05:00.123456Z") == Instant("2026-11-20T09:05:00.123+08:00"))
        #expect(ProbeOutput.instant("2026-11-20T01:05:00Z") == Instant("2026-11-20T09:05:00+08:00"))
        #expect(ProbeOutput.instant("2026-11-20T09:05:00+08:00") == Instant("2026-11-20T09:05:00+08:00"))
        for text in [
            "2026-11-20 01:05:00", "2026-11-20T01:05:00.5", "x", "", "0000-00-00T00:00:00Z", "2026-11-20T01:05:00.Z",
        ] {
            #expect(ProbeOutput.instant(text) == nil, "\(text)")
        }
    }
}

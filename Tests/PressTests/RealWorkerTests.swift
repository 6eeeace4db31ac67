import Application
import Foundation
import Kernel
import Press
import TestKit
import Testing

/// The real worker with one part replaced: its frames, its limits and its isolation hold.
@Suite(
    "worker limits", .serialized, .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"))
struct RealWorkerTests {
    /// A press on the real worker whose printing is replaced by a line of Python.
    static func press(
        printing body: String, in directory: TemporaryDirectory, _ change: (inout PressLimits) -> Void = { _ in }
    ) throws -> PressWorker {
        let script = """
            import os, socket, sys
            sys.path.insert(0, \(quoted(Project.root + "/worker")))
            import press_worker
            def replaced(self, request):
                \(body)
            press_worker.Press.print = replaced
            sys.exit(press_worker.main())

            """
        try directory.write(Array(script.utf8), to: "worker.py")
        var installation = Project.installation
        installation.worker = directory.path + "/worker.py"
        var limits = PressLimits()
        change(&limits)
        return PressWorker(installation: installation, limits: limits)
    }

    static func quoted(_ text: String) -> String { "\"" + text + "\"" }

    @Test("what is printed to standard output by anything in the worker never enters a frame")
    func strayPrints() async throws {
        let directory = try TemporaryDirectory()
        let body =
            #"print("stray" * 5000, flush=True); os.write(1, b"raw stray"); os.system("echo more"); return [b"good"]"#
        let press = try Self.press(printing: body, in: directory)
        for _ in 0..<3 {
            #expect(await WorkerFaultTests.printing(press) == .success(Array("good".utf8)))
        }
        await press.stop()
    }

    @Test("a document that computes for ever is ended by the kernel, before the deadline")
    func processorTime() async throws {
        let directory = try TemporaryDirectory()
        let press = try Self.press(printing: "\n        while True: pass", in: directory) { $0.processorSeconds = 1 }
        guard case .failure(let error) = await WorkerFaultTests.printing(press) else {
            Issue.record("it came to an end")
            return
        }
        #expect(error.code == .died)
        #expect(error.detail.contains("signal 24"), "\(error.detail)")
    }

    @Test("processor time is granted to each document anew")
    func processorTimePerDocument() async throws {
        let directory = try TemporaryDirectory()
        let body =
            "\n        import time\n        end = time.process_time() + 0.7\n        while time.process_time() < end: pass\n        return [b'good']"
        let press = try Self.press(printing: body, in: directory) { $0.processorSeconds = 1 }
        for _ in 0..<4 {
            #expect(await WorkerFaultTests.printing(press) == .success(Array("good".utf8)))
        }
        await press.stop()
    }

    @Test("memory has an end")
    func memory() async throws {
        let directory = try TemporaryDirectory()
        let press = try Self.press(printing: "return [bytes(2 << 30)]", in: directory)
        guard case .failure(let error) = await WorkerFaultTests.printing(press) else {
            Issue.record("two gigabytes were given")
            return
        }
        #expect(error.code == .died)
        #expect(error.detail.contains("MemoryError"), "\(error.detail)")
    }

    @Test("the worker writes no files and holds none of the server's descriptors")
    func descriptors() async throws {
        let directory = try TemporaryDirectory()
        let body = """

                    try:
                        with open(\(Self.quoted(directory.path + "/written")), "wb") as file: file.write(b"x")
                        return [b"wrote"]
                    except OSError:
                        return [" ".join(sorted(os.readlink("/proc/self/fd/" + n).split(":")[0] for n in os.listdir("/proc/self/fd") if int(n) < 100 and os.path.exists("/proc/self/fd/" + n))).encode()]
            """
        let press = try Self.press(printing: body, in: directory)
        let open = try #require(FileHandle(forReadingAtPath: Project.root + "/Package.swift"))
        _ = fcntl(open.fileDescriptor, F_SETFD, 0)
        let result = await WorkerFaultTests.printing(press)
        let names = String(decoding: try result.get(), as: UTF8.self)
        #expect(!names.contains("Package.swift"), "\(names)")
        #expect(!names.contains("wrote"))
        #expect(names.contains("socket"))
        try open.close()
        await press.stop()
    }

    /// Whether this machine lets a process give up its network at all.
    static let canIsolate: Bool = {
        let attempts = [["-n", "true"], ["-rn", "true"]]
        return attempts.contains { (try? Project.run("unshare", $0).status) == 0 }
    }()

    @Test(
        "the worker has no network",
        .enabled(if: canIsolate || Project.judgesDemanded, "this machine does not let processes give it up"))
    func network() async throws {
        let directory = try TemporaryDirectory()
        let press = try Self.press(printing: "return [os.readlink('/proc/self/ns/net').encode(), ][:1]", in: directory)
        let theirs = String(decoding: try await WorkerFaultTests.printing(press).get(), as: UTF8.self)
        let ours = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        #expect(theirs.hasPrefix("net:["))
        #expect(theirs != ours)
        await press.stop()
    }

    @Test("a fonts directory with a font missing or too many is not accepted")
    func fonts() async throws {
        let directory = try TemporaryDirectory()
        let files = try FileManager.default.contentsOfDirectory(atPath: Project.installation.fonts)
        let fonts = directory.url.appendingPathComponent("fonts")
        try FileManager.default.createDirectory(at: fonts, withIntermediateDirectories: true)
        for file in files where file != "FandolKai-Regular.otf" {
            try FileManager.default.createSymbolicLink(
                at: fonts.appendingPathComponent(file),
                withDestinationURL: URL(fileURLWithPath: Project.installation.fonts + "/" + file))
        }
        var installation = Project.installation
        installation.fonts = fonts.path
        guard case .failure(let error) = await WorkerFaultTests.printing(PressWorker(installation: installation)) else {
            Issue.record("printed without a font")
            return
        }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("FandolKai-Regular.otf"))
    }
}

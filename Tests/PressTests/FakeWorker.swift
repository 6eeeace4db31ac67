import Foundation
import Kernel
import Press
import TestKit

/// A worker that misbehaves on purpose: a few lines of Python in the test's own directory.
struct FakeWorker {
    static let python = "/usr/bin/python3"
    static let present = Project.judgesDemanded || access(python, X_OK) == 0

    let directory: TemporaryDirectory

    /// Lines that read and write frames; `body` is called with each request until it returns.
    init(greeting: String? = nil, each body: String) throws {
        directory = try TemporaryDirectory()
        let indented = body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        let script = """
            import json, os, signal, struct, sys, time
            HERE = os.path.dirname(os.path.abspath(__file__))
            def count(name):
                with open(os.path.join(HERE, name), "ab+") as f:
                    f.write(b"x"); f.flush(); return f.tell()
            def raw(data):
                sys.stdout.buffer.write(data); sys.stdout.buffer.flush()
            def frame(data):
                raw(struct.pack(">I", len(data)) + data)
            def answer(value):
                frame(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
            def request():
                head = sys.stdin.buffer.read(4)
                if len(head) < 4: sys.exit(0)
                return json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))
            def good(asked, *parts):
                answer({"id": asked["id"], "ok": True, "parts": len(parts)})
                for part in parts: frame(part)
            starts = count("starts")
            \(greeting ?? #"answer({"network": "none", "protocol": 1, "ready": True})"#)
            while True:
                asked = request()
            \(indented)

            """
        try directory.write(Array(script.utf8), to: "worker.py")
    }

    var installation: PressInstallation {
        PressInstallation(
            python: FakeWorker.python, worker: directory.path + "/worker.py", templates: directory.path,
            fonts: directory.path)
    }

    /// How often it was started.
    var starts: Int { directory.read("starts")?.count ?? 0 }

    /// A press on it, with deadlines that a test can wait for.
    func press(_ change: (inout PressLimits) -> Void = { _ in }) -> PressWorker {
        var limits = PressLimits()
        change(&limits)
        return PressWorker(installation: installation, limits: limits)
    }
}

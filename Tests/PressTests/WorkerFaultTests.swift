import Application
import Foundation
import Kernel
import Press
import TestKit
import Testing

/// A worker that hangs, dies or lies costs one document an error, and nothing else.
@Suite("worker faults", .serialized, .enabled(if: FakeWorker.present, "/usr/bin/python3 is not installed"))
struct WorkerFaultTests {
    static func printing(_ press: PressWorker, _ data: JSON = [:]) async -> Result<[UInt8], PressError> {
        do throws(PressError) {
            guard let name = TemplateName("any") else { return .success([]) }
            return .success(try await press.pdf(template: name, data: data, at: CivilDay(number: 20_000)))
        } catch {
            return .failure(error)
        }
    }

    static func code(_ result: Result<[UInt8], PressError>) -> PressError.Code? {
        if case .failure(let error) = result { error.code } else { nil }
    }

    @Test("a worker that hangs is ended at the deadline, with its children, and the next document is printed")
    func hang() async throws {
        let fake = try FakeWorker(
            each: """
                if starts == 1:
                    child = os.fork()
                    if child == 0: time.sleep(600)
                    open(os.path.join(HERE, "pids"), "w").write("%d %d" % (os.getpid(), child))
                    time.sleep(600)
                good(asked, b"second")
                """)
        let press = fake.press { $0.answer = .seconds(1) }
        let first = await Self.printing(press)
        #expect(Self.code(first) == .timeout)
        let pids = String(decoding: try #require(fake.directory.read("pids")), as: UTF8.self).split(separator: " ")
        #expect(pids.count == 2)
        for pid in try pids.map({ try #require(Int32($0)) }) { try await Self.expectGone(pid) }
        #expect(await Self.printing(press) == .success(Array("second".utf8)))
        #expect(fake.starts == 2)
        await press.stop()
    }

    /// A process that was killed may still be reaped by its new parent; it must not run any more.
    static func expectGone(_ pid: Int32) async throws {
        for _ in 0..<200 {
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return }
            if stat.contains(") Z ") { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("process \(pid) still runs")
    }

    @Test("a worker that hangs before its greeting is a timeout too")
    func hangAtStart() async throws {
        let fake = try FakeWorker(greeting: "time.sleep(600)", each: "pass")
        let press = fake.press { $0.start = .milliseconds(300) }
        #expect(Self.code(await Self.printing(press)) == .timeout)
        #expect(await press.workerProcess() == nil)
    }

    @Test("a worker that does not read its request is ended at the deadline")
    func deafWorker() async throws {
        let fake = try FakeWorker(
            greeting: #"answer({"network": "none", "protocol": 1, "ready": True}); time.sleep(600)"#, each: "pass")
        let press = fake.press { $0.answer = .milliseconds(500) }
        let long = String(repeating: "长", count: 2_000_000)
        #expect(Self.code(await Self.printing(press, ["text": .string(long)])) == .timeout)
    }

    @Test("a death is told with its cause, and the next document gets a new worker")
    func death() async throws {
        let fake = try FakeWorker(
            each: """
                if starts == 1:
                    print("out of ink", file=sys.stderr)
                    sys.stderr.flush()
                    os.kill(os.getpid(), signal.SIGSEGV)
                good(asked, b"second")
                """)
        let press = fake.press()
        let first = await Self.printing(press)
        guard case .failure(let error) = first else {
            Issue.record("the dead printed")
            return
        }
        #expect(error.code == .died)
        #expect(error.detail.contains("signal 11"), "\(error.detail)")
        #expect(error.detail.contains("out of ink"))
        #expect(await Self.printing(press) == .success(Array("second".utf8)))
        #expect(fake.starts == 2)
        await press.stop()
    }

    @Test("a worker that died while it was idle costs no document")
    func idleDeath() async throws {
        let fake = try FakeWorker(each: #"good(asked, b"%d" % starts)"#)
        let press = fake.press()
        #expect(await Self.printing(press) == .success(Array("1".utf8)))
        let pid = try #require(await press.workerProcess())
        kill(pid, SIGKILL)
        #expect(await Self.printing(press) == .success(Array("2".utf8)))
        await press.stop()
    }

    @Test("a document that always kills the worker is tried twice at most, and fails")
    func poison() async throws {
        let fake = try FakeWorker(
            each: """
                if asked["data"].get("poison"): os._exit(3)
                good(asked, b"fine")
                """)
        let press = fake.press()
        #expect(await Self.printing(press) == .success(Array("fine".utf8)))
        guard case .failure(let error) = await Self.printing(press, ["poison": true]) else {
            Issue.record("poison printed")
            return
        }
        #expect(error.code == .died)
        #expect(error.detail.contains("exit status 3"))
        #expect(fake.starts == 2)
        #expect(await Self.printing(press) == .success(Array("fine".utf8)))
        await press.stop()
    }

    @Test(
        "an answer cut short, out of turn, to another request, or no JSON at all is a dead worker",
        arguments: [
            #"raw(b"\0\0"); sys.exit(0)"#,
            #"answer({"id": asked["id"], "ok": True, "parts": 2}); frame(b"one"); sys.exit(0)"#,
            #"frame(b"garbage")"#, #"good({"id": asked["id"] + 1}, b"x")"#,
            #"frame(b"{\"id\": 1, \"ok\": true, \"parts\": 1}")"#,
            #"answer({"id": asked["id"], "ok": False})"#,
            #"answer({"id": asked["id"], "ok": False, "code": "odd", "message": "", "detail": ""})"#,
            #"answer({"id": asked["id"], "ok": True, "parts": 0})"#,
            #"answer({"id": asked["id"], "ok": True, "parts": 2}); frame(b"1"); frame(b"2")"#,
        ])
    func garbage(body: String) async throws {
        let fake = try FakeWorker(each: body)
        let press = fake.press { $0.answer = .seconds(10) }
        #expect(Self.code(await Self.printing(press)) == .died)
        await press.stop()
    }

    @Test(
        "a greeting of another protocol, or none, is a dead worker",
        arguments: [
            #"answer({"network": "none", "protocol": 2, "ready": True})"#, #"frame(b"hello")"#, "sys.exit(0)",
        ])
    func badGreeting(greeting: String) async throws {
        let fake = try FakeWorker(greeting: greeting, each: "pass")
        let press = fake.press()
        #expect(Self.code(await Self.printing(press)) == .died)
        #expect(await press.workerProcess() == nil)
    }

    @Test("an answer larger than a document may be is refused before its bytes are taken")
    func oversizedAnswer() async throws {
        let fake = try FakeWorker(
            each: #"answer({"id": asked["id"], "ok": True, "parts": 1}); raw(b"\xff\xff\xff\xff")"#)
        let press = fake.press { $0.answerBytes = 1 << 20 }
        #expect(Self.code(await Self.printing(press)) == .tooLarge)
        #expect(await press.workerProcess() == nil)
        // All parts together count, not each alone.
        let many = try FakeWorker(each: #"good(asked, b"a" * 700, b"b" * 700)"#)
        let narrow = many.press { $0.answerBytes = 1000 }
        #expect(Self.code(await Self.printing(narrow)) == .tooLarge)
    }

    @Test("a request larger than a document may be starts no worker")
    func oversizedRequest() async throws {
        let fake = try FakeWorker(each: #"good(asked, b"x")"#)
        let press = fake.press { $0.requestBytes = 1000 }
        let long = JSON.string(String(repeating: "a", count: 1000))
        #expect(Self.code(await Self.printing(press, ["text": long])) == .tooLarge)
        #expect(fake.starts == 0)
    }

    @Test("a press that is not installed says what is missing and what to do")
    func missing() async throws {
        let fake = try FakeWorker(each: #"good(asked, b"x")"#)
        for part in [\PressInstallation.python, \.worker, \.templates, \.fonts] {
            var installation = fake.installation
            installation[keyPath: part] = "/nonexistent/part"
            let press = PressWorker(installation: installation)
            guard case .failure(let error) = await Self.printing(press) else {
                Issue.record("printed without a part")
                continue
            }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("/nonexistent/part"))
            #expect(error.message.contains("scripts/setup.sh run"))
        }
    }

    @Test("a program that cannot be executed is unavailable")
    func unexecutable() async throws {
        let fake = try FakeWorker(each: "pass")
        var installation = fake.installation
        installation.python = fake.directory.path
        #expect(Self.code(await Self.printing(PressWorker(installation: installation))) == .unavailable)
    }

    @Test("a worker that says it cannot print gives its own reason")
    func unfit() async throws {
        let fake = try FakeWorker(
            greeting: #"answer({"detail": "no ink", "message": "没有墨", "ready": False})"#, each: "pass")
        guard case .failure(let error) = await Self.printing(fake.press()) else {
            Issue.record("the unfit printed")
            return
        }
        #expect(error == PressError(code: .unavailable, message: "没有墨", detail: "no ink"))
    }

    @Test("documents asked for together are printed one after another, each with its own bytes")
    func together() async throws {
        let fake = try FakeWorker(each: #"good(asked, asked["data"]["text"].encode())"#)
        let press = fake.press()
        try await withThrowingTaskGroup(of: (Int, Result<[UInt8], PressError>).self) { group in
            for number in 0..<20 {
                group.addTask { (number, await Self.printing(press, ["text": .string("文书\(number)")])) }
            }
            for try await (number, result) in group {
                #expect(result == .success(Array("文书\(number)".utf8)))
            }
        }
        #expect(fake.starts == 1)
        await press.stop()
    }

    @Test("too many documents at once are sent away at once, and the rest are printed")
    func crowded() async throws {
        let fake = try FakeWorker(
            each: """
                while not os.path.exists(os.path.join(HERE, "go")): time.sleep(0.01)
                good(asked, b"x")
                """)
        let press = fake.press { $0.waiting = 2 }
        try await withThrowingTaskGroup(of: PressError.Code?.self) { group in
            for _ in 0..<4 { group.addTask { Self.code(await Self.printing(press)) } }
            // Two wait for the worker, which waits for us; so the first two answers are refusals.
            #expect(try await group.next() == .unavailable)
            #expect(try await group.next() == .unavailable)
            try fake.directory.write([], to: "go")
            #expect(try await group.next() == .some(nil))
            #expect(try await group.next() == .some(nil))
        }
        await press.stop()
    }

    @Test("a worker with nothing to do is ended, and started again at need")
    func idle() async throws {
        let fake = try FakeWorker(each: #"good(asked, b"%d" % starts)"#)
        let press = fake.press { $0.idle = .milliseconds(50) }
        #expect(await Self.printing(press) == .success(Array("1".utf8)))
        for _ in 0..<500 where await press.workerProcess() != nil { try await Task.sleep(for: .milliseconds(10)) }
        #expect(await press.workerProcess() == nil)
        #expect(await Self.printing(press) == .success(Array("2".utf8)))
        await press.stop()
    }

    @Test("a worker that has grown too large is replaced after its answer")
    func grown() async throws {
        let fake = try FakeWorker(each: #"good(asked, b"%d" % starts)"#)
        let press = fake.press { $0.residentMemory = 1 << 20 }
        #expect(await Self.printing(press) == .success(Array("1".utf8)))
        #expect(await press.workerProcess() == nil)
        #expect(await Self.printing(press) == .success(Array("2".utf8)))
    }

    @Test("a press that nobody holds any more leaves no worker behind")
    func letGo() async throws {
        let fake = try FakeWorker(each: #"good(asked, b"x")"#)
        var press: PressWorker? = fake.press()
        if let press { #expect(await Self.printing(press) == .success(Array("x".utf8))) }
        let pid = try #require(await press?.workerProcess())
        press = nil
        try await Self.expectGone(pid)
    }
}

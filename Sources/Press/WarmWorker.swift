import Application
import Dispatch
import Logging

/// The one worker and what is known about it.
///
/// Safe because: after its making, every call comes from the serial queue it is given, which its owner keeps private.
final class WarmWorker: @unchecked Sendable {
    private let installation: PressInstallation
    private let limits: PressLimits
    private let queue: DispatchQueue
    private let logger: Logger
    private var worker: WorkerProcess?
    private var lastUse = ContinuousClock.now
    private var idleStopScheduled = false
    private var nextID: Int64 = 1

    init(installation: PressInstallation, limits: PressLimits, queue: DispatchQueue, logger: Logger) {
        self.installation = installation
        self.limits = limits
        self.queue = queue
        self.logger = logger
    }

    /// The process of the running worker.
    var workerProcess: Int32? { worker?.pid }

    /// Ends the worker; the next document starts another.
    func stop() {
        worker?.end()
        worker = nil
    }

    /// Prints one document or binds one volume, starting the worker if none runs.
    func print(_ request: some WorkerRequest) -> Result<[[UInt8]], PressError> {
        let warm = worker != nil
        var result = attempt(request)
        if warm, case .failure(let error) = result, error.code == .died {
            // A warm worker may have died while it was idle, through no fault of this document.
            result = attempt(request)
        }
        if case .failure(let error) = result {
            logger.warning("nothing printed", metadata: ["code": "\(error.code)", "detail": "\(error.detail)"])
        }
        lastUse = .now
        scheduleIdleStop(after: limits.idle)
        return result
    }

    private func attempt(_ request: some WorkerRequest) -> Result<[[UInt8]], PressError> {
        let id = nextID
        nextID += 1
        let body = request.body(id: id)
        guard body.count <= limits.requestBytes else {
            return .failure(.tooLarge(detail: "a request of \(body.count) bytes"))
        }
        do throws(PressError) {
            let worker = try running()
            do throws(WorkerProcess.Failure) {
                let result = try converse(with: worker, body, request, id: id)
                // Its caches only grow; a new one starts in half a second.
                if let memory = worker.residentMemory, memory > limits.residentMemory { stop() }
                return result
            } catch {
                throw giveUp(worker, error)
            }
        } catch {
            return .failure(error)
        }
    }

    /// One request and its answer.
    private func converse(
        with worker: WorkerProcess, _ body: [UInt8], _ request: some WorkerRequest, id: Int64
    ) throws(WorkerProcess.Failure) -> Result<[[UInt8]], PressError> {
        let deadline = ContinuousClock.now + request.patience(limits)
        try worker.send(body, until: deadline)
        for input in request.inputs { try worker.send(input, until: deadline) }
        let answer = try PressAnswer(worker.receive(limit: PressAnswer.headerLimit, until: deadline), id: id)
        switch answer {
        case .refused(let error):
            return .failure(error)
        case .parts(let count):
            var parts: [[UInt8]] = []
            var room = limits.answerBytes
            for _ in 0..<count {
                parts.append(try worker.receive(limit: room, until: deadline))
                room -= parts[parts.count - 1].count
            }
            return .success(parts)
        }
    }

    /// The running worker, or a new one that has greeted.
    private func running() throws(PressError) -> WorkerProcess {
        if let worker { return worker }
        let missing = installation.missing
        guard missing.isEmpty else {
            throw .unavailable(
                message: "打印组件没有安装（缺少 \(missing.joined(separator: "、"))）。请在服务器上运行 scripts/setup.sh run。",
                detail: "missing: \(missing.joined(separator: ", "))")
        }
        let started: WorkerProcess
        do throws(SpawnError) {
            started = try WorkerProcess(arguments: [
                installation.python, "-I", "-B", "-X", "utf8", installation.worker,
                "--templates", installation.templates, "--fonts", installation.fonts,
                "--memory", String(limits.addressSpace), "--cpu", String(limits.processorSeconds),
            ])
        } catch {
            throw .unavailable(
                message: "打印组件无法启动。请在服务器上运行 scripts/setup.sh run，再重试。",
                detail: "\(error.call): errno \(error.number)")
        }
        let greeting: WorkerGreeting
        do throws(WorkerProcess.Failure) {
            let deadline = ContinuousClock.now + limits.start
            greeting = try WorkerGreeting(started.receive(limit: PressAnswer.headerLimit, until: deadline))
        } catch {
            throw giveUp(started, error)
        }
        switch greeting {
        case .unfit(let error):
            started.end()
            throw error
        case .ready(let network):
            logger.info("press started", metadata: ["pid": "\(started.pid)", "network": "\(network)"])
            worker = started
            return started
        }
    }

    /// Ends a worker that can no longer be trusted, and says what happened.
    private func giveUp(_ lost: WorkerProcess, _ failure: WorkerProcess.Failure) -> PressError {
        let end = lost.end()
        if worker === lost { worker = nil }
        let cause = "\(failure), worker ended with \(end): \(lost.lastWords)"
        return switch failure {
        case .deadline: .timeout(detail: cause)
        case .tooLong: .tooLarge(detail: cause)
        case .closed, .nonsense: .died(detail: cause)
        }
    }

    private func scheduleIdleStop(after delay: Duration) {
        guard worker != nil, !idleStopScheduled else { return }
        idleStopScheduled = true
        let (seconds, attoseconds) = delay.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        queue.asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { [weak self] in
            self?.idleTimePassed()
        }
    }

    private func idleTimePassed() {
        idleStopScheduled = false
        let idle = ContinuousClock.now - lastUse
        if idle >= limits.idle { stop() } else { scheduleIdleStop(after: limits.idle - idle) }
    }
}

import Application
import Dispatch
import Kernel
import Logging
import Synchronization

/// Prints through a warm typst worker: started at need, one document at a time, ended when idle.
///
/// A worker that hangs, dies or answers nonsense is ended and costs one document an error; the next document gets a
/// new worker. Nothing of a worker outlives its document but its fonts.
public final class PressWorker: Printer {
    private let press: WarmWorker
    private let installation: PressInstallation
    private let limits: PressLimits
    private let queue: DispatchQueue
    private let waiting = Mutex(0)
    private let digest: InstallationDigest

    /// A press by its installation. Starts nothing and looks at nothing yet.
    public init(installation: PressInstallation, limits: PressLimits = PressLimits(), logger: Logger? = nil) {
        self.limits = limits
        self.installation = installation
        digest = InstallationDigest(installation)
        // A private serial queue: waiting for a pipe never holds a thread of the cooperative pool.
        queue = DispatchQueue(label: "liuhen.press")
        press = WarmWorker(
            installation: installation, limits: limits, queue: queue,
            logger: logger ?? Logger(label: "liuhen.press", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    public func pdf(template: TemplateName, data: JSON, at date: CivilDay) async throws(PressError) -> [UInt8] {
        let parts = try await printed(PressRequest(template: template, data: data, date: date, output: .pdf))
        guard let pdf = parts.first, parts.count == 1 else {
            throw PressError.died(detail: "a PDF in \(parts.count) parts")
        }
        return pdf
    }

    public func pages(
        template: TemplateName, data: JSON, at date: CivilDay, scale: Double
    ) async throws(PressError) -> [[UInt8]] {
        try await printed(PressRequest(template: template, data: data, date: date, output: .pages(scale: scale)))
    }

    public func bound(_ binding: Binding, at date: CivilDay) async throws(PressError) -> [UInt8] {
        let size = binding.files.reduce(Int64(0)) { $0 + Int64($1.bytes.count) }
        guard size <= Binding.byteLimit, binding.files.count <= Binding.fileLimit else {
            throw PressError.tooLarge(detail: "\(binding.files.count) files of \(size) bytes")
        }
        let request = BindingRequest(binding: binding, date: date)
        let parts = try await inTurn { $0.press.print(request) }
        guard let pdf = parts.first, parts.count == 1 else {
            throw PressError.died(detail: "a volume in \(parts.count) parts")
        }
        return pdf
    }

    public func installationDigest() async throws(PressError) -> Digest {
        // On the press's own queue: the fonts are read through once, and nothing else can be printed meanwhile anyway.
        let result = await withCheckedContinuation { continuation in
            queue.async { [digest] in
                do throws(PressError) {
                    continuation.resume(returning: Result<Digest, PressError>.success(try digest.current()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Ends the worker, if one runs. The next document starts another.
    public func stop() async {
        await withCheckedContinuation { continuation in
            queue.async { [press] in
                press.stop()
                continuation.resume()
            }
        }
    }

    /// The process of the running worker; nil when none runs. For `doctor` and tests.
    public func workerProcess() async -> Int32? {
        await withCheckedContinuation { continuation in
            queue.async { [press] in continuation.resume(returning: press.workerProcess) }
        }
    }

    private func printed(_ request: PressRequest) async throws(PressError) -> [[UInt8]] {
        try await inTurn { request.template.kept == nil ? $0.press.print(request) : $0.printKept(request) }
    }

    /// Has something done on the press's queue, after what waits there already.
    private func inTurn(
        _ work: @escaping @Sendable (PressWorker) -> Result<[[UInt8]], PressError>
    ) async throws(PressError) -> [[UInt8]] {
        let taken = waiting.withLock { count in
            guard count < limits.waiting else { return false }
            count += 1
            return true
        }
        guard taken else {
            throw PressError(
                code: .unavailable, message: "正在打印的文书太多，请稍后再试。", detail: "\(limits.waiting) documents waiting")
        }
        defer { waiting.withLock { $0 -= 1 } }
        let result = await withCheckedContinuation { continuation in
            queue.async { [self] in continuation.resume(returning: work(self)) }
        }
        return try result.get()
    }

    /// Prints with a template that is kept with the data: in a worker of its own that sees that template alone. Called on
    /// the press's queue, where the warm worker stands still; it is ended first, so that there is never more than one.
    private func printKept(_ request: PressRequest) -> Result<[[UInt8]], PressError> {
        var result: Result<[[UInt8]], PressError>?
        let isThere = installation.withKept?(request.template) { directory in
            press.stop()
            var old = installation
            old.templates = directory
            let once = WarmWorker(
                installation: old, limits: limits, queue: queue,
                logger: Logger(label: "liuhen.press", factory: { _ in SwiftLogNoOpLogHandler() }))
            result = once.print(request)
            once.stop()
        }
        guard isThere == true, let result else {
            return .failure(
                PressError(
                    code: .template,
                    message: "找不到这份文书定稿时所用的版式，不能接着打印。请从备份恢复数据目录里的 rules 目录；确实找不回的，作废这份文书后重新制作。",
                    detail: "no kept template \(request.template) \(request.template.kept?.description ?? "")"))
        }
        return result
    }
}

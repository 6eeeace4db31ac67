import Application
import Dispatch
import Glibc
import Kernel
import Synchronization

/// Inspects with ffprobe, one file at a time, on a queue of its own.
///
/// What stands between a hostile file and the server: the allow-list of containers, the tool bound to the one found;
/// `file` as its only protocol; a namespace without network; Landlock, so that no other file opens, neither the ledger nor
/// anything else that lies where the copies are made; limits of memory,
/// processor and wall time and output; and the kill of its whole process group.
public final class Ffprobe: MediaInspector {
    private let path: String
    /// Where copies without a name are made, and nothing else ever lies: the tool may open what is beneath it, because
    /// it opens its own input anew.
    private let cell: String
    private let deadline: Int64
    private let memory: UInt64
    private let queue = DispatchQueue(label: "liuhen.inspection")
    private let known = Mutex<String?>(nil)

    /// An inspector.
    ///
    /// - Parameters:
    ///   - path: the program.
    ///   - scratch: a directory in which one is made for copies without a name of what is too large for memory; on the
    ///     vault's own disk or on another that may hold evidence in plain for the moment.
    ///   - deadline: milliseconds that the program gets for one file.
    ///   - memory: bytes of address space that it gets.
    public init(
        path: String = "/usr/bin/ffprobe", scratch: String, deadline: Int64 = 30_000, memory: UInt64 = 2 << 30
    ) {
        self.path = path
        cell = scratch + "/inspection"
        self.deadline = deadline
        self.memory = memory
    }

    public func tool() async -> String? {
        if let text = known.withLock({ $0 }) { return text }
        let (outcome, _) = await onQueue { [self] in
            let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
            defer { close(null) }
            return process(["-version"]).run(input: null)
        }
        guard case .exited(0, let output, _) = outcome else { return nil }
        // `ffprobe version 5.1.9-0+deb12u1 Copyright …`
        let words = output.prefix { $0 != UInt8(ascii: "\n") }.split(separator: UInt8(ascii: " "))
        guard words.count > 2 else { return nil }
        let text = "ffprobe " + String(decoding: words[2].prefix(64), as: UTF8.self)
        known.withLock { $0 = text }
        return text
    }

    /// How far the tool is confined on this machine.
    public struct Confinement: Hashable, Sendable {
        /// Whether it runs without network.
        public let network: Bool
        /// Whether it opens no file but programs, libraries and its own input.
        public let files: Bool
    }

    /// Starts the tool once and says how far this machine lets it be confined; nil if it does not start.
    public func confinement() async -> Confinement? {
        let (outcome, reached) = await onQueue { [self] in
            let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
            defer { close(null) }
            return process(["-version"]).run(input: null)
        }
        guard case .exited(0, _, _) = outcome else { return nil }
        return Confinement(network: reached.contains(.noNetwork), files: reached.contains(.files))
    }

    public func inspect(
        byteCount: Int64, read: @escaping @Sendable (Int64, Int) async throws -> [UInt8]
    ) async -> MediaInspection {
        do {
            guard byteCount > 0 else { throw MediaDoubt(.empty) }
            let prefix = try await read(0, Container.prefixByteCount)
            guard let container = Container(prefix: prefix) else { throw MediaDoubt(.containerUnknown) }
            let copy = try await copy(byteCount, read)
            let (outcome, _) = await onQueue { [self] in
                process(Ffprobe.arguments(for: container)).run(input: copy.descriptor)
            }
            return .facts(try facts(from: outcome, container, byteCount))
        } catch let doubt as MediaDoubt {
            return .cannotTell(doubt)
        } catch let failure as PrivateCopy.Failure {
            return .cannotTell(
                MediaDoubt(failure.isFull ? .noRoom : .objectUnreadable, detail: "errno \(failure.code)"))
        } catch {
            return .cannotTell(MediaDoubt(.objectUnreadable, detail: "\(error)"))
        }
    }

    static func arguments(for container: Container) -> [String] {
        [
            "-hide_banner", "-v", "error", "-protocol_whitelist", "file", "-f", container.demuxer,
            "-show_entries",
            "format=duration,bit_rate:format_tags:stream_tags:stream=codec_type,codec_name,width,"
                + "height,avg_frame_rate,sample_rate,channels,duration", "-of", "json", "-i", "file:/proc/self/fd/0",
        ]
    }

    private func process(_ arguments: [String]) -> ConfinedProcess {
        ConfinedProcess(
            path: path, arguments: arguments, memory: memory, processorSeconds: UInt64(deadline / 1000 + 1),
            deadline: deadline, readable: [cell])
    }

    private func copy(
        _ byteCount: Int64, _ read: @Sendable (Int64, Int) async throws -> [UInt8]
    ) async throws -> PrivateCopy {
        // It may be there from before; where it cannot be made, the copy cannot either, and that is told.
        mkdir(cell, 0o700)
        let copy = try PrivateCopy(byteCount: byteCount, scratch: cell)
        var offset: Int64 = 0
        while offset < byteCount {
            let piece = try await read(offset, 1 << 20)
            guard !piece.isEmpty else { throw MediaDoubt(.objectUnreadable, detail: "it ends before its end") }
            let position = offset
            let failure: PrivateCopy.Failure? = await onQueue {
                do throws(PrivateCopy.Failure) {
                    try copy.write(piece, at: position)
                    return nil
                } catch {
                    return error
                }
            }
            if let failure { throw failure }
            offset += Int64(piece.count)
        }
        return copy
    }

    private func facts(
        from outcome: ConfinedProcess.Outcome, _ container: Container, _ byteCount: Int64
    ) throws(MediaDoubt) -> MediaFacts {
        switch outcome {
        case .notStarted(let code): throw MediaDoubt(.toolMissing, detail: "\(path): errno \(code)")
        case .timedOut: throw MediaDoubt(.toolHung)
        case .tooMuchOutput: throw MediaDoubt(.toolConfused, detail: "more output than is read")
        case .signalled(SIGXCPU): throw MediaDoubt(.toolHung)
        case .signalled(let number): throw MediaDoubt(.toolDied, detail: "signal \(number)")
        case .exited(let code, let output, let errors):
            guard code == 0 else {
                throw MediaDoubt(.unplayable, detail: String(decoding: errors.prefix(500), as: UTF8.self))
            }
            guard let probe = ProbeOutput(output) else { throw MediaDoubt(.toolConfused) }
            guard let facts = probe.facts(container: container, byteCount: byteCount) else {
                throw MediaDoubt(.unplayable, detail: "no streams")
            }
            return facts
        }
    }

    private func onQueue<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}

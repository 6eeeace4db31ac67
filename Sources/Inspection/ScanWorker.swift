import Application
import Dispatch
import Glibc
import Kernel
import Synchronization

/// Reads scans with the project's own worker (`worker/scan_worker.py`), one file at a time, on a queue of its own.
///
/// What stands between a hostile file and the server is what stands before ffprobe: a process of its own for each file,
/// without network, without files but programs and libraries, within limits of memory, processor and wall time and output,
/// killed with all it started; and a copy without a name, which it gets as its standard input and cannot open anew.
public final class ScanWorker: SheetReader {
    private let python: String
    private let worker: String
    /// What it may read besides the system's: the Python environment, and itself.
    private let readable: [String]
    private let cell: String
    private let deadline: Int64
    private let memory: UInt64
    private let queue = DispatchQueue(label: "liuhen.scans")
    private let known = Mutex<String?>(nil)

    /// The largest file that is read, in bytes: a stack of 200 sheets in colour.
    public static let byteLimit: Int64 = 512 << 20
    /// The largest answer: the straight pictures of one document.
    static let outputLimit = 256 << 20

    /// A reader.
    ///
    /// - Parameters:
    ///   - root: the folder with `.venv` and `worker`.
    ///   - scratch: a directory in which one is made for copies without a name of what is too large for memory.
    ///   - deadline: milliseconds for one file.
    ///   - memory: bytes of address space.
    public convenience init(root: String, scratch: String, deadline: Int64 = 180_000, memory: UInt64 = 3 << 30) {
        self.init(
            python: "\(root)/.venv/bin/python", worker: "\(root)/worker/scan_worker.py", environment: "\(root)/.venv",
            scratch: scratch, deadline: deadline, memory: memory)
    }

    init(
        python: String, worker: String, environment: String, scratch: String, deadline: Int64 = 180_000,
        memory: UInt64 = 3 << 30
    ) {
        self.python = python
        self.worker = worker
        readable = [environment, worker]
        cell = scratch + "/scans"
        self.deadline = deadline
        self.memory = memory
    }

    public func tool() async -> String? {
        if let text = known.withLock({ $0 }) { return text }
        let outcome = await onQueue { [self] in
            let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
            defer { close(null) }
            return process(["versions"]).run(input: null).outcome
        }
        guard case .exited(0, let output, _) = outcome, output.starts(with: Array("scan_worker ".utf8)) else {
            return nil
        }
        let text = String(decoding: output.prefix(200), as: UTF8.self)
        known.withLock { $0 = text }
        return text
    }

    public func pages(of source: ScanSource) async throws(ScanRefusal) -> [ScannedPage] {
        let output = try await run(["read"], on: source)
        guard let answer = try? JSON(canonical: output) else { throw ScanWorker.confused("no JSON") }
        if let refusal = ScanWorker.refusal(answer) { throw refusal }
        guard answer["ok"]?.boolean == true, let pages = answer["pages"]?.elements else {
            throw ScanWorker.confused("no pages")
        }
        var read: [ScannedPage] = []
        for (index, page) in pages.enumerated() {
            guard let page = ScannedPage(page), page.number == index + 1 else {
                throw ScanWorker.confused("page \(index + 1)")
            }
            read.append(page)
        }
        return read
    }

    public func straightened(
        _ source: ScanSource, pages: [ScanTurn]
    ) async throws(ScanRefusal) -> [UInt8] {
        let wanted = pages.map { "{\"page\":\($0.page),\"turn\":\($0.turn)}" }.joined(separator: ",")
        let output = try await run(["compose", "[\(wanted)]"], on: source)
        if output.starts(with: Array("%PDF-".utf8)) { return output }
        if let answer = try? JSON(canonical: output), let refusal = ScanWorker.refusal(answer) { throw refusal }
        throw ScanWorker.confused("no PDF")
    }

    private func run(_ arguments: [String], on source: ScanSource) async throws(ScanRefusal) -> [UInt8] {
        guard source.byteCount > 0 else { throw ScanRefusal(.damaged, "这个文件是空的。请重新扫描后上传。") }
        guard source.byteCount <= ScanWorker.byteLimit else {
            throw ScanRefusal(
                .tooLarge, "这个文件超过 512 MB。请用 200 至 300 点每英寸（dpi）扫描，或者分成几摞上传。",
                detail: "\(source.byteCount) bytes")
        }
        let copy = try await copy(of: source)
        let outcome = await onQueue { [self] in process(arguments).run(input: copy.descriptor).outcome }
        switch outcome {
        case .exited(0, let output, _): return output
        case .notStarted(let code):
            throw ScanWorker.missing("\(python): errno \(code)")
        case .timedOut, .signalled(SIGXCPU):
            throw ScanRefusal(.tooSlow, "识别这个文件超过了时限，已停止。请分成几摞上传；只有几页的，请重新扫描。")
        case .tooMuchOutput:
            throw ScanRefusal(.tooLarge, "这个文件里的图像太大。请用 200 至 300 点每英寸（dpi）重新扫描。")
        case .signalled(let number):
            throw ScanRefusal(
                .damaged, "这个文件打不开：识别时出错，没有任何改动。请重新扫描，另存为 PDF 后再上传。", detail: "signal \(number)")
        case .exited(let code, _, let errors):
            let said = String(decoding: errors.suffix(400), as: UTF8.self)
            // Without its packages or its program it says so in its first lines.
            if said.contains("ModuleNotFoundError") || said.contains("can't open file") {
                throw ScanWorker.missing(said)
            }
            throw ScanRefusal(
                .damaged, "这个文件打不开：识别时出错，没有任何改动。请重新扫描，另存为 PDF 后再上传。",
                detail: "exit status \(code): \(said)")
        }
    }

    private static func missing(_ detail: String) -> ScanRefusal {
        ScanRefusal(
            .unavailable, "扫描识别组件没有装好，暂时不能识别。请系统管理员在服务器上运行 scripts/setup.sh run。", detail: detail)
    }

    private static func confused(_ detail: String) -> ScanRefusal {
        ScanRefusal(.unavailable, "扫描识别组件的回答无法理解，没有任何改动。请联系系统管理员。", detail: detail)
    }

    private static func refusal(_ answer: JSON) -> ScanRefusal? {
        guard answer["ok"]?.boolean == false, let message = answer["message"]?.string else { return nil }
        let code = answer["code"]?.string.flatMap { ScanRefusal.Code(rawValue: $0) } ?? .damaged
        return ScanRefusal(code, message, detail: answer["detail"]?.string ?? "")
    }

    private func process(_ arguments: [String]) -> ConfinedProcess {
        ConfinedProcess(
            path: python, arguments: ["-I", "-B", "-X", "utf8", worker] + arguments, memory: memory,
            processorSeconds: UInt64(deadline / 1000 + 1), deadline: deadline, outputLimit: ScanWorker.outputLimit,
            readable: readable)
    }

    private func copy(of source: ScanSource) async throws(ScanRefusal) -> PrivateCopy {
        // It may be there from before; where it cannot be made, the copy cannot either, and that is told.
        mkdir(cell, 0o700)
        do {
            let copy = try PrivateCopy(byteCount: source.byteCount, scratch: cell)
            var offset: Int64 = 0
            while offset < source.byteCount {
                let piece = try await source.read(offset, 1 << 20)
                guard !piece.isEmpty else { throw VaultError(.damaged, "it ends before its end") }
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
        } catch let error as ScanRefusal {
            throw error
        } catch {
            throw ScanRefusal(.noRoom, "这个文件暂时不能读取，或者磁盘空间不足。请稍后再试；还不行的，请联系系统管理员。", detail: "\(error)")
        }
    }

    private func onQueue<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}

extension ScannedPage {
    /// A page as the worker tells it; nil if anything of it is not as it must be.
    init?(_ json: JSON) {
        guard let number = json["page"]?.integer.flatMap({ Int(exactly: $0) }),
            let state = json["state"]?.string.flatMap({ State(rawValue: $0) }),
            let turn = json["turn"]?.integer, abs(turn) <= 18_000,
            let others = json["others"]?.integer, let told = json["sheets"]?.elements
        else { return nil }
        var sheets: [Sheet] = []
        for sheet in told {
            guard let document = sheet["id"]?.string.flatMap({ DocumentID($0) }),
                let page = sheet["page"]?.integer, (0...9999).contains(page),
                let corners = sheet["polygon"]?.elements, corners.count == 4
            else { return nil }
            let polygon = corners.compactMap { corner -> Point? in
                guard let pair = corner.elements, pair.count == 2, let x = pair[0].integer, let y = pair[1].integer
                else { return nil }
                return Point(x: Int(x), y: Int(y))
            }
            guard polygon.count == 4 else { return nil }
            sheets.append(Sheet(document: document, page: page == 0 ? nil : Int(page), polygon: polygon))
        }
        guard (state == .sheet) != sheets.isEmpty else { return nil }
        self.init(number: number, state: state, turn: Int(turn), sheets: sheets, otherCodes: Int(others))
    }
}

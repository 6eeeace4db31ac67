import Foundation
import Glibc
import Kernel
import Logging
import ServiceLifecycle
import Store

/// Requests to the running server from commands on the same machine: files in `<data>/requests`, which only the owner of
/// the data directory can write.
///
/// One process holds the data directory. What has to be recorded, as a backup has, is done by that one; a command that
/// finds it running leaves a request and waits for the answer. Nothing of it outlives the server: requests that were
/// left from before a start are removed.
struct RequestBox {
    /// The directory of requests.
    let directory: String

    /// The box of a data directory.
    init(data: String) {
        directory = data + "/requests"
    }

    // MARK: the command's side

    /// Leaves a request and waits until it was carried out.
    ///
    /// - Returns: the lines to print.
    /// - Throws: `CommandFailure` with what the server says, or that it has stopped.
    func submit(_ request: BackupRequest) async throws -> [String] {
        let id = UUID().uuidString.lowercased()
        let (asked, answered) = ("\(directory)/\(id).request", "\(directory)/\(id).answer")
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try RequestBox.put(request.bytes, at: asked)
        while true {
            if let bytes = FileManager.default.contents(atPath: answered) {
                try? FileManager.default.removeItem(atPath: answered)
                return try RequestBox.lines(of: Array(bytes))
            }
            // The server answers before it takes the request away: without either it was started anew.
            if !FileManager.default.fileExists(atPath: asked), !FileManager.default.fileExists(atPath: answered) {
                throw CommandFailure("服务重新启动过，备份没有完成。请再运行一次。")
            }
            if isDeserted {
                try? FileManager.default.removeItem(atPath: asked)
                throw CommandFailure("服务已经停止，备份没有完成。请再运行一次。")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Whether no process holds the data directory any more.
    private var isDeserted: Bool {
        let lock = open(URL(fileURLWithPath: directory).deletingLastPathComponent().path + "/process.lock", O_RDWR)
        guard lock >= 0 else { return true }
        defer { close(lock) }
        guard flock(lock, LOCK_SH | LOCK_NB) == 0 else { return false }
        _ = flock(lock, LOCK_UN)
        return true
    }

    private static func lines(of answer: [UInt8]) throws -> [String] {
        guard let json = try? JSON(canonical: answer), let lines = json["lines"]?.elements?.compactMap(\.string) else {
            throw CommandFailure("服务的答复读不懂。请查看备份是否完成，再运行一次。")
        }
        guard json["done"] == .boolean(true) else { throw CommandFailure(lines.joined(separator: "\n")) }
        return lines
    }

    // MARK: the server's side

    /// Removes what was left from before the start.
    func clear() {
        for name in names { try? FileManager.default.removeItem(atPath: "\(directory)/\(name)") }
    }

    /// Carries out the requests that are there, one after another.
    func serve(_ carryOut: (BackupRequest) async throws -> [String]) async {
        for name in names where name.hasSuffix(".request") {
            let path = "\(directory)/\(name)"
            guard let bytes = FileManager.default.contents(atPath: path) else { continue }
            var (done, lines): (Bool, [String])
            if let request = BackupRequest(Array(bytes)) {
                do {
                    (done, lines) = (true, try await carryOut(request))
                } catch {
                    (done, lines) = (false, [CommandFailure(error).description])
                }
            } else {
                (done, lines) = (false, ["这个请求读不懂，可能来自另一个版本的程序。"])
            }
            let answer: JSON = ["done": .boolean(done), "lines": .array(lines.map { .string($0) })]
            // Whoever asked may be gone; the backup is made all the same.
            try? RequestBox.put(answer.canonicalBytes, at: path.dropLast(".request".count) + ".answer")
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
    }

    /// Writes a file that is whole as soon as it has its name.
    private static func put(_ bytes: [UInt8], at path: some StringProtocol) throws {
        guard
            FileManager.default.createFile(
                atPath: "\(path).new", contents: Data(bytes), attributes: [.posixPermissions: 0o600]),
            rename("\(path).new", "\(path)") == 0
        else { throw CommandFailure("不能写入 \(path)。") }
    }
}

extension BackupRequest {
    /// The request as a file.
    var bytes: [UInt8] {
        var members = [JSON.Member("backup", .string(medium))]
        if let bureau { members.append(.init("bureau", .string(bureau.description))) }
        if let label { members.append(.init("label", .string(label))) }
        return JSON.object(members).canonicalBytes
    }

    /// Reads a request; nil for anything else.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSON(canonical: bytes), let medium = json["backup"]?.string, medium.hasPrefix("/") else {
            return nil
        }
        self.init(
            medium: medium, bureau: json["bureau"]?.string.flatMap { BureauTag($0) }, label: json["label"]?.string)
        guard self.bytes == bytes else { return nil }
    }
}

/// Carries out requests while the server runs.
struct RequestService: Service {
    let premises: Premises
    let logger: Logger

    func run() async throws {
        let box = RequestBox(data: premises.place.data)
        box.clear()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await box.serve { request in
                    logger.notice("backup asked for", metadata: ["medium": "\(request.medium)"])
                    return try await request.carryOut(in: premises)
                }
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}

import Foundation
import Glibc
import Kernel

extension ServerPlace {
    /// Refuses a place to write copies to that is one of the server's own directories, lies in one, or holds one: a copy
    /// there is lost together with what it was made of, and beside the keys it is as good as open.
    ///
    /// - Parameter target: as it was typed; links in it and in the server's own directories are followed.
    func requireOutside(_ target: String, called name: String) throws {
        guard !target.isEmpty else { throw CommandFailure("没有写明\(name)。没有改动任何内容。") }
        let there = ResolvedPath(target)
        for (own, path) in [("数据目录", data), ("密钥目录", keys), ("锁文件目录", lock)] {
            let here = ResolvedPath(path)
            let relation: String
            if there.isWithin(here) {
                relation = here.isWithin(there) ? "就是服务器的\(own)（\(path)）" : "在服务器的\(own)（\(path)）里面"
            } else if here.isWithin(there) {
                relation = "里面有服务器的\(own)（\(path)）"
            } else {
                continue
            }
            throw CommandFailure("\(name) \(target) \(relation)，没有改动任何内容。请另选一个目录，最好在另一块盘上。")
        }
    }

    /// Whether a directory lies, or will be made, on the file system that holds the data: what breaks the one breaks the
    /// other.
    func isBesideData(_ directory: String) -> Bool {
        let (there, here) = (ResolvedPath(directory).device, ResolvedPath(data).device)
        return there != nil && there == here
    }
}

/// A path with its links followed, whether or not anything stands at its end.
struct ResolvedPath {
    let path: String
    /// The directories on the way, as the system knows them: one that is mounted twice has two paths and one of these.
    private let files: Set<File>
    private let last: File?
    /// The file system that holds it, or would if it were made; nil where nothing can be seen.
    let device: UInt64?

    private struct File: Hashable {
        let device: UInt64
        let number: UInt64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    init(_ typed: String) {
        let from = typed.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath + "/"
        var ahead = Array((from + typed).split(separator: "/").map(String.init).reversed())
        var here: [String] = []
        var links = 0
        while let name = ahead.popLast() {
            if name == "." { continue }
            if name == ".." {
                _ = here.popLast()
                continue
            }
            let path = "/" + (here + [name]).joined(separator: "/")
            // As many links as the system follows itself; whoever writes there is then told of the loop.
            if links < 40, let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
                links += 1
                if target.hasPrefix("/") { here = [] }
                ahead += target.split(separator: "/").map(String.init).reversed()
            } else {
                here.append(name)
            }
        }
        path = "/" + here.joined(separator: "/")
        let onTheWay = here.indices.map { "/" + here[...$0].joined(separator: "/") }
        files = Set(onTheWay.compactMap { File($0) })
        last = File(path)
        device = (onTheWay.reversed().lazy.compactMap { File($0) }.first ?? File("/"))?.device
    }

    /// Whether this is the other, or lies below it.
    func isWithin(_ other: ResolvedPath) -> Bool {
        if path == other.path || path.utf8.starts(with: "\(other.path)/".utf8) || other.path == "/" { return true }
        return other.last.map { files.contains($0) } ?? false
    }
}

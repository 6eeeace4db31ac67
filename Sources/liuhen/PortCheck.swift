import Foundation
import Glibc

/// Whether an address can be listened on, found before anything is opened or said: whoever starts a second server reads
/// one sentence.
enum PortCheck {
    /// - Throws: `CommandFailure` if the port is taken, or this machine has no such address, or it may not be used.
    static func requireFree(_ host: String, _ port: Int) throws {
        guard port > 0 else { return }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let first = found else {
            throw CommandFailure("“\(host)”不是本机可以监听的地址。请用 --listen 写成 127.0.0.1:8080 的样子。")
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(first.pointee.ai_family, first.pointee.ai_socktype, first.pointee.ai_protocol)
        // Nothing is known then; listening itself will tell.
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // As the server does it: an address that is only waiting after a server that ended is free.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) != 0 || listen(descriptor, 1) != 0
        else {
            return
        }
        switch errno {
        case EADDRINUSE:
            throw CommandFailure("端口 \(port) 已被占用，没有启动。可能留痕已在运行；要另开一个，请用 --listen \(host):\(port + 1) 换一个端口。")
        case EACCES:
            throw CommandFailure("没有权限使用端口 \(port)，没有启动。请用 --listen 换一个 1024 以上的端口。")
        case EADDRNOTAVAIL:
            throw CommandFailure("本机没有地址 \(host)，没有启动。请检查 --listen。")
        default: return
        }
    }
}

extension ServerPlace {
    /// - Throws: `CommandFailure` if the program's own files are not where they were said to be.
    func requireProgramFiles() throws {
        let missing = ["Regulations", "Documents", "Resources"].filter {
            !FileManager.default.fileExists(atPath: "\(root)/\($0)")
        }
        guard missing.isEmpty else {
            throw CommandFailure(
                "\(root) 里没有程序文件（\(missing.joined(separator: "、"))），什么也没有做。请在程序目录里运行，或者用 --root 指明程序目录。")
        }
    }
}

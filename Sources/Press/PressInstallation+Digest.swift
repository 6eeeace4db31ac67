import Application
import Crypto
import Glibc
import Kernel
import Synchronization

extension PressInstallation {
    /// One digest of everything outside the templates that the printed bytes depend on: the fonts by name, the worker,
    /// and the wheels of typst and zxing-cpp with their versions, by the list of file digests that each wheel carries.
    ///
    /// SHA-256 of `liuhen/press/v1` LF and one line `<sha256>  <name>` LF for each part, in byte order of the names:
    /// `font/<file>`, `worker/press_worker.py`, `package/<name>-<version>`.
    ///
    /// - Throws: `PressError` of code `unavailable` where a part is not there.
    func digest() throws(PressError) -> Kernel.Digest {
        var lines: [(name: String, digest: Kernel.Digest)] = []
        for part in try parts() { lines.append((part.name, try PressInstallation.digest(of: part.path))) }
        return PressInstallation.digest(of: lines)
    }

    /// The digest of the list.
    static func digest(of lines: [(name: String, digest: Kernel.Digest)]) -> Kernel.Digest {
        let text = lines.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { "\($0.digest)  \($0.name)\n" }.joined()
        return Kernel.Digest(SHA256.hash(data: Array("liuhen/press/v1\n\(text)".utf8))) ?? .zero
    }

    /// The files, and what they are called in the list.
    func parts() throws(PressError) -> [(name: String, path: String)] {
        var parts = [(name: "worker/press_worker.py", path: worker)]
        for font in try names(in: fonts) { parts.append(("font/\(font)", "\(fonts)/\(font)")) }
        // `<venv>/bin/python` stands beside `<venv>/lib/python3.<n>/site-packages`.
        let venv = python.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        for package in ["typst", "zxing_cpp"] {
            var found: [(name: String, path: String)] = []
            for version in try names(in: "\(venv)/lib") where version.hasPrefix("python3") {
                let packages = "\(venv)/lib/\(version)/site-packages"
                for entry in (try? names(in: packages)) ?? []
                where entry.hasPrefix("\(package)-") && entry.hasSuffix(".dist-info") {
                    found.append(("package/\(entry.dropLast(10))", "\(packages)/\(entry)/RECORD"))
                }
            }
            guard found.count == 1 else {
                throw PressError.unavailable(
                    message: "打印组件没有装好，请联系系统管理员。", detail: "\(found.count) installations of \(package) under \(venv)")
            }
            parts += found
        }
        return parts
    }

    private func names(in directory: String) throws(PressError) -> [String] {
        guard let stream = opendir(directory) else {
            throw PressError.unavailable(message: "打印组件没有装好，请联系系统管理员。", detail: "\(directory) cannot be read")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let item = readdir(stream) {
            let name = withUnsafeBytes(of: &item.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func digest(of path: String) throws(PressError) -> Kernel.Digest {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = descriptor < 0 ? -1 : read(descriptor, &buffer, buffer.count)
            if count < 0, descriptor >= 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw PressError.unavailable(message: "打印组件没有装好，请联系系统管理员。", detail: "\(path) cannot be read")
            }
            if count == 0 { return Kernel.Digest(hash.finalize()) ?? .zero }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    /// What tells that a part was changed since it was hashed.
    struct Stamp: Hashable {
        let name: String
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let changed: Int64
        let changedNanoseconds: Int64
    }

    /// The stamps of all parts; cheap, so that they are looked at for every document.
    func stamps() throws(PressError) -> [Stamp] {
        var stamps: [Stamp] = []
        for part in try parts() {
            var status = stat()
            guard stat(part.path, &status) == 0 else {
                throw PressError.unavailable(message: "打印组件没有装好，请联系系统管理员。", detail: "\(part.path) is not there")
            }
            // The time of the inode's change cannot be set back by touching the file.
            stamps.append(
                Stamp(
                    name: part.name, device: UInt64(status.st_dev), inode: UInt64(status.st_ino),
                    size: Int64(status.st_size), changed: Int64(status.st_ctim.tv_sec),
                    changedNanoseconds: Int64(status.st_ctim.tv_nsec)))
        }
        return stamps
    }
}

/// The digest of an installation, computed once and again when a part has changed.
final class InstallationDigest: Sendable {
    private let installation: PressInstallation
    private let known = Mutex<(stamps: [PressInstallation.Stamp], digest: Kernel.Digest)?>(nil)

    init(_ installation: PressInstallation) {
        self.installation = installation
    }

    /// Blocks for as long as the fonts take to read the first time.
    func current() throws(PressError) -> Kernel.Digest {
        let stamps = try installation.stamps()
        if let known = known.withLock({ $0 }), known.stamps == stamps { return known.digest }
        let digest = try installation.digest()
        known.withLock { $0 = (stamps, digest) }
        return digest
    }
}

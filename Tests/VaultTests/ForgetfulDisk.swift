import Foundation
import Glibc
import Synchronization

@testable import Vault

/// The calls as Linux makes them, on a disk that keeps nothing but what was synchronised: bytes after fdatasync of
/// their file, names after fsync of their directory. Before each change it notes what a power cut would leave.
final class ForgetfulDisk: FileOperations {
    /// What a power cut leaves.
    enum Loss: Sendable, CaseIterable {
        /// Only what was synchronised.
        case all
        /// Every name, but of bytes only what was synchronised: names overtook bytes.
        case bytes
        /// Nothing is lost; the process was killed.
        case nothing
    }

    /// The disk at one moment.
    struct Moment: Sendable {
        let call: String
        fileprivate let disk: State
    }

    fileprivate enum Entry: Sendable, Equatable {
        case file(UInt64)
        case directory
    }

    fileprivate struct State: Sendable {
        /// By path: what is there now.
        var entries: [String: Entry] = [:]
        /// By directory: the names in it that were synchronised.
        var kept: [String: [String: Entry]] = [:]
        /// By inode number.
        var bytes: [UInt64: [UInt8]] = [:]
        var keptBytes: [UInt64: [UInt8]] = [:]
    }

    private let root: String
    private let base = LinuxFileOperations()
    private let state: Mutex<State>
    private let history = Mutex<[Moment]>([])
    private let onChange: @Sendable (Int) -> Void

    /// A disk that begins with what is below `root`, all of it synchronised.
    ///
    /// - Parameter onChange: hears the number of each moment when it is noted.
    init(root: String, onChange: @escaping @Sendable (Int) -> Void) throws {
        self.root = root
        self.onChange = onChange
        var state = State()
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isDirectory)
            let (parent, name) = ForgetfulDisk.split(path)
            if isDirectory.boolValue {
                state.entries[path] = .directory
            } else {
                let inode = UInt64(state.bytes.count)
                state.entries[path] = .file(inode)
                let bytes = FileManager.default.contents(atPath: root + "/" + path).map { Array($0) } ?? []
                state.bytes[inode] = bytes
                state.keptBytes[inode] = bytes
            }
            state.kept[parent, default: [:]][name] = state.entries[path]
        }
        self.state = Mutex(state)
    }

    var moments: [Moment] { history.withLock { $0 } }

    /// Writes what a power cut at `moment` leaves to `directory`.
    static func restore(_ moment: Moment, losing loss: Loss, to directory: String) throws {
        let disk = moment.disk
        func make(_ path: String, _ entry: Entry) throws {
            switch entry {
            case .directory:
                try FileManager.default.createDirectory(
                    atPath: directory + "/" + path, withIntermediateDirectories: true)
            case .file(let inode):
                let bytes = (loss == .nothing ? disk.bytes : disk.keptBytes)[inode] ?? []
                try Data(bytes).write(to: URL(fileURLWithPath: directory + "/" + path))
            }
        }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        guard loss == .all else {
            for (path, entry) in disk.entries.sorted(by: { $0.key < $1.key }) { try make(path, entry) }
            return
        }
        func walk(_ parent: String) throws {
            for (name, entry) in disk.kept[parent] ?? [:] {
                let path = parent.isEmpty ? name : parent + "/" + name
                try make(path, entry)
                if entry == .directory { try walk(path) }
            }
        }
        try walk("")
    }

    private static func split(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    private func relative(_ path: String) -> String {
        path == root ? "" : String(path.dropFirst(root.count + 1))
    }

    private func inode(_ descriptor: Int32, _ state: State) -> UInt64? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        guard case .file(let inode)? = state.entries[relative(path)] else { return nil }
        return inode
    }

    private func change(_ call: String, _ body: (inout State) -> Void) {
        let snapshot = state.withLock { $0 }
        let number = history.withLock { history in
            history.append(Moment(call: call, disk: snapshot))
            return history.count - 1
        }
        onChange(number)
        state.withLock { body(&$0) }
    }

    func open(_ path: String, _ purpose: OpenPurpose) throws(SystemCallError) -> Int32 {
        let descriptor = try base.open(path, purpose)
        if case .creating = purpose {
            change("open") { state in
                let inode = UInt64(state.bytes.count)
                state.bytes[inode] = []
                state.entries[relative(path)] = .file(inode)
            }
        }
        return descriptor
    }
    func openDirect(_ descriptor: Int32) -> Int32? { reopened(descriptor) }
    func close(_ descriptor: Int32) { base.close(descriptor) }
    func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(SystemCallError) -> Int { try base.read(descriptor, into: buffer, at: offset) }
    func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int64) throws(SystemCallError) {
        let bytes = Array(buffer)
        change("pwrite") { state in
            guard let inode = inode(descriptor, state), !bytes.isEmpty else { return }
            var content = state.bytes[inode] ?? []
            let end = Int(offset) + bytes.count
            if content.count < end { content += [UInt8](repeating: 0, count: end - content.count) }
            content.replaceSubrange(Int(offset)..<end, with: bytes)
            state.bytes[inode] = content
        }
        try base.write(descriptor, buffer, at: offset)
    }
    func synchronize(_ descriptor: Int32) throws(SystemCallError) {
        change("fdatasync") { state in
            if let inode = inode(descriptor, state) { state.keptBytes[inode] = state.bytes[inode] }
        }
    }
    func synchronizeDirectory(_ path: String) throws(SystemCallError) {
        change("fsync") { state in
            let parent = relative(path)
            var names: [String: Entry] = [:]
            for (path, entry) in state.entries where ForgetfulDisk.split(path).parent == parent {
                names[ForgetfulDisk.split(path).name] = entry
            }
            state.kept[parent] = names
        }
    }
    func startWriteback(_ descriptor: Int32, at offset: Int64, count: Int64) {}
    func allocate(_ descriptor: Int32, at offset: Int64, count: Int64) throws(SystemCallError) {
        change("fallocate") { state in
            guard let inode = inode(descriptor, state), let content = state.bytes[inode] else { return }
            let missing = max(0, Int(offset + count) - content.count)
            state.bytes[inode] = content + [UInt8](repeating: 0, count: missing)
        }
        try base.allocate(descriptor, at: offset, count: count)
    }
    func size(_ descriptor: Int32) throws(SystemCallError) -> Int64 { try base.size(descriptor) }
    func rename(_ source: String, to target: String) throws(SystemCallError) {
        change("rename") { state in
            state.entries[relative(target)] = state.entries.removeValue(forKey: relative(source))
        }
        try base.rename(source, to: target)
    }
    func unlink(_ path: String) throws(SystemCallError) {
        change("unlink") { $0.entries[relative(path)] = nil }
        try base.unlink(path)
    }
    func makeDirectory(_ path: String) throws(SystemCallError) {
        change("mkdir") { $0.entries[relative(path)] = .directory }
        try base.makeDirectory(path)
    }
    func removeDirectory(_ path: String) throws(SystemCallError) {
        change("rmdir") { $0.entries[relative(path)] = nil }
        try base.removeDirectory(path)
    }
    func names(in directory: String) throws(SystemCallError) -> [String] { try base.names(in: directory) }
    func exists(_ path: String) throws(SystemCallError) -> Bool { try base.exists(path) }
    func freeBytes(at path: String) throws(SystemCallError) -> Int64 { try base.freeBytes(at: path) }
    func lock(_ descriptor: Int32) throws(SystemCallError) -> Bool { try base.lock(descriptor) }
}

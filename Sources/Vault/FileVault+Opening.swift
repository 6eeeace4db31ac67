import Application
import Glibc
import Kernel
import NIOPosix

extension FileVault {
    static func create(at directory: String, operations: any FileOperations) async throws(VaultError) {
        try await NIOThreadPool.singleton.perform { () throws(VaultError) in
            let layout = Layout(root: directory)
            do throws(SystemCallError) {
                guard try !operations.exists(layout.formatFile) else {
                    throw SystemCallError(call: "create", code: EEXIST)
                }
                let folders = [layout.objects, layout.keys]
                for path in [directory, layout.incoming] + folders { try makeIfMissing(path, operations) }
                for folder in folders {
                    for name in Layout.folders { try makeIfMissing(folder + "/" + name, operations) }
                    try operations.synchronizeDirectory(folder)
                }
                // If we die before this line there is no vault here, and the next `create` goes on where we stopped.
                let descriptor = try operations.open(layout.formatFile, .creating)
                defer { operations.close(descriptor) }
                try write(Array(Layout.format.utf8), to: descriptor, at: 0, operations)
                try operations.synchronize(descriptor)
                try operations.synchronizeDirectory(directory)
            } catch {
                throw VaultError(
                    .faulty, "no vault could be made in \(directory); it must be new or empty, and writable",
                    cause: "\(error)")
            }
        }
    }

    static func open(
        at directory: String, keys: VaultKeys, configuration: Configuration, operations: any FileOperations
    ) async throws(VaultError) -> FileVault {
        let vault = try await NIOThreadPool.singleton.perform { () throws(VaultError) in
            let layout = Layout(root: directory)
            do throws(SystemCallError) {
                let descriptor = try operations.open(layout.formatFile, .writing)
                guard try locked(descriptor, operations) else {
                    operations.close(descriptor)
                    throw SystemCallError(call: "flock", code: EWOULDBLOCK)
                }
                let format = try read(descriptor, at: 0, count: Layout.format.utf8.count + 1, operations)
                guard format.elementsEqual(Layout.format.utf8) else {
                    operations.close(descriptor)
                    throw SystemCallError(call: "format", code: EINVAL)
                }
                return FileVault(
                    layout: layout, keys: keys, configuration: configuration, operations: operations,
                    lock: descriptor)
            } catch {
                throw switch (error.call, error.code) {
                case ("open", ENOENT): VaultError(.notFound, "there is no vault in \(directory)", cause: "\(error)")
                case ("flock", _): VaultError(.locked, "another process has the vault in \(directory) open")
                case ("format", _): VaultError(.damaged, "\(layout.formatFile) names a format unknown to this program")
                default: VaultError(.faulty, "the vault in \(directory) could not be opened", cause: "\(error)")
                }
            }
        }
        do throws(VaultError) {
            let left = try await vault.lanes.disk.perform { () throws(VaultError) in try vault.sweep() }
            vault.uploadTable.begin(with: left)
        } catch {
            await vault.close()
            throw error
        }
        return vault
    }

    /// Tries for a second. A program that this process is just starting holds a copy of every descriptor from its fork
    /// to its exec, the lock of a vault closed meanwhile among them.
    private static func locked(
        _ descriptor: Int32, _ operations: any FileOperations
    ) throws(SystemCallError) -> Bool {
        for _ in 0..<50 {
            if try operations.lock(descriptor) { return true }
            _ = poll(nil, 0, 20)
        }
        return false
    }

    /// Removes arrivals that were never acknowledged: those without a journal. Returns the uploads, which have one.
    private func sweep() throws(VaultError) -> [ObjectID] {
        try writes { () throws(SystemCallError) in
            var uploads: [ObjectID] = []
            for name in try operations.names(in: layout.incoming) {
                guard let id = ObjectID(name) else { continue }
                if try operations.exists(layout.arrival(id).journal) {
                    uploads.append(id)
                    continue
                }
                // A key may have moved to its place just before its object did. Without the object it opens nothing.
                if try !operations.exists(layout.object(id)), try operations.exists(layout.key(id)) {
                    try destroyKeyFile(layout.key(id))
                    try operations.unlink(layout.key(id))
                }
                try removeArrival(id)
            }
            return uploads
        }
    }

    /// Removes the directory of an arrival, its key overwritten first. Whatever is missing already is fine.
    func removeArrival(_ id: ObjectID) throws(SystemCallError) {
        let arrival = layout.arrival(id)
        guard try operations.exists(arrival.directory) else { return }
        // The journal goes first: without it a later sweep finishes what is left undone here.
        for path in [arrival.journal, arrival.newJournal, arrival.key + ".new"] where try operations.exists(path) {
            try operations.unlink(path)
        }
        try operations.synchronizeDirectory(arrival.directory)
        if try operations.exists(arrival.key) {
            try destroyKeyFile(arrival.key)
            try operations.unlink(arrival.key)
        }
        if try operations.exists(arrival.data) { try operations.unlink(arrival.data) }
        try operations.removeDirectory(arrival.directory)
        try operations.synchronizeDirectory(layout.incoming)
    }

    /// Overwrites a wrapped key in its own blocks.
    func destroyKeyFile(_ path: String) throws(SystemCallError) {
        // A change of the vault key that was cut off may have left a second copy.
        if try operations.exists(path + ".new") {
            let copy = try operations.open(path + ".new", .writing)
            defer { operations.close(copy) }
            try FileVault.write(KeyFile.gone, to: copy, at: 0, operations)
            try operations.synchronize(copy)
            try operations.unlink(path + ".new")
        }
        let descriptor = try operations.open(path, .writing)
        defer { operations.close(descriptor) }
        try FileVault.write(KeyFile.gone, to: descriptor, at: 0, operations)
        try operations.synchronize(descriptor)
    }

    private static func makeIfMissing(_ path: String, _ operations: any FileOperations) throws(SystemCallError) {
        do throws(SystemCallError) {
            try operations.makeDirectory(path)
        } catch {
            guard error.code == EEXIST else { throw error }
        }
    }

    static func write(
        _ bytes: [UInt8], to descriptor: Int32, at offset: Int64, _ operations: any FileOperations
    ) throws(SystemCallError) {
        try bytes.withUnsafeBytesTyped { buffer throws(SystemCallError) in
            try operations.write(descriptor, buffer, at: offset)
        }
    }

    /// At most `count` bytes; fewer only at the end of the file.
    static func read(
        _ descriptor: Int32, at offset: Int64, count: Int, _ operations: any FileOperations
    ) throws(SystemCallError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytesTyped { buffer throws(SystemCallError) in
            try operations.read(descriptor, into: buffer, at: offset)
        }
        bytes.removeLast(count - read)
        return bytes
    }
}

import Application
import Crypto
import Kernel

extension FileVault {
    /// Wraps the key of every object and every upload under the current vault key, where it stands under an older one.
    ///
    /// Each key file is replaced by rename, so that at any moment it opens with one of the keys at hand. What was done
    /// before a death is not done again.
    ///
    /// - Returns: how many key files were written.
    /// - Throws: `VaultError.wrongKey` or `.damaged` for a key file that opens with no key at hand; the others are done.
    public func rewrap() async throws(VaultError) -> Int {
        try await lanes.background.perform { [self] () throws(VaultError) in
            try requireRecording()
            var written = 0
            var refusal: VaultError?
            for (object, path, folder) in try keyFiles() {
                do throws(VaultError) {
                    if try rewrap(object, at: path, in: folder) { written += 1 }
                } catch {
                    // One that cannot be opened must not keep the others under a key that is to go.
                    guard [.wrongKey, .damaged].contains(error.code) else { throw error }
                    refusal = refusal ?? error
                }
            }
            if let refusal { throw refusal }
            return written
        }
    }

    private func keyFiles() throws(VaultError) -> [(object: ObjectID, path: String, folder: String)] {
        try reads { () throws(SystemCallError) in
            var files: [(object: ObjectID, path: String, folder: String)] = []
            for folder in Layout.folders {
                for name in try operations.names(in: layout.keys + "/" + folder) {
                    guard let id = ObjectID(name) else { continue }
                    files.append((id, layout.key(id), layout.keyFolder(id)))
                }
            }
            for name in try operations.names(in: layout.incoming) {
                guard let id = ObjectID(name) else { continue }
                let arrival = layout.arrival(id)
                if try operations.exists(arrival.key) { files.append((id, arrival.key, arrival.directory)) }
            }
            return files
        }
    }

    private func rewrap(_ object: ObjectID, at path: String, in folder: String) throws(VaultError) -> Bool {
        let bytes = try reads { () throws(SystemCallError) in
            let descriptor = try operations.open(path, .reading)
            defer { operations.close(descriptor) }
            return try FileVault.read(descriptor, at: 0, count: KeyFile.byteCount + 1, operations)
        }
        guard bytes != KeyFile.gone, KeyFile.vaultKeyID(of: bytes) != keys.current.id else { return false }
        let wrapped = try KeyFile.wrap(
            try KeyFile.unwrap(bytes, of: object, with: keys), of: object, under: keys.current)
        let new = path + ".new"
        try writes { () throws(SystemCallError) in
            if try operations.exists(new) { try operations.unlink(new) }
            let descriptor = try operations.open(new, .creating)
            defer { operations.close(descriptor) }
            try FileVault.write(wrapped, to: descriptor, at: 0, operations)
            try operations.synchronize(descriptor)
            // If we die before this line the key stands under the older vault key, beside a file that nothing reads.
            try operations.rename(new, to: path)
            try operations.synchronizeDirectory(folder)
            // From here on it stands under the current one. The blocks of the old file open with the older vault key
            // only, and that is overwritten when all is done.
        }
        return true
    }
}

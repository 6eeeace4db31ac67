import Application
import Kernel
import NIOCore
import NIOPosix

extension FileVault {
    public func destroy(_ object: ObjectID) async throws(VaultError) {
        try await lanes.disk.perform { [self] () throws(VaultError) in
            try requireRecording()
            let isThere = try reads { () throws(SystemCallError) in try operations.exists(layout.key(object)) }
            guard isThere else { throw VaultError(.notFound, "there is no object \(object)") }
            try writes { () throws(SystemCallError) in
                // If we die before this line the object is as it was.
                try destroyKeyFile(layout.key(object))
                // If we die here: nothing can open the bytes any more, in this directory or in a copy of it that has
                // no older key. Destroying the object again releases them.
                openObjects.remove(object)
                if try operations.exists(layout.object(object)) {
                    try operations.unlink(layout.object(object))
                    try operations.synchronizeDirectory(layout.objectFolder(object))
                }
                // The record of the upload that brought it is sealed under the same key and of no more use.
                try removeArrival(object)
            }
        }
        uploadTable.remove(object)
    }

    public func objects() async throws(VaultError) -> [ObjectID] {
        try await lanes.background.perform { [self] () throws(VaultError) in
            try reads { () throws(SystemCallError) in
                var ids: [ObjectID] = []
                for folder in Layout.folders {
                    for name in try operations.names(in: layout.objects + "/" + folder) {
                        if let id = ObjectID(name) { ids.append(id) }
                    }
                }
                return ids
            }
        }
    }

    public func scrub(_ object: ObjectID, bytesPerSecond: Int?) async throws(VaultError) -> ObjectFacts {
        let open = try await lanes.background.perform { [self] () throws(VaultError) in
            // Opened anew, so that head, facts and key file are read from the disk and not remembered.
            openObjects.remove(object)
            return try opened(object)
        }
        let digest = try await digest(
            of: open.cipher, from: open.descriptor, bytesPerSecond: bytesPerSecond)
        // The root over chunk digests needs no second look: it was computed from the same bytes as the SHA-256, and
        // both stand together in one authenticated box.
        guard digest.digest == open.facts.sha256 else {
            throw VaultError(
                .damaged, "the bytes of object \(object) are not those recorded; restore it from a backup")
        }
        return open.facts
    }

    /// Reads all segments back and hashes the plain bytes, on the background thread, 4 MiB at a time.
    func digest(
        of cipher: ObjectCipher, from descriptor: Int32, bytesPerSecond: Int?
    ) async throws(VaultError) -> WholeDigest {
        let step = Int64(4 << 20)
        var position: Int64 = 0
        var digest = WholeDigest()
        let start = NIODeadline.now()
        while position < cipher.form.byteCount {
            let range = position..<min(position + step, cipher.form.byteCount)
            digest = try await lanes.background.perform { [self, digest] () throws(VaultError) in
                var digest = digest
                try plain(of: cipher, from: descriptor, in: range).withUnsafeBytes { digest.update($0) }
                return digest
            }
            position = range.upperBound
            if let bytesPerSecond {
                let due = start + .nanoseconds(Int64(Double(position) / Double(max(1, bytesPerSecond)) * 1e9))
                let wait = due - .now()
                if wait > .zero { try? await Task.sleep(nanoseconds: UInt64(wait.nanoseconds)) }
                // Nobody waits for background work any more: unslowed it would read the rest at once.
                if Task.isCancelled { throw VaultError(.busy, "the reading of the object was given up") }
            }
        }
        return digest
    }
}

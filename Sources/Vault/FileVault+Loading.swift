import Application
import Crypto
import Kernel

extension FileVault {
    /// Reads an upload back from the disk, as after a restart.
    ///
    /// Only durable bytes may be reported, and a process that was killed may have left its last writes in the kernel's
    /// cache alone; so both files are synchronised first. The last journal record is even written again: after an
    /// fsync that failed before the restart the kernel takes its pages for clean, and synchronising alone would say
    /// yes to bytes that never reached the medium. Equal bytes over equal bytes cannot be torn.
    func load(_ object: ObjectID) throws(VaultError) -> Held {
        try requireRecording()
        let arrival = layout.arrival(object)
        let id = object.unchecked(as: OfUpload.self)
        let isPlaced = try reads { () throws(SystemCallError) in try operations.exists(layout.object(object)) }
        let keyPath = try reads { () throws(SystemCallError) in
            try operations.exists(arrival.key) ? arrival.key : layout.key(object)
        }
        let key = try key(of: object, at: keyPath)
        let replay = try replay(object, key: key)
        if isPlaced {
            // The names may be younger than the last fsync of their folders.
            try writes { () throws(SystemCallError) in
                try operations.synchronizeDirectory(layout.keyFolder(object))
                try operations.synchronizeDirectory(layout.objectFolder(object))
            }
            let facts = try opened(object).facts
            let status = UploadStatus(
                id: id, declaration: replay.declaration, offset: facts.byteCount, facts: facts, isDigestAtHand: true)
            return Held(status: status, memory: nil)
        }
        let form = SealedForm(id: object, byteCount: replay.declaration.byteCount)
        let cipher = ObjectCipher(form: form, key: key)
        let memory = UploadTable.Memory(
            declaration: replay.declaration, cipher: cipher, progress: try progress(replay, cipher),
            journal: replay.journal)
        return Held(status: memory.status, memory: memory)
    }

    private func replay(_ object: ObjectID, key: SymmetricKey) throws(VaultError) -> UploadJournal.Replay {
        let replay = try writes { () throws(SystemCallError) -> UploadJournal.Replay? in
            let descriptor = try operations.open(layout.arrival(object).journal, .writing)
            defer { operations.close(descriptor) }
            let replay = try UploadJournal.replay(id: object, key: key) { offset, count throws(SystemCallError) in
                try FileVault.read(descriptor, at: offset, count: count, operations)
            }
            if let replay {
                let last = replay.journal.lastRecord
                let bytes = try FileVault.read(
                    descriptor, at: last.lowerBound, count: Int(last.upperBound - last.lowerBound), operations)
                try FileVault.write(bytes, to: descriptor, at: last.lowerBound, operations)
            }
            try operations.synchronize(descriptor)
            return replay
        }
        guard let replay else {
            throw VaultError(
                .damaged, "the journal of upload \(object) does not authenticate; terminate it and send it again")
        }
        return replay
    }

    /// The state of hashing that goes with a journal: at most the last, unfinished chunk is read back.
    private func progress(
        _ replay: UploadJournal.Replay, _ cipher: ObjectCipher
    ) throws(VaultError) -> Pipeline.Progress {
        var chunks = ChunkDigests(complete: replay.chunks)
        let unit = Int64(ObjectFacts.chunkByteCount)
        let chunkStart = replay.offset / unit * unit
        let written = UploadJournal.lastWholeSegmentEnd(before: replay.offset, of: replay.declaration.byteCount)
        let data = try openData(cipher.form.id)
        defer { operations.close(data) }
        try writes { () throws(SystemCallError) in try operations.synchronize(data) }
        try plain(of: cipher, from: data, in: min(chunkStart, written)..<written).withUnsafeBytes { chunks.update($0) }
        replay.tail.withUnsafeBytes { chunks.update($0) }
        return Pipeline.Progress(
            offset: replay.offset, whole: replay.offset == 0 ? WholeDigest() : nil, chunks: chunks, tail: replay.tail)
    }

    /// The data file of an upload, wherever it is by now.
    func openData(_ object: ObjectID) throws(VaultError) -> Int32 {
        try writes { () throws(SystemCallError) in
            let incoming = layout.arrival(object).data
            return try operations.open(
                try operations.exists(incoming) ? incoming : layout.object(object), .writing)
        }
    }
}

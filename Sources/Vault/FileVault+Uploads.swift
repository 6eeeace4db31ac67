import Application
import Kernel
import NIOPosix

extension FileVault {
    public func createUpload(_ declaration: UploadDeclaration) async throws(VaultError) -> UploadStatus {
        guard (0...SealedForm.largest).contains(declaration.byteCount) else {
            throw VaultError(.tooLong, "no upload has \(declaration.byteCount) bytes")
        }
        let form = SealedForm(id: .random(), byteCount: declaration.byteCount)
        try await reserve(form, declaration)
        do throws(VaultError) {
            let memory = try await lanes.disk.perform { [self] () throws(VaultError) in
                // Room is looked at now, so that a refusal comes before the first byte, but promised only while somebody
                // writes: an upload that nobody goes on with must not keep others out for 30 days.
                try admit(form.id, bytes: form.sealedByteCount)
                defer { dismiss(form.id) }
                return try makeUpload(form, declaration)
            }
            let status = memory.status
            uploadTable.insert(memory, status: status)
            return status
        } catch {
            uploadTable.remove(form.id)
            throw error
        }
    }

    /// Takes one of the places of a person, who keeps nobody out but themselves: what they have announced and not sent must
    /// have room together.
    private func reserve(_ form: SealedForm, _ declaration: UploadDeclaration) async throws(VaultError) {
        for id in uploadTable.unread {
            // One that cannot be read counts against nobody.
            _ = try? await upload(id.unchecked(as: OfUpload.self))
        }
        let room = try await room()
        // What a request that is under way was promised is no longer in the room.
        let promised = promisedBytes
        let status = UploadStatus(
            id: form.id.unchecked(as: OfUpload.self), declaration: declaration, offset: 0, facts: nil,
            isDigestAtHand: true)
        try uploadTable.reserve(status) { others throws(VaultError) in
            guard others.count < configuration.uploadsOfOnePerson else {
                throw VaultError(
                    .tooMany, "the person has \(others.count) uploads on record; register, finish or delete some")
            }
            let missing = others.reduce(0) { $0 + max(0, $1.value.missing - (promised[$1.key] ?? 0)) }
            // A file that has no room by itself is refused for that.
            guard
                missing == 0 || form.sealedByteCount > room.available
                    || form.sealedByteCount <= room.available - missing
            else {
                throw VaultError(
                    .overPromised,
                    "the person has \(missing) bytes announced and not sent, \(form.sealedByteCount) come to that, and "
                        + "\(room.available) are available; finish or delete some")
            }
        }
    }

    private func makeUpload(
        _ form: SealedForm, _ declaration: UploadDeclaration
    ) throws(VaultError) -> UploadTable.Memory {
        let arrival = layout.arrival(form.id)
        let (cipher, data) = try beginArrival(form)
        operations.close(data)
        let begun = try UploadJournal.begin(id: form.id, key: cipher.key, declaration: declaration)
        do throws(SystemCallError) {
            let journal = try operations.open(arrival.newJournal, .creating)
            defer { operations.close(journal) }
            try FileVault.write(begun.bytes, to: journal, at: 0, operations)
            try operations.synchronize(journal)
            // If we die before this line there is no upload, and the next start removes what is left of it.
            try operations.rename(arrival.newJournal, to: arrival.journal)
            try operations.synchronizeDirectory(arrival.directory)
            try operations.synchronizeDirectory(layout.incoming)
            // If we die here there is an upload of offset 0 that nobody knows of; it expires.
        } catch {
            let refusal = writing(error)
            abandonArrival(form.id)
            throw refusal
        }
        let progress = Pipeline.Progress(offset: 0, whole: WholeDigest(), chunks: ChunkDigests(), tail: [])
        return UploadTable.Memory(
            declaration: declaration, cipher: cipher, progress: progress, journal: begun.journal)
    }

    public func upload(_ id: UploadID) async throws(VaultError) -> UploadStatus {
        let object = id.unchecked(as: OfObject.self)
        while true {
            guard let known = uploadTable.status(object) else { throw noUpload(id) }
            if let status = known { return status }
            // Held without a status: somebody is reading it back this moment.
            guard case .held(let memory) = uploadTable.hold(object) else {
                try? await Task.sleep(nanoseconds: 5_000_000)
                continue
            }
            do throws(VaultError) {
                let loaded = try await lanes.disk.perform { [self] () throws(VaultError) in try load(object) }
                uploadTable.release(object, memory: memory ?? loaded.memory, status: loaded.status)
                return loaded.status
            } catch {
                uploadTable.release(object, memory: nil, status: nil)
                throw error
            }
        }
    }

    public func uploads() async throws(VaultError) -> [UploadStatus] {
        var statuses: [UploadStatus] = []
        for id in uploadTable.ids {
            do throws(VaultError) {
                statuses.append(try await upload(id.unchecked(as: OfUpload.self)))
            } catch {
                // One that ended meanwhile, or one that cannot be read: neither may hide the others. The latter says
                // so to whoever asks for it by its id.
                guard [.notFound, .gone, .damaged, .wrongKey].contains(error.code) else { throw error }
            }
        }
        return statuses
    }

    public func finish(_ upload: UploadID) async throws(VaultError) -> ObjectFacts {
        let (object, held) = try await hold(upload)
        if let facts = held.status.facts {
            uploadTable.release(object, memory: nil, status: held.status)
            return facts
        }
        guard let memory = held.memory, held.status.isComplete else {
            uploadTable.release(object, memory: held.memory, status: held.status)
            let status = held.status
            throw VaultError(.incomplete, "\(status.offset) bytes are here of \(status.declaration.byteCount)")
        }
        do throws(VaultError) {
            try requireRecording()
            let data = try await lanes.disk.perform { [self] () throws(VaultError) in try openData(object) }
            let facts: ObjectFacts
            do throws(VaultError) {
                let digest: WholeDigest
                if let whole = memory.progress.whole {
                    digest = whole
                } else {
                    digest = try await self.digest(of: memory.cipher, from: data, bytesPerSecond: nil)
                }
                facts = ObjectFacts(
                    id: object, byteCount: memory.progress.offset, sha256: digest.digest,
                    chunkRoot: memory.progress.chunks.root)
                try await lanes.disk.perform { [self, facts] () throws(VaultError) in
                    try place(facts, cipher: memory.cipher, data: data)
                }
            } catch {
                operations.close(data)
                throw error
            }
            operations.close(data)
            let status = UploadStatus(
                id: upload, declaration: memory.declaration, offset: facts.byteCount, facts: facts,
                isDigestAtHand: true)
            uploadTable.release(object, memory: nil, status: status)
            return facts
        } catch {
            uploadTable.release(object, memory: nil, status: nil)
            throw error
        }
    }

    public func terminate(_ upload: UploadID) async throws(VaultError) {
        let object = upload.unchecked(as: OfObject.self)
        switch uploadTable.hold(object) {
        case .unknown: throw noUpload(upload)
        case .heldByAnother: throw heldByAnother(upload)
        case .held: break
        }
        do throws(VaultError) {
            try await lanes.disk.perform { [self] () throws(VaultError) in
                try requireRecording()
                do throws(SystemCallError) {
                    // The key of a finished upload is no longer in the arrival, so this leaves its object alone. A key
                    // that moved although its object did not is left over from a fault; it opens nothing.
                    if try !operations.exists(layout.object(object)), try operations.exists(layout.key(object)) {
                        try destroyKeyFile(layout.key(object))
                    }
                    // If we die in here: without a journal the next start removes the rest.
                    try removeArrival(object)
                } catch {
                    throw writing(error)
                }
            }
            uploadTable.remove(object)
        } catch {
            uploadTable.release(object, memory: nil, status: nil)
            throw error
        }
    }

    public func removeExpiredUploads(
        at now: Instant, countedFrom base: Instant?
    ) async throws(VaultError) -> [UploadID] {
        var removed: [UploadID] = []
        for status in try await uploads() where status.declaration.end(countedFrom: base) < now {
            do throws(VaultError) {
                try await terminate(status.id)
                removed.append(status.id)
            } catch {
                // Somebody is writing to it after all, or it went by itself.
                guard [.locked, .notFound].contains(error.code) else { throw error }
            }
        }
        return removed
    }
}

// MARK: Holding and loading

extension FileVault {
    /// An upload that nobody else can change.
    struct Held: Sendable {
        let status: UploadStatus
        /// Nil when it is finished.
        let memory: UploadTable.Memory?
    }

    func hold(_ upload: UploadID) async throws(VaultError) -> (object: ObjectID, held: Held) {
        let object = upload.unchecked(as: OfObject.self)
        switch uploadTable.hold(object) {
        case .unknown: throw noUpload(upload)
        case .heldByAnother: throw heldByAnother(upload)
        case .held(let memory?): return (object, Held(status: memory.status, memory: memory))
        case .held(nil):
            do throws(VaultError) {
                let held = try await lanes.disk.perform { [self] () throws(VaultError) in try load(object) }
                uploadTable.update(object, status: held.status)
                return (object, held)
            } catch {
                uploadTable.release(object, memory: nil, status: nil)
                throw error
            }
        }
    }

    func noUpload(_ id: UploadID) -> VaultError {
        VaultError(.notFound, "there is no upload \(id); begin a new one")
    }

    func heldByAnother(_ id: UploadID) -> VaultError {
        VaultError(.locked, "another request is writing to upload \(id); try again when it has ended")
    }
}

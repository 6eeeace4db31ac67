import Application
import Kernel
import NIOPosix
import Synchronization

extension FileVault {
    public func append(
        to upload: UploadID, at offset: Int64, byteCount: Int64?, checksum: UploadChecksum?
    ) async throws(VaultError) -> any UploadAppend {
        try requireRecording()
        let (object, held) = try await hold(upload)
        do throws(VaultError) {
            let length = held.status.declaration.byteCount
            guard offset == held.status.offset else {
                throw VaultError(.wrongOffset, "upload \(upload) stands at \(held.status.offset), not at \(offset)")
            }
            guard (byteCount ?? 0) <= length - offset else {
                throw VaultError(.tooLong, "\(byteCount ?? 0) bytes do not fit behind \(offset) of \(length)")
            }
            guard let memory = held.memory else { return EmptyAppend(vault: self, status: held.status) }
            let data = try await lanes.disk.perform { [self] () throws(VaultError) in
                try prepare(memory, adding: byteCount)
            }
            return UploadWriter(
                vault: self, memory: memory, data: data, checksum: checksum, isLengthKnown: byteCount != nil)
        } catch {
            uploadTable.release(object, memory: held.memory, status: held.status)
            throw error
        }
    }

    /// Opens the data file and makes sure of room for what is announced.
    private func prepare(_ memory: UploadTable.Memory, adding byteCount: Int64?) throws(VaultError) -> Int32 {
        let form = memory.cipher.form
        let start = memory.progress.offset
        let end = start + (byteCount ?? (form.byteCount - start))
        let needed = form.sealedOffset(ofPlain: end) - form.sealedOffset(ofPlain: start)
        try admit(form.id, bytes: needed)
        do throws(VaultError) {
            let data = try openData(form.id)
            do throws(SystemCallError) {
                let written = form.sealedOffset(ofSegment: start / Int64(SealedForm.segmentByteCount))
                if byteCount != nil {
                    try operations.allocate(data, at: written, count: form.sealedOffset(ofPlain: end) - written)
                }
                return data
            } catch {
                operations.close(data)
                throw writing(error)
            }
        } catch {
            dismiss(form.id)
            throw error
        }
    }
}

/// The writer of an upload.
final class UploadWriter: UploadAppend {
    private let vault: FileVault
    private let data: Int32
    private let checksum: UploadChecksum?
    /// Whether what came counts before all of it is here: not where only the end tells whether it is right, or too much.
    private let isDurableByStrides: Bool
    private let pipeline: Pipeline
    /// What is durable.
    private let base: LaneState<UploadTable.Memory>
    private let ended = Atomic<Bool>(false)

    init(
        vault: FileVault, memory: UploadTable.Memory, data: Int32, checksum: UploadChecksum?, isLengthKnown: Bool
    ) {
        self.vault = vault
        self.data = data
        self.checksum = checksum
        isDurableByStrides = checksum == nil && isLengthKnown
        base = LaneState(memory)
        pipeline = Pipeline(
            cipher: memory.cipher, descriptor: data, progress: memory.progress,
            checksum: checksum.map { RunningChecksum($0.algorithm) }, operations: vault.operations,
            directFrom: vault.configuration.directFrom, lanes: vault.lanes, pool: vault.pool,
            mapFailure: { vault.writing($0) })
    }

    func take(_ bytes: UnsafeRawBufferPointer) -> Int { pipeline.take(bytes) }

    func makeRoom() async throws(VaultError) {
        if isDurableByStrides, pipeline.taken - base.value({ $0.progress.offset }) >= vault.configuration.stride {
            try await persist(try await pipeline.settle())
        }
        try await pipeline.makeRoom()
    }

    func commit() async throws(VaultError) -> Int64 {
        guard ended.exchange(true, ordering: .acquiringAndReleasing) == false else {
            throw VaultError(.locked, "this append has ended already")
        }
        do throws(VaultError) {
            let progress = try await pipeline.settle()
            if let checksum, pipeline.checksum != checksum.bytes {
                // What is in the data file behind the last record is overwritten by the next append.
                let base = base.value { $0 }
                end(memory: base, status: base.status)
                throw VaultError(.checksumMismatch, "the bytes do not have the checksum announced; send them again")
            }
            try await persist(progress)
            let base = base.value { $0 }
            end(memory: base, status: base.status)
            return progress.offset
        } catch {
            // After a fault only the disk knows how far it got: the next caller reads it.
            if error.code != .checksumMismatch { end(memory: nil, status: nil) }
            throw error
        }
    }

    func discard() async {
        guard ended.exchange(true, ordering: .acquiringAndReleasing) == false else { return }
        _ = try? await pipeline.settle()
        let base = base.value { $0 }
        end(memory: base, status: base.status)
    }

    private func end(memory: UploadTable.Memory?, status: UploadStatus?) {
        let id = pipeline.cipher.form.id
        vault.operations.close(data)
        vault.dismiss(id)
        vault.uploadTable.release(id, memory: memory, status: status)
    }

    /// Makes durable what the lanes have made, and publishes the new offset.
    private func persist(_ progress: Pipeline.Progress) async throws(VaultError) {
        let memory = try await vault.lanes.disk.perform { [vault, data, base] () throws(VaultError) in
            try vault.persist(progress, of: base.value { $0 }, data: data)
        }
        base.value { $0 = memory }
        vault.uploadTable.update(memory.cipher.form.id, status: memory.status)
    }
}

extension FileVault {
    func persist(
        _ progress: Pipeline.Progress, of base: UploadTable.Memory, data: Int32
    ) throws(VaultError) -> UploadTable.Memory {
        var memory = base
        memory.progress = progress
        let byteCount = memory.declaration.byteCount
        guard progress.offset > base.progress.offset else { return memory }
        try requireRecording()
        let written = UploadJournal.lastWholeSegmentEnd(before: progress.offset, of: byteCount)
        let before = UploadJournal.lastWholeSegmentEnd(before: base.progress.offset, of: byteCount)
        let news = progress.offset - max(base.progress.offset, written)
        let record = try memory.journal.record(
            offset: progress.offset, chunks: progress.chunks.complete[base.progress.chunks.complete.count...],
            tail: progress.tail.suffix(Int(news)))
        try writes { () throws(SystemCallError) in
            if written > before { try operations.synchronize(data) }
            // If we die here: the segments are there and nothing counts them; they are sent and written again.
            let journal = try operations.open(layout.arrival(memory.cipher.form.id).journal, .writing)
            defer { operations.close(journal) }
            try FileVault.write(record, to: journal, at: memory.journal.end, operations)
            try operations.synchronize(journal)
            // If we die here: the record counts them. The offset is durable before anybody hears of it.
        }
        memory.journal.advance(past: record)
        return memory
    }
}

/// An append to an upload that is finished: there is room for nothing, and nothing changes.
final class EmptyAppend: UploadAppend {
    private let vault: FileVault
    private let status: UploadStatus
    private let ended = Atomic<Bool>(false)

    init(vault: FileVault, status: UploadStatus) {
        self.vault = vault
        self.status = status
    }

    func take(_ bytes: UnsafeRawBufferPointer) -> Int { 0 }

    func makeRoom() async throws(VaultError) {
        throw VaultError(.tooLong, "upload \(status.id) is finished; nothing can be added")
    }

    func commit() async throws(VaultError) -> Int64 {
        await discard()
        return status.offset
    }

    func discard() async {
        guard ended.exchange(true, ordering: .acquiringAndReleasing) == false else { return }
        vault.uploadTable.release(status.object, memory: nil, status: status)
    }
}

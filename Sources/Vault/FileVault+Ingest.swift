import Application
import Kernel
import Synchronization

extension FileVault {
    public func ingest(byteCount: Int64) async throws(VaultError) -> any Ingest {
        guard (0...SealedForm.largest).contains(byteCount) else {
            throw VaultError(.tooLong, "no object has \(byteCount) bytes")
        }
        let form = SealedForm(id: .random(), byteCount: byteCount)
        let (cipher, data) = try await lanes.disk.perform { [self] () throws(VaultError) in
            try admit(form.id, bytes: form.sealedByteCount)
            do throws(VaultError) {
                let begun = try beginArrival(form)
                do throws(SystemCallError) {
                    try operations.allocate(begun.data, at: 0, count: form.sealedByteCount)
                } catch {
                    operations.close(begun.data)
                    let refusal = writing(error)
                    abandonArrival(form.id)
                    throw refusal
                }
                return begun
            } catch {
                dismiss(form.id)
                throw error
            }
        }
        let progress = Pipeline.Progress(offset: 0, whole: WholeDigest(), chunks: ChunkDigests(), tail: [])
        let pipeline = Pipeline(
            cipher: cipher, descriptor: data, progress: progress, checksum: nil, operations: operations,
            directFrom: configuration.directFrom, lanes: lanes, pool: pool, mapFailure: { [self] in writing($0) })
        return IngestWriter(vault: self, pipeline: pipeline, data: data)
    }
}

/// One object on its way in, in one go.
final class IngestWriter: Ingest {
    private let vault: FileVault
    private let pipeline: Pipeline
    private let data: Int32
    private let ended = Atomic<Bool>(false)

    init(vault: FileVault, pipeline: Pipeline, data: Int32) {
        self.vault = vault
        self.pipeline = pipeline
        self.data = data
    }

    var id: ObjectID { pipeline.cipher.form.id }

    func take(_ bytes: UnsafeRawBufferPointer) -> Int { pipeline.take(bytes) }

    func makeRoom() async throws(VaultError) { try await pipeline.makeRoom() }

    func finish() async throws(VaultError) -> ObjectFacts {
        try begin()
        do throws(VaultError) {
            let progress = try await pipeline.settle()
            let form = pipeline.cipher.form
            guard progress.offset == form.byteCount, let whole = progress.whole else {
                throw VaultError(
                    .incomplete, "\(progress.offset) bytes came of \(form.byteCount) announced; send it again")
            }
            let facts = ObjectFacts(
                id: id, byteCount: form.byteCount, sha256: whole.digest, chunkRoot: progress.chunks.root)
            try await vault.lanes.disk.perform { [vault, pipeline, data] () throws(VaultError) in
                try vault.requireRecording()
                try vault.place(facts, cipher: pipeline.cipher, data: data)
                vault.operations.close(data)
                // The empty directory is of no consequence; the next start removes it if this does not.
                try? vault.operations.removeDirectory(vault.layout.arrival(facts.id).directory)
            }
            vault.dismiss(id)
            return facts
        } catch {
            await drop()
            throw error
        }
    }

    func abort() async {
        guard (try? begin()) != nil else { return }
        _ = try? await pipeline.settle()
        await drop()
    }

    private func begin() throws(VaultError) {
        guard ended.exchange(true, ordering: .acquiringAndReleasing) == false else {
            throw VaultError(.locked, "this ingest has ended already")
        }
    }

    private func drop() async {
        try? await vault.lanes.disk.perform { [vault, data, id] () throws(VaultError) in
            vault.operations.close(data)
            vault.abandonArrival(id)
        }
        vault.dismiss(id)
    }
}

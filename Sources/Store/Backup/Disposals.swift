import Kernel
import Ledger

/// What disposals (销毁) destroyed, read from the whole log before anything of it is written.
///
/// An entry that names another with the role `destroys` destroys all of that entry's openings, and the keys of the
/// objects that it names in `object`, `original` and `scan`.
struct Disposals {
    /// Commitments of entries whose openings are destroyed.
    private(set) var entries: Set<Digest> = []
    /// Objects whose keys are destroyed.
    private(set) var objects: Set<ObjectID> = []

    static let role = "destroys"
    /// Members of `plain` that name an object of the vault.
    static let objectMembers = ["object", "original", "scan"]

    init(_ manifest: BackupManifest, directory: String, form: SealedForm) throws {
        try Disposals.walk(manifest, directory: directory, form: form) { skeleton, _ in
            for reference in skeleton.content.references where reference.role == Disposals.role {
                entries.insert(reference.commitment)
            }
        }
        guard !entries.isEmpty else { return }
        try Disposals.walk(manifest, directory: directory, form: form) { skeleton, commitment in
            guard entries.contains(commitment) else { return }
            objects.formUnion(Disposals.objects(of: skeleton))
        }
    }

    /// The objects that an entry names.
    static func objects(of skeleton: Skeleton) -> [ObjectID] {
        objectMembers.compactMap { skeleton.content.plain[$0]?.string.flatMap { ObjectID($0) } }
    }

    private static func walk(
        _ manifest: BackupManifest, directory: String, form: SealedForm, _ body: (Skeleton, Digest) throws -> Void
    ) throws {
        for segment in manifest.segments {
            let reader = try SealedReader(segment.file.name, in: directory, form)
            while let record = try SegmentRecord(reader, file: segment.file.name) {
                guard case .entry(_, let salt, let bytes, _) = record else { continue }
                let skeleton: Skeleton
                do { skeleton = try Skeleton(canonical: bytes) } catch { throw BackupError.ledger(error.description) }
                try body(skeleton, Commitment.entry(skeleton: bytes, salt: Salt(salt)))
            }
            guard reader.stamp == segment.file.stamp else { throw BackupError.damaged(segment.file.name) }
        }
    }
}

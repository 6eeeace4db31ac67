import Kernel

/// How far the case had come when the dossier was handed out, and what became of each of its papers.
///
/// Read from skeletons alone: neither a file's name nor its title has to be believed. A paper is judged by its own thread,
/// and only where the dossier holds that in whole: an entry that voids it could be missing from a part.
public struct DossierStanding: Hashable, Sendable {
    /// The place of the entry that ended the case (终结) in its thread; nil if it had not ended.
    public private(set) var endedAt: Int?
    /// The place of the entry that filed it (归档); nil if it was not filed.
    public private(set) var filedAt: Int?
    /// The documents of the dossier, in the order of their files.
    public private(set) var papers: [Paper] = []

    /// Roots printed on papers that their threads say were served and that did not come back: only these lie in other
    /// hands. A paper that was served and then voided or replaced still lies there.
    public var servedRoots: Set<Digest> { Set(services.keys) }
    /// How far the service of each of them has come.
    public private(set) var services: [Digest: Service] = [:]

    /// What the records say of the service of a paper that left the house (送达), the least first.
    public enum Service: Int, Comparable, Sendable {
        /// Somebody compared it and did not confirm it (核对退回): it does not count.
        case turnedDown
        /// It was entered, and nobody else has compared it yet (尚未核对): it does not count so far.
        case awaited
        /// It counts.
        case served

        public static func < (left: Service, right: Service) -> Bool { left.rawValue < right.rawValue }
    }

    /// A document among the files.
    public struct Paper: Hashable, Sendable {
        public let path: BagPath
        public let state: State
        /// How many places of the document are signed, on screen or on paper. A refusal is no signature.
        public let signatures: Int
    }

    /// What a file of a document is, those first that are no paper in force.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Void, whether it had been issued or not.
        case void
        /// A later document took its place.
        case superseded
        /// Its thread is not here in whole, so its end cannot be told.
        case unknown
        /// A paper that goes out under a number, and never did.
        case unissued
        /// Fixed, and nobody signed it.
        case unsigned
        /// Made by others and taken in on paper: the file is the picture of its sheets.
        case received
        /// Issued and in force, read together with a later document.
        case amended
        /// Signed and not issued, as internal forms, reviews and transcripts are.
        case signed
        /// The paper as it was issued, in force.
        case issued
        /// What was shown to be read and signed before the paper was issued.
        case shown
    }

    /// Reads what the proven entries say of the files.
    init(_ entries: [EntryPlace: DossierEntry], _ manifest: DossierManifest) {
        let whole = Set(manifest.threads.map(\.thread))
        var courses: [PaperID: Course] = [:]
        let compared = Self.compared(entries, in: whole)
        // In the order of the threads: of two signatures at one place the later one counts, as where cases are read.
        for (place, entry) in entries.sorted(by: { $0.key < $1.key }) where whole.contains(place.thread) {
            let content = entry.entry.skeleton.content
            if place.thread == manifest.caseThread {
                if content.type == DossierVocabulary.caseEnded { endedAt = place.seq }
                if content.type == DossierVocabulary.caseFiled { filedAt = place.seq }
            }
            if let document = content.plain["document"]?.string {
                let paper = PaperID(thread: place.thread, document: document)
                courses[paper, default: Course()].apply(content, compared: compared[place])
            }
        }
        for course in courses.values {
            guard let service = course.service else { continue }
            // One head may be printed on several papers: what is known best of it counts.
            for root in course.printedRoots { services[root] = max(service, services[root] ?? service) }
        }
        for file in manifest.files {
            guard let source = file.source?.entry, let content = entries[source]?.entry.skeleton.content,
                file.kind == .document || DossierVocabulary.renditions.contains(content.type),
                let document = content.plain["document"]?.string
            else { continue }
            let course = courses[PaperID(thread: source.thread, document: document)]
            papers.append(
                Paper(
                    path: file.path,
                    state: course?.state(isIssuedText: content.type == DossierVocabulary.documentIssued) ?? .unknown,
                    signatures: course?.signatures ?? 0))
        }
    }

    /// Whether each service that somebody compared was confirmed, by the last word about it.
    private static func compared(
        _ entries: [EntryPlace: DossierEntry], in threads: Set<ThreadTag>
    ) -> [EntryPlace: Bool] {
        var result: [EntryPlace: Bool] = [:]
        for (place, entry) in entries.sorted(by: { $0.key < $1.key }) where threads.contains(place.thread) {
            let content = entry.entry.skeleton.content
            guard content.type == DossierVocabulary.approvalStepped else { continue }
            for reference in content.references
            where reference.role == DossierVocabulary.comparedService && reference.thread == place.thread {
                result[EntryPlace(thread: reference.thread, seq: reference.seq)] =
                    content.plain["result"]?.string == "passed"
            }
        }
        return result
    }

    /// A document is known by its id in its thread: an entry of another thread that names the id says nothing of it.
    private struct PaperID: Hashable {
        let thread: ThreadTag
        let document: String
    }

    /// What a thread says of a document.
    private struct Course {
        private var kind = ""
        private var isOutside = false
        private var isIssued = false
        private var isVoid = false
        /// Of several services that which counts most; nil where it never left, or came back.
        private(set) var service: Service?
        private(set) var printedRoots: [Digest] = []
        /// `amends` or `supersedes`.
        private var correction: String?
        /// How each place was met.
        private var manners: [String: String] = [:]

        var signatures: Int { manners.values.count { DossierVocabulary.signatures.contains($0) } }

        /// - Parameter compared: of a service, what somebody else said of it; nil if nobody did.
        mutating func apply(_ content: Skeleton.Content, compared: Bool?) {
            let plain = content.plain
            switch content.type {
            case DossierVocabulary.documentFixed:
                kind = plain["kind"]?.string ?? ""
                isOutside = plain["outside"] == true
            case DossierVocabulary.documentSigned:
                manners[plain["slot"]?.string ?? ""] = plain["manner"]?.string ?? ""
            case DossierVocabulary.documentIssued:
                isIssued = true
                if let root = plain["printedRoot"]?.string.flatMap({ Digest($0) }) { printedRoots.append(root) }
            case DossierVocabulary.documentServed:
                guard plain["returned"] != true else { break }
                let found: Service =
                    switch compared {
                    case true?: .served
                    case false?: .turnedDown
                    case nil: plain["awaitsConfirmation"] == true ? .awaited : .served
                    }
                service = max(found, service ?? found)
            case DossierVocabulary.documentCorrected: correction = plain["manner"]?.string
            case DossierVocabulary.documentVoided: isVoid = true
            default: break
            }
        }

        /// What a file of the document is.
        ///
        /// - Parameter isIssuedText: whether it is the text that was issued, and not the one shown to be signed.
        func state(isIssuedText: Bool) -> State {
            if isVoid { return .void }
            if correction == DossierVocabulary.supersedes { return .superseded }
            if isIssued {
                guard isIssuedText else { return .shown }
                return correction == DossierVocabulary.amends ? .amended : .issued
            }
            if isOutside { return .received }
            if DossierVocabulary.numberedKinds.contains(kind) { return .unissued }
            return signatures > 0 ? .signed : .unsigned
        }
    }
}

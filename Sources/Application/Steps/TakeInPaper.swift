import Casework
import Kernel
import Ledger

/// Takes a paper that others made into the case (归入外来文书): the opinion of a body, a bank's receipt, a slip of the post.
///
/// It comes in signed and sealed, on paper. One write says what it says, what its sheets look like, and which of its places
/// the officer who held it saw signed or sealed: none of the three alone would be the paper (ADR 0076).
public struct TakeInPaper: CaseStep {
    public static let name = "outside"

    public var document: DocumentID
    public var kind: String
    /// What stands on the paper, by the fields of its kind.
    public var data: JSON
    /// The straight picture, stored: a PDF of exactly `sheets`.
    public var picture: ObjectFacts
    /// What the scanner or the camera sent, stored as it came.
    public var original: ObjectFacts
    /// The sheets in their order.
    public var sheets: [FileScan.Sheet]
    /// What read and straightened them.
    public var tool: String
    /// Where the paper is kept.
    public var place: String
    /// Another document of the case that it belongs to.
    public var about: DocumentID?
    /// The entry that it answers, for kinds that answer one.
    public var answered: Int?
    /// The places that bear a signature or a seal.
    public var signatures: [Signature]

    /// A place of the paper that bears a signature or a seal, as the officer saw it.
    public struct Signature: Hashable, Sendable {
        /// The place: `body`, `expert2`.
        public let slot: String
        /// Who signed, or whose seal it is, as it stands there.
        public let signer: String
        /// Whether a seal is on it; a place for a seal alone bears one.
        public let isSealed: Bool

        /// A place that was met.
        public init(_ slot: String, signer: String, isSealed: Bool = false) {
            self.slot = slot
            self.signer = signer
            self.isSealed = isSealed
        }
    }

    /// A paper to be taken in.
    public init(
        document: DocumentID, kind: String, data: JSON, picture: ObjectFacts, original: ObjectFacts,
        sheets: [FileScan.Sheet], tool: String, place: String, about: DocumentID? = nil, answered: Int? = nil,
        signatures: [Signature] = []
    ) {
        self.document = document
        self.kind = kind
        self.data = data
        self.picture = picture
        self.original = original
        self.sheets = sheets
        self.tool = tool
        self.place = place
        self.about = about
        self.answered = answered
        self.signatures = signatures
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        let inForce = try await OutsidePapers.require(kind, in: scene)
        guard scene.work.document(document) == nil else { throw StepRefusal(.taken, "这份文书已经归入。") }
        let paper = try OutsidePapers.check(
            .init(
                data: data, place: place, about: about, answered: answered, signatures: signatures), of: inForce.kind,
            in: scene)
        guard !sheets.isEmpty, sheets.map(\.page) == Array(1...sheets.count) else {
            throw StepRefusal(fields: [.init(OutsidePapers.scanField, "没有可以归入的页。请重新扫描后上传。")])
        }
        let thread = scene.work.thread
        let openingClass = inForce.kind.openingClass(of: data)
        // What is said about a paper that must be kept secret is as secret as the paper.
        let veil = OpeningRule.veiled.contains(openingClass) ? openingClass : nil
        let id = JSON.string(document.description)
        var facts = [
            fixed(inForce, openingClass, in: thread, references: paper.references),
            Fact(
                .documentScanned, in: thread,
                plain: [
                    "document": id, "isWhole": true, "object": .string(picture.id.description),
                    "original": .string(original.id.description), "sheets": .integer(Int64(sheets.count)),
                ],
                fields: [
                    .init("digest", picture.json, openingClass),
                    .init("making", FileScan.making(of: sheets, from: original, by: tool), veil ?? .internal),
                    .init("place", .string(paper.place), veil ?? .internal),
                ], siblings: [.init("fixed", at: 0)]),
        ]
        for signature in paper.signatures {
            var plain: [JSON.Member] = [
                .init("document", id), .init("manner", .string(SigningManner.paper.rawValue)),
                .init("slot", .string(signature.slot)),
            ]
            if signature.isSealed { plain.append(.init("sealed", true)) }
            facts.append(
                Fact(
                    .documentSigned, in: thread, plain: .object(plain),
                    // The sheet that shows it is the document itself: no second picture of it is named.
                    fields: [
                        .init("digest", picture.json, openingClass),
                        .init("name", .string(signature.signer), veil ?? .party),
                        .init("place", .string(paper.place), .internal),
                    ], siblings: [.init("fixed", at: 0)]))
        }
        return facts
    }

    private func fixed(
        _ inForce: LoadedKind, _ openingClass: OpeningClass, in thread: ThreadTag, references: [EntryReference]
    ) -> Fact {
        var plain: [JSON.Member] = [
            .init("document", .string(document.description)), .init("kind", .string(kind)),
            .init("kindDigest", .string(inForce.digest.description)),
            .init("object", .string(picture.id.description)), .init("outside", true),
            .init("pages", .integer(Int64(sheets.count))),
        ]
        if let about { plain.append(.init("about", .string(about.description))) }
        let open = inForce.kind.fields.filter(\.plain).compactMap { field in
            data[field.name].map { JSON.Member(field.name, $0) }
        }
        if !open.isEmpty { plain.append(.init("data", .object(open))) }
        return Fact(
            .documentFixed, in: thread, plain: .object(plain),
            fields: [.init("data", data, openingClass), .init("digest", picture.json, openingClass)],
            references: references)
    }
}

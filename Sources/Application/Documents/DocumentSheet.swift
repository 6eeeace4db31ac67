import Casework
import Kernel
import Ledger

/// What the press prints of a document: the contract of Documents/FIELDS.md, with every value as text for a reader.
public struct DocumentSheet: Sendable {
    /// The kind.
    public let kind: DocumentKind
    /// The form's values.
    public let data: JSON
    /// The bureau.
    public let bureau: BureauProfile
    /// The document's id, printed as the sheet's QR id on every page.
    public let id: DocumentID

    /// A sheet.
    public init(kind: DocumentKind, data: JSON, bureau: BureauProfile, id: DocumentID) {
        self.kind = kind
        self.data = data
        self.bureau = bureau
        self.id = id
    }

    /// Rendition A: what is handed over to be read and signed, with open slots and without a number.
    public func renditionA() -> JSON {
        json(slots: slots(met: [:]), rendition: "A", number: nil, position: nil)
    }

    /// Rendition B: A with signatures, number, and the position of the fixed entry.
    public func renditionB(_ document: CaseDocument, number: String?, position: SheetPosition) -> JSON {
        json(slots: slots(met: document.slots), rendition: "B", number: number, position: position.json)
    }

    /// The numbered sheet that is handed out to be signed and sealed by hand: every place stands on it, open, whether or not
    /// it must be met.
    func handedOut(number: String?, position: SheetPosition) -> JSON {
        let slots = slots(met: [:]).map { slot in
            JSON.object((slot.members ?? []).map { $0.key == "required" ? .init("required", true) : $0 })
        }
        return json(slots: slots, rendition: "B", number: number, position: position.json)
    }

    /// A place that was met elsewhere than on the document: who, when, and with which words.
    struct Met {
        let who: String
        let at: Instant
        let opinion: String
    }

    /// The unsigned form with some places met.
    func rendition(met: [String: Met]) -> JSON {
        let slots = slots(met: [:]).map { slot -> JSON in
            guard let name = slot["name"]?.string, let met = met[name], let members = slot.members else { return slot }
            return .object(
                members.filter { $0.key != "state" } + [
                    .init("at", .string(met.at.chinese)), .init("opinion", .string(met.opinion)),
                    .init("state", "signed"), .init("who", .string(met.who)),
                ])
        }
        return json(slots: slots, rendition: "A", number: nil, position: nil)
    }

    private func json(slots: [JSON], rendition: String, number: String?, position: JSON?) -> JSON {
        var members: [JSON.Member] = [
            .init(
                "bureau",
                ["letterhead": .string(bureau.letterhead), "name": .string(bureau.name)]),
            .init("demo", .boolean(bureau.isDemo)),
            .init("fields", .object(fieldTexts())),
            .init("kind", .string(kind.name)),
            .init("rendition", .string(rendition)),
            .init(
                "sheet", ["id": .string(id.description), "text": .string("本页编号 \(id.description.prefix(8))")]),
            .init("slots", .array(slots)),
            .init("title", .string(kind.title)),
        ]
        if let number { members.append(.init("number", .string(number))) }
        if let position { members.append(.init("position", position)) }
        return .object(members)
    }

    private func fieldTexts() -> [JSON.Member] {
        kind.fields.compactMap { field in
            guard let value = data[field.name], let text = FieldText.printed(value, as: field.type) else { return nil }
            return JSON.Member(field.name, text)
        }
    }

    /// Every place on the page, with what is known of it. A repeated slot has a place for each person of the form's
    /// first field of persons, and never fewer than its least.
    private func slots(met: [String: CaseDocument.MetSlot]) -> [JSON] {
        kind.places(for: data).map { place in
            var members: [JSON.Member] = [
                .init("kind", .string(place.slot.kind.printed)), .init("label", .string(place.slot.label)),
                .init("name", .string(place.name)), .init("required", .boolean(place.isRequired)),
            ]
            guard let slot = met[place.name] else { return .object(members + [.init("state", "open")]) }
            members.append(.init("state", .string(slot.manner == "screen" ? "signed" : slot.manner)))
            members.append(.init("at", .string(slot.signedAt.chinese)))
            for (member, value) in [
                ("who", slot.name), ("opinion", slot.opinionText), ("reason", slot.reasonText),
                ("drawing", slot.drawing), ("relation", slot.relationText),
            ] {
                if let value, !value.isEmpty { members.append(.init(member, .string(value))) }
            }
            // What stands on the sheet is what was recorded of it, never what the place has room for.
            if slot.manner == SigningManner.paper.rawValue {
                members.append(.init("marks", .string(slot.marks)))
            }
            return .object(members)
        }
    }
}

/// Where in the ledger the fixed entry stands, as printed in the margin of rendition B.
public struct SheetPosition: Hashable, Sendable {
    public let origin: String
    public let index: Int64
    public let size: Int64
    public let root: Digest
    /// Eight hexadecimal digits.
    public let keyID: String
    /// The number of the log, if it is no longer the open one: records were lost since the document was fixed.
    public let closedLog: Int?

    /// A position.
    public init(origin: String, index: Int64, size: Int64, root: Digest, keyID: String, closedLog: Int? = nil) {
        self.origin = origin
        self.index = index
        self.size = size
        self.root = root
        self.keyID = keyID
        self.closedLog = closedLog
    }

    var json: JSON {
        [
            "index": .string(String(index)), "key": .string(keyID), "origin": .string(origin),
            "root": .string(root.description), "size": .string(String(size)),
        ]
    }
}

extension CaseDocument.MetSlot {
    /// What stands on the paper: a hand, a seal, or both. A firm signs as itself by its seal alone.
    var marks: String {
        guard isSealed else { return "签名" }
        return capacity == .principal ? "盖章" : "签名、盖章"
    }

    /// The opinion with the decision before it, as the form prints it.
    var opinionText: String? {
        let word: String? =
            switch decision {
            case "agree": "同意。"
            case "refuse": "不同意。"
            case "passed": "审查通过。"
            case "returned": "退回。"
            default: nil
            }
        guard let opinion, !opinion.isEmpty else { return word }
        return (word ?? "") + opinion
    }

    /// The reason of a refusal, or how a person who cannot sign was told.
    var reasonText: String? {
        let present = [reader.map { "宣读人：\($0)" }, witness.map { "见证人：\($0)" }].compactMap { $0 }
        guard !present.isEmpty else { return reason }
        let said = present.joined(separator: "，")
        return reason.map { "\($0)（\(said)）" } ?? said
    }
}

extension SlotDefinition.Kind {
    var printed: String {
        switch self {
        case .signature: "signature"
        case .seal: "seal"
        case .signatureAndSeal: "signature+seal"
        }
    }
}

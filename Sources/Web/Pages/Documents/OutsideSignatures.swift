import Application
import Casework
import Kernel

/// What a form asks of the signatures and seals on a paper from outside, and how its answers are read.
///
/// A place for one is a box to tick and a name. A place for several is a box that says that everybody signed whom the form
/// names, or the names of those who did.
struct OutsideSignatures {
    let kind: DocumentKind

    /// The slots of the kind that somebody outside signs.
    private var slots: [SlotDefinition] {
        kind.slots.filter { slot in
            kind.places(for: .object([])).contains { $0.slot.name == slot.name && OutsidePapers.isSeen($0) }
        }
    }

    /// The fields of the form.
    var fields: [FieldModel] {
        slots.flatMap { slot -> [FieldModel] in
            let rows = slot.growsWith.flatMap { kind.field($0) }
            let seen =
                switch slot.kind {
                case .signature: rows.map { "看过原件，上面“\($0.label)”里写的每一位都已手写签名" } ?? "看过原件，已手写签名"
                case .seal: "看过原件，已加盖印章"
                case .signatureAndSeal: "看过原件，已手写签名"
                }
            var tick = FieldModel(
                name: OutsidePapers.slotField(slot.name), label: slot.label, control: .choices([]),
                isRequired: slot.required == .always)
            tick.control = .choices(
                [.init(word: Self.seen, label: seen)]
                    + (slot.kind == .signatureAndSeal ? [.init(word: Self.sealed, label: "看过原件，已加盖印章")] : []))
            if slot.repeats {
                return [
                    tick,
                    FieldModel(
                        name: OutsidePapers.signerField(slot.name), label: "在“\(slot.label)”栏签名的人", control: .list,
                        help: rows == nil ? "每行一人，照原件上的签名写。" : "每一位都签了的，勾选上面一项，不用再填；只有几位签了的，不勾选，在这里每行写一位。"),
                ]
            }
            let isKnown = slot.kind == .seal && kind.field(slot.name)?.type == .text
            return [
                tick,
                FieldModel(
                    name: OutsidePapers.signerField(slot.name),
                    label: slot.kind == .seal ? "“\(slot.label)”印章上的名称" : "“\(slot.label)”栏签名的人", control: .line(),
                    help: isKnown ? "与上面“\(kind.field(slot.name)?.label ?? "")”一致的，可以不填。" : "照原件上的签名、印章写。"),
            ]
        }
    }

    private static let seen = "yes"
    private static let sealed = "sealed"

    /// What was ticked and named; what does not fit together is told.
    ///
    /// - Parameter data: what stands on the paper.
    func read(_ form: Form, data: JSON) -> (
        signatures: [TakeInPaper.Signature], errors: [(field: String, text: String)]
    ) {
        var signatures: [TakeInPaper.Signature] = []
        var errors: [(field: String, text: String)] = []
        for slot in slots {
            let name = OutsidePapers.signerField(slot.name)
            let words = form.all(OutsidePapers.slotField(slot.name))
            let (isSeen, isSealed) = (words.contains(Self.seen), words.contains(Self.sealed))
            let typed = Form.trimmed(form[name] ?? "")
            if slot.repeats {
                let rows = slot.growsWith.flatMap { data[$0]?.elements }?.compactMap(\.string) ?? []
                let lines = FieldReading.lines(form[name] ?? "")
                if isSeen, rows.isEmpty, lines.isEmpty { errors.append((name, "请写明在“\(slot.label)”栏签名的是谁。")) }
                if isSeen, !rows.isEmpty, !lines.isEmpty {
                    errors.append((name, "每一位都签了的，只勾选，不再写名字；只有几位签了的，不勾选。"))
                    continue
                }
                signatures += Self.placed(isSeen && !rows.isEmpty ? rows : lines, among: rows).map { number, signer in
                    .init("\(slot.name)\(number)", signer: signer, isSealed: isSealed)
                }
                continue
            }
            guard isSeen || isSealed else {
                if !typed.isEmpty {
                    errors.append((name, "写了名称，没有勾选看过原件。看到了签名、印章的，请勾选“\(slot.label)”；没有看到的，请清空这一项。"))
                }
                continue
            }
            let known = slot.kind == .seal ? data[slot.name]?.string ?? "" : ""
            signatures.append(.init(slot.name, signer: typed.isEmpty ? known : typed, isSealed: isSealed))
        }
        return (signatures, errors)
    }

    /// Each who signed at the place of the row that begins with their name, others at the places that are left.
    private static func placed(_ signers: [String], among rows: [String]) -> [(number: Int, signer: String)] {
        var taken: Set<Int> = []
        let found = signers.map { signer -> Int? in
            let row = rows.indices.first { !taken.contains($0) && rows[$0].utf8.starts(with: signer.utf8) }
            if let row { taken.insert(row) }
            return row
        }
        return zip(signers, found).map { signer, row in
            if let row { return (row + 1, signer) }
            let free = (0...).first { !taken.contains($0) } ?? 0
            taken.insert(free)
            return (free + 1, signer)
        }
    }
}

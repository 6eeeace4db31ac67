import Casework
import Kernel
import Ledger

/// What is said of the hands on a lead's paper, checked and made into facts.
struct LeadSigning {
    let said: LeadDesk.Signing
    let document: CaseDocument
    let kind: DocumentKind
    let view: LeadView
    let persons: [PersonRow]
    let performer: Performer
    let now: Instant

    private var places: [SlotPlace] { LeadPapers.places(of: document, kind: kind, by: performer.person) }

    /// Checks what is said.
    ///
    /// - Returns: where the paper is kept.
    /// - Throws: `StepRefusal` with every field that is wrong.
    func check() throws(StepRefusal) -> String {
        if LeadPapers.awaitsIssue(document, kind: kind) {
            throw StepRefusal(.outOfOrder, "《\(kind.title)》还没有制发。先制发，打印正式文书盖章、签名，再登记签收。")
        }
        var form = FormText()
        if said.signers.isEmpty, let first = kind.places(for: document.data ?? .object([])).first {
            form.fail(LeadPapers.signerField(places.first?.name ?? first.name), "请至少登记一处签名。")
        }
        for (name, signer) in said.signers.sorted(by: { $0.key < $1.key }) {
            let field = LeadPapers.signerField(name)
            guard let place = places.first(where: { $0.name == name }) else {
                form.fail(field, "这份文书没有这个签名栏，或者这一栏已经登记，或者应当由他人登记。")
                continue
            }
            guard LeadPapers.isOutside(place) else { continue }
            let text = form.required(signer, field, "“\(place.slot.label)”栏签名的人", limit: 60)
            let acting = persons.filter { (view.file.handlers + [performer.tag]).contains($0.thread) }
            if acting.contains(where: { $0.name.utf8.elementsEqual(text.utf8) }) {
                form.fail(field, "“\(place.slot.label)”由申请人、投诉举报人一方签名，不能是办理这条线索的执法人员。")
            }
        }
        let begun = document.issue?.at ?? document.fixedAt
        if said.signedAt > now {
            form.fail(LeadPapers.signedAtField, "时间不能晚于现在（\(now.chinese)）。")
        } else if said.signedAt < begun.advanced(byMilliseconds: -60_000) {
            form.fail(LeadPapers.signedAtField, "签名时间不能早于文书\(document.issue == nil ? "定稿" : "制发")时间（\(begun.chinese)）。")
        }
        if !said.scan.isEmpty, ScanFormat(firstBytes: said.scan) == nil {
            form.fail(LeadPapers.scanField, ScanFormat.refusal)
        }
        let place = form.required(said.place, LeadPapers.placeField, "纸质原件存放处", limit: 100)
        try form.finish()
        return place
    }

    /// One entry for each place; the scan shows them all.
    func facts(scan: ObjectFacts?, place: String) throws(StepRefusal) -> [Fact] {
        let veil = view.veil(of: document)
        let fixed = view.entries[document.fixedSeq - 1].entry
        let digest = fixed.openings.first { $0.name == "digest" }
        var facts: [Fact] = []
        for one in places where said.signers[one.name] != nil {
            let isOutside = LeadPapers.isOutside(one)
            var plain: [JSON.Member] = [
                .init("document", .string(document.id.description)),
                .init("manner", .string(SigningManner.paper.rawValue)),
                .init("signedAt", .integer(said.signedAt.milliseconds)), .init("slot", .string(one.name)),
            ]
            let signer = isOutside ? (said.signers[one.name] ?? "").trimmedWhitespace : performer.person.name
            var fields: [FieldValue] = [
                .init("name", .string(signer), isOutside ? veil ?? .party : .officer),
                .init("place", .string(place), .internal),
            ]
            if !isOutside { plain.append(.init("by", .string(performer.tag.description))) }
            if let scan {
                plain.append(.init("scan", .string(scan.id.description)))
                fields.append(.init("scanDigest", scan.json, veil ?? .party))
            }
            // The signature is for these bytes: rendition A's digest stands in the signature's own entry.
            if let digest, let value = try? JSON(canonical: digest.value) {
                fields.append(.init("digest", value, digest.openingClass))
            }
            facts.append(
                Fact(
                    .documentSigned, in: view.file.thread, plain: .object(plain), fields: fields,
                    stated: StatedTime(at: said.signedAt, source: .officer),
                    references: [EntryReference("fixed", fixed)]))
        }
        return facts
    }
}

import Casework
import Kernel
import Ledger

/// Meets one place for a signature (签名栏): on screen, on paper, refused with reason, or unable to sign.
public struct SignSlot: CaseStep {
    public static let name = "signature"

    public var document: DocumentID
    public var slot: String
    public var manner: SigningManner
    public var decision: SigningDecision?
    public var signedAt: Instant
    /// Who signed; for a registered person who signs on screen it is their own name whatever the form says. On paper an
    /// officer is named by the register: their id, or their name.
    public var signer: String
    public var relation: String?
    /// In what capacity somebody signs in the party's place; nothing else asks it.
    public var capacity: SignerCapacity?
    /// By what authority an agent signs: day and powers of the letter (授权委托书).
    public var authority: String?
    public var opinion: String?
    public var reason: String?
    /// Who read the paper aloud to somebody unable to sign.
    public var reader: String?
    public var witness: String?
    /// Where the paper is kept.
    public var place: String?
    /// The strokes of a signature drawn on screen: an SVG path.
    public var drawing: String?
    /// The scanned sheet, stored.
    public var scan: ObjectFacts?
    /// Whether the document's own code was read on it; nil where nothing was read.
    public var isSheetRead: Bool?
    /// Whether the official seal (公章) is on it, where the place asks for one (zhaoxian-2017:10b).
    public var isSealed: Bool
    /// Whether whoever signs says that they read where the decision and the approved draft differ.
    public var isCompared: Bool

    /// A signature.
    public init(
        document: DocumentID, slot: String, manner: SigningManner, decision: SigningDecision? = nil,
        signedAt: Instant, signer: String, relation: String? = nil, capacity: SignerCapacity? = nil,
        authority: String? = nil,
        opinion: String? = nil, reason: String? = nil,
        reader: String? = nil, witness: String? = nil, place: String? = nil, drawing: String? = nil,
        scan: ObjectFacts? = nil, isSheetRead: Bool? = nil,
        isSealed: Bool = false, isCompared: Bool = false
    ) {
        self.document = document
        self.slot = slot
        self.manner = manner
        self.decision = decision
        self.signedAt = signedAt
        self.signer = signer
        self.relation = relation
        self.capacity = capacity
        self.authority = authority
        self.opinion = opinion
        self.reason = reason
        self.reader = reader
        self.witness = witness
        self.place = place
        self.drawing = drawing
        self.scan = scan
        self.isSheetRead = isSheetRead
        self.isSealed = isSealed
        self.isCompared = isCompared
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        guard let fixed = scene.work.document(document), !fixed.isVoid, let data = fixed.data else {
            throw StepRefusal(.notFound, "本案没有这份文书，或者它已作废。")
        }
        try scene.requireUnfiled(fixed, "本案已归档，归档的文书不能再签名。")
        let kind = try scene.law.kind(of: fixed)
        guard let place = kind.places(for: data).first(where: { $0.name == slot }) else {
            throw StepRefusal(.notFound, "这份文书没有这个签名栏。")
        }
        // The bureau's own seal goes on what was printed with its number: on paper, after the issue.
        let isOwnSeal = place.slot.who == .bureau && manner == .paper
        guard fixed.issue == nil || isOwnSeal else { throw StepRefusal(.outOfOrder, "文书已制发，签名栏不能再变动。") }
        // A place that decided against may be decided anew on a later document only: paper is not signed twice.
        let addsSeal = manner == .paper && fixed.mayAddSeal(to: place)
        if addsSeal, !isSealed {
            throw StepRefusal(fields: [.init("sealed", "这一栏已经登记，再登记的须是加盖公章的原件。盖了章的，请勾选“已加盖公章”。")])
        }
        guard fixed.slots[slot] == nil || addsSeal else {
            throw StepRefusal(.outOfOrder, "“\(place.slot.label)”栏已经办理。")
        }
        if fixed.kind == DocumentKindName.serviceReceipt, let served = fixed.about.flatMap({ scene.work.document($0) }),
            let refusal = ReceiptCheck.refusal(
                ofSecond: fixed.id, of: served, to: data["recipient"]?.string, in: scene.work)
        {
            throw refusal
        }
        let registered = try registeredSigner(of: place, on: fixed, kind: kind, in: scene)
        let party = PartySigner.isAsked(at: place, of: kind) ? try await PartySigner(of: scene) : nil
        let fact = try fact(place: place, fixed: fixed, registered: registered, party: party, scene: scene)
        if let party, let capacity {
            try party.requireReceiver(capacity, on: fixed, title: kind.title)
        }
        try SigningOrder.require(self, at: place, of: fixed, kind: kind, in: scene)
        try SigningCheck.require(self, at: place, of: fixed, kind: kind, in: scene)
        // From now on everybody who signs as the representative is compared with this one.
        let learned = party?.learned(from: self, on: fixed).map {
            Fact(.subjectChanged, in: scene.work.subject, fields: [.init("representative", .string($0), .party)])
        }
        return [fact] + (learned.map { [$0] } ?? [])
    }

    /// Checks who may act for this place.
    ///
    /// - Returns: the registered person who signs: in their own session, or an officer on paper; nil for people outside.
    private func registeredSigner(
        of place: SlotPlace, on fixed: CaseDocument, kind: DocumentKind, in scene: Scene
    ) throws(StepRefusal) -> PersonRow? {
        let performer = scene.performer
        switch place.slot.who {
        case .party, .witness, .recipient, .anyone, .bureau:
            // People outside have no account: an officer of the case holds the device or the paper.
            try performer.requireHandler(of: scene.work)
            return nil
        case .handler, .drafter, .reviewer, .server, .officer:
            let candidates = OfficerPlaces.candidates(
                for: place, of: fixed, kind: kind, in: scene.work, persons: scene.persons)
            // An officer says themself what they signed, on paper as on screen: two officers are two sessions.
            if candidates.contains(where: { $0.thread == performer.tag }) { return performer.person }
            // Whoever left signed on paper all the same, and has no session any more: a handler enters it from the sheet.
            if manner == .paper, scene.work.handlers.contains(performer.tag),
                let gone = named(in: candidates.filter({ !$0.isActive }))
            {
                return gone
            }
            let others = fixed.slots.filter { $0.key != slot && $0.value.by == performer.tag }
            guard !others.contains(where: { place.slot.repeats && $0.key.hasPrefix(place.slot.name) }) else {
                throw StepRefusal(.notAllowed, "您已在这份文书上签名，另一栏须由另一名执法人员本人登录签名。")
            }
            throw StepRefusal(.notAllowed, OfficerPlaces.refusal(candidates))
        case .attendingHead:
            // As with an office, on paper too: nobody enters for a head what that head said.
            try performer.requireSecret()
            let open = AttendingHeads.candidates(for: place, of: fixed, in: scene.work, persons: scene.persons)
            guard open.contains(where: { $0.thread == performer.tag }) else {
                throw StepRefusal(.notAllowed, AttendingHeads.refusal(open))
            }
            return performer.person
        case .unitHead, .legalReviewer, .departmentHead, .deputyHead, .agencyHead, .custodian, .administrator:
            if let role = place.slot.who.role { try performer.require(role) }
            try performer.requireSecret()
            if place.slot.who == .legalReviewer { try DocumentRights.requireReviewer(in: scene) }
            if let refusal = SlotSeparation.refusal(
                of: performer.tag, at: place, on: fixed, kind: kind, in: scene.work)
            {
                throw refusal
            }
            try requireOtherCustodian(place, on: fixed, in: scene)
            // On paper too it is the holder's own session and secret that says so: nobody enters another's approval.
            return performer.person
        }
    }

    /// Whom the form names, among those who may sign.
    private func named(in candidates: [PersonRow]) -> PersonRow? {
        let word = signer.trimmedWhitespace
        return candidates.first { $0.thread.description.utf8.elementsEqual(word.utf8) }
            ?? candidates.first { $0.name.utf8.elementsEqual(word.utf8) }
    }

    private func fact(
        place: SlotPlace, fixed: CaseDocument, registered: PersonRow?, party: PartySigner?, scene: Scene
    ) throws(StepRefusal) -> Fact {
        var form = FormText()
        if !place.slot.manners.contains(manner) { form.fail("manner", "这一栏不能这样办理。") }
        let name = registered?.name ?? form.required(signer, "signer", "签名人姓名", limit: 60)
        let openingClass: OpeningClass = registered == nil ? .party : .officer
        var fields: [FieldValue] = [.init("name", .string(name), openingClass)]
        var plain: [JSON.Member] = [
            .init("document", .string(document.description)), .init("manner", .string(manner.rawValue)),
            .init("signedAt", .integer(signedAt.milliseconds)), .init("slot", .string(slot)),
        ]
        if isSealed {
            // An organisation signs as itself by its seal alone, in every place of its own.
            let isOwnSeal = party != nil && capacity == .principal && manner == .paper
            if place.slot.kind == .signature, !isOwnSeal { form.fail("sealed", "这一栏只签名，不用印。") }
            plain.append(.init("sealed", true))
        }
        if manner == .paper, let isSheetRead { plain.append(.init("sheetRead", .boolean(isSheetRead))) }
        if let registered { plain.append(.init("by", .string(registered.thread.description))) }
        if place.slot.decision != .none {
            if let decision, place.slot.decision.words.contains(decision) {
                plain.append(.init("decision", .string(decision.rawValue)))
                if let kind = scene.law.library.kind(of: fixed),
                    let problem = SignSlot.contradiction(of: decision, with: fixed.data ?? .object([]), kind: kind)
                {
                    form.fail("decision", problem)
                }
            } else {
                form.fail("decision", "请选择意见。")
            }
        }
        if let party, let checked = party.check(self, on: fixed, form: &form) {
            plain.append(checked.word)
            if let authority = checked.authority { fields.append(.init("authority", .string(authority), .party)) }
        }
        for (field, label, value, openingClass) in [
            ("relation", "关系的说明", relation, OpeningClass.party),
            ("opinion", "意见", opinion, place.slot.who == .party ? .party : .internal),
        ] {
            if let text = form.optional(value, field, label, limit: field == "relation" ? 200 : 2000) {
                fields.append(.init(field, .string(text), openingClass))
            }
        }
        if place.slot.decision != .none, opinion?.trimmedWhitespace.isEmpty != false {
            form.fail("opinion", "请填写意见。")
        }
        addMannerFields(&fields, &plain, &form)
        if let witness = witness?.trimmedWhitespace, manner == .refused || manner == .unable,
            isOfficer(witness, on: fixed, in: scene)
        {
            form.fail("witness", "见证人不能是办理本案的执法人员。请由在场的其他人见证。")
        }
        if place.slot.who == .party || place.slot.who == .recipient,
            isOfficer(signer.trimmedWhitespace, on: fixed, in: scene)
        {
            form.fail("signer", "“\(place.slot.label)”由当事人一方签名，不能是办理本案的执法人员。")
        }
        // A paper from outside was signed before it came in.
        if !fixed.isOutside, signedAt < fixed.fixedAt.advanced(byMilliseconds: -60_000) {
            form.fail("signedAt", "签名时间不能早于文书定稿时间（\(fixed.fixedAt.chinese)）。")
        }
        try form.finish()
        if let digest = fixed.data == nil
            ? nil : scene.entries[fixed.fixedSeq - 1].openings.first(where: { $0.name == "digest" }),
            let value = try? JSON(canonical: digest.value)
        {
            // The signature is for these bytes: rendition A's digest stands in the signature's own entry.
            fields.append(.init("digest", value, digest.openingClass))
        }
        return Fact(
            .documentSigned, in: scene.work.thread, plain: .object(plain), fields: fields,
            stated: try scene.stated(signedAt, field: "signedAt"),
            references: [try scene.reference("fixed", to: fixed.fixedSeq)])
    }

    /// Whether a name is that of somebody who acts in the case, or for whom the paper speaks: nobody witnesses their own act.
    private func isOfficer(_ name: String, on fixed: CaseDocument, in scene: Scene) -> Bool {
        let acting = scene.work.handlers + scene.work.formerHandlers + [scene.performer.tag]
        let registered = scene.persons.filter { acting.contains($0.thread) }.map(\.name)
        let written =
            fixed.data?.members?.flatMap { $0.value.elements ?? [] }
            .filter { $0["certificate"] != nil }.compactMap { $0["name"]?.string } ?? []
        return (registered + written).contains { $0.utf8.elementsEqual(name.utf8) }
    }

    private func addMannerFields(_ fields: inout [FieldValue], _ plain: inout [JSON.Member], _ form: inout FormText) {
        switch manner {
        case .screen:
            guard let drawing, !drawing.isEmpty else {
                if let ownSignatureNeeded = requiresDrawing { form.fail("drawing", ownSignatureNeeded) }
                return
            }
            guard let ink = SignaturePath.ink(of: drawing) else {
                form.fail("drawing", "签名笔迹不能识别，请清除后重新签名。")
                return
            }
            guard ink >= SignaturePath.leastInk else {
                form.fail("drawing", "没有看到签名的笔画，请清除后重新签名。")
                return
            }
            fields.append(.init("drawing", .string(drawing), .party))
        case .paper:
            if let scan {
                plain.append(.init("scan", .string(scan.id.description)))
                fields.append(.init("scanDigest", scan.json, .party))
            } else {
                form.fail("scan", "请上传签名页的扫描件或照片。")
            }
            fields.append(
                .init("place", .string(form.required(place ?? "", "place", "纸质原件存放处", limit: 100)), .internal))
        case .refused:
            fields.append(.init("reason", .string(form.required(reason ?? "", "reason", "拒绝签名的原因")), .party))
            if let witness = form.optional(witness, "witness", "见证人", limit: 60) {
                fields.append(.init("witness", .string(witness), .party))
            }
        case .unable:
            fields.append(.init("reason", .string(form.required(reason ?? "", "reason", "不能签名的原因及宣读情况")), .party))
            let reader = form.required(reader ?? "", "reader", "宣读人", limit: 60)
            let witness = form.required(witness ?? "", "witness", "见证人", limit: 60)
            fields += [.init("reader", .string(reader), .party), .init("witness", .string(witness), .party)]
            // Who attests a reading heard it: the two are two people, and neither is the one who cannot sign.
            if !witness.isEmpty, witness == reader { form.fail("witness", "见证人不能是宣读人。请由在场的其他人见证。") }
            let name = signer.trimmedWhitespace
            if !name.isEmpty, reader == name { form.fail("reader", "宣读人不能是不能签名的本人。") }
            if !name.isEmpty, witness == name { form.fail("witness", "见证人不能是不能签名的本人。") }
        }
    }

    /// People without an account sign by drawing; a registered person's own session stands for the signature.
    private var requiresDrawing: String? {
        signer.trimmedWhitespace.isEmpty ? nil : "请在屏幕上签名，或者改用纸质签名。"
    }
}

/// The strokes of a signature: an SVG path of absolute moves and lines, nothing else.
public enum SignaturePath {
    /// The greatest length of a path in bytes.
    public static let byteLimit = 20_000

    /// The least length of all strokes together, in the pad's units (600 wide): a pen put down is no signature.
    public static let leastInk = 12.0

    /// Whether text is such a path: `M`, `L`, `Q`, `C`, `Z` with as many numbers as each takes.
    ///
    /// What passes here can be printed: a signature on record that the press refuses would block the document for ever.
    public static func isValid(_ path: String) -> Bool { ink(of: path) != nil }

    /// How long the strokes of a path are together, along the points that it names; nil if it is no such path.
    public static func ink(of path: String) -> Double? {
        var rest = path.utf8[...]
        guard (1...byteLimit).contains(rest.count), rest.first == UInt8(ascii: "M") else { return nil }
        var length = 0.0
        var start = (x: 0.0, y: 0.0)
        var pen = start
        func draw(to point: (x: Double, y: Double)) {
            let (across, down) = (point.x - pen.x, point.y - pen.y)
            length += (across * across + down * down).squareRoot()
            pen = point
        }
        while let letter = rest.popFirst() {
            let count: Int
            switch letter {
            case UInt8(ascii: "M"), UInt8(ascii: "L"): count = 2
            case UInt8(ascii: "Q"): count = 4
            case UInt8(ascii: "C"): count = 6
            case UInt8(ascii: "Z"): count = 0
            default: return nil
            }
            var numbers: [Double] = []
            for index in 0..<count {
                skipSpaces(&rest)
                if index > 0, rest.first == UInt8(ascii: ",") {
                    rest.removeFirst()
                    skipSpaces(&rest)
                }
                guard let number = takeNumber(&rest) else { return nil }
                numbers.append(number)
            }
            switch letter {
            case UInt8(ascii: "M"):
                start = (numbers[0], numbers[1])
                pen = start
            case UInt8(ascii: "Z"): draw(to: start)
            // The control points of a curve are no part of it: its chord is the least that it can measure.
            default: draw(to: (numbers[count - 2], numbers[count - 1]))
            }
            skipSpaces(&rest)
        }
        return length
    }

    private static func skipSpaces(_ rest: inout Substring.UTF8View) {
        rest = rest.drop { $0 == UInt8(ascii: " ") }
    }

    /// At most five digits before the point, so that no number leaves the paper.
    private static func takeNumber(_ rest: inout Substring.UTF8View) -> Double? {
        func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        func value(_ digits: Substring.UTF8View) -> Double {
            digits.reduce(0) { $0 * 10 + Double($1 - UInt8(ascii: "0")) }
        }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        let whole = rest.prefix(while: isDigit)
        guard (1...5).contains(whole.count) else { return nil }
        var number = value(whole)
        rest = rest.dropFirst(whole.count)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
            var part = 0.0
            for digit in fraction.reversed() { part = (part + Double(digit - UInt8(ascii: "0"))) / 10 }
            number += part
        }
        return isNegative ? -number : number
    }
}

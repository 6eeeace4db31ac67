import Casework
import Kernel
import Ledger

/// Draws up, numbers and takes back the papers of a lead (线索文书), and records who signed them (ADR 0078).
///
/// What it records are the entries of documents, in the lead's own thread: numbers, registers and verifiers know them.
public struct LeadDesk: Sendable {
    private let desk: DocumentDesk
    private let vault: any EvidenceVault
    private let views: ViewSessions
    private var casebook: Casebook { desk.casebook }

    init(desk: DocumentDesk, vault: any EvidenceVault, views: ViewSessions) {
        self.desk = desk
        self.vault = vault
        self.views = views
    }

    /// Fixes a paper: prints and stores what is read and, where no number is given, signed; then records it.
    public func drawUp(
        _ name: String, _ data: JSON, as document: DocumentID, in thread: ThreadTag, expecting seq: Int,
        command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await casebook.once(command) { () async throws(StepRefusal) in
            let view = try await ready(thread, expecting: seq, by: performer)
            let (inForce, templateDigest) = try await casebook.chambers.law().drawnKind(name)
            let kind = inForce.kind
            try LeadPapers.check(data, of: kind, in: view, persons: try await persons(), now: casebook.now)
            guard view.file.document(document) == nil, let template = TemplateName(name) else {
                throw StepRefusal(.taken, "这份文书已经定稿。")
            }
            let sheet = DocumentSheet(
                kind: kind, data: data, bureau: try await casebook.chambers.profile(), id: document)
            let (rendition, pages, press) = try await desk.printAndStore(sheet.renditionA(), template: template)
            // Stored and not yet recorded: if we die here the vault holds an object that no entry names, and no harm is done.
            var plain: [JSON.Member] = [
                .init("document", .string(document.description)), .init("kind", .string(name)),
                .init("kindDigest", .string(inForce.digest.description)),
                .init("object", .string(rendition.id.description)), .init("pages", .integer(Int64(pages))),
                .init("pressDigest", .string(press.description)),
                .init("templateDigest", .string(templateDigest.description)),
            ]
            let openingClass = kind.openingClass(of: data)
            let open = kind.fields.filter(\.plain).compactMap { field in
                data[field.name].map { JSON.Member(field.name, $0) }
            }
            // Of a form that must be kept secret nothing stands in the skeleton, which every reader gets for ever.
            if !open.isEmpty, !OpeningRule.veiled.contains(openingClass) { plain.append(.init("data", .object(open))) }
            return try await record(
                [
                    Fact(
                        .documentFixed, in: thread, plain: .object(plain),
                        fields: [.init("data", data, openingClass), .init("digest", rendition.json, openingClass)])
                ], in: view, command, performer)
        }
    }

    /// Gives a paper its number and prints the sheet that is sealed, signed and handed out by hand.
    ///
    /// Numbers are given in the order in which papers come, those of cases among them.
    public func issue(
        _ document: DocumentID, in thread: ThreadTag, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await desk.issuing(command) { () async throws(StepRefusal) in
            let view = try await ready(thread, expecting: seq, by: performer)
            let law = try await casebook.chambers.law()
            let fixed = try Self.paper(document, in: view)
            let kind = try law.kind(of: fixed)
            guard kind.isSentOut else {
                throw StepRefusal(.outOfOrder, "《\(kind.title)》不编文号，也不对外制发。打印出来签名以后，登记签收就完成了。")
            }
            guard fixed.issue == nil else { throw StepRefusal(.outOfOrder, "这份文书已经制发。") }
            try performer.requireSecret()
            let bureau = try await casebook.chambers.profile()
            let number = try await desk.nextNumber(of: kind, bureau: bureau, at: casebook.now)
            if let number { try IssueDay.requireYear(number.year, of: fixed) }
            let template = try law.template(of: fixed)
            let entry = view.entries[fixed.fixedSeq - 1]
            let position = try await desk.position(of: entry)
            let sheet = DocumentSheet(kind: kind, data: fixed.data ?? .object([]), bureau: bureau, id: document)
            let (rendition, pages, press) = try await desk.printAndStore(
                sheet.handedOut(number: number?.text, position: position), template: template.name)
            var plain: [JSON.Member] = [
                .init("document", .string(document.description)),
                .init("object", .string(rendition.id.description)), .init("pages", .integer(Int64(pages))),
                .init("pressDigest", .string(press.description)),
                .init("printedRoot", .string(position.root.description)),
                .init("printedSize", .integer(position.size)),
                .init("templateDigest", .string(template.digest.description)),
            ]
            if let log = position.closedLog { plain.append(.init("printedLog", .integer(Int64(log)))) }
            var fields: [FieldValue] = [
                .init("digest", rendition.json, kind.openingClass(of: fixed.data ?? .object([])))
            ]
            if let number {
                plain += [.init("number", .integer(Int64(number.number))), .init("year", .integer(Int64(number.year)))]
                fields.append(.init("numberText", .string(number.text), .party))
            }
            return try await record(
                [
                    Fact(
                        .documentIssued, in: thread, plain: .object(plain), fields: fields,
                        references: [EntryReference("fixed", entry.entry)])
                ], in: view, command, performer)
        }
    }

    /// What a person says of the hands on the printed sheet.
    public struct Signing: Sendable {
        /// Who signed, by the place; an officer's own place needs no name.
        public var signers: [String: String]
        /// When the last of them signed.
        public var signedAt: Instant
        /// The scan of the signed sheet; empty where the paper alone is kept.
        public var scan: [UInt8]
        /// Where the paper is kept.
        public var place: String

        /// What is said of a signed sheet.
        public init(signers: [String: String], signedAt: Instant, scan: [UInt8], place: String) {
            self.signers = signers
            self.signedAt = signedAt
            self.scan = scan
            self.place = place
        }
    }

    /// Records who signed the printed sheet: all places in one write.
    public func sign(
        _ said: Signing, on document: DocumentID, in thread: ThreadTag, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await casebook.once(command) { () async throws(StepRefusal) in
            let view = try await ready(thread, expecting: seq, by: performer)
            let kind = try await casebook.chambers.law().kind(of: try Self.paper(document, in: view))
            let signing = LeadSigning(
                said: said, document: try Self.paper(document, in: view), kind: kind, view: view,
                persons: try await persons(), performer: performer, now: casebook.now)
            let place = try signing.check()
            var scan: ObjectFacts?
            if !said.scan.isEmpty {
                do throws(VaultError) { scan = try await vault.store(said.scan) } catch { throw StepRefusal(error) }
            }
            return try await record(try signing.facts(scan: scan, place: place), in: view, command, performer)
        }
    }

    /// Makes a paper void: its number stays taken.
    public func void(
        _ document: DocumentID, reason: String, in thread: ThreadTag, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await casebook.once(command) { () async throws(StepRefusal) in
            try performer.requireOwnAccount()
            let view = try await casebook.loadLead(thread)
            guard view.isUnchanged(since: seq) else { throw Casebook.stale(view, since: seq) }
            guard view.viewRight(of: performer.person) != nil else {
                throw StepRefusal(.notFound, "没有找到这条线索。")
            }
            let paper = try Self.paper(document, in: view)
            if let refusal = LeadPapers.refusal(ofVoiding: paper, to: performer.person, in: view) { throw refusal }
            try performer.requireSecret()
            var form = FormText()
            let text = form.required(reason, "reason", "作废的理由")
            try form.finish()
            let named = view.entries[(paper.issue?.seq ?? paper.fixedSeq) - 1].entry
            return try await record(
                [
                    Fact(
                        .documentVoided, in: thread, plain: ["document": .string(document.description)],
                        fields: [.init("reason", .string(text), view.veil(of: paper) ?? .internal)],
                        references: [EntryReference(paper.issue == nil ? "fixed" : "issued", named)])
                ], in: view, command, performer)
        }
    }

    /// Opens a look at a sheet of a paper, or at its scan: recorded before the first byte.
    public func look(
        at object: ObjectID, of document: DocumentID, in thread: ThreadTag, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> ViewSessions.Look {
        let view = try await casebook.loadLead(thread)
        guard let right = view.viewRight(of: performer.person), let paper = view.file.document(document),
            paper.objects.contains(object)
        else { throw StepRefusal(.notFound, "没有找到这份文书。") }
        return try await views.begin(
            object, in: thread, document: document, by: performer, right: right,
            purpose: right == "head" ? "supervision" : right == "handler" ? "handling" : "other", command: command)
    }

    // MARK: what all of them ask

    private func ready(
        _ thread: ThreadTag, expecting seq: Int, by performer: Performer
    ) async throws(StepRefusal) -> LeadView {
        try performer.requireOwnAccount()
        let view = try await casebook.loadLead(thread)
        guard view.isUnchanged(since: seq) else { throw Casebook.stale(view, since: seq) }
        if let refusal = LeadPapers.refusal(to: performer.person, in: view) { throw refusal }
        return view
    }

    private static func paper(_ document: DocumentID, in view: LeadView) throws(StepRefusal) -> CaseDocument {
        guard let paper = view.file.document(document), !paper.isVoid else {
            throw StepRefusal(.notFound, "这条线索没有这份文书，或者它已经作废。")
        }
        return paper
    }

    private func persons() async throws(StepRefusal) -> [PersonRow] {
        do { return try await casebook.registers.persons() } catch { throw StepRefusal(error) }
    }

    private func record(
        _ facts: [Fact], in view: LeadView, _ command: CommandID, _ performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let thread = view.file.thread
        do {
            return try await casebook.append(
                facts, history: view.records, head: view.head, thread, command, performer, casebook.now)
        } catch {
            guard error.code == .stale else { throw error }
            throw Casebook.stale(try await casebook.loadLead(thread), since: view.file.entries)
        }
    }
}

extension LeadView {
    /// The class of whatever is said of a paper that must be kept secret; nil for a paper that need not.
    func veil(of paper: CaseDocument) -> OpeningClass? {
        guard records.indices.contains(paper.fixedSeq - 1),
            let known = records[paper.fixedSeq - 1].openingClass(of: "data")
        else { return .reporter }
        return OpeningRule.veiled.contains(known) ? known : nil
    }
}

extension CaseDocument {
    /// Every stored picture of the paper: what was read, what was handed out, and what came back signed.
    public var objects: [ObjectID] {
        ([fixedObject, issue?.object] + slots.values.map(\.scan)).compactMap { $0 }.uniqued()
    }
}

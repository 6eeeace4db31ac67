import Casework
import Kernel
import Ledger

/// Makes what a request is given (查阅、复制): takes in copies without secrets, makes the release, gives out its files.
public struct RequestDesk: Sendable {
    private let casebook: Casebook
    private let vault: any EvidenceVault
    private let printer: any Printer
    private let views: ViewSessions

    /// The kind of document that a release prints: the form of request and approval with the list of files.
    static let sheetKind = "consult-copy-request"

    init(casebook: Casebook, vault: any EvidenceVault, printer: any Printer, views: ViewSessions) {
        self.casebook = casebook
        self.vault = vault
        self.printer = printer
        self.views = views
    }

    /// Takes in the copy of an item from which what must stay secret was taken out.
    ///
    /// Whether its bytes differ from the original's is checked: a copy that hides nothing is none.
    public func redact(
        _ item: RequestItem, copy: [UInt8], named fileName: String, _ answers: [String: JSON], on thread: ThreadTag,
        expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await casebook.once(command) { () async throws(StepRefusal) in
            try await redactAnew(
                item, copy: copy, named: fileName, answers, on: thread, expecting: seq, command: command, by: performer)
        }
    }

    private func redactAnew(
        _ item: RequestItem, copy: [UInt8], named fileName: String, _ answers: [String: JSON], on thread: ThreadTag,
        expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let view = try await casebook.ready(RequestStep.redact, on: thread, expecting: seq, by: performer)
        guard view.file.check?.redacted.contains(item) == true else {
            throw StepRefusal(fields: [.init("item", "请选择要遮盖后提供的材料。")])
        }
        guard !copy.isEmpty else { throw StepRefusal(fields: [.init("copy", "请选择遮盖件的文件。")]) }
        let library = try await casebook.chambers.law().library
        // Every original of the case, not this item's alone: the wrong file is as bad as an untouched one.
        let digest = Digest.sha256(copy)
        guard !view.source.releasables(library).contains(where: { $0.sha256 == digest }) else {
            throw StepRefusal(fields: [.init("copy", "这个文件就是案卷里的原件，没有遮盖。请上传遮盖以后的文件。")])
        }
        let stored: ObjectFacts
        do { stored = try await vault.store(copy) } catch { throw StepRefusal(error) }
        // Stored and not yet recorded: if we die here the vault holds an object that no entry names, and no harm is done.
        let name = RequestDesk.clean(fileName.isEmpty ? "遮盖件" : fileName)
        return try await casebook.take(
            RequestStep.redact, answers, on: thread, expecting: seq, command: command, by: performer
        ) { (_, fact, _) throws(StepRefusal) in
            fact.plain = .object(
                (fact.plain.members ?? []) + [
                    .init("item", .string(item.id)), .init("object", .string(stored.id.description)),
                ])
            fact.fields += [
                FieldValue("copyDigest", stored.json, .internal), FieldValue("fileName", .string(name), .internal),
            ]
        }
    }

    /// Makes the release: reads every file through and compares it with its record, prints the sheet with their digests,
    /// and records what is handed out.
    ///
    /// What is withheld is not touched: neither its bytes nor its name stand in anything that is made here.
    public func release(
        _ answers: [String: JSON], on thread: ThreadTag, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await casebook.once(command) { () async throws(StepRefusal) in
            try await releaseAnew(
                answers, on: thread, expecting: seq, command: command, by: performer)
        }
    }

    private func releaseAnew(
        _ answers: [String: JSON], on thread: ThreadTag, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let view = try await casebook.ready(RequestStep.release, on: thread, expecting: seq, by: performer)
        let law = try await casebook.chambers.law()
        let files = try await files(of: view, library: law.library)
        let (kind, _) = try law.drawnKind(RequestDesk.sheetKind)
        guard let template = TemplateName(kind.kind.name) else {
            throw StepRefusal(.fault, "系统出现故障，未作任何更改。")
        }
        let sheet = RequestSheet(
            view: view, kind: kind.kind, bureau: try await casebook.chambers.profile(), files: files,
            persons: try await persons(), library: law.library, now: casebook.now)
        let party = try await casebook.printedParty(of: view.source.work)
        let printed: ObjectFacts
        do {
            printed = try await vault.store(
                try await RequestDesk.printed { () async throws(PressError) in
                    try await printer.pdf(template: template, data: party.printed(sheet.json), at: casebook.now.day)
                })
        } catch let error as VaultError {
            throw StepRefusal(error)
        } catch {
            throw (error as? StepRefusal) ?? StepRefusal(.fault, "系统出现故障，未作任何更改。")
        }
        // As with copies: printed and not yet recorded does no harm.
        let lastDay = view.file.decision?.lastDay ?? casebook.now.day
        return try await casebook.take(
            RequestStep.release, answers, on: thread, expecting: seq, command: command, by: performer
        ) { (view, fact, _) throws(StepRefusal) in
            fact.plain = .object(
                (fact.plain.members ?? []) + view.fulfilment + [
                    .init("files", .integer(Int64(files.count))),
                    .init("objects", .array(files.map { .string($0.object.description) })),
                    .init("receiptObject", .string(printed.id.description)),
                    .init("untilDay", .string(lastDay.description)),
                ])
            let lines = files.map { RequestFile.Release.line($0.sha256, $0.byteCount, $0.name) }
            fact.fields += [
                FieldValue("digests", .string(lines.joined(separator: "\n")), .party),
                FieldValue("receiptDigest", .string(printed.sha256.description), .party),
            ]
        }
    }

    /// Records that the recipient acknowledged what was handed over; with the scan of the signed sheet, where there is one.
    public func receipt(
        _ answers: [String: JSON], scan bytes: [UInt8], on thread: ThreadTag, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await casebook.once(command) { () async throws(StepRefusal) in
            try await receiptAnew(
                answers, scan: bytes, on: thread, expecting: seq, command: command, by: performer)
        }
    }

    private func receiptAnew(
        _ answers: [String: JSON], scan bytes: [UInt8], on thread: ThreadTag, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        _ = try await casebook.ready(RequestStep.receipt, on: thread, expecting: seq, by: performer)
        var scan: ObjectFacts?
        if !bytes.isEmpty {
            guard ScanFormat(firstBytes: bytes) != nil else {
                throw StepRefusal(fields: [.init("scan", ScanFormat.refusal)])
            }
            do { scan = try await vault.store(bytes) } catch { throw StepRefusal(error) }
        }
        return try await casebook.take(
            RequestStep.receipt, answers, on: thread, expecting: seq, command: command, by: performer
        ) { (_, fact, _) throws(StepRefusal) in
            guard let scan else { return }
            fact.plain = .object((fact.plain.members ?? []) + [.init("scan", .string(scan.id.description))])
            fact.fields.append(FieldValue("scanDigest", scan.json, .party))
        }
    }

    /// Opens a look at one file of what runs now; it is recorded, and judged by the law, before the first byte.
    ///
    /// - Parameter number: from 1; 0 is the sheet.
    public func fetch(
        _ number: Int, of thread: ThreadTag, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> ViewSessions.Look {
        let view = try await casebook.loadRequest(thread)
        guard view.isVisible(to: performer.person), view.mayFetch(performer.person) else {
            throw StepRefusal(.notFound, "没有找到这份申请。")
        }
        guard let file = view.served(number, at: casebook.now) else {
            throw StepRefusal(.outOfOrder, "现在没有可以提供的文件：还没有批准和提供，或者提供的日期已过，或者申请已经撤回、办结。")
        }
        // Whoever hands out a marked original sees it.
        let library = try await casebook.chambers.law().library
        for thing in view.asked(library) where thing.object == file.object {
            if let thing = thing.markable, let refusal = view.source.work.secrecyRefusal(thing, to: performer.person) {
                throw refusal
            }
        }
        return try await views.begin(
            file.object, in: thread, by: performer, right: "request", purpose: "other", command: command,
            request: view)
    }

    // MARK: what a release is made of

    /// The files in the order of the request; each was read through and is what its entry says.
    private func files(
        of view: RequestView, library: RuleLibrary
    ) async throws(StepRefusal) -> [RequestFile.Release.File] {
        guard let check = view.file.check, view.file.missingCopies.isEmpty else {
            throw StepRefusal(.outOfOrder, "还有需要遮盖的材料没有交来遮盖件。")
        }
        let things = Dictionary(uniqueKeysWithValues: view.asked(library).map { ($0.item, $0) })
        let applicant: PersonRow?
        do {
            applicant = if let tag = view.file.applicantPerson { try await casebook.registers.person(tag) } else { nil }
        } catch { throw StepRefusal(error) }
        var files: [RequestFile.Release.File] = []
        for item in view.file.wanted where check.given.contains(item) {
            guard let thing = things[item] else {
                throw StepRefusal(.outOfOrder, "批准提供的材料里有一份已经作废或者被替代，请重新作保密审查。")
            }
            let copy = check.redacted.contains(item) ? view.file.copies[item] : nil
            // A check that was made before this was asked: what is of a reporter goes to no party as it is.
            if copy == nil, thing.isVeiled, !RequestApplicant.maySeeInternal(view.file.applicantKind) {
                throw StepRefusal(.outOfOrder, "“\(thing.title)”：\(thing.keptBack ?? "")请重新作保密审查。")
            }
            // Staff sees by permission (zhaoxian-2017:33): whoever asked has to be cleared for what is marked.
            if copy == nil, let applicant, let mark = view.mark(barring: thing, from: applicant) {
                throw StepRefusal(
                    .outOfOrder,
                    "“\(thing.title)”：\(mark.sentence)申请人不在其中，不能原样提供。请重新作保密审查，或者请可以接触的负责人重新标明可以接触的范围。")
            }
            let object = copy?.object ?? thing.object
            let facts: ObjectFacts
            do { facts = try await vault.scrub(object, bytesPerSecond: nil) } catch { throw StepRefusal(error) }
            let recorded = copy.map { view.records[$0.seq - 1].fields["copyDigest"]?["sha256"]?.string } ?? nil
            guard facts.sha256.description == recorded ?? thing.sha256.description else {
                throw StepRefusal(.fault, "“\(thing.title)”的文件与记录的摘要不一致，不能提供。请立即报告系统管理员。")
            }
            // Whoever masked a recording that is not for everybody may have called the copy like the original.
            let name =
                copy.map { copy in
                    "遮盖件-\(thing.isVeiled ? RecordingName.neutral(files.count + 1, like: copy.fileName) : copy.fileName)"
                } ?? thing.fileName
            files.append(
                .init(
                    object: object, sha256: facts.sha256, byteCount: facts.byteCount,
                    name: "\(Decimal.padded(files.count + 1, to: 2))-\(RequestDesk.clean(name))"))
        }
        guard !files.isEmpty else { throw StepRefusal(.outOfOrder, "没有可以提供的材料。") }
        return files
    }

    private func persons() async throws(StepRefusal) -> [PersonRow] {
        do { return try await casebook.registers.persons() } catch { throw StepRefusal(error) }
    }

    private static func printed(
        _ print: () async throws(PressError) -> [UInt8]
    ) async throws(StepRefusal) -> [UInt8] {
        do { return try await print() } catch { throw StepRefusal(error) }
    }

    /// A name that any file system takes, on one line; the end, which says what sort of file it is, stays.
    static func clean(_ name: String) -> String {
        let bad = "\\/:*?\"<>|%".unicodeScalars
        var clean = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.properties.isWhitespace
                        || scalar.properties.isDefaultIgnorableCodePoint || bad.contains(scalar) ? "_" : scalar
                }))
        // Marks that stand on nothing, or pile up, would print over the lines of the sheet.
        if clean.fault(isLine: true) != nil {
            clean = String(String.UnicodeScalarView(clean.unicodeScalars.filter { !$0.isMark }))
        }
        return clean.count > 60 ? String(clean.prefix(40)) + "…" + String(clean.suffix(15)) : clean
    }
}

extension RequestView {
    /// The mark that keeps a thing of the case from a person; nil where none does.
    func mark(barring thing: Releasable, from person: PersonRow) -> SecrecyMark? {
        thing.markable.flatMap { source.work.secrecyMark(of: $0) }.flatMap {
            $0.clears(person, in: source.work) ? nil : $0
        }
    }

    /// A file that may be given out now; 0 is the sheet.
    public func served(_ number: Int, at now: Instant) -> (object: ObjectID, name: String)? {
        guard let release = file.running(at: now) else { return nil }
        if number == 0 { return release.sheet.map { ($0, "查阅复制审批表.pdf") } }
        guard release.files.indices.contains(number - 1) else { return nil }
        return (release.files[number - 1].object, release.files[number - 1].name)
    }
}

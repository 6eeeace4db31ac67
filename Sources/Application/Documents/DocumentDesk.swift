import Casework
import Kernel
import Ledger

/// Writes, prints and issues documents: what a step needs from press and vault is made ready here (ADR 0002).
public struct DocumentDesk: Sendable {
    let casebook: Casebook
    let installation: any Installation
    private let vault: any EvidenceVault
    private let printer: any Printer
    private let line = Turnstile()

    /// A desk of one bureau.
    public init(
        casebook: Casebook, installation: any Installation, vault: any EvidenceVault, printer: any Printer
    ) {
        self.casebook = casebook
        self.installation = installation
        self.vault = vault
        self.printer = printer
    }

    /// The pages of a draft as they would be printed.
    ///
    /// - Parameter scale: pixels per point.
    public func preview(_ draft: Draft, scale: Double) async throws(StepRefusal) -> [[UInt8]] {
        let (sheet, template) = try await sheet(of: draft.kind, data: draft.data, id: draft.id)
        let party = try await casebook.printedParty(of: try await casebook.load(draft.caseThread).work)
        do {
            return try await printer.pages(
                template: template, data: party.printed(sheet.renditionA()), at: casebook.now.day, scale: scale)
        } catch { throw StepRefusal(error) }
    }

    /// Fixes a draft: prints and stores rendition A, then records it.
    public func fix(
        _ draft: Draft, activity: ActivityID?, about: DocumentID?, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await casebook.once(command) { () async throws(StepRefusal) in
            try await fixAnew(
                draft, activity: activity, about: about, expecting: seq, command: command, by: performer)
        }
    }

    private func fixAnew(
        _ draft: Draft, activity: ActivityID?, about: DocumentID?, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let (sheet, template) = try await sheet(of: draft.kind, data: draft.data, id: draft.id)
        // What has no place in the case, or comes from who may not make it, is neither asked to be mended nor printed and
        // stored; the step itself looks again.
        let view = try await casebook.load(draft.caseThread)
        try DecisionCheck.requireProcedure(of: draft.kind, data: draft.data, in: view.work)
        let law = try await casebook.chambers.law()
        if let refusal = law.refusal(of: sheet.kind, in: view.work, on: casebook.now.day) { throw refusal }
        let problems = sheet.kind.problems(in: draft.data)
        guard problems.isEmpty else {
            throw StepRefusal(fields: problems.map { .init($0.field, $0.message) })
        }
        try DocumentRights.requireAuthor(
            of: sheet.kind, in: try await casebook.scene(of: view, for: performer, at: casebook.now))
        let party = try await casebook.printedParty(of: view.work)
        let (rendition, pages, press) = try await printAndStore(
            party.printed(sheet.renditionA()), template: template)
        // Stored and not yet recorded: if we die here the vault holds an object that no entry names, and no harm is done.
        var step = FixDocument(
            document: draft.id, kind: draft.kind, data: draft.data, rendition: rendition, pages: pages, press: press,
            activity: activity, about: about)
        // A program in somebody's name changes no party.
        if performer.token == nil { step.learned = party.learned(from: draft.data) }
        let receipt = try await casebook.perform(
            step, on: draft.caseThread, expecting: seq, command: command, by: performer)
        // A draft that cannot be forgotten now does no harm: it is recorded, and fixing it again is refused.
        try? await installation.removeDraft(draft.id)
        return receipt
    }

    /// Issues a document: claims the next number, prints and stores rendition B, then records it.
    ///
    /// Issues are taken one at a time, in the order in which they come: a number is read, printed and then claimed, and
    /// of many who read the same one all but one would print in vain. The press prints one at a time anyway.
    public func issue(
        _ document: DocumentID, in thread: ThreadTag, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await issuing(command) { () async throws(StepRefusal) in
            try await tryIssue(document, in: thread, expecting: seq, command: command, by: performer)
        }
    }

    /// Issues in turn. The claim of the number is what decides; should it be taken all the same, the next one is printed.
    func issuing(
        _ command: CommandID, _ attempt: () async throws(StepRefusal) -> AppendReceipt
    ) async throws(StepRefusal) -> AppendReceipt {
        await line.enter()
        let result: Result<AppendReceipt, StepRefusal>
        do {
            result = .success(
                try await casebook.once(command) { () async throws(StepRefusal) in
                    var refusal = StepRefusal(.taken, "文号接连被占用，请稍后再试。")
                    for _ in 0..<5 {
                        do throws(StepRefusal) {
                            return try await attempt()
                        } catch  where error.code == .taken {
                            refusal = error
                        }
                    }
                    throw refusal
                })
        } catch {
            result = .failure(error)
        }
        await line.leave()
        return try result.get()
    }

    private func tryIssue(
        _ document: DocumentID, in thread: ThreadTag, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let view = try await casebook.load(thread)
        let scene = try await casebook.scene(of: view, for: performer, at: casebook.now)
        // Looked at before anything is printed, and again when the step is carried out.
        let fixed = try IssueDocument.check(document, in: scene)
        // What was read and signed was rendition A: number and signatures go onto the same form, not onto a later one.
        let sheet = DocumentSheet(
            kind: try scene.law.kind(of: fixed), data: fixed.data ?? .object([]), bureau: scene.bureau, id: document)
        let template = try scene.law.template(of: fixed).name
        let number = try await nextNumber(of: sheet.kind, bureau: scene.bureau, at: scene.now)
        let position = try await position(of: view.entries[fixed.fixedSeq - 1])
        let party = try await casebook.printedParty(of: view.work)
        let (rendition, pages, press) = try await printAndStore(
            party.printed(sheet.renditionB(fixed, number: number?.text, position: position)), template: template)
        return try await casebook.perform(
            IssueDocument(
                document: document, number: number, rendition: rendition, pages: pages, press: press, printed: position),
            on: thread, expecting: seq, command: command, by: performer)
    }

    private func sheet(
        of kind: String, data: JSON, id: DocumentID
    ) async throws(StepRefusal) -> (DocumentSheet, TemplateName) {
        let (inForce, _) = try await casebook.chambers.law().drawnKind(kind)
        guard let template = TemplateName(kind) else { throw StepRefusal(.notFound, "没有这种文书（\(kind)）。") }
        let bureau = try await casebook.chambers.profile()
        return (DocumentSheet(kind: inForce.kind, data: data, bureau: bureau, id: id), template)
    }

    func nextNumber(
        of kind: DocumentKind, bureau: BureauProfile, at now: Instant
    ) async throws(StepRefusal) -> (year: Int, number: Int, text: String)? {
        guard let numbering = kind.numbering else { return nil }
        let year = now.day.parts.year
        guard let mark = bureau.settings["documentMark"]?.string, !mark.isEmpty else {
            throw StepRefusal(.outOfOrder, "还没有设置机关代字，不能编号。请系统管理员在设置中填写。")
        }
        let number: Int
        do {
            number = try await casebook.registers.freeNumber(
                kind: kind.name, year: year, from: bureau.firstNumber(of: kind.name, in: year))
        } catch { throw StepRefusal(error) }
        return (year, number, numbering.text(mark: mark, year: year, number: number))
    }

    func position(of entry: LoggedEntry) async throws(StepRefusal) -> SheetPosition {
        let store = casebook.store
        let logs: [LedgerLog]
        do { logs = try await store.logs() } catch { throw StepRefusal(error) }
        // The entry stands in the log in which it was fixed; that need not be the open one.
        guard let log = logs.first(where: { $0.number == entry.log }) else {
            throw StepRefusal(.fault, "没有找到这份文书所在的账本。")
        }
        return SheetPosition(
            origin: log.origin, index: entry.index, size: log.head.size, root: log.head.root, keyID: log.keyID,
            closedLog: log.number == store.log ? nil : log.number)
    }

    func printAndStore(_ data: JSON, template: TemplateName) async throws(StepRefusal) -> (
        ObjectFacts, pages: Int, press: Digest
    ) {
        let bytes: [UInt8]
        let press: Digest
        do {
            press = try await printer.installationDigest()
            bytes = try await printer.pdf(template: template, data: data, at: casebook.now.day)
        } catch { throw StepRefusal(error) }
        do { return (try await vault.store(bytes), PDFPages.count(bytes), press) } catch { throw StepRefusal(error) }
    }
}

extension StepRefusal {
    /// What a failure of the press means to the person at the screen.
    public init(_ error: PressError) {
        self.init(error.code == .missingGlyph ? .invalid : .unavailable, error.message)
    }

    /// What a failure of the vault means to the person at the screen.
    public init(_ error: VaultError) {
        switch error.code {
        case .full:
            self.init(.stopped, "磁盘空间不足，文件没有保存。请联系系统管理员腾出空间后再试。")
        case .stopped:
            self.init(.stopped, "磁盘发生故障，系统已停止保存文件。请联系系统管理员检查磁盘并重新启动。")
        case .notFound: self.init(.notFound, "证据库里没有这个文件，可能已经丢失。请报告系统管理员：运行 liuhen vault check 核对，从还完好的备份取回。")
        case .gone: self.init(.notFound, "这个文件已按批准销毁，不能再查看。")
        case .damaged:
            self.init(.fault, "这个文件与入库时不一致，可能已损坏。请立即报告系统管理员：运行 liuhen vault check 核对，从还完好的备份取回这一个文件。")
        case .wrongKey: self.init(.fault, "打开这个文件的封存密钥不在。请联系系统管理员，用备份或者恢复密钥取回密钥，再重新启动。")
        case .busy: self.init(.unavailable, "同时上传的文件太多，请稍后再试。")
        case .locked: self.init(.unavailable, "这个文件正在另一处上传，请等它传完，或者稍后再试。")
        case .wrongOffset, .checksumMismatch, .tooLong:
            self.init(.unavailable, "传来的内容与上传的文件对不上，请重新选择这个文件再传一次。")
        case .incomplete: self.init(.outOfOrder, "文件还没有传完。请等上传到百分之百再登记；中断了的，重新选择同一个文件接着传。")
        case .tooMany:
            self.init(
                .outOfOrder, "您已有\(UploadDeclaration.mostOfOnePerson)个上传还没有登记到案件。请先把它们登记、传完或者删除，再上传新的文件。")
        case .overPromised:
            self.init(.outOfOrder, "您还没有传完的文件，连同这一个，服务器装不下。请先把没有传完的传完或者删除。")
        case .faulty: self.init(.unavailable, "磁盘没有完成这一次读写，已经保存的没有改动。请稍后再试；再三如此的，请系统管理员检查磁盘。")
        }
    }
}

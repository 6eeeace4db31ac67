import Casework
import Kernel
import Ledger

/// Reads stacks of scanned sheets and files them with their documents (扫描归件).
///
/// What was read is kept in memory for the newest stacks alone: a stack is an upload, and after a restart it is read again.
public actor ScanDesk {
    let casebook: Casebook
    private let vault: any EvidenceVault
    private let reader: any SheetReader
    private var readings: [ObjectID: Reading] = [:]
    private var order: [ObjectID] = []

    private enum Reading {
        case running(Task<Result<[ScannedPage], ScanRefusal>, Never>)
        case done(Result<[ScannedPage], ScanRefusal>)
    }

    /// So many stacks are kept as read; a bureau files one at a time.
    private static let kept = 16
    /// So many may wait to be read.
    private static let waiting = 8

    /// A desk.
    public init(casebook: Casebook, vault: any EvidenceVault, reader: any SheetReader) {
        self.casebook = casebook
        self.vault = vault
        self.reader = reader
    }

    /// What stands on the pages of a stack; nil while it is being read.
    ///
    /// - Parameter patience: milliseconds to wait for it before nil is said.
    public func pages(of stack: ObjectFacts, patience: Int = 0) async throws(ScanRefusal) -> [ScannedPage]? {
        _ = try start(stack)
        for _ in 0...(patience / 50) {
            if case .done(let result) = readings[stack.id] { return try result.get() }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    /// What stands on the pages of a scan, waited for as long as the reader takes: its own limits end it.
    func read(_ stack: ObjectFacts) async throws(ScanRefusal) -> [ScannedPage] {
        switch try start(stack) {
        case .running(let task): try await task.value.get()
        case .done(let result): try result.get()
        }
    }

    private func start(_ stack: ObjectFacts) throws(ScanRefusal) -> Reading {
        if let known = readings[stack.id] { return known }
        let running = readings.values.filter { if case .running = $0 { true } else { false } }.count
        guard running < ScanDesk.waiting else {
            throw ScanRefusal(.unavailable, "正在识别的文件太多，请过一两分钟再打开这一页。上传的文件还在，不用重新上传。")
        }
        let reading = Reading.running(Task { await take(stack) })
        readings[stack.id] = reading
        order.append(stack.id)
        return reading
    }

    /// What the vault knows of an object.
    func facts(of object: ObjectID) async throws(VaultError) -> ObjectFacts { try await vault.facts(of: object) }

    private func take(_ stack: ObjectFacts) async -> Result<[ScannedPage], ScanRefusal> {
        let result: Result<[ScannedPage], ScanRefusal>
        do {
            result = .success(try await reader.pages(of: ScanSource(stack, in: vault)))
        } catch {
            result = .failure(error)
        }
        readings[stack.id] = .done(result)
        // A reading that could not be made is tried again by the next who asks, not kept.
        if case .failure(let refusal) = result, refusal.code == .unavailable || refusal.code == .noRoom {
            Task { await forget(stack.id) }
        }
        while order.count > ScanDesk.kept, let oldest = order.first {
            guard case .done = readings[oldest] else { break }
            order.removeFirst()
            readings[oldest] = nil
        }
        return result
    }

    private func forget(_ stack: ObjectID) async {
        // Long enough for those who wait to be told.
        try? await Task.sleep(for: .seconds(2))
        readings[stack] = nil
        order.removeAll { $0 == stack }
    }

    /// Sorts what was read by the documents that `person` may see.
    public func sort(
        _ pages: [ScannedPage], of stack: ObjectFacts, for person: PersonRow
    ) async throws(StepRefusal) -> SortedStack {
        var known: [DocumentID: SortedStack.Known] = [:]
        var views: [ThreadTag: CaseView] = [:]
        let library = try await casebook.chambers.law().library
        for id in pages.flatMap(\.sheets).map(\.document).uniqued() {
            let row: DocumentRow?
            do { row = try await casebook.registers.document(id) } catch { throw StepRefusal(error) }
            // The sheet of a lead's paper comes back on that paper's own page: here it is nobody's.
            guard let row, try await isOfCase(row.caseThread) else { continue }
            if views[row.caseThread] == nil { views[row.caseThread] = try await casebook.load(row.caseThread) }
            // Of a case that the person may not see nothing is said, not even that it is one.
            guard let view = views[row.caseThread], view.work.viewRight(of: person) != nil,
                let document = view.work.document(id)
            else { continue }
            known[id] = SortedStack.Known(
                view: view, document: document, title: library.kind(of: document)?.title ?? document.kind,
                obstacle: FileScan.obstacle(to: person, filing: document, in: view.work)?.message)
        }
        return SortedStack(pages, known: known, sent: stack.sha256)
    }

    private func isOfCase(_ thread: ThreadTag) async throws(StepRefusal) -> Bool {
        do { return try await casebook.registers.caseFile(thread)?.kind != CaseRow.leadKind } catch {
            throw StepRefusal(error)
        }
    }

    /// What of a stack goes to one document.
    public struct Portion: Sendable {
        public let document: DocumentID
        public let sheets: [FileScan.Sheet]

        /// A portion.
        public init(document: DocumentID, sheets: [FileScan.Sheet]) {
            self.document = document
            self.sheets = sheets
        }
    }

    /// Files what a stack holds of one case: straightens, stores, and records one entry for each document in one write.
    ///
    /// Pictures that are stored and not yet recorded are objects that no entry names: if we die there, they are swept away.
    ///
    /// - Parameters:
    ///   - isShared: whether the stack holds sheets of other cases too.
    ///   - ownsOriginal: whether this case keeps the upload's own object; a second case keeps a copy, since an object has
    ///     one owner and is destroyed with it.
    public func file(
        _ portions: [Portion], of stack: ObjectFacts, in thread: ThreadTag, expecting seq: Int, place: String,
        isShared: Bool, ownsOriginal: Bool, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let (casebook, vault, reader) = (casebook, vault, reader)
        return try await casebook.once(command) { () async throws(StepRefusal) in
            // Whatever would be refused anyway is refused before anything is made.
            let view = try await casebook.load(thread)
            for portion in portions {
                guard let document = view.work.document(portion.document) else {
                    throw StepRefusal(.notFound, "本案没有这份文书。")
                }
                if let refusal = FileScan.obstacle(to: performer.person, filing: document, in: view.work) {
                    throw refusal
                }
            }
            guard !place.trimmedWhitespace.isEmpty else {
                throw StepRefusal(fields: [.init("place", "请填写纸质原件存放处。")])
            }
            guard let tool = await reader.tool() else {
                throw StepRefusal(.unavailable, "扫描识别组件没有装好，暂时不能归件。请联系系统管理员。")
            }
            let source = ScanSource(stack, in: vault)
            let original = ownsOriginal ? stack : try await ScanDesk.copy(of: stack, in: vault)
            var scans: [FileScan] = []
            for portion in portions {
                let picture = try await ScanDesk.picture(
                    of: portion.sheets.map(\.taken), from: source, by: reader, in: vault)
                scans.append(
                    FileScan(
                        document: portion.document, picture: picture, original: original, sheets: portion.sheets,
                        tool: tool, place: place, isShared: isShared))
            }
            return try await casebook.perform(
                FileScans(scans), on: thread, expecting: seq, command: command, by: performer)
        }
    }

    /// The straight picture of some pages of a scan, made and stored.
    func picture(of pages: [ScanTurn], from scan: ObjectFacts) async throws(StepRefusal) -> ObjectFacts {
        try await ScanDesk.picture(of: pages, from: ScanSource(scan, in: vault), by: reader, in: vault)
    }

    /// An object of its own with the same bytes.
    func copy(of scan: ObjectFacts) async throws(StepRefusal) -> ObjectFacts {
        try await ScanDesk.copy(of: scan, in: vault)
    }

    /// What reads, with its versions; nil while it is not installed.
    func tool() async -> String? { await reader.tool() }

    /// Makes and stores the straight picture of some pages.
    private static func picture(
        of pages: [ScanTurn], from source: ScanSource, by reader: any SheetReader, in vault: any EvidenceVault
    ) async throws(StepRefusal) -> ObjectFacts {
        let bytes: [UInt8]
        do throws(ScanRefusal) { bytes = try await reader.straightened(source, pages: pages) } catch {
            throw StepRefusal(error)
        }
        do throws(VaultError) { return try await vault.store(bytes) } catch { throw StepRefusal(error) }
    }

    private static func copy(
        of stack: ObjectFacts, in vault: any EvidenceVault
    ) async throws(StepRefusal) -> ObjectFacts {
        do {
            return try await vault.store(byteCount: stack.byteCount) { ingest in
                for try await piece in vault.pieces(of: stack.id, in: 0..<stack.byteCount) {
                    try await ingest.append(piece)
                }
            }
        } catch {
            throw StepRefusal(error as? VaultError ?? VaultError(.faulty, "\(error)"))
        }
    }
}

import Casework
import Kernel
import Ledger

/// Binds the volumes of a case to be printed, and single sheets to be printed again (合订、重印).
///
/// Each is a look: it is recorded before the first byte is read (design, invariant 4). One volume is bound at a time, so that
/// no more than one lies in memory.
public struct VolumeDesk: Sendable {
    private let casebook: Casebook
    private let vault: any EvidenceVault
    private let printer: any Printer
    private let views: ViewSessions
    private let line = Turnstile()

    /// A desk of one bureau.
    public init(casebook: Casebook, vault: any EvidenceVault, printer: any Printer, views: ViewSessions) {
        self.casebook = casebook
        self.vault = vault
        self.printer = printer
        self.views = views
    }

    /// What a volume would hold for a person.
    ///
    /// - Throws: where they do not get it, or where the catalogue on file gives other numbers.
    public func plan(
        _ part: VolumePlan.Part, of view: CaseView, for person: PersonRow
    ) async throws(StepRefusal) -> VolumePlan {
        if let refusal = VolumePlan.refusal(of: part, in: view.work, to: person) { throw refusal }
        return try VolumePlan(
            part, of: view, source: try await casebook.source(of: view.work), law: try await casebook.chambers.law(),
            for: person, at: casebook.now)
    }

    /// One volume as one PDF.
    public func bind(
        _ part: VolumePlan.Part, of thread: ThreadTag, by performer: Performer
    ) async throws(StepRefusal) -> [UInt8] {
        try performer.requireOwnAccount()
        await line.enter()
        let result: Result<[UInt8], StepRefusal>
        do throws(StepRefusal) {
            result = .success(try await bound(part, of: thread, by: performer))
        } catch {
            result = .failure(error)
        }
        await line.leave()
        return try result.get()
    }

    private func bound(
        _ part: VolumePlan.Part, of thread: ThreadTag, by performer: Performer
    ) async throws(StepRefusal) -> [UInt8] {
        let view = try await casebook.load(thread)
        let plan = try await plan(part, of: view, for: performer.person)
        guard !plan.isEmpty else {
            throw StepRefusal(.outOfOrder, "本案的\(part.chinese)没有材料，没有合订。")
        }
        // What of the inspection is bound is looked at in its own thread too.
        let source = plan.pieces.contains { $0.isOfSource && !$0.pages.isEmpty } ? view.work.foundBy?.thread : nil
        var looks: [VolumeLook] = []
        for looked in [thread, source].compactMap({ $0 }) {
            let right =
                looked == thread
                ? view.work.viewRight(of: performer.person)
                : try await casebook.load(looked).work.viewRight(of: performer.person)
            looks.append(VolumeLook(thread: looked, part: part, right: right ?? "", now: casebook.now))
        }
        _ = try await casebook.record(looks.map(\.opened), by: .person(performer.tag), command: .random())
        let result: Result<[UInt8], StepRefusal>
        do throws(StepRefusal) {
            result = .success(try await printed(plan))
        } catch {
            result = .failure(error)
        }
        let bytes = Int64((try? result.get())?.count ?? 0)
        _ = try await casebook.record(looks.map { $0.closed(bytes) }, by: .person(performer.tag), command: .random())
        return try result.get()
    }

    private func printed(_ plan: VolumePlan) async throws(StepRefusal) -> [UInt8] {
        var shelf = BindingShelf(vault: vault)
        for sheet in plan.front { try await shelf.add(sheet, title: "案卷封面和目录") }
        for piece in plan.pieces { try await shelf.add(piece, of: plan.part) }
        for lines in plan.unpagedSheets {
            shelf.binding.sheets.append(.init(.words(title: "卷内目录里没有纸页的各项", lines: lines)))
        }
        for sheet in plan.back { try await shelf.add(sheet, title: "备考表") }
        do {
            return try await printer.bound(shelf.binding, at: casebook.now.day)
        } catch { throw StepRefusal(error) }
    }

    /// One page of an issued document as it was printed.
    ///
    /// - Parameter page: from 1.
    public func reprint(
        _ page: Int, of document: DocumentID, in view: CaseView, by performer: Performer
    ) async throws(StepRefusal) -> [UInt8] {
        try performer.requireOwnAccount()
        guard let right = view.work.viewRight(of: performer.person), let found = view.work.document(document) else {
            throw StepRefusal(.notFound, "本案没有这份文书。")
        }
        if let refusal = view.work.secrecyRefusal(.document(document), to: performer.person) { throw refusal }
        guard let issue = found.issue, let object = issue.object else {
            throw StepRefusal(.outOfOrder, "这份文书还没有制发，没有可以重印的页。要看定稿文本，请点“查看文书”。")
        }
        let pages = max(1, found.pages ?? 1)
        guard (1...pages).contains(page) else {
            throw StepRefusal(fields: [.init("page", "这份文书共\(pages)页，请填 1 到 \(pages)。")])
        }
        let look = try await views.begin(
            object, in: view.work.thread, document: document, by: performer, right: right,
            purpose: VolumeLook.purpose(of: right), command: .random())
        var binding = Binding()
        do {
            let bytes = try await BindingShelf.bytes(of: object, in: vault)
            binding.files = [.init(name: "重印的文书", bytes: bytes, pages: pages)]
        } catch { throw StepRefusal(error) }
        binding.sheets = [.init(.page(page, file: 0))]
        do {
            let printed = try await printer.bound(binding, at: casebook.now.day)
            await views.count(bytes: Int64(printed.count), in: look.id)
            return printed
        } catch { throw StepRefusal(error) }
    }
}

/// The two entries of a look at a whole volume.
struct VolumeLook {
    let thread: ThreadTag
    let part: VolumePlan.Part
    let right: String
    let now: Instant
    private let session = ViewSessionID.random()

    init(thread: ThreadTag, part: VolumePlan.Part, right: String, now: Instant) {
        self.thread = thread
        self.part = part
        self.right = right
        self.now = now
    }

    /// Why somebody with a right looks.
    static func purpose(of right: String) -> String {
        ["handler": "handling", "reviewer": "review", "head": "supervision"][right] ?? "other"
    }

    /// It begins, and ends by itself should the server die before it is closed.
    var opened: Fact {
        Fact(
            .accessOpened, in: thread,
            plain: [
                "purpose": .string(VolumeLook.purpose(of: right)), "right": .string(right),
                "session": .string(session.description),
                "until": .integer(now.advanced(byMilliseconds: ViewSessions.longest).milliseconds),
                "volume": .string(part.rawValue), "what": "case",
            ])
    }

    /// - Parameter bytes: what was given out; 0 where nothing was.
    func closed(_ bytes: Int64) -> Fact {
        Fact(
            .accessClosed, in: thread,
            plain: [
                "bytes": .integer(bytes), "isRead": .boolean(bytes > 0), "ranges": .integer(bytes > 0 ? 1 : 0),
                "session": .string(session.description),
            ])
    }
}

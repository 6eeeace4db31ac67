import Casework
import Kernel
import Ledger

/// Hands out a case as a dossier (案卷) that anybody can check offline.
///
/// The order is the writer's: choose, record the export with the digest of the manifest, take a head that covers it,
/// write. If we die after the record, the ledger says that a dossier was to be handed out and nobody has one.
public struct DossierExport: Sendable {
    private let casebook: Casebook
    private let vault: any EvidenceVault
    private let scribe: Scribe
    private let bureauThread: ThreadTag

    /// Exports over the ports of one bureau.
    public init(casebook: Casebook, vault: any EvidenceVault, bureauThread: ThreadTag) {
        self.casebook = casebook
        self.vault = vault
        self.bureauThread = bureauThread
        scribe = Scribe(bureau: casebook.store.bureau)
    }

    /// A dossier that was recorded and can be written once.
    public struct Prepared: Sendable {
        let plan: DossierPlan
        /// The head of each log, in the manifest's order.
        let heads: [VerifiedCheckpoint]
        /// A name for the file or folder, ASCII.
        public let name: String
        /// What the dossier consists of.
        public var manifest: DossierManifest { plan.manifest }
    }

    /// Chooses what goes in and records the export.
    public func prepare(
        case thread: ThreadTag, audience: DossierAudience, mode: DossierMode, recipient: String?,
        secrecyCheck: String?, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> Prepared {
        let view = try await casebook.load(thread)
        try requireRight(of: performer, to: view.work, for: audience)
        if audience == .party, secrecyCheck?.trimmedWhitespace.isEmpty != false {
            // Before a dossier is planned: what is missing is the form's.
            throw StepRefusal(fields: [.init("secrecyCheck", "请填写保密审查情况。")])
        }
        let law = try await casebook.chambers.law()
        let logs = try await Self.refusing { try await casebook.store.logs() }
        guard let first = logs.first else { throw StepRefusal(.fault, "没有找到账本。") }
        let inspection = try await casebook.source(of: view.work)
        let views = [view] + [inspection].compactMap { $0 }
        // Nothing goes out, and nothing is left out, on one person's word that it is secret.
        if let refusal = KeptBack.refusal(in: views, before: "导出案卷") { throw refusal }
        if let refusal = Secrecy.refusal(in: views, for: audience, to: performer.person, library: law.library) {
            throw refusal
        }
        let cases = [view.work] + (inspection.map { [$0.work] } ?? [])
        let lead = try await lead(of: [view] + [inspection].compactMap { $0 }, for: audience)
        let singles = try await singles(of: view, lead)
        let formats = try await formats(of: cases.flatMap(\.documents) + (lead?.file.documents ?? []))
        let bureau = try await Self.refusing { try await casebook.threads.entries(of: bureauThread) }
        let logKey = try Self.publishedKey(of: first.number, in: bureau)
        func planned(without lost: [ObjectID: LostOriginal]) async throws(StepRefusal) -> DossierPlanner {
            var planner = DossierPlanner(
                audience: audience, mode: mode, origin: first.origin, bureau: casebook.store.bureau,
                library: law.library, formats: formats, lost: lost)
            planner.add(view, in: "本案")
            if let inspection { planner.add(inspection, in: "来源检查") }
            if let lead { planner.add(lead, in: "来源线索") }
            for single in singles { planner.add(single) }
            planner.add(logKey)
            for log in logs.dropFirst() { try await add(log, in: bureau, to: &planner) }
            return planner
        }
        var whole = Dictionary(uniqueKeysWithValues: view.recordings.map { ($0.key, $0.value.count) })
        if let source = view.work.foundBy, let inspection {
            whole[source.thread] = inspection.work.entries
            for (recording, entries) in inspection.recordings { whole[recording] = entries.count }
        }
        if let lead { whole[lead.file.thread] = lead.file.entries }
        var planner = try await planned(without: [:])
        let originals = Originals(casebook: casebook, vault: vault, bureauThread: bureauThread)
        let lost = try await originals.lost(among: planner.sources, in: bureau)
        if !lost.isEmpty {
            planner = try await planned(without: lost)
            for finding in try await originals.findings(planner.lostSources) { planner.add(finding) }
        }
        if let field = planner.misclassified.first {
            throw StepRefusal(
                .fault,
                "记录线 \(field.entry.thread) 第 \(field.entry.seq) 条的字段 \(field.field)：公开类别被改动，不能确定谁可以看。请先核验账本，再导出案卷。")
        }
        // The export's own entry is not written yet, but what it will hold is known, and so what stays out of it.
        let own = EntryPlace(thread: thread, seq: view.work.entries + 1)
        if recipient?.trimmedWhitespace.isEmpty == false { planner.withhold("recipient", of: own, class: .internal) }
        if audience == .party { planner.withhold("secrecyCheck", of: own, class: .internal) }
        let plan = planner.plan(
            case: thread, head: view.work.entries,
            logKey: DossierPlanner.verifierKeyPlace(of: logKey), whole: whole)
        let receipt = try await record(
            plan, view: view, recipient: recipient, secrecyCheck: secrecyCheck, command: command,
            by: performer)
        return try await cover(plan, export: receipt, case: thread)
    }

    /// The lead that a case, or the inspection before it, was started from; nil where it was none, or where this reader gets
    /// nothing of it. Its thread is followed because the case's own opening names it.
    private func lead(of views: [CaseView], for audience: DossierAudience) async throws(StepRefusal) -> LeadView? {
        guard let thread = views.lazy.compactMap({ $0.records.first?.thread("lead") }).first else { return nil }
        let lead = try await casebook.loadLead(thread)
        return DossierPlanner.takes(lead, for: audience) ? lead : nil
    }

    /// What the scans of signed sheets are: a reader opens a file by what its name ends with, and the sender's word for it
    /// was never kept.
    private func formats(of documents: [CaseDocument]) async throws(StepRefusal) -> [ObjectID: ScanFormat] {
        var formats: [ObjectID: ScanFormat] = [:]
        for scan in documents.flatMap(\.slots.values).compactMap(\.scan) {
            do {
                let start = try await vault.read(scan, at: 0, upTo: ScanFormat.byteCount)
                formats[scan] = ScanFormat(firstBytes: start)
            } catch {
                // What cannot be read is said when the file itself is written.
                continue
            }
        }
        return formats
    }

    /// Writes a prepared dossier into a directory or an archive.
    ///
    /// - Parameters:
    ///   - take: takes what the sink has ready; called after each piece.
    ///   - send: passes it on, at the pace of the receiver.
    public func write<Sink: BagSink>(
        _ prepared: Prepared, into sink: Sink, take: (inout Sink) throws -> [UInt8],
        send: ([UInt8]) async throws -> Void
    ) async throws {
        let plan = prepared.plan
        let store = casebook.store
        let logs = zip(plan.manifest.logs.map(\.number), prepared.heads.map { Int64($0.checkpoint.size) })
        let sizes = Dictionary(logs, uniquingKeysWith: { first, _ in first })
        var writer = try DossierWriter(sink, manifest: plan.manifest, heads: prepared.heads)
        for place in plan.manifest.places {
            guard let logged = plan.entries[place], let size = sizes[logged.log] else { throw BagWriteError.entries }
            var proof: InclusionProof?
            if plan.manifest.mode == .compact {
                proof = InclusionProof(
                    hashes: try await store.inclusionProof(of: logged.index, in: size, log: logged.log))
            }
            try writer.append(
                DossierEntry(log: logged.log, index: Int(logged.index), entry: logged.entry), proof: proof)
            try await send(writer.withSink(take))
        }
        var proofs: [ConsistencyProof] = []
        for head in plan.manifest.heads {
            guard let size = sizes[head.log] else { throw BagWriteError.heads }
            proofs.append(
                ConsistencyProof(
                    hashes: try await store.consistencyProof(from: Int64(head.size), to: size, log: head.log)))
        }
        try writer.append(heads: proofs)
        for (log, size) in plan.manifest.mode == .complete ? sizes.sorted(by: { $0.key < $1.key }) : [] {
            let leaves = try await allLeaves(of: log, to: size)
            let hashes = MemoryHashes(entries: leaves)
            let tiles = TileWriter(hashes: hashes) { range in Array(leaves[range]) }
            for tile in TileLayout.tiles(to: Int(size)) {
                try writer.append(tile, of: log, try tiles.bytes(of: tile))
                try await send(writer.withSink(take))
            }
        }
        for file in plan.manifest.files {
            guard let object = plan.objects[file.path] else { throw BagWriteError.notListed(file.path) }
            try writer.begin(file)
            do {
                for try await piece in vault.pieces(of: object, in: 0..<Int64(file.size)) {
                    try piece.withUnsafeBytes { try writer.write($0) }
                    try await send(writer.withSink(take))
                }
            } catch let error as VaultError {
                guard let loss = LostOriginal(error), let source = file.source?.entry else { throw error }
                // What this dossier lists cannot be changed any more: its entry is written. The next one says it.
                let originals = Originals(casebook: casebook, vault: vault, bureauThread: bureauThread)
                _ = try await originals.findings([source: loss])
                throw StepRefusal(
                    .fault,
                    "“\(file.title)”\(loss.ground)，已登记在记录链上，这次的案卷没有做完。请再导出一次：案卷会写明缺这一件和原因；同时报告系统管理员，从备份取回。")
            }
            try writer.end()
        }
        try writer.finish()
        try await send(writer.withSink(take))
    }

    /// Who may hand out a dossier: the head, and the custodian of a filed case.
    ///
    /// A party gets it only with the approval of the person in charge, who is then the one to hand it out
    /// (zhaoxian-2017:32).
    private func requireRight(
        of performer: Performer, to work: Case, for audience: DossierAudience
    ) throws(StepRefusal) {
        try performer.requireSecret()
        if audience == .party {
            try performer.require(.departmentHead, .agencyHead)
            return
        }
        if performer.has(.agencyHead) || work.isFiled && performer.has(.custodian) { return }
        throw StepRefusal(.notAllowed, "案卷由档案管理人员在归档后导出，或者由行政机关负责人导出。")
    }

    /// Entries that stand alone: the party, and every person who acted in the case.
    ///
    /// A record can name any id. Only what is registered here as this case's party or as a person is followed: the
    /// thread of another case or party never comes into a dossier because something names it.
    private func singles(of view: CaseView, _ lead: LeadView?) async throws(StepRefusal) -> [LoggedEntry] {
        let ofLead = lead?.records.compactMap(\.actor) ?? []
        var found: [LoggedEntry] = []
        do {
            var threads: [ThreadTag] = []
            if try await casebook.registers.subject(view.work.subject) != nil { threads.append(view.work.subject) }
            for person in view.work.participants.union(view.work.handlers + ofLead).sorted()
            where try await casebook.registers.person(person) != nil { threads.append(person) }
            for thread in threads {
                if let first = try await casebook.threads.entries(of: thread).first { found.append(first) }
            }
        } catch { throw StepRefusal(error) }
        return found
    }

    /// The first entry of a later log, its key, and the persons who decided that it begins.
    private func add(
        _ log: LedgerLog, in bureau: [LoggedEntry], to planner: inout DossierPlanner
    ) async throws(StepRefusal) {
        guard let opening = bureau.first(where: { $0.log == log.number && $0.index == 0 }) else {
            throw StepRefusal(.fault, "第 \(log.number) 个账本没有启用的记录，不能导出案卷。")
        }
        planner.add(log, opening: opening, key: try Self.publishedKey(of: log.number, in: bureau))
        for member in ["decidedBy", "confirmedBy"] {
            guard let person = opening.entry.skeleton.content.plain[member]?.string.flatMap({ ThreadTag($0) }) else {
                continue
            }
            let isPerson = try await Self.refusing { try await casebook.registers.person(person) != nil }
            guard isPerson else { continue }
            let registered = try await Self.refusing { try await casebook.threads.entries(of: person) }
            if let first = registered.first { planner.add(first) }
        }
    }

    /// The newest entry of a log that published its own key.
    private static func publishedKey(
        of log: Int, in bureau: [LoggedEntry]
    ) throws(StepRefusal) -> LoggedEntry {
        let found = bureau.last { logged in
            let content = logged.entry.skeleton.content
            return logged.log == log && content.type == EntryType.keyPublished.rawValue
                && content.plain["use"]?.string == "log"
        }
        guard let found else { throw StepRefusal(.fault, "记录中没有公布过记录链公钥，不能导出案卷。") }
        return found
    }

    /// Turns what the store says into words for the screen.
    private static func refusing<T>(_ body: () async throws -> T) async throws(StepRefusal) -> T {
        do {
            return try await body()
        } catch let error as StoreError {
            throw StepRefusal(error)
        } catch {
            throw StepRefusal(.fault, "系统出现故障：\(error)")
        }
    }

    private func record(
        _ plan: DossierPlan, view: CaseView, recipient: String?, secrecyCheck: String?, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        var form = FormText()
        var fields: [FieldValue] = []
        if let recipient = form.optional(recipient, "recipient", "接收人", limit: 120) {
            fields.append(.init("recipient", .string(recipient), .internal))
        }
        var plain: [JSON.Member] = [
            .init("audience", .string(plan.manifest.audience.rawValue)),
            .init("manifest", .string(plan.manifest.digest.description)),
            .init("mode", .string(plan.manifest.mode.rawValue)),
            .init("withheld", .integer(Int64(plan.manifest.withheld.count))),
        ]
        if plan.manifest.audience == .party {
            let check = form.required(secrecyCheck ?? "", "secrecyCheck", "保密审查情况")
            fields.append(.init("secrecyCheck", .string(check), .internal))
            plain.append(.init("approvedBy", .string(performer.tag.description)))
        }
        try form.finish()
        let step = RecordExport(plain: .object(plain), fields: fields)
        // The manifest counts on the very next place of the thread: a case that moved on is a new plan.
        return try await casebook.perform(
            step, on: view.work.thread, expecting: view.work.entries, command: command, by: performer)
    }

    /// Takes the head that covers the export, and the export's own entry.
    private func cover(
        _ plan: DossierPlan, export: AppendReceipt, case thread: ThreadTag
    ) async throws(StepRefusal) -> Prepared {
        guard let place = plan.manifest.exportPlace, !export.repeated else {
            throw StepRefusal(.stale, "这次导出已经登记过，请重新打开导出页面再导出一次。")
        }
        do {
            guard let logged = try await casebook.store.entries(of: thread, from: place.seq).first else {
                throw StepRefusal(.fault, "导出的登记没有找到。")
            }
            var entries = plan.entries
            entries[place] = DossierExport.visible(logged, for: plan.manifest.audience)
            var heads: [VerifiedCheckpoint] = []
            for log in try await casebook.store.logs() {
                guard let key = VerifierKey(log.verifierKey) else {
                    throw StepRefusal(.fault, "记录链公钥不可用。")
                }
                heads.append(try VerifiedCheckpoint(note: log.head.note, key: key))
            }
            return Prepared(
                plan: DossierPlan(manifest: plan.manifest, entries: entries, objects: plan.objects), heads: heads,
                name: "dossier-\(thread.description.prefix(8))-\(plan.manifest.audience.rawValue)")
        } catch let error as StoreError {
            throw StepRefusal(error)
        } catch let error as NoteError {
            throw StepRefusal(.fault, "检查点不可用：\(error)")
        } catch {
            throw (error as? StepRefusal) ?? StepRefusal(.fault, "系统出现故障：\(error)")
        }
    }

    /// The export's own entry names its recipient, which is internal.
    private static func visible(_ logged: LoggedEntry, for audience: DossierAudience) -> LoggedEntry {
        let entry = logged.entry
        return LoggedEntry(
            log: logged.log, index: logged.index,
            entry: Entry(
                unchecked: entry.skeleton, salt: entry.salt, prev: entry.prev,
                openings: entry.openings.filter {
                    audience.ground(against: $0.openingClass) == nil
                }))
    }

    private func allLeaves(of log: Int, to size: Int64) async throws -> [[UInt8]] {
        var leaves: [[UInt8]] = []
        leaves.reserveCapacity(Int(size))
        while Int64(leaves.count) < size {
            let page = try await casebook.store.leaves(
                from: Int64(leaves.count), limit: 4096, log: log)
            guard !page.isEmpty else { throw StoreError.damaged("the log has fewer leaves than its head says") }
            leaves += page.map(\.bytes).prefix(Int(size) - leaves.count)
        }
        return leaves
    }
}

/// The entry of a dossier's export.
private struct RecordExport: CaseStep {
    static let name = "dossier"
    let plain: JSON
    let fields: [FieldValue]

    func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        [Fact(.dossierExported, in: scene.work.thread, plain: plain, fields: fields)]
    }
}

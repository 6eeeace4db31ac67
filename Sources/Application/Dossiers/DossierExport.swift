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
        let head: VerifiedCheckpoint
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
        let law = try await casebook.chambers.law()
        var planner = DossierPlanner(
            audience: audience, mode: mode, origin: casebook.store.origin, bureau: casebook.store.bureau,
            library: law.library)
        planner.add(view, in: "本案")
        var whole = Dictionary(uniqueKeysWithValues: view.recordings.map { ($0.key, $0.value.count) })
        if let source = view.work.foundBy {
            let inspection = try await casebook.load(source.thread)
            planner.add(inspection, in: "来源检查")
            whole[source.thread] = inspection.work.entries
            for (recording, entries) in inspection.recordings { whole[recording] = entries.count }
        }
        for single in try await singles(of: view) { planner.add(single) }
        let logKey = try await publishedLogKey()
        planner.add(logKey)
        if let field = planner.misclassified.first {
            throw StepRefusal(
                .fault,
                "记录线 \(field.entry.thread) 第 \(field.entry.seq) 条的字段 \(field.field)：公开类别被改动，不能确定谁可以看。请先核验账本，再导出案卷。")
        }
        let key = logKey.entry.skeleton.content
        // The export's own entry is not written yet, but what it will hold is known, and so what stays out of it.
        let own = EntryPlace(thread: thread, seq: view.work.entries + 1)
        if recipient?.trimmedWhitespace.isEmpty == false { planner.withhold("recipient", of: own, class: .internal) }
        if audience == .party { planner.withhold("secrecyCheck", of: own, class: .internal) }
        let plan = planner.plan(
            case: thread, head: view.work.entries,
            logKey: .init(entry: .init(thread: key.thread, seq: key.seq), field: "vkey"), whole: whole)
        let receipt = try await record(
            plan, view: view, recipient: recipient, secrecyCheck: secrecyCheck, command: command,
            by: performer)
        return try await cover(plan, export: receipt, case: thread)
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
        let size = Int64(prepared.head.checkpoint.size)
        var writer = try DossierWriter(sink, manifest: plan.manifest, head: prepared.head)
        for place in plan.manifest.places {
            guard let logged = plan.entries[place] else { throw BagWriteError.entries }
            var proof: InclusionProof?
            if plan.manifest.mode == .compact {
                proof = InclusionProof(hashes: try await store.inclusionProof(of: logged.index, in: size))
            }
            try writer.append(DossierEntry(index: Int(logged.index), entry: logged.entry), proof: proof)
            try await send(writer.withSink(take))
        }
        var proofs: [ConsistencyProof] = []
        for head in plan.manifest.heads {
            proofs.append(ConsistencyProof(hashes: try await store.consistencyProof(from: Int64(head.size), to: size)))
        }
        try writer.append(heads: proofs)
        if plan.manifest.mode == .complete {
            let leaves = try await allLeaves(to: size)
            let hashes = MemoryHashes(entries: leaves)
            let tiles = TileWriter(hashes: hashes) { range in Array(leaves[range]) }
            for tile in TileLayout.tiles(to: Int(size)) {
                try writer.append(tile, try tiles.bytes(of: tile))
                try await send(writer.withSink(take))
            }
        }
        for file in plan.manifest.files {
            guard let object = plan.objects[file.path] else { throw BagWriteError.notListed(file.path) }
            try writer.begin(file)
            for try await piece in vault.pieces(of: object, in: 0..<Int64(file.size)) {
                try piece.withUnsafeBytes { try writer.write($0) }
                try await send(writer.withSink(take))
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
    private func singles(of view: CaseView) async throws(StepRefusal) -> [LoggedEntry] {
        var threads = [view.work.subject]
        threads += view.work.participants.union(view.work.handlers).sorted()
        var found: [LoggedEntry] = []
        do {
            for thread in threads {
                if let first = try await casebook.store.entries(of: thread, from: 1).first { found.append(first) }
            }
        } catch { throw StepRefusal(error) }
        return found
    }

    private func publishedLogKey() async throws(StepRefusal) -> LoggedEntry {
        do {
            for logged in try await casebook.store.entries(of: bureauThread, from: 1).reversed() {
                let content = logged.entry.skeleton.content
                if content.type == EntryType.keyPublished.rawValue, content.plain["use"]?.string == "log" {
                    return logged
                }
            }
        } catch { throw StepRefusal(error) }
        throw StepRefusal(.fault, "记录中没有公布过记录链公钥，不能导出案卷。")
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
            let head = try await casebook.store.signedHead()
            guard let key = VerifierKey(casebook.store.verifierKey) else {
                throw StepRefusal(.fault, "记录链公钥不可用。")
            }
            let checkpoint = try VerifiedCheckpoint(note: head.note, key: key)
            return Prepared(
                plan: DossierPlan(manifest: plan.manifest, entries: entries, objects: plan.objects), head: checkpoint,
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
            index: logged.index,
            entry: Entry(
                unchecked: entry.skeleton, salt: entry.salt, prev: entry.prev,
                openings: entry.openings.filter {
                    audience.ground(against: $0.openingClass) == nil
                }))
    }

    private func allLeaves(to size: Int64) async throws -> [[UInt8]] {
        var leaves: [[UInt8]] = []
        leaves.reserveCapacity(Int(size))
        while Int64(leaves.count) < size {
            let page = try await casebook.store.leaves(from: Int64(leaves.count), limit: 4096)
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

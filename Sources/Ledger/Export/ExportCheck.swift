import Kernel

/// The logs of an export together: each follows the one before, and what is given from outside fits one of them.
struct ExportCheck {
    let trust: DossierTrust
    private var logs: [ExportLog] = []
    private var reasons: [ExportReason] = []
    private var threads: [ThreadTag: Leaf] = [:]
    private var held: [ExportVerdict.Held] = []
    /// How far each log is vouched for from outside.
    private var anchored: [Int: Int] = [:]
    private let kept: [(note: [UInt8], checkpoint: Checkpoint)]
    private let wanted: ExportLog.Wanted

    init(trust: DossierTrust) {
        self.trust = trust
        var kept: [(note: [UInt8], checkpoint: Checkpoint)] = []
        for note in trust.checkpoints {
            guard let signed = try? SignedNote(note), let found = try? Checkpoint(text: signed.text) else {
                reasons.append(ExportReason(.checkpointForm, "保存在别处的检查点"))
                continue
            }
            kept.append((note, found))
        }
        self.kept = kept
        wanted = ExportLog.Wanted(roots: Set(trust.roots), sizes: Set(kept.map(\.checkpoint.size)))
    }

    private mutating func refuse(_ code: ExportReason.Code, _ subject: String) {
        reasons.append(ExportReason(code, subject))
    }

    /// Reads the next log.
    mutating func take(_ part: ExportPart<some DossierSource>) throws(DossierUnreadable) {
        // A log that is left out cannot be seen from the later ones' leaves.
        let expected = logs.count + 1
        guard part.number == expected else { return refuse(.fileMissing, "log-\(expected)") }
        let log = try ExportLog(part, keys: trust.keys, wanted: wanted, before: threads)
        threads.merge(log.threads) { $1 }
        logs.append(log)
        reasons += log.reasons
    }

    /// Judges them together, after the last.
    mutating func judge() {
        checkSuccessions()
        checkKeys()
        guard logs.contains(where: { $0.head != nil }) else { return }
        checkRoots()
        for (note, checkpoint) in kept { checkKept(note, checkpoint) }
        for (before, after) in zip(logs, logs.dropFirst()).reversed() where (anchored[after.number] ?? 0) > 0 {
            if let size = before.head?.size { anchored[before.number] = size }
        }
    }

    /// The first entry of each later log names the end of the one before, which is the head given here.
    private mutating func checkSuccessions() {
        for (before, after) in zip(logs, logs.dropFirst()) {
            guard let head = before.head, let said = after.succession else { continue }
            let end = LogSuccession.Head(log: before.number, size: head.size, root: head.root)
            let origin = LogSuccession.origin(of: after.number, first: logs.first?.head?.origin ?? "")
            guard said.surviving == end, after.head?.origin.utf8.elementsEqual(origin.utf8) == true else {
                refuse(.succession, "log-\(after.number)")
                continue
            }
        }
    }

    /// A key that was given is that of one of the logs; it says nothing of the others (`confirmed`).
    private mutating func checkKeys() {
        guard !trust.keys.isEmpty, !logs.isEmpty, !logs.contains(where: \.isKeyGiven),
            logs.contains(where: { $0.head != nil })
        else { return }
        refuse(
            logs.contains { $0.key != nil } ? .keyOther : .signature,
            logs.contains { $0.key != nil } ? ExportVerification.keyFile : ExportVerification.checkpointFile)
    }

    private mutating func checkRoots() {
        for root in trust.roots {
            let places = logs.compactMap { log in log.sizes[root].map { (log.number, $0) } }
            if places.isEmpty {
                if !isLost(root: root) { refuse(.rootUnknown, PaperText.grouped(root)) }
            } else if let size = trust.size, !places.contains(where: { $0.1 == size }) {
                refuse(.rootUnknown, "\(PaperText.grouped(root))，第 \(size) 条")
            } else {
                for (number, size) in places { reach(number, size) }
            }
        }
    }

    private mutating func reach(_ number: Int, _ size: Int) {
        anchored[number] = max(anchored[number] ?? 0, size)
    }

    /// A root from paper in a part that was lost: it is the one named, or its size lies between.
    private mutating func isLost(root: Digest) -> Bool {
        for said in logs.compactMap(\.succession) where !said.isRotation {
            if said.previous.root == root, said.previous != said.surviving {
                held.append(.init(log: said.previous.log, size: said.previous.size))
                return true
            }
            let first = said.surviving.log == said.previous.log ? said.surviving.size : 0
            if let size = trust.size, first < size, size < said.previous.size {
                held.append(.init(log: said.previous.log, size: size))
                return true
            }
        }
        return false
    }

    /// A checkpoint that was kept outside. One of another log is refused, as a dossier refuses it: who gives it believes that
    /// it was looked at.
    private mutating func checkKept(_ note: [UInt8], _ checkpoint: Checkpoint) {
        let subject = "\(checkpoint.origin) 第 \(checkpoint.size) 条"
        guard let log = logs.first(where: { $0.head?.origin.utf8.elementsEqual(checkpoint.origin.utf8) == true }) else {
            return refuse(.checkpointForeign, subject)
        }
        guard let key = log.key, (try? VerifiedCheckpoint(note: note, key: key)) != nil else {
            return refuse(.signature, "保存在别处的检查点")
        }
        if let root = log.roots[checkpoint.size] {
            guard root == checkpoint.root else { return refuse(.rootUnknown, PaperText.grouped(checkpoint.root)) }
            return reach(log.number, checkpoint.size)
        }
        // Later than the export's head: the export is older or was cut, or what is named lies in a part that was lost.
        let isHeld = logs.compactMap(\.succession).contains { said in
            guard !said.isRotation, said.surviving.log == log.number else { return false }
            if said.previous.log > log.number || checkpoint.size < said.previous.size { return true }
            return checkpoint.size == said.previous.size && checkpoint.root == said.previous.root
        }
        guard isHeld else { return refuse(.rootUnknown, "第 \(checkpoint.size) 条时的检查点") }
        held.append(.init(log: log.number, size: checkpoint.size))
    }

    /// The logs whose whole head is vouched for: by their own key, by the root of the head itself, or by a later log, whose
    /// first entry names it. Without any key nobody looked at the signature.
    private var confirmed: Set<Int> {
        var confirmed: Set<Int> = []
        for log in logs.reversed() {
            guard let head = log.head, log.key != nil else { continue }
            if log.isKeyGiven || anchored[log.number] == head.size || confirmed.contains(log.number + 1) {
                confirmed.insert(log.number)
            }
        }
        return confirmed
    }

    var verdict: ExportVerdict {
        let confirmed = confirmed
        let found = logs.compactMap { log in
            log.head.map {
                ExportVerdict.Log(
                    number: log.number, head: $0, key: log.key, threads: log.threads.count,
                    anchoredSize: anchored[log.number], isConfirmed: confirmed.contains(log.number))
            }
        }
        let isWhole = !logs.isEmpty && confirmed.count == logs.count
        return ExportVerdict(
            outcome: !reasons.isEmpty ? .refused : isWhole ? .accepted : .unconfirmed, reasons: reasons,
            facts: found.isEmpty
                ? nil
                : .init(
                    logs: found, threads: threads.count, successions: logs.dropFirst().compactMap(\.succession),
                    held: held))
    }
}

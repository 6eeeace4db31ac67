import Application
import Casework
import Kernel
import Ledger
import Store

/// A backup that is itself recorded: the run, its entry, and the entry carried along.
///
/// Where recording has stopped, the run is made all the same, for that is when a copy is wanted; its entry is made by the
/// next run after recording goes on.
struct NightlyBackup {
    let backup: Backup
    let casebook: Casebook
    /// The bureau's own thread.
    let thread: ThreadTag
    /// The ledger's file, beside which a run is noted that cannot be recorded.
    let ledger: String
    /// When the run is made.
    let madeAt: Instant
    /// Whether the medium lies on the file system of the data.
    let isBesideData: Bool

    /// Makes it.
    ///
    /// - Returns: what was done, and what else is to be told, Chinese.
    func run(label: String?) async throws -> (report: Backup.Report, told: [String]) {
        let report = try await backup.run()
        var notes = BackupNotes(beside: ledger)
        notes.isBesideData = isBesideData
        let run = BackupNotes.Run(report, madeAt: madeAt, label: label)
        let late = notes.unrecorded
        do {
            for earlier in late { try await record(earlier, isLate: true) }
            notes.unrecorded = []
            try await record(run, isLate: false)
        } catch {
            guard let refusal = error as? StepRefusal, refusal.code == .stopped else { throw error }
            notes.unrecorded.append(run)
            return (report, [NightlyBackup.unrecorded(refusal.message, isNoted: notes.write(beside: ledger))])
        }
        // If we die before this, the same runs are recorded under the same commands again, which is once.
        _ = notes.write(beside: ledger)
        // Without this a restore would always come back one entry short of what was answered for.
        let again = try await backup.run(.entries)
        var sum = report
        sum.head = again.head
        sum.entries = again.entries
        sum.newEntries += again.newEntries
        sum.files += again.files
        sum.bytes += again.bytes
        return (sum, late.isEmpty ? [] : ["记录停止期间做成的 \(late.count) 次备份已补记。"])
    }

    private func record(_ run: BackupNotes.Run, isLate: Bool) async throws {
        var fields: [FieldValue] = []
        if let label = run.label { fields.append(.init("place", .string(label), .officer)) }
        let made: [JSON.Member] = isLate ? [.init("madeAt", .integer(run.madeAt.milliseconds))] : []
        _ = try await casebook.record(
            [Fact(.backupMade, in: thread, plain: .object(run.members + made), fields: fields)], by: .system,
            command: isLate ? NightlyBackup.command(run) : .random())
    }

    private static func unrecorded(_ why: String, isNoted: Bool) -> String {
        "这次备份没有登记。\(why)备份盘已写好并读回核对；"
            + (isNoted ? "恢复记录以后，下一次 liuhen backup 会一并补记。" : "也没有能记下留待补记：恢复记录以后，请马上用这块备份盘再备份一次。")
    }

    /// The same run is recorded once, however often that was cut off.
    private static func command(_ run: BackupNotes.Run) -> CommandID {
        let digest = Digest.sha256(Array("liuhen/backup-made/".utf8) + run.json.canonicalBytes)
        return CommandID(digest.bytes.prefix(16)) ?? .random()
    }
}

/// A clock that stands: of one that has stopped recording nothing is taken on trust. What it says is earlier than now, so that
/// nothing that has to be done by a day is put off.
struct HeldClock: WallClock {
    let at: Instant

    func now() -> Instant { at }
    func monotonicMilliseconds() -> Int64 { 0 }
}

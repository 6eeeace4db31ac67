import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Ledger
import Store
import Vault

/// Makes a backup of every bureau, or of one, on a medium.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "备份：只写入新增内容，加密，写完后全部读回核对。",
        discussion: """
            每个机关在备份盘上有自己的目录。两块备份盘可以轮换使用。服务运行时由服务自己制作备份，不必停止；没有运行时由本命令制作。
            恢复时需要恢复单上的八组密钥；请至少每周备份一次，使已销毁内容的密钥不在备份中存留超过 35 天。
            """)

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关简称；省略时备份全部机关。", valueName: "简称"))
    var bureau: BureauTag?

    @Option(help: ArgumentHelp("备份盘的编号或者存放处，登记在案。", valueName: "说明"))
    var label: String?

    @Argument(help: ArgumentHelp("备份盘上的目录。", valueName: "目录"))
    var target: String

    func run() async throws {
        try await reporting {
            let place = options.place
            guard !target.isEmpty else { throw CommandFailure("没有写明备份盘上的目录。没有改动任何内容。") }
            let request = BackupRequest(
                medium: URL(fileURLWithPath: target).standardizedFileURL.path, bureau: bureau, label: label)
            let premises: Premises
            do {
                premises = try await Premises.open(place)
            } catch LedgerStartError.inUse(_) {
                // One process holds the data directory, and only it may record that a backup was made.
                print("服务正在运行，由它制作备份……")
                fflush(nil)
                for line in try await RequestBox(data: place.data).submit(request) { print(line) }
                return
            }
            do {
                for line in try await request.carryOut(in: premises) { print(line) }
            } catch {
                await premises.close()
                throw error
            }
            await premises.close()
        }
    }
}

/// A backup that somebody wants, of all bureaus or of one.
struct BackupRequest {
    /// The directory on the medium.
    let medium: String
    let bureau: BureauTag?
    /// What the medium is called.
    let label: String?

    /// Makes it.
    ///
    /// - Returns: what to tell whoever asked.
    func carryOut(in premises: Premises) async throws -> [String] {
        // The server's own directories, not those that a command beside it may have named.
        try premises.place.requireOutside(medium, called: "备份的目标")
        let chosen = try bureau.map { [try premises.bureau($0)] } ?? premises.bureaus
        var lines: [String] = []
        var isWhole = true
        for open in chosen {
            let (told, whole) = try await backUp(open, premises: premises)
            lines += told
            isWhole = isWhole && whole
        }
        guard isWhole else {
            // A failure, though all that could be read is backed up: whoever runs it every night looks at the exit code.
            throw CommandFailure(
                (["备份已做成并保留，但不完整：记录提到的文件有的在证据库里不见了或者损坏了。"] + lines).joined(separator: "\n"))
        }
        return lines
    }

    /// - Returns: what to tell, and whether everything that entries name is in order.
    private func backUp(
        _ open: Premises.OpenBureau, premises: Premises
    ) async throws -> (lines: [String], isWhole: Bool) {
        // The run itself refuses too; here it is said before anything is written.
        let keys = KeyStore(directory: premises.place.keys, bureau: open.office.bureau)
        if let use = keys.unfinished.first(where: { $0 != .backup }) { throw KeyStore.Failure.unfinished(use) }
        guard keys.has(.backup) else {
            throw CommandFailure("机关“\(open.name)”还没有备份密钥。请先运行 liuhen key add-backup-key，抄下恢复单。")
        }
        let clock = open.ledger.clockStop().map { HeldClock(at: $0.lastEntry) as any WallClock } ?? premises.clock
        let isBesideData = premises.place.isBesideData(medium)
        let (report, told) = try await NightlyBackup(
            backup: Backup(
                ledger: open.ledger, vault: premises.place.vault(of: open.office.bureau),
                objects: SealedObjects(
                    at: premises.place.vault(of: open.office.bureau), keys: try VaultKeys(of: keys, in: premises.place)),
                keys: keys, installation: premises.installation, medium: medium, clock: clock),
            casebook: open.office.casebook, thread: open.thread, ledger: open.ledger.path, madeAt: clock.now(),
            isBesideData: isBesideData
        ).run(label: label)
        let log = report.head.log > 1 ? "第 \(report.head.log) 个账本 " : ""
        let lines = [
            "机关“\(open.name)”已备份到 \(medium)/\(open.office.bureau)，写入的已全部读回核对，新增证据逐件打开核对。",
            "　新增记录 \(report.newEntries) 条，新增证据 \(report.newObjects) 件，写入 \(report.files) 个文件、\(report.bytes) 字节。",
            "　备份现有：\(log)\(report.head.size) 条记录，\(report.objects) 件证据，密钥第 \(report.generation) 代。",
            "　记录提到的证据 \(report.named) 件，证据库里完好的 \(report.named - report.flaws.count) 件。",
            "　根：\(report.head.root)",
        ]
        let warnings = report.warnings + told + (isBesideData ? [BackupRequest.besideData] : [])
        return (lines + flaws(of: report, open, premises) + warnings.map { "　注意：\($0)" }, report.flaws.isEmpty)
    }

    /// What is said where one disk holds both.
    static let besideData = "备份的目标与数据目录在同一个文件系统上，这块盘坏了，两份一起丢失。请另用一块备份盘。"

    /// What is said of objects that are missing or damaged.
    private func flaws(of report: Backup.Report, _ open: Premises.OpenBureau, _ premises: Premises) -> [String] {
        guard !report.flaws.isEmpty else { return [] }
        let words = ObjectWords(library: premises.library)
        let named = words.lines(
            report.flaws.map { ($0.object, $0.flaw) }, LedgerVerification(path: open.ledger.path))
        let lines = zip(report.flaws, named).map { found, line in
            "　✗ \(line)。" + (found.isKept ? "这份备份里有以前完好的一份，已保留。" : "没有备份。")
        }
        return lines + ["　以前的备份盘不要清空、不要销毁。" + ObjectWords.advice]
    }
}

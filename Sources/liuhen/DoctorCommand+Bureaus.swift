import Application
import Casework
import Foundation
import Kernel
import Ledger
import Rulebook
import Store
import Vault

extension DoctorCommand {
    /// Looks at one bureau: what lies where first, then, if all of it is there, what it says when it is opened.
    func look(at tag: BureauTag, in place: ServerPlace, _ report: DoctorReport) async {
        let parts = place.parts(of: tag)
        if parts.isUnfinished { return report("机关 \(tag)", parts.unfinished) }
        for missing in parts.missing { report("机关 \(tag)", missing.chinese) }
        report("机关 \(tag)：有账号能够登录", parts.signInProblem)
        guard parts.missing.isEmpty, parts.hasSignInData else {
            // Opening would make what is missing; the file of the ledger can be looked at all the same.
            if FileManager.default.fileExists(atPath: parts.ledger) {
                let found = Result { try LedgerVerification(path: parts.ledger).fileProblems() }
                report("机关 \(tag)：账本文件", DoctorCommand.fileProblem(try? found.get()))
            }
            return print("– 机关 \(tag)：其余各项没有检查，缺少的放回以后再运行一次 liuhen doctor。")
        }
        do {
            let premises = try await Premises.open(place, only: tag)
            do {
                try await look(at: try premises.bureau(tag), premises, report)
            } catch {
                await premises.close()
                throw error
            }
            await premises.close()
        } catch {
            // A server that runs holds the directory: that is health, not a fault.
            if let start = error as? LedgerStartError, case .inUse = start {
                print("– 机关 \(tag)：服务正在运行，由它占用，账本没有检查。账本可以用 liuhen ledger verify 检查。")
                let library = try? RuleFiles.load(
                    regulations: place.root + "/Regulations", documents: place.root + "/Documents")
                lookAtObjects(of: tag, in: place, library, report)
            } else {
                report("机关 \(tag)：账本和证据库", CommandFailure(error).description)
            }
        }
    }

    private func look(at bureau: Premises.OpenBureau, _ premises: Premises, _ report: DoctorReport) async throws {
        let place = premises.place
        let head = try await bureau.ledger.signedHead()
        report("机关 \(bureau.name)：账本 \(head.size) 条，锁文件相符，密钥相符，机关本身的记录与承诺相符", nil)
        report("人员登记与记录一致", try await DoctorCommand.disagreement(in: bureau.office.casebook))
        let unsealed = try await premises.installation.unsealedAccounts(of: bureau.office.bureau)
        report(
            "登录数据由本机关的密钥封存",
            unsealed.isEmpty
                ? nil
                : "账号 \(unsealed.joined(separator: "、")) 的登录数据不是由本系统写入的，不能用来登录。请把数据目录整个复制留底，查明谁改动过，"
                    + "再重设这些账号的密码（系统管理员的用 liuhen account reset，其余的在“人员”页）。")
        let stop = bureau.ledger.clockStop().map { ClockCommand.text(of: $0) }
        report("时钟与最后一条记录相符", stop.map { "\($0)请校准时钟；时钟无误的，由两人运行 liuhen clock resume。" })
        report("账本文件", DoctorCommand.fileProblem(try LedgerVerification(path: bureau.ledger.path).fileProblems()))
        for line in try await DoctorCommand.rules(of: bureau, library: premises.library) { print(line) }
        let keys = KeyStore(directory: place.keys, bureau: bureau.office.bureau)
        let unfinished = keys.unfinished.map(\.rawValue).joined(separator: "、")
        report("密钥更换都已做完", unfinished.isEmpty ? nil : "\(unfinished) 密钥的更换没有做完，请再运行一次更换密钥的命令（liuhen key）。")
        // The lock file agrees with the ledger, or it could not be opened: no head of a later log was ever answered for.
        let unused = keys.unusedLogKeys(after: bureau.ledger.log)
        report(
            "没有用不上的账本密钥",
            unused.isEmpty
                ? nil
                : "\(unused.joined(separator: "、")) 是没有做成的一次更换留下的，账本里没有用过它，以后也不会用它（再次更换时另做一把）。请删除它；以前的备份盘里可能有它，不必处理。"
        )
        report("备份密钥", keys.has(.backup) ? nil : "没有。请运行 liuhen key add-backup-key，抄下恢复单。")
        let notes = BackupNotes(beside: bureau.ledger.path)
        let upkeep = try await bureau.office.casebook.chambers.upkeep()
        for task in SetupTask.keeping(upkeep, at: premises.clock.now()) {
            switch (task.subject, task.state) {
            case (.backup, .late): report("备份", task.note)
            case (.backup, .first): print("– 备份：\(task.note)请运行 liuhen backup 备份盘目录。")
            case (.backup, _) where notes.isBesideData: print("– 备份：\(task.note)\(BackupRequest.besideData)")
            case (.backup, _): report("备份：\(task.note)", nil)
            case (.medium(let id, let place), let state):
                let name = "备份盘 \(place.isEmpty ? String(id.prefix(8)) : place)"
                if state == .late { report(name, task.note) } else { print("– \(name)：\(task.note)") }
            default: break
            }
        }
        if !notes.unrecorded.isEmpty {
            print("– 备份：\(notes.unrecorded.count) 次备份是在记录停止期间做成的，还没有登记，下一次 liuhen backup 会一并补记。")
        }
        for kept in DoctorCommand.damagedFiles(beside: bureau.ledger.path) {
            print("– 留有重建以前的账本文件 \(kept)。重建以后没有问题的，请删除它。")
        }
        lookAtObjects(of: bureau.office.bureau, in: place, premises.library, report)
        let room = try await bureau.vault.room()
        report(
            "证据库可用空间 \(room.available / 1_048_576) MiB",
            room.available > 1 << 30 ? nil : "不足 1 GiB，请尽快腾出空间或者加盘。")
    }

    /// Looks whether the files of every object that an entry names are there, as long as they were and with keys that open
    /// their heads. Whole files are read by `vault check`.
    private func lookAtObjects(
        of tag: BureauTag, in place: ServerPlace, _ library: RuleLibrary?, _ report: DoctorReport
    ) {
        do {
            let inspection = try VaultInspection(of: tag, in: place, library: library)
            let found = try inspection.run(.outside)
            guard !found.flaws.isEmpty else {
                return report("证据库：记录提到的 \(found.count) 件都在，长短相符（内容用 liuhen vault check 逐件核对）", nil)
            }
            report("证据库：记录提到的 \(found.count) 件中有 \(found.flaws.count) 件不在或者不完整", ObjectWords.advice)
            for line in inspection.lines(found.flaws.prefix(20)) { print("  \(line)") }
            if found.flaws.count > 20 { print("  其余 \(found.flaws.count - 20) 件从略，liuhen vault check 全部列出。") }
        } catch {
            report("证据库", CommandFailure(error).description)
        }
    }

    /// What is wrong with the file of a ledger; nil for nothing.
    private static func fileProblem(_ problems: [String]?) -> String? {
        guard let problems else { return "不能读取。请把数据目录整个复制留底，再运行 liuhen ledger verify。" }
        return problems.isEmpty ? nil : "有 \(problems.count) 处损坏。请运行 liuhen ledger verify，它说明损坏的是什么、怎样恢复。"
    }

    /// Of whom the register says something else than the entries; nil for nobody. Powers are read from it.
    static func disagreement(in casebook: Casebook) async throws -> String? {
        let found = try await casebook.roll.disagreements()
        guard !found.isEmpty else { return nil }
        return
            "\(found.count) 人不一致：\(found.prefix(10).map(\.chinese).joined(separator: "。"))。可能有人改动过数据文件："
            + "请停止服务，把数据目录整个复制留底，运行 liuhen ledger verify。记录本身完整的，运行 liuhen ledger rebuild 查明，"
            + "再用 liuhen ledger rebuild --repair 由记录重新做成；不完整的，用备份恢复。"
    }

    /// Ledgers' files that were replaced when they were made anew.
    private static func damagedFiles(beside path: String) -> [String] {
        let url = URL(fileURLWithPath: path)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
        return names.filter { $0.hasPrefix(url.lastPathComponent + ".damaged-") }.sorted()
            .map { url.deletingLastPathComponent().path + "/" + $0 }
    }

    /// Which texts and calendars of the bureau are in force in another file than the program's own. That is no fault.
    private static func rules(of bureau: Premises.OpenBureau, library: RuleLibrary) async throws -> [String] {
        let law = try await bureau.office.casebook.chambers.law()
        return law.rules.spans.compactMap { span in
            guard library.regulations.first(where: { $0.digest == span.digest })?.edition != nil else { return nil }
            return
                "– 机关 \(bureau.name)采用的《\(span.regulation.title)》（摘要 \(span.digest.description.prefix(16))）不是程序现有的文件，"
                + "按留存的那一份办理；要改用现有的，在“制度”页采用或者修正。"
        }
    }
}

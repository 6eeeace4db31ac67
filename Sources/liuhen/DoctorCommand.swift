import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Press
import Rulebook
import Store
import Vault

/// Looks at everything a server needs and says what is wrong and how to mend it. Records nothing, and makes no
/// directory where there is none.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "doctor", abstract: "检查服务器：文件、密钥、账本、证据库、排版和媒体程序。")

    @OptionGroup var options: PlaceOptions

    func run() async throws {
        let place = options.place
        var failures = 0
        func report(_ what: String, _ problem: String?) {
            if problem != nil { failures += 1 }
            print(problem.map { "✗ \(what)：\($0)" } ?? "✓ \(what)")
        }
        do {
            try place.requireProgramFiles()
            let library = try RuleFiles.load(
                regulations: place.root + "/Regulations", documents: place.root + "/Documents")
            report(
                "制度 \(library.regulations.count) 部，文书 \(library.kinds.count) 种（能制作 \(library.kinds.values.count { $0.templateDigest != nil }) 种），节假日表 \(library.newestCalendars.count) 年",
                nil)
            let year = SystemClock().now().day.parts.year
            report(
                "\(year) 年节假日表",
                library.calendars.contains { $0.year.year == year } ? nil : "没有这一年的表，工作日按周一至周五计算。请导入。")
        } catch {
            report("制度和文书文件", CommandFailure(error).description)
        }
        let kept = KeptTexts(place).problems()
        report(
            "留存的规则文件：\(kept.editions) 套，共 \(kept.files) 个文件，逐个与摘要相符",
            kept.problems.isEmpty ? nil : "\(kept.problems.joined(separator: "；"))。请从备份恢复数据目录里的 rules 目录。")
        let missing = PressInstallation(root: place.root).missing
        report("排版程序", missing.isEmpty ? nil : "缺少 \(missing.joined(separator: "、"))。请运行 scripts/setup.sh run。")
        for tool in ["ffmpeg", "ffprobe"] {
            let found = ["/usr/bin/", "/usr/local/bin/"].contains {
                FileManager.default.isExecutableFile(atPath: $0 + tool)
            }
            report(tool, found ? nil : "没有安装。请运行 scripts/setup.sh run。")
        }
        let modes = PlaceModes(data: place.data, keys: place.keys, lock: place.lock)
        for (what, found) in [
            ("密钥目录只有服务器自己能进", modes.keyFindings()), ("数据目录和账本文件只有服务器自己能改", modes.dataFindings()),
            ("锁文件目录只有服务器自己能改", modes.lockFindings()),
        ] { report(what, found.isEmpty ? nil : found.prefix(4).map(\.chinese).joined(separator: " ")) }
        do {
            // Opening makes a data directory where there is none; looking must not.
            guard place.hasBureaus else {
                throw CommandFailure("\(place.data) 里还没有机关。请在服务器的目录里运行，或者用 --data 指明数据目录；还没有建立的，先运行 liuhen init。")
            }
            let premises = try await Premises.open(place)
            for bureau in premises.bureaus {
                let head = try await bureau.ledger.signedHead()
                report("机关 \(bureau.name)：账本 \(head.size) 条，锁文件相符，密钥相符", nil)
                let stop = bureau.ledger.clockStop().map { ClockCommand.text(of: $0) }
                report("时钟与最后一条记录相符", stop.map { "\($0)请校准时钟；时钟无误的，由两人运行 liuhen clock resume。" })
                let problems = try LedgerVerification(path: bureau.ledger.path).fileProblems()
                report(
                    "账本文件",
                    problems.isEmpty ? nil : "有 \(problems.count) 处损坏。请运行 liuhen ledger verify，它说明损坏的是什么、怎样恢复。")
                for line in try await DoctorCommand.rules(of: bureau, library: premises.library) { print(line) }
                let keys = KeyStore(directory: place.keys, bureau: bureau.office.bureau)
                let unfinished = keys.unfinished.map(\.rawValue).joined(separator: "、")
                report(
                    "密钥更换都已做完", unfinished.isEmpty ? nil : "\(unfinished) 密钥的更换没有做完，请再运行一次更换密钥的命令（liuhen key）。")
                report(
                    "备份密钥", keys.has(.backup) ? nil : "没有。请运行 liuhen key add-backup-key，抄下恢复单。")
                let upkeep = try await bureau.office.casebook.chambers.upkeep()
                for task in SetupTask.keeping(upkeep, at: premises.clock.now()) {
                    switch (task.subject, task.state) {
                    case (.backup, .late): report("备份", task.note)
                    case (.backup, .first): print("– 备份：\(task.note)请运行 liuhen backup 备份盘目录。")
                    case (.backup, _): report("备份：\(task.note)", nil)
                    case (.medium(let id, let place), let state):
                        let name = "备份盘 \(place.isEmpty ? String(id.prefix(8)) : place)"
                        if state == .late { report(name, task.note) } else { print("– \(name)：\(task.note)") }
                    default: break
                    }
                }
                for kept in DoctorCommand.damagedFiles(beside: bureau.ledger.path) {
                    print("– 留有重建以前的账本文件 \(kept)。重建以后没有问题的，请删除它。")
                }
                let room = try await bureau.vault.room()
                report(
                    "证据库可用空间 \(room.available / 1_048_576) MiB",
                    room.available > 1 << 30 ? nil : "不足 1 GiB，请尽快腾出空间或者加盘。")
            }
            await premises.close()
        } catch {
            // A server that runs holds the directory: that is health, not a fault.
            if let start = error as? LedgerStartError, case .inUse = start {
                print("– 账本和证据库：服务正在运行，由它占用，这里没有检查。账本可以用 liuhen ledger verify 检查。")
            } else {
                report("账本和证据库", CommandFailure(error).description)
            }
        }
        if failures > 0 { throw ExitCode(1) }
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

import Application
import ArgumentParser
import Casework
import Foundation
import Inspection
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
        let report = DoctorReport()
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
        if let confinement = await Ffprobe(scratch: place.data).confinement() {
            if confinement.network, confinement.files {
                report("检查音像文件的程序不能联网，不能打开别的文件", nil)
            } else {
                for (isConfined, what) in [
                    (
                        confinement.network,
                        "这台机器不能为它建立单独的网络空间，没有断网：请允许非特权用户命名空间（sysctl kernel.unprivileged_userns_clone=1、user.max_user_namespaces 不为 0）"
                    ),
                    (confinement.files, "内核没有 Landlock，不能限制它打开的文件：请换用 5.13 以上、启用 Landlock 的内核"),
                ] where !isConfined { print("– 检查音像文件的程序（ffprobe）：\(what)。时限、内存和协议的限制仍然有效。") }
            }
        }
        let modes = PlaceModes(data: place.data, keys: place.keys, lock: place.lock)
        for (what, found) in [
            ("密钥目录只有服务器自己能进", modes.keyFindings()), ("数据目录和账本文件只有服务器自己能改", modes.dataFindings()),
            ("锁文件目录只有服务器自己能改", modes.lockFindings()),
        ] { report(what, found.isEmpty ? nil : found.prefix(4).map(\.chinese).joined(separator: " ")) }
        // Opening makes a data directory where there is none; looking must not.
        let bureaus = place.traces
        if bureaus.isEmpty {
            report("账本和证据库", "\(place.data) 里还没有机关。请在服务器的目录里运行，或者用 --data 指明数据目录；还没有建立的，先运行 liuhen init。")
        }
        for bureau in bureaus { await look(at: bureau, in: place, report) }
        for clash in LogNames.clashes(in: place) { print("– 记录链名称：\(clash)") }
        if report.failures > 0 { throw ExitCode(1) }
    }
}

/// What doctor found so far: prints each line as it comes and counts what is wrong.
final class DoctorReport {
    private(set) var failures = 0

    func callAsFunction(_ what: String, _ problem: String?) {
        if problem != nil { failures += 1 }
        print(problem.map { "✗ \(what)：\($0)" } ?? "✓ \(what)")
    }
}

import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Store

/// Makes a real bureau.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "建立一个机关：密钥、账本、证据库、管理员一次性密码和恢复单。",
        discussion: "恢复单一式两份，请打印后分别锁入两处保险柜。命令会请您读回其中一组，以确认确实抄下来了。")

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关在网址中的简称，小写字母、数字和短横。", valueName: "简称"))
    var bureau: BureauTag

    @Option(help: ArgumentHelp("记录链名称，例如 tjj.example.gov.cn/log/qinghe；定下后不能更改。", valueName: "名称"))
    var origin: String

    @Option(help: ArgumentHelp("机关全称。", valueName: "全称"))
    var name: String

    @Option(help: ArgumentHelp("文书抬头，默认同全称。", valueName: "抬头"))
    var letterhead: String?

    @Option(help: ArgumentHelp("行政区域。", valueName: "区域"))
    var region: String

    @Option(help: ArgumentHelp("上级机关。", valueName: "全称"))
    var superior: String?

    @Option(help: ArgumentHelp("机关代字，用于文书字号，例如 赵统。", valueName: "代字"))
    var mark: String

    @Option(help: ArgumentHelp("施行的制度，几部的用逗号分开；上位法总是一并采用，以后可以在网页里增加、替换。", valueName: "编号"))
    var regulations = "zhaoxian-2017"

    @Option(help: ArgumentHelp("管理员姓名。", valueName: "姓名"))
    var administrator: String

    @Option(help: ArgumentHelp("管理员登录名。", valueName: "登录名"))
    var account = "admin"

    @Flag(help: "不请操作者读回恢复单（仅用于自动化测试）。")
    var withoutReadingBack = false

    func run() async throws {
        try await reporting {
            guard !origin.utf8.starts(with: "demo.liuhen.invalid/".utf8) else {
                throw CommandFailure("demo.liuhen.invalid/ 开头的名称只用于演示。")
            }
            try options.place.requireApart()
            let founded = try await Foundations(place: options.place, clock: SystemClock()).make(
                NewBureau(
                    tag: bureau, origin: origin, name: name, letterhead: letterhead ?? name, region: region,
                    superior: superior, mark: mark,
                    administrator: NewPerson(
                        thread: .random(), name: administrator, section: "", roles: [.administrator], account: account),
                    regulations: regulations.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) },
                    isDemo: false))
            for copy in 1...2 { print(InitCommand.text(of: founded.sheet, copy: copy)) }
            print("机关“\(name)”已建立。")
            // Before anything is asked: whoever is interrupted at the question can sign in all the same.
            print("管理员登录名：\(account)　一次性密码：\(founded.secret)（首次登录时必须更改）")
            fflush(nil)
            if !withoutReadingBack { try await readBack(founded.sheet) }
            print("下一步：liuhen serve --data \(options.data) --keys \(options.keys) --lock \(options.lock)")
        }
    }

    /// Records who read the sheet back. If we die before it, the task list asks for it again.
    private func readBack(_ sheet: RecoverySheet) async throws {
        guard let group = RecoveryCommand.readBack(sheet) else {
            throw CommandFailure(
                "没有读回恢复单。机关已建立，一次性密码在上面。请把恢复单抄好存好，再运行 liuhen recovery confirm；没有抄下来的，先运行 liuhen recovery print。")
        }
        let premises = try await Premises.open(options.place)
        do {
            try await RecoveryCommand.record(group: group, at: try premises.bureau(bureau))
        } catch {
            await premises.close()
            throw error
        }
        await premises.close()
    }

    /// The sheet as text for the printer.
    static func text(of sheet: RecoverySheet, copy: Int) -> String {
        let groups = sheet.groups.enumerated().map { "第\($0.offset + 1)组 \($0.element)" }
        return """
            ──────────────────────── 恢复单（第 \(copy) 份，共 2 份）────────────────────────
            机关：\(sheet.bureauName)　　打印日期：\(sheet.printedOn.chinese)
            记录链公钥：\(sheet.verifierKey)
            备份密钥：\(groups.prefix(4).joined(separator: "　"))
            　　　　　\(groups.suffix(4).joined(separator: "　"))
            凭此单和备份可以恢复全部记录。请锁入保险柜，勿拍照，勿存入电脑。
            ────────────────────────────────────────────────────────────────────────
            """
    }
}

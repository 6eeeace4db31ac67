import Application
import ArgumentParser
import Foundation
import Kernel
import Ledger
import Store

/// Commands on dossiers.
struct DossierCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dossier", abstract: "案卷：导出可以独立核验的案卷。", subcommands: [Export.self])

    /// Exports a case on the server, as the person who signs in here.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "导出案卷到目录或 ZIP 文件。", discussion: "导出要登记在案，因此需要有权导出的人员的登录名和密码。")

        @OptionGroup var options: PlaceOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        @Option(help: ArgumentHelp("案件的记录线编号（32 位十六进制）。", valueName: "编号"))
        var caseThread: String

        @Option(name: .customLong("for"), help: ArgumentHelp("用途：archive、court 或 party。", valueName: "用途"))
        var audience = "archive"

        @Option(help: ArgumentHelp("compact（记录都在账本里）或 complete（账本里只有这些）。", valueName: "方式"))
        var mode = "compact"

        @Option(help: ArgumentHelp("接收人。", valueName: "姓名或单位"))
        var recipient: String?

        @Option(help: ArgumentHelp("保密审查情况；提供给当事人时必填。", valueName: "情况"))
        var secrecyCheck: String?

        @OptionGroup var console: ConsoleOptions

        @Argument(help: ArgumentHelp("目标目录，或以 .zip 结尾的文件；不能已存在。", valueName: "目标"))
        var target: String

        func run() async throws {
            try await reporting {
                guard let audience = DossierAudience(rawValue: audience), let mode = DossierMode(rawValue: mode),
                    let thread = ThreadTag(caseThread)
                else { throw CommandFailure("用途、方式或者编号不对，见 liuhen help dossier export。") }
                try options.place.requireOutside(target, called: "导出的目标")
                guard !FileManager.default.fileExists(atPath: target) else {
                    throw CommandFailure("\(target) 已存在，没有改动。")
                }
                let premises = try await Premises.open(options.place)
                do {
                    let open = try premises.bureau(bureau)
                    let performer = try await console.performer(at: open, premises: premises)
                    let export = DossierExport(
                        casebook: open.office.casebook, vault: open.vault, bureauThread: open.thread)
                    let prepared = try await export.prepare(
                        case: thread, audience: audience, mode: mode, recipient: recipient,
                        secrecyCheck: secrecyCheck, command: .random(), by: performer)
                    try await write(prepared, with: export)
                    print("案卷已导出：\(target)")
                    print("核验：liuhen-verify \(target) --vkey '\(open.ledger.verifierKey)'")
                } catch {
                    await premises.close()
                    throw error
                }
                await premises.close()
            }
        }

        /// Writes beside the target and gives it its name when all is there and durable: what is cut off, by an error or
        /// by the end of the process, never stands under the name of a dossier.
        private func write(_ prepared: DossierExport.Prepared, with export: DossierExport) async throws {
            let part = target + ".part"
            guard !FileManager.default.fileExists(atPath: part) else {
                throw CommandFailure("\(part) 是一次没有做完的导出，请先删除。没有改动。")
            }
            do {
                if target.hasSuffix(".zip") {
                    try await archive(prepared, with: export, at: part)
                } else {
                    try await export.write(
                        prepared, into: try DirectorySink(path: part), take: { _ in [] }, send: { _ in })
                }
                try FileManager.default.moveItem(atPath: part, toPath: target)
            } catch {
                try? FileManager.default.removeItem(atPath: part)
                throw error
            }
        }

        private func archive(
            _ prepared: DossierExport.Prepared, with export: DossierExport, at path: String
        ) async throws {
            guard let zip = ZipWriter(folder: prepared.name),
                FileManager.default.createFile(atPath: path, contents: nil),
                let file = FileHandle(forWritingAtPath: path)
            else { throw CommandFailure("不能写入 \(path)。") }
            defer { try? file.close() }
            try await export.write(
                prepared, into: zip, take: { $0.takeOutput() }, send: { try file.write(contentsOf: $0) })
            try file.synchronize()
        }
    }
}

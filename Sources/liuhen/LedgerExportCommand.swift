import Application
import ArgumentParser
import Foundation
import Kernel
import Store

/// Writes the log as files that independent tools read.
struct LedgerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "把记录链导出为 c2sp.org/tlog-tiles 目录，供独立工具核验；其中没有任何人的信息。")

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
    var bureau: BureauTag?

    @Argument(help: ArgumentHelp("目标目录。", valueName: "目录"))
    var directory: String

    func run() async throws {
        try await reporting {
            let place = options.place
            try place.requireOutside(directory, called: "目标目录")
            let tags = try BureauPlaces.tags(in: place, bureau)
            guard let tag = tags.first, tags.count == 1 else { throw CommandFailure("这里有几个机关，请用 --bureau 指明。") }
            let export = LedgerExport(path: "\(place.data)/bureaus/\(tag)/ledger.sqlite")
            let target = directory
            let logs = try await withCheckedThrowingContinuation { continuation in
                Thread { continuation.resume(with: Result { try export.run(to: target) }) }.start()
            }
            for log in logs {
                let folder = log.number == 1 ? directory : "\(directory)/log-\(log.number)"
                print("已导出 \(log.head.size) 条，根 \(log.head.root)：\(folder)")
                print("  公钥：\(log.verifierKey)")
            }
        }
    }
}

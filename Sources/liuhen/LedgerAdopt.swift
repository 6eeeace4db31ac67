import Application
import ArgumentParser
import Foundation
import Kernel
import Ledger
import Store

/// Goes on without a usable lock file, from a checkpoint that was kept outside.
struct LedgerAdopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "adopt", abstract: "锁文件丢失或损坏时，用保存在外面的检查点继续。")

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关简称。", valueName: "简称"))
    var bureau: BureauTag

    @Option(help: ArgumentHelp("检查点文件。", valueName: "文件"))
    var checkpoint: String

    func run() async throws {
        try await reporting {
            guard let note = FileManager.default.contents(atPath: checkpoint) else {
                throw CommandFailure("读不到检查点文件 \(checkpoint)。")
            }
            let place = options.place
            let head = try LedgerDatabase.adopt(
                checkpoint: Array(note),
                at: .init(data: try DataDirectory(path: place.data), lockDirectory: place.lock, bureau: bureau),
                keys: KeyStore(directory: place.keys, bureau: bureau))
            print("检查点相符。锁文件已重写：\(head.size) 条记录，根 \(head.root)。")
        }
    }
}

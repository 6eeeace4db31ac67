import ArgumentParser
import Foundation
import Kernel

/// Where a server keeps its three directories, and where the program's own files are.
struct PlaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("数据目录。", valueName: "目录"))
    var data = "./var"

    @Option(help: ArgumentHelp("密钥目录，不随数据备份。", valueName: "目录"))
    var keys = "./var-keys"

    @Option(help: ArgumentHelp("锁文件目录，最好在另一块盘上。", valueName: "目录"))
    var lock = "./var-lock"

    @Option(help: ArgumentHelp("程序文件所在目录（Regulations、Documents、Resources、worker）。", valueName: "目录"))
    var root = "."

    /// Absolute paths, so that a change of the working directory changes nothing.
    var place: ServerPlace {
        ServerPlace(
            data: PlaceOptions.absolute(data), keys: PlaceOptions.absolute(keys), lock: PlaceOptions.absolute(lock),
            root: PlaceOptions.absolute(root))
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}

/// Absolute paths of one server.
struct ServerPlace: Sendable {
    let data: String
    let keys: String
    let lock: String
    let root: String

    /// Refuses directories of which one lies in another, or is another: the keys never travel with the data, and a lock file
    /// that is copied with the ledger notices nothing.
    func requireApart() throws {
        let named = [("数据目录", data), ("密钥目录", keys), ("锁文件目录", lock)]
        for (name, path) in named {
            for (other, outer) in named
            where name != other && (path == outer || path.utf8.starts(with: "\(outer)/".utf8)) {
                throw CommandFailure("\(name)（\(path)）在\(other)（\(outer)）里面。三个目录要分开，最好在不同的盘上：密钥和锁文件不能随数据一起复制。请换一个位置。")
            }
        }
    }

    /// Bureaus that have a directory among the data, in order.
    var bureaus: [BureauTag] {
        ((try? FileManager.default.contentsOfDirectory(atPath: data + "/bureaus")) ?? []).compactMap { BureauTag($0) }
            .sorted { $0.description < $1.description }
    }

    /// The vault of a bureau.
    func vault(of bureau: BureauTag) -> String { "\(data)/bureaus/\(bureau)/vault" }
}

/// Reads a bureau's tag from the command line.
extension BureauTag: ExpressibleByArgument {
    /// The tag as typed; nil for text that is none.
    public init?(argument: String) {
        self.init(argument)
    }
}

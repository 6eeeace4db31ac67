import ArgumentParser
import Glibc
import Kernel
import Ledger

/// `liuhen-verify`: checks a dossier or an exported ledger without a network, a database or the bureau that made it.
@main
enum Program {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.contains(where: { $0 == "-h" || $0 == "--help" }) {
            Output.write(Help.text, to: STDOUT_FILENO)
            exit(0)
        }
        // Looked at first: of an option that is given twice the parser would take the last and say nothing.
        if let fault = Usage.fault(in: Array(arguments)) { refuse(fault, arguments) }
        do {
            exit(try Verify.parse(Array(arguments)).check())
        } catch {
            refuse(Verify.message(for: error), arguments)
        }
    }

    private static func refuse(_ fault: String, _ arguments: some Sequence<String>) -> Never {
        let text = "用法不对：\(fault)"
        if arguments.contains("--json") {
            Output.write(["outcome": "usage", "text": .string(text)])
        } else {
            Output.write("\(text)\n\n\(Help.usage)\n", to: STDERR_FILENO)
        }
        exit(Help.usageError)
    }
}

/// The help, in Chinese throughout; the parser's own headings are English.
enum Help {
    /// `EX_USAGE` of sysexits.h.
    static let usageError: Int32 = 64

    static let usage = "用法：liuhen-verify 案卷或账本 [--vkey 公钥]… [--root 根 [--size 条数]] [--checkpoint 文件]… [--json]"

    static let text = """
        校验案卷或者导出的账本：不联网，不依赖制作它的机关。

        \(usage)

          案卷            文件夹，或者 ZIP 文件
          账本            liuhen ledger export 导出的文件夹，或者公开的账本文件（tlog-tiles）
          --vkey 公钥     从别处取得的账本公钥（名称+编号+密钥），可以给几个
          --root 根       从纸上抄来的根：64 位，每四位一组，空格不计，须加引号
          --size 条数     纸上与根印在一起的条数；记录曾经丢失时，凭它判断根是否在丢失的部分
          --checkpoint 文件  保存在别处的检查点，可以给几个
          --json          输出 JSON，供程序读取
          -h, --help      显示本说明

        退出码：
          0   接受：案卷（账本）完整，并与从别处取得的公钥或根相符
          1   拒绝：列出理由
          2   读不了：路径不对、文件损坏，或者既不是案卷也不是账本
          3   案卷（账本）自身完整，但签名人未经证实：请与送达文书上印的根核对
          64  用法不对

        公钥和根必须来自案卷（账本）以外：上级机关公布的公钥，或者当时送达的文书。

        """
}

/// One check.
struct Verify: ParsableArguments {
    @Argument
    var path: String

    @Option
    var vkey: [String] = []

    @Option
    var root: String?

    @Option
    var size: Int?

    @Option
    var checkpoint: [String] = []

    @Flag
    var json = false

    /// A checkpoint with many signatures is still far below this.
    private static let noteLimit = 1 << 20

    /// Checks and prints.
    ///
    /// - Returns: the exit code.
    func check() -> Int32 {
        var trust = DossierTrust()
        for text in vkey {
            guard let key = VerifierKey(text) else {
                return unreadable("给出的公钥不是规定的写法：应为“名称+编号+密钥”，请核对是否抄全。")
            }
            trust.keys.append(key)
        }
        for path in checkpoint {
            guard let note = try? FileBytes(path: path), note.count <= Verify.noteLimit,
                let bytes = try? note.read(at: 0, count: note.count)
            else { return unreadable("读不到检查点文件 \(path)。") }
            trust.checkpoints.append(bytes)
        }
        if let root {
            guard let digest = PaperText.root(typed: root) else {
                return unreadable("给出的根不是 64 位十六进制：请核对是否抄全，字母只有 a 到 f。")
            }
            trust.roots.append(digest)
        }
        if size != nil, root == nil {
            return unreadable("--size 是纸上与根印在一起的条数：请把根也用 --root 给出。")
        }
        trust.size = size
        do throws(DossierUnreadable) {
            if let export = try exportVerdict(trust) {
                return tell(export.outcome, json: export.json, text: export.chinese(trust: trust))
            }
            let verdict = try verdict(trust)
            return tell(verdict.outcome, json: verdict.json, text: verdict.chinese(trust: trust))
        } catch {
            return unreadable(error.chinese)
        }
    }

    private func tell(_ outcome: DossierVerdict.Outcome, json answer: JSON, text: String) -> Int32 {
        if json {
            Output.write(answer)
        } else {
            Output.write(text, to: STDOUT_FILENO)
        }
        return outcome.rawValue
    }

    /// The verdict on a directory that holds an exported ledger; nil if it holds something else.
    private func exportVerdict(_ trust: DossierTrust) throws(DossierUnreadable) -> ExportVerdict? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        let source = try DirectorySource(path: path)
        guard try ExportVerification.isExport(source) else { return nil }
        return try ExportVerification.verify(source, trust: trust)
    }

    /// Reads a directory or an archive, whichever the path names.
    private func verdict(_ trust: DossierTrust) throws(DossierUnreadable) -> DossierVerdict {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw DossierUnreadable(.system, "\(path)：\(SystemWords.chinese(errno))")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return try DossierVerification.verify(ZipReader(FileBytes(path: resolved)), trust: trust)
        }
        return try DossierVerification.verify(DirectorySource(path: path), trust: trust)
    }

    /// The file that the path leads to: who names a link means what it points to. Links inside a dossier are not followed.
    private var resolved: String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// Says why nothing could be checked, in the form asked for.
    private func unreadable(_ message: String) -> Int32 {
        if json {
            let answer: JSON = ["outcome": "unreadable", "text": .string(message)]
            Output.write(answer)
        } else {
            // One line whatever names it holds.
            let line = (message.hasPrefix("读不了") ? message : "读不了：\(message)").shownBack
            Output.write("\(line)\n", to: STDERR_FILENO)
        }
        return 2
    }
}

/// The only way out of this program. What a screen would obey instead of showing it does not pass, whoever wrote the line.
enum Output {
    /// Lines of text.
    static func write(_ text: String, to descriptor: Int32) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        write(Array(lines.map(\.shownBack).joined(separator: "\n").utf8), to: descriptor)
    }

    /// An answer for programs, which may be on a screen too.
    static func write(_ answer: JSON) {
        write(answer.printableBytes + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}

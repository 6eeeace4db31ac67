import ArgumentParser
import Glibc
import Kernel
import Ledger

/// `liuhen-verify`: checks a dossier without a network, a database or the bureau that made it.
@main
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "liuhen-verify",
        abstract: "校验案卷：不联网，不依赖制作案卷的机关。",
        discussion: """
            退出码：
              0  接受：案卷完整，并与从别处取得的公钥或根相符
              1  拒绝：列出理由
              2  读不了：路径不对、文件损坏，或者不是案卷
              3  案卷自身完整，但签名人未经证实：请与送达文书上印的根和公钥编号核对
            """)

    @Argument(help: ArgumentHelp("案卷：文件夹，或者 ZIP 文件。", valueName: "案卷"))
    var path: String

    @Option(help: ArgumentHelp("从别处取得的账本公钥（名称+编号+密钥）。", valueName: "公钥"))
    var vkey: String?

    @Option(help: ArgumentHelp("从纸上抄来的根：64 位，每四位一组，空格不计，须加引号。", valueName: "根"))
    var root: String?

    @Flag(help: "输出 JSON，供程序读取。")
    var json = false

    func run() throws {
        var trust = DossierTrust()
        if let vkey {
            guard let key = VerifierKey(vkey) else {
                throw stop("给出的公钥不是规定的写法：应为“名称+编号+密钥”，请核对是否抄全。")
            }
            trust.key = key
        }
        if let root {
            guard let digest = PaperText.root(typed: root) else {
                throw stop("给出的根不是 64 位十六进制：请核对是否抄全，字母只有 a 到 f。")
            }
            trust.root = digest
        }
        let verdict: DossierVerdict
        do throws(DossierUnreadable) {
            verdict = try check(trust)
        } catch {
            throw stop(error.chinese)
        }
        if json {
            emit(verdict.json.canonicalBytes + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
        } else {
            emit(Array(verdict.chinese(trust: trust).utf8), to: STDOUT_FILENO)
        }
        throw ExitCode(verdict.outcome.rawValue)
    }

    /// Reads a directory or an archive, whichever the path names.
    private func check(_ trust: DossierTrust) throws(DossierUnreadable) -> DossierVerdict {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw DossierUnreadable(.system, "\(path)：\(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return try DossierVerification.verify(ZipReader(FileBytes(path: path)), trust: trust)
        }
        return try DossierVerification.verify(DirectorySource(path: path), trust: trust)
    }

    /// Says why nothing could be checked, in the form asked for, and gives the exit code for it.
    private func stop(_ message: String) -> ExitCode {
        if json {
            let answer: JSON = ["outcome": "unreadable", "text": .string(message)]
            emit(answer.canonicalBytes + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
        } else {
            emit(Array("读不了：\(message)\n".utf8), to: STDERR_FILENO)
        }
        return ExitCode(2)
    }

    private func emit(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}

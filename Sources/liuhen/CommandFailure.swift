import Application
import Casework
import Foundation
import Ledger
import Rulebook
import Store

/// A failure in the words of whoever typed the command.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// The text of any error that a command may meet; what is ours speaks Chinese.
    init(_ error: any Error) {
        description =
            switch error {
            case let error as CommandFailure: error.description
            case let error as LedgerStartError: error.chinese
            case let error as BackupError: error.chinese
            case let error as KeyStore.Failure: error.chinese
            case let error as LedgerExportError: error.chinese
            case let error as TermLength.Unreadable: error.chinese
            case let error as StepRefusal where error.code == .invalid && !error.fields.isEmpty:
                (["下列各项不对，没有办理；改好再运行一次。"]
                    + error.fields.map { "  \(CommandFailure.told($0, by: CommandFailure.options))" })
                    .joined(separator: "\n")
            case let error as StepRefusal:
                ([error.message] + error.fields.map { "  \($0.name)：\($0.message)" }
                    + error.reasons.map { "  \($0.missing)（\($0.provisions.joined(separator: "、"))，由\($0.who)办理）" })
                    .joined(separator: "\n")
            case BagWriteError.entries, BagWriteError.opening, BagWriteError.digest:
                "有记录或者文件与承诺不符，案卷没有导出。请运行 liuhen ledger verify，它说明哪一条、怎样恢复。"
            case let error as RuleFileError: "制度、文书或者放假安排文件有错：\n\(error.description)"
            case let error as StoreError: "\(StepRefusal(error).message)\(CommandFailure.detail(of: error))"
            case let error as VaultError: "\(StepRefusal(error).message)\(CommandFailure.object(of: error))"
            default: "\(error)"
            }
    }
}

extension CommandFailure {
    /// Options by the fields of the forms that they fill.
    private static let options = [
        "account": "--sign-in-name", "certificateKind": "--certificate-kind", "certificateNumber": "--certificate",
        "name": "--name", "reason": "--reason", "recipient": "--recipient", "secrecyCheck": "--secrecy-check",
        "section": "--section",
    ]

    /// A wrong field, by the option that gave it; of a field that no option fills the message says enough.
    static func told(_ field: StepRefusal.FieldError, by options: [String: String]) -> String {
        options[field.name].map { "\($0)：\(field.message)" } ?? field.message
    }
}

extension CommandFailure {
    /// The object that an error of the vault is about, by its id: the vault's own words are English.
    private static func object(of error: VaultError) -> String {
        let runs = error.message.split { !$0.isHexDigit }.filter { $0.count == 32 }
        return runs.first.map { "（文件编号 \($0)）" } ?? ""
    }

    /// What whoever looks into a fault of the database needs besides; nothing of a damaged file, where the advice says all.
    private static func detail(of error: StoreError) -> String {
        guard case .failed(let text) = error else { return "" }
        // SQLite's own words are English, and its statements tell nobody anything.
        guard let start = text.range(of: "SQLite ")?.upperBound else { return "（\(text)）" }
        return "（数据库错误码 \(text[start...].prefix { $0.isNumber })）"
    }
}

/// Runs a command's body and turns every failure into words and exit code 1.
func reporting<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch {
        throw CommandFailure(error)
    }
}

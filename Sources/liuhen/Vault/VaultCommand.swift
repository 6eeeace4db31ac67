import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Ledger
import Rulebook
import Store

/// Commands on the vault itself.
struct VaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault", abstract: "证据库：逐件核对。", subcommands: [VaultCheck.self])
}

/// Reads every object that an entry names whole, and says which is gone or is not what was stored.
struct VaultCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "核验证据库：把记录提到的每一件整个读出、解密，与记录的摘要核对。",
        discussion: """
            不见了、损坏的，逐件写明属于哪个案件、哪份文书或者音像资料。有一件不对的，以 1 结束。
            服务运行时也可以核验，只是结果不能登记在案；服务停止时，结果和件数登记为“核验完好性”。
            """)

    @OptionGroup var options: PlaceOptions

    @Option(help: ArgumentHelp("机关简称；省略时核验全部机关。", valueName: "简称"))
    var bureau: BureauTag?

    func run() async throws {
        var isWhole = false
        try await reporting {
            let place = options.place
            let (there, absent) = BureauPlaces.withLedger(try BureauPlaces.tags(in: place, bureau), in: place)
            isWhole = absent.isEmpty
            for problem in absent { print(problem) }
            for tag in there {
                do {
                    isWhole = try await check(tag, in: place) && isWhole
                } catch {
                    isWhole = false
                    print("机关 \(tag)：✗ \(CommandFailure(error).description)")
                }
            }
        }
        if !isWhole { throw ExitCode(1) }
    }

    /// Checks one bureau, prints what was found, and records it where nobody else holds the data directory.
    ///
    /// - Returns: whether nothing is wrong.
    private func check(_ tag: BureauTag, in place: ServerPlace) async throws -> Bool {
        let premises: Premises?
        do {
            premises = try await Premises.open(place, only: tag)
        } catch LedgerStartError.inUse(_) {
            premises = nil
        }
        do {
            let result = try await judge(tag, in: place, premises)
            await premises?.close()
            return result
        } catch {
            await premises?.close()
            throw error
        }
    }

    private func judge(_ tag: BureauTag, in place: ServerPlace, _ premises: Premises?) async throws -> Bool {
        // Titles of papers, where the program's files are at hand.
        let library =
            premises?.library
            ?? (try? RuleFiles.load(regulations: place.root + "/Regulations", documents: place.root + "/Documents"))
        let inspection = try VaultInspection(of: tag, in: place, library: library)
        let found = try await VaultCheck.read(inspection)
        let lines = inspection.lines(found.flaws)
        if found.flaws.isEmpty {
            print("机关 \(tag)：记录提到的 \(found.count) 件都在，逐件读出，与记录的摘要相符。")
        } else {
            print("机关 \(tag)：记录提到的 \(found.count) 件中，不见的 \(found.missing) 件，损坏的 \(found.damaged) 件。")
            for line in lines { print("  ✗ \(line)") }
            print("  \(ObjectWords.advice)")
        }
        fflush(nil)
        guard let premises else {
            print("  服务正在运行，结果没有登记在案；要登记的，停止服务再运行一次。")
            return found.flaws.isEmpty
        }
        try await VaultCheck.record(found, lines, in: try premises.bureau(tag))
        return found.flaws.isEmpty
    }

    /// On a thread of its own: it reads the whole vault and would hold a thread of the pool for long.
    private static func read(_ inspection: VaultInspection) async throws -> VaultInspection.Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                var told = Date()
                continuation.resume(
                    with: Swift.Result {
                        try inspection.run(.whole) { done, count in
                            guard done == count || Date().timeIntervalSince(told) > 5 else { return }
                            told = Date()
                            print("  机关 \(inspection.bureau)：已核对 \(done)/\(count) 件")
                            fflush(nil)
                        }
                    })
            }.start()
        }
    }

    private static func record(
        _ found: VaultInspection.Result, _ lines: [String], in open: Premises.OpenBureau
    ) async throws {
        _ = try await open.office.casebook.record(
            [fact(found, lines, in: open.thread)], by: .system, command: .random())
        print("  结果已登记在案（核验完好性）。")
    }

    /// The entry for the bureau's own thread. Where both happened the worse is the result: what is gone is gone.
    static func fact(_ found: VaultInspection.Result, _ lines: [String], in thread: ThreadTag) -> Fact {
        let result = found.flaws.isEmpty ? "intact" : found.missing > 0 ? "missing" : "damaged"
        var fields: [FieldValue] = []
        if !lines.isEmpty {
            let shown = lines.prefix(50).joined(separator: "\n")
            let rest = lines.count > 50 ? "\n其余 \(lines.count - 50) 件从略。" : ""
            fields.append(
                .init(
                    "findings", .string("不见的 \(found.missing) 件，损坏的 \(found.damaged) 件。\n\(shown)\(rest)"), .internal))
        }
        return Fact(
            .fixityChecked, in: thread,
            plain: ["objects": .integer(Int64(found.count)), "result": .string(result)], fields: fields)
    }
}

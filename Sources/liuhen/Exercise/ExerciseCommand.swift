#if DEBUG || FAULTS
import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Store
import Vault

/// Writes facts and objects as fast as it may, and says on standard output what was acknowledged, never before it was.
///
/// The fault tests (scripts/faults) cut its power and break its system calls, and ask `exercise-check` afterwards whether
/// everything that stands on its output is there. Not in a release.
struct ExerciseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exercise", abstract: "故障试验：连续写入并报告已确认的内容。", shouldDisplay: false)

    @OptionGroup var place: ExercisePlace

    @Option(help: "How many write at once.")
    var writers = 4

    @Option(help: "Stop after so many seconds.")
    var seconds = 60

    @Option(help: "Each writer stops after so many rounds; a round is four entries, an object and an upload.")
    var rounds = Int.max

    @Flag(help: "Only make the bureau.")
    var prepare = false

    @Flag(help: "Do not sync the ledger's commits: the power-cut test must notice.")
    var noSync = false

    func run() async throws {
        try await reporting {
            if prepare { return try await place.found() }
            var settings = LedgerSettings()
            settings.syncsEachCommit = !noSync
            // Small objects go past the page cache already: that way is broken as well.
            var objects = FileVault.Configuration()
            objects.directFrom = 200_000
            let premises = try await Premises.open(place.server, ledger: settings, objects: objects)
            do {
                let bureau = try premises.bureau(nil)
                let end = ContinuousClock.now + .seconds(seconds)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<writers {
                        let exercise = Exercise(office: bureau.office, number: number)
                        group.addTask { try await exercise.run(rounds: rounds, until: end) }
                    }
                    try await group.waitForAll()
                }
            } catch {
                await premises.close()
                throw error
            }
            await premises.close()
        }
    }
}

/// Where an exercise writes: data, keys and lock file below one directory, so that one file system holds all of it.
struct ExercisePlace: ParsableArguments {
    @Option(help: "The directory of the exercise.")
    var directory: String

    @Option(help: "The program's own files.")
    var root = "."

    /// The three directories of a server.
    var server: ServerPlace {
        let base = URL(fileURLWithPath: directory).standardizedFileURL.path
        return ServerPlace(
            data: base + "/data", keys: base + "/keys", lock: base + "/lock",
            root: URL(fileURLWithPath: root).standardizedFileURL.path)
    }

    /// Makes a demonstration bureau with one account and no cases: nothing but the ledger and the vault is exercised.
    func found() async throws {
        guard let tag = BureauTag("exercise") else { return }
        _ = try await Foundations(place: server, clock: SystemClock()).make(
            NewBureau(
                tag: tag, origin: "demo.liuhen.invalid/log/exercise", name: "试验县统计局（演示）", letterhead: "试验县统计局",
                region: "试验县（虚构）", superior: nil, mark: "试统",
                administrator: NewPerson(
                    thread: .random(), name: "试验员", section: "办公室", roles: [.administrator], account: "tester"),
                regulations: ["zhaoxian-2017"], isDemo: true))
    }
}
#endif

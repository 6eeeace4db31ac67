#if DEBUG || FAULTS
import Application
import ArgumentParser
import Foundation
import Kernel

/// Opens what an exercise left behind, by the rules of every start, and looks for everything that was acknowledged.
struct ExerciseCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exercise-check", abstract: "故障试验：核对已确认的内容是否都在。", shouldDisplay: false)

    @OptionGroup var place: ExercisePlace

    @Option(help: "What the exercise said; a last line without its end was not said.")
    var acknowledged: String

    func run() async throws {
        try await reporting {
            guard let data = FileManager.default.contents(atPath: acknowledged) else {
                throw CommandFailure("cannot read \(acknowledged)")
            }
            let text = String(decoding: data, as: UTF8.self)
            let lines = text.split(separator: "\n" as Character, omittingEmptySubsequences: false).dropLast()
            let said = try lines.map { line in
                guard let said = Acknowledgement(line) else { throw CommandFailure("no acknowledgement: \(line)") }
                return said
            }
            let premises = try await Premises.open(place.server)
            do {
                let check = ExerciseCheck(bureau: try premises.bureau(nil), said: said)
                print(try await check.run())
            } catch {
                await premises.close()
                throw error
            }
            await premises.close()
        }
    }
}
#endif

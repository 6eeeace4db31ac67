import Application
import Logging
import ServiceLifecycle

/// Judges cases anew whenever the law of a bureau changed, a few at a time, and rests between them so that pages come
/// first.
struct Reevaluations: Service {
    let rounds: [ReevaluationRound]
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var isBusy = false
                for round in rounds {
                    do {
                        if try await round.run() { isBusy = true }
                    } catch is CancellationError {
                        return
                    } catch {
                        // The mark stays where it was; the same cases come up in the next round.
                        logger.error("reevaluation round failed", metadata: ["error": "\(error)"])
                    }
                }
                try? await Task.sleep(for: isBusy ? .milliseconds(2) : .seconds(2))
            }
        }
    }
}

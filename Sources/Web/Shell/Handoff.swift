/// Passes pieces from one task to another, one at a time: the giver waits until the taker has taken. A slow receiver
/// slows down the reading, and nothing piles up in memory.
actor Handoff<Piece: Sendable> {
    private var waiting: Piece?
    private var giver: CheckedContinuation<Void, Never>?
    private var taker: CheckedContinuation<Piece?, Never>?
    private var isClosed = false

    /// Gives a piece and waits until it is taken, or until the hand-off is closed.
    func give(_ piece: Piece) async throws {
        if isClosed { throw CancellationError() }
        if let taker {
            self.taker = nil
            taker.resume(returning: piece)
            return
        }
        waiting = piece
        await withCheckedContinuation { giver = $0 }
        if isClosed { throw CancellationError() }
    }

    /// Takes the next piece; nil when there will be none.
    func take() async -> Piece? {
        if let piece = waiting {
            waiting = nil
            giver?.resume()
            giver = nil
            return piece
        }
        if isClosed { return nil }
        return await withCheckedContinuation { taker = $0 }
    }

    /// Ends it from either side; whoever waits goes on.
    func close() {
        isClosed = true
        giver?.resume()
        giver = nil
        taker?.resume(returning: nil)
        taker = nil
    }
}

import Synchronization

/// Names one intended step; the same id gets the first answer again.
///
/// The first four bytes count the ids that this process drew, from a random number on; the other twelve are random. Ids
/// that are drawn one after the other so lie side by side in the ledger's index of commands: a group of commands changes
/// a few of its pages, where ids that are random from the first byte change a page each (ADR 0042). Which of two was
/// drawn first by one process is all that they say.
public typealias CommandID = Identifier<OfCommand>

extension Identifier where Of == OfCommand {
    /// How many bits of an id are its place among those that were drawn.
    private static var placeBits: UInt64 { 32 }

    /// Draws an id beside the last one.
    public static func random() -> CommandID {
        let drawn = Identifier<OfThread>.random()
        let place = CommandPlaces.next()
        return CommandID(high: UInt64(place) << placeBits | drawn.high & (1 << placeBits - 1), low: drawn.low)
    }

    /// The id that a digest names, at this one's place: the same for the same digest.
    ///
    /// - Parameter digest: at least 12 bytes; nil for fewer.
    public func beside(_ digest: some Sequence<UInt8>) -> CommandID? {
        let bytes = Array(digest.prefix(12))
        guard bytes.count == 12 else { return nil }
        let place = (0..<4).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64($0))) }
        return CommandID(place + bytes)
    }
}

/// The places of the commands that this process draws.
private enum CommandPlaces {
    private static let count = Atomic<UInt32>(UInt32.random(in: .min ... .max))

    static func next() -> UInt32 { count.wrappingAdd(1, ordering: .relaxed).newValue }
}

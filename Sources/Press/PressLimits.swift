/// How much time and memory a document may take.
public struct PressLimits: Sendable {
    /// Until the worker has greeted. A cold start takes half a second, the first after a boot three times that.
    public var start: Duration = .seconds(20)
    /// From the first byte of a request to the last of its answer.
    public var answer: Duration = .seconds(30)
    /// The same for a volume that is bound: a hundred megabytes of pictures go through it three times.
    public var binding: Duration = .seconds(120)
    /// After the last document until the worker is ended, so that an idle server does not hold its memory.
    public var idle: Duration = .seconds(60)
    /// Processor time for one document, in seconds; the kernel ends the worker that exceeds it.
    public var processorSeconds: Int = 20
    /// Address space of the worker, in bytes, kept by the kernel.
    public var addressSpace: Int = 1 << 30
    /// Resident memory, in bytes, above which the worker is replaced after its answer: its caches only grow.
    public var residentMemory: Int = 400 << 20
    /// The longest request, in bytes.
    public var requestBytes: Int = 16 << 20
    /// The longest document, in bytes, all its pages together.
    public var answerBytes: Int = 128 << 20
    /// Most documents that may wait, the one at work included.
    public var waiting: Int = 32

    /// The limits of a bureau's server.
    public init() {}
}

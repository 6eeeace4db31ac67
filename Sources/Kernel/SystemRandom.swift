import Glibc

/// The system's random source, asked for many bytes at once.
///
/// The standard library's generator asks for eight bytes at a time, and an entry draws fourteen times eight. The bytes
/// are the kernel's own, each handed out once: what was asked beforehand lives as long as this object, which is the
/// sealing of one step, and is wiped as it goes. A class, so that no copy can hand out the same bytes again; one task
/// at a time.
public final class SystemRandom: RandomNumberGenerator {
    // getentropy(3) gives up to 256 bytes at once or none.
    private static let wordCount = 32
    private let words = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: SystemRandom.wordCount)
    /// How many of `words` were not handed out yet.
    private var left = 0
    private var system = SystemRandomNumberGenerator()

    /// Draws nothing yet.
    public init() {
        words.initialize(repeating: 0)
    }

    deinit {
        if let first = words.baseAddress { explicit_bzero(first, SystemRandom.wordCount * 8) }
        words.deallocate()
    }

    /// Eight random bytes.
    public func next() -> UInt64 {
        if left == 0 {
            guard SystemRandom.fill(UnsafeMutableRawBufferPointer(words)) else { return system.next() }
            left = SystemRandom.wordCount
        }
        left -= 1
        defer { words[left] = 0 }
        return words[left]
    }

    /// Fills a buffer of at most 256 bytes.
    ///
    /// - Returns: false if the system does not give them: then the standard library knows other ways, or ends the program.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        getentropy(buffer.baseAddress, buffer.count) == 0
    }
}

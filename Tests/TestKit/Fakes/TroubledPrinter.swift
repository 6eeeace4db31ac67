import Application
import Kernel
import Ledger
import Synchronization

/// Prints the data themselves behind as many page objects as they would fill, until it is told to fail.
///
/// Unlike `FakePrinter` its files have pages that can be counted, so that catalogues have page numbers.
public final class TroubledPrinter: Printer {
    private struct State {
        var failure: PressError?
        var printed = 0
    }

    private let state = Mutex(State())

    /// A printer that works.
    public init() {}

    /// Makes every later print fail, or work again.
    public func fail(with error: PressError?) { state.withLock { $0.failure = error } }

    /// How many files were printed.
    public var printed: Int { state.withLock { $0.printed } }

    public func pdf(template: TemplateName, data: JSON, at date: CivilDay) async throws(PressError) -> [UInt8] {
        try begin()
        let content = data.canonicalBytes
        let pages = String(repeating: "<< /Type /Page >>\n", count: 1 + content.count / 2000)
        return Array("%PDF-1.7 \(template) \(date)\n<< /Type /Pages >>\n\(pages)".utf8) + content
    }

    public func installationDigest() async throws(PressError) -> Digest { .sha256(Array("fake press".utf8)) }

    public func pages(
        template: TemplateName, data: JSON, at date: CivilDay, scale: Double
    ) async throws(PressError) -> [[UInt8]] {
        try begin()
        return [FakePrinter.pixel]
    }

    public func bound(_ binding: Binding, at date: CivilDay) async throws(PressError) -> [UInt8] {
        try begin()
        return FakePrinter.told(binding)
    }

    private func begin() throws(PressError) {
        let failure = state.withLock { state in
            if state.failure == nil { state.printed += 1 }
            return state.failure
        }
        if let failure { throw failure }
    }
}

/// Decimal numbers as bytes: strict reading, zero-padded writing.
public enum Decimal {
    /// Reads ASCII digits, nothing else, leading zeros allowed; nil when empty or beyond `Int`.
    public static func digits(_ bytes: some Collection<UInt8>) -> Int? {
        guard !bytes.isEmpty else { return nil }
        var value = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// Reads a number in its one spelling: no sign, no leading zero save `0` itself.
    public static func strict(_ bytes: some Collection<UInt8>) -> Int? {
        guard bytes.count == 1 || bytes.first != UInt8(ascii: "0") else { return nil }
        return digits(bytes)
    }

    /// The digits of a number that is not negative, with zeros before it up to `width`.
    public static func padded(_ value: Int, to width: Int) -> String {
        let text = String(value)
        return text.utf8.count >= width ? text : String(repeating: "0", count: width - text.utf8.count) + text
    }
}

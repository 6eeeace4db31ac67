extension String {
    /// Whether the text begins with `prefix`, which is in lower case; media types know no case (RFC 9110, 8.3.1).
    func asciiBegins(with prefix: String) -> Bool {
        utf8.prefix(prefix.utf8.count).map(\.asciiLowercased).elementsEqual(prefix.utf8)
    }
}

extension UInt8 {
    /// The byte, small where it is a capital letter of ASCII.
    var asciiLowercased: UInt8 { (65...90).contains(self) ? self + 32 : self }
}

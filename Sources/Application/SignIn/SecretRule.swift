import Kernel

/// What a new secret (密码) must be. Length is what counts; rules about kinds of characters only make secrets that are
/// forgotten.
public enum SecretRule {
    /// What is wrong with a secret.
    public enum Problem: String, Hashable, Sendable, CaseIterable {
        /// Fewer than ten characters.
        case short
        /// More than 256 bytes.
        case long
        /// Fewer than five different characters.
        case monotonous
        /// It contains the sign-in name.
        case name
        /// It is the one that is to be replaced.
        case same
    }

    /// What is wrong with `secret` as the new secret of `name`; nil if it does.
    public static func problem(of secret: String, name: String, current: String) -> Problem? {
        // Counted in scalars: a Chinese character counts as one, and no locale decides.
        if secret.utf8.count > 256 { return .long }
        if secret.unicodeScalars.count < 10 { return .short }
        if Set(secret.unicodeScalars).count < 5 { return .monotonous }
        if secret.utf8.elementsEqual(current.utf8) { return .same }
        let lowered = ascii(secret)
        if name.utf8.count >= 3, contains(lowered, ascii(name)) { return .name }
        return nil
    }

    private static func ascii(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }
}

/// A secret for the first sign-in, made by the server and to be changed at once.
public enum OneTimeSecret {
    /// Letters and digits that cannot be taken for one another on paper.
    private static let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789".utf8)

    /// Four groups of five: 99 bits.
    public static func random() -> String {
        var source = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        for position in 0..<20 {
            if position > 0, position % 5 == 0 { bytes.append(UInt8(ascii: "-")) }
            bytes.append(alphabet[Int.random(in: 0..<alphabet.count, using: &source)])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension AccountName {
    /// The account that somebody means by a typed name: outer spaces off, ASCII letters lower. Nil for what cannot be a
    /// name (1 to 64 of `a-z`, `0-9`, `.`, `-`, `_`).
    public init?(bureau: BureauTag, typed: String) {
        var bytes = Array(typed.utf8)[...]
        while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        guard (1...64).contains(bytes.count) else { return nil }
        var name: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): name.append(byte + 32)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                name.append(byte)
            default: return nil
            }
        }
        self.init(bureau: bureau, name: String(decoding: name, as: UTF8.self))
    }
}

extension SecretRule.Problem {
    /// What to do about it.
    public var chinese: String {
        switch self {
        case .short: "新密码太短，请至少输入10个字符"
        case .long: "新密码太长，请缩短一些"
        case .monotonous: "新密码重复的字符太多，请换一个"
        case .name: "新密码里不要包含登录账号"
        case .same: "新密码和现在的密码一样，请换一个"
        }
    }
}

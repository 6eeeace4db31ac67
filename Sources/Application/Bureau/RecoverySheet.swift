import Kernel
import Ledger

/// The sheet that lies in two safes (恢复单): with it and a backup a bureau comes back after its server is lost.
///
/// It holds the backup key as eight groups with a check letter each, so that a slip in typing is found at once and in
/// its group, and the identity of the log, so that a restored ledger can be told from a forged one.
public struct RecoverySheet: Hashable, Sendable {
    /// The 32-byte key that opens backups. Secret: on this sheet and in the key store, nowhere else.
    public let backupKey: [UInt8]
    /// The log's verifier key.
    public let verifierKey: String
    /// The bureau's name.
    public let bureauName: String
    /// When the sheet was printed.
    public let printedOn: CivilDay

    /// A sheet; nil unless the key has 32 bytes.
    public init?(backupKey: [UInt8], verifierKey: String, bureauName: String, printedOn: CivilDay) {
        guard backupKey.count == 32 else { return nil }
        self.backupKey = backupKey
        self.verifierKey = verifierKey
        self.bureauName = bureauName
        self.printedOn = printedOn
    }

    /// Letters that are not mistaken for one another when written by hand (Crockford's base 32).
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The key as eight groups of seven letters and one check letter.
    public var groups: [String] {
        stride(from: 0, to: 32, by: 4).enumerated().map { number, start in
            RecoverySheet.group(Array(backupKey[start..<start + 4]), number: number)
        }
    }

    /// Whether typed text is the group at `number`; case, spaces and hyphens do not matter, `O` is read as `0`.
    public func isGroup(_ typed: String, at number: Int) -> Bool {
        groups.indices.contains(number)
            && RecoverySheet.normalised(typed).elementsEqual(groups[number].utf8)
    }

    /// Reads eight typed groups back into the key.
    ///
    /// - Throws: the number (from 1) of the first group that is wrong.
    public static func key(fromGroups typed: [String]) throws(WrongGroup) -> [UInt8] {
        guard typed.count == 8 else { throw WrongGroup(number: typed.count + 1) }
        var key: [UInt8] = []
        for (number, text) in typed.enumerated() {
            let letters = normalised(text)
            guard letters.count == 8 else { throw WrongGroup(number: number + 1) }
            var value: UInt64 = 0
            for letter in letters.prefix(7) {
                guard let digit = alphabet.firstIndex(of: letter) else { throw WrongGroup(number: number + 1) }
                value = value << 5 | UInt64(digit)
            }
            // 35 bits hold 32: the three lowest are zero in every group that was printed.
            guard value & 7 == 0 else { throw WrongGroup(number: number + 1) }
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt64(27 - $0 * 8)) }
            guard letters.elementsEqual(group(bytes, number: number).utf8) else {
                throw WrongGroup(number: number + 1)
            }
            key += bytes
        }
        return key
    }

    /// A group that was typed wrong.
    public struct WrongGroup: Error, Hashable, Sendable {
        /// Its number on the sheet, from 1.
        public let number: Int
    }

    private static func group(_ bytes: [UInt8], number: Int) -> String {
        var value: UInt64 = 0
        for byte in bytes { value = value << 8 | UInt64(byte) }
        value <<= 3
        var letters = (0..<7).map { alphabet[Int(value >> UInt64(30 - $0 * 5) & 31)] }
        letters.append(check(bytes, number: number))
        return String(decoding: letters, as: UTF8.self)
    }

    /// Depends on the group's place too, so that two groups in the wrong order are found.
    private static func check(_ bytes: [UInt8], number: Int) -> UInt8 {
        let digest = Digest.sha256(Array("liuhen/recovery/v1\n".utf8) + [UInt8(number)] + bytes)
        return alphabet[Int(digest.bytes[0] & 31)]
    }

    private static func normalised(_ text: String) -> [UInt8] {
        text.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "-"): nil
            case UInt8(ascii: "o"), UInt8(ascii: "O"): UInt8(ascii: "0")
            case UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "l"), UInt8(ascii: "L"): UInt8(ascii: "1")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
            default: byte
            }
        }
    }
}

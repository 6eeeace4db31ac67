import Kernel

/// The addresses of a bureau's pages. No view writes an address by hand.
struct Address: Sendable, Hashable {
    let base: String

    /// Addresses under `/b/<bureau>`.
    init(_ bureau: BureauTag) {
        base = "/b/\(bureau)"
    }

    static let start = "/"
    static let components = "/components"

    var home: String { "\(base)/" }
    var signIn: String { "\(base)/sign-in" }
    var signOut: String { "\(base)/sign-out" }
    var account: String { "\(base)/account" }
    var cases: String { "\(base)/cases" }

    /// The sign-in page that leads back to `next` afterwards.
    func signIn(next: String?) -> String {
        guard let next, isLocal(next), next != home else { return signIn }
        return "\(signIn)?next=\(Percent.encode(next))"
    }

    /// Whether an address given from outside leads to a page of this bureau on this server, and nowhere else.
    func isLocal(_ address: String) -> Bool {
        let bytes = Array(address.utf8)
        // Printable ASCII without a backslash: browsers take `\` for `/`, and `//` for another server.
        guard bytes.count <= 2000, bytes.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }),
            !bytes.contains(sequence: "//".utf8), !bytes.contains(sequence: "/../".utf8)
        else { return false }
        return bytes.starts(with: "\(base)/".utf8)
    }

    func cases(query: String) -> String { query.isEmpty ? cases : "\(cases)?\(query)" }
    /// The form that opens an inspection case.
    var newInspection: String { "\(cases)/new" }
    /// The open log, for anybody.
    var ledger: String { "/ledger/\(base.dropFirst("/b/".count))" }
    var checkpoint: String { "\(ledger)/checkpoint" }
    func caseFile(_ thread: ThreadTag) -> String { "\(cases)/\(thread)" }
}

/// Percent coding of RFC 3986 on bytes.
enum Percent {
    /// Every byte but the unreserved ones as `%XX`; fit for a query value or a path segment.
    static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Collection<UInt8> {
    /// Whether `part` occurs in these bytes.
    func contains(sequence part: some Collection<UInt8>) -> Bool {
        var rest = self[...]
        while rest.count >= part.count {
            if rest.starts(with: part) { return true }
            if rest.isEmpty { return false }
            rest = rest.dropFirst()
        }
        return false
    }
}

import Kernel

extension DocumentKind {
    /// The class of a filled form and of what is printed from it: one value that must be kept secret makes the whole paper
    /// secret, for a sheet cannot be shown in part. Otherwise it is the volume's.
    public func openingClass(of data: JSON) -> OpeningClass {
        let filled = Set(fields.filter { DocumentKind.isFilled(data[$0.name]) }.map(\.opening))
        for secret in [OpeningClass.reporter, .secret] where filled.contains(secret) { return secret }
        return volume == .internal ? .internal : .party
    }

    private static func isFilled(_ value: JSON?) -> Bool {
        switch value {
        case nil: false
        case .string(let text): text.utf8.contains { $0 > UInt8(ascii: " ") }
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        case .integer, .boolean: true
        }
    }
}

/// In what capacity somebody signs in a party's place (行政处罚法第六十一条; 民事诉讼法第八十八条).
///
/// A signature says little without it: a party that is a firm never signs itself, and whoever answers the door may be
/// anybody.
public enum SignerCapacity: String, Hashable, Sendable, CaseIterable {
    /// The party itself: a person, or a firm by its seal.
    case principal = "self"
    /// Its legal representative, or who heads it.
    case representative
    /// Its agent, by an authority that is stated.
    case delegate
    /// Whoever receives letters for an organisation.
    case receiver
    /// An adult of the family who lives with a person.
    case family
    /// Whoever of the party's people was there.
    case employee
    /// Somebody else whose interests are touched.
    case interested
    /// Anybody else, in words.
    case other

    /// The word on screens and papers.
    public var chinese: String { EntryType.documentSigned.chinese(rawValue, of: "capacity") }

    /// Whether what is said in this capacity is said by the party itself.
    public var isParty: Bool { self == .principal || self == .representative }

    /// Whether the law lets a paper for a party be handed to somebody in this capacity.
    ///
    /// - Parameter isOrganisation: what the party is; nil where nobody says.
    public func mayReceive(for isOrganisation: Bool?) -> Bool {
        switch self {
        case .principal, .representative, .delegate: true
        case .receiver: isOrganisation != false
        case .family: isOrganisation != true
        case .employee, .interested, .other: false
        }
    }
}

extension CaseDocument.MetSlot {
    /// How whoever signed stands to the party, as papers and pages say it; nil where nobody said.
    public var relationText: String? {
        let words = relation ?? ""
        guard let capacity else { return words.isEmpty ? nil : words }
        var parts = [capacity == .other && !words.isEmpty ? words : capacity.chinese]
        if capacity != .other, !words.isEmpty { parts.append(words) }
        if let authority, !authority.isEmpty { parts.append("授权委托书：\(authority)") }
        return parts.joined(separator: "，")
    }
}

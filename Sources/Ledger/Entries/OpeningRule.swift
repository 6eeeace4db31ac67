import Kernel

/// Which class the value of a field has: a function of entry type, version and field, never of a row on a disk.
///
/// The commitment of a field covers its value and not its class. A class that was believed because it is stored could be
/// changed there, and a dossier for a party would then carry what nobody may see. So the program knows it. Where it
/// depends on the case, the entry's skeleton states it in the plain member `classes`, which its commitment covers.
public enum OpeningRule: Hashable, Sendable {
    /// Always this class.
    case always(OpeningClass)
    /// One of these, and the skeleton says which.
    case stated([OpeningClass])
    /// This class, unless the skeleton states one of the others.
    case otherwise(OpeningClass, [OpeningClass])
    /// One of these, and nothing but the row says which: entries of a version that did not state it yet.
    case unstated([OpeningClass])

    /// The rule for a field; nil if this program knows no such type, version or field.
    public static func rule(type: String, version: Int, field: String) -> OpeningRule? {
        guard version >= 1, let rule = table[type]?[field] else { return nil }
        let first = statingSince[type] ?? 1
        if case .stated(let classes) = rule, version < first { return .unstated(classes) }
        return version <= first ? rule : nil
    }

    /// Names of the fields that have a rule in the newest version of a type.
    public static func fields(of type: String) -> Set<String> {
        Set(table[type]?.keys.map { $0 } ?? [])
    }

    /// Types that this table knows; each has at least one field.
    public static var types: Set<String> { Set(table.keys) }

    /// The plain member that states classes: an object of field names and classes.
    public static let member = "classes"

    /// `plain` with the classes stated that the rules for this type and version want stated.
    ///
    /// Left as it is where nothing needs to be stated; a class that the rules forbid is for `fault` to find.
    public static func stating(
        _ values: [FieldValue], in plain: JSON, type: String, version: Int
    ) -> JSON {
        let stated = values.compactMap { value -> JSON.Member? in
            switch rule(type: type, version: version, field: value.name) {
            case .otherwise(value.openingClass, _), .always, .unstated, nil: return nil
            case .stated, .otherwise: return .init(value.name, .string(value.openingClass.rawValue))
            }
        }
        guard !stated.isEmpty, let members = plain.members else { return plain }
        return .object(members + [.init(member, .object(stated))])
    }

    /// Whether an opening of this class may stand under this rule, for an entry with these plain members.
    public func allows(_ openingClass: OpeningClass, field: String, plain: @autoclosure () -> JSON?) -> Bool {
        switch self {
        case .always(let wanted): wanted == openingClass
        case .unstated(let wanted): wanted.contains(openingClass)
        case .stated(let wanted):
            wanted.contains(openingClass)
                && plain()?[OpeningRule.member]?[field]?.string == openingClass.rawValue
        case .otherwise(let usual, let others):
            switch plain()?[OpeningRule.member]?[field]?.string {
            case nil: usual == openingClass
            case let word?: others.contains(openingClass) && word == openingClass.rawValue
            }
        }
    }

    /// Whether a value may be given this class, by an entry that states it where it must be stated.
    public func permits(_ openingClass: OpeningClass) -> Bool {
        switch self {
        case .always(let wanted): wanted == openingClass
        case .unstated(let wanted), .stated(let wanted): wanted.contains(openingClass)
        case .otherwise(let usual, let others): usual == openingClass || others.contains(openingClass)
        }
    }

    /// The types in which a class is stated, and the version since which it is.
    private static let statingSince = [
        "document.fixed": 2, "document.signed": 2, "document.issued": 2, "entry.corrected": 2,
        "correction.proposed": 1,
    ]

    static func fields(_ openingClass: OpeningClass, _ names: String...) -> [String: OpeningRule] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, .always(openingClass)) })
    }

    /// Classes of what a document says of a reporter or of a secret; whatever is recorded of that document has them too.
    public static let veiled: [OpeningClass] = [.reporter, .secret]

    private static func stated(_ names: String...) -> [String: OpeningRule] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, .stated([.party, .internal] + veiled)) })
    }

    /// Fields of this class unless they are of a document that must be kept secret.
    private static func veilable(_ usual: OpeningClass, _ names: String...) -> [String: OpeningRule] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, .otherwise(usual, veiled)) })
    }

    private static let table: [String: [String: OpeningRule]] = shaped.merging(written) { _, written in written }

    private static let written: [String: [String: OpeningRule]] = [
        "bureau.opened": fields(.officer, "name", "letterhead", "region", "superior"),
        "bureau.settings-changed": fields(.officer, "settings"),
        "bureau.settings-proposed": fields(.officer, "settings", "before", "reason"),
        "bureau.settings-declined": fields(.officer, "reason"),
        "calendar.proposed": fields(.officer, "reason"),
        "person.proposed": fields(.officer, "change", "before", "reason"),
        "person.declined": fields(.officer, "reason"),
        "regulation.adopted": fields(.officer, "reason"),
        "regulation.confirmed": fields(.officer, "reason"),
        "rule.proposed": fields(.officer, "reason").merging(fields(.internal, "higherRule", "article", "value")) { $1 },
        "rule.declined": fields(.officer, "reason"),
        "role.proposed": fields(.officer, "reason"),
        "role.declined": fields(.officer, "reason"),
        "checkpoint.kept": fields(.officer, "place"),
        "role.granted": fields(.officer, "reason"),
        "account.reset": fields(.officer, "reason"),
        "regulation.repaired": fields(.officer, "reason"),
        "regulation.repealed": fields(.officer, "reason"),
        "key.published": fields(.officer, "vkey"),
        "clock.resumed": fields(.officer, "reason"), "lock.adopted": fields(.officer, "reason"),
        "backup.made": fields(.officer, "place"), "medium.retired": fields(.officer, "reason"),
        "backup.restored": fields(.officer, "reason"),
        "log.opened": fields(.officer, "previousOrigin", "previousCheckpoint", "reason"),
        "person.registered": fields(.officer, "name", "section", "certificateKind", "certificateNumber"),
        "person.changed": fields(.officer, "name", "section", "certificateKind", "certificateNumber"),
        "role.withdrawn": fields(.officer, "reason"),
        "account.closed": fields(.officer, "reason"),
        "subject.registered": fields(
            .party, "name", "writtenName", "code", "address", "representative", "phone"),
        "subject.changed": fields(
            .party, "name", "writtenName", "code", "address", "representative", "phone"),
        "case.opened": fields(.party, "title", "subjectName", "caseNumber")
            + fields(.internal, "emergencyReason", "scopeReason", "approvalRequiredBy"),
        "case.handlers-changed": fields(.internal, "reason"),
        "finding.recorded": fields(.party, "summary", "recipient"),
        "case.ended": fields(.internal, "reason"),
        "case.filed": fields(.officer, "archivist") + fields(.internal, "defects", "evaluationText"),
        "activity.began": fields(.party, "place", "persons"),
        "activity.ended": fields(.party, "note"),
        "av.exempted": fields(.internal, "explanation", "proof"),
        "document.fixed": stated("data", "digest"),
        "document.signed": stated("opinion", "digest") + ["name": .stated([.party, .officer] + veiled)]
            + veilable(.party, "relation", "authority", "reason", "reader", "witness", "drawing", "scanDigest")
            + fields(.internal, "place"),
        "document.issued": stated("digest") + fields(.party, "numberText"),
        "document.voided": veilable(.internal, "reason"),
        "document.corrected": veilable(.internal, "reason"),
        "document.scanned": stated("digest") + veilable(.internal, "making", "place"),
        "paper.moved": veilable(.internal, "place", "reason"),
        "statement.recorded": fields(.party, "facts", "reasons", "evidence", "name"),
        "statement.reviewed": fields(.internal, "review", "handling", "reason"),
        "decision.drafted": fields(.internal, "legalBasis", "evidence", "factors", "draft"),
        "decision.approved": fields(.internal, "opinion"),
        "document.served": veilable(
            .party, "recipient", "signatory", "relation", "place", "registerEntry", "postageVoucher", "returnReceipt",
            "returnFacts", "refusalReason", "witness", "facts", "reason", "agentUnit", "carrier", "noticeText",
            "course",
            "faxTime", "faxNumber"),
        "performance.recorded": fields(.party, "obligation", "evidence", "taken"),
        "override.given": fields(.internal, "reason", "legalBasis", "violation"),
        "correction.proposed": ["value", "reason"].reduce(into: [:]) { $0[$1] = .stated(OpeningClass.allCases) },
        "correction.refused": veilable(.internal, "opinion"),
        // A correction is as open or secret as what it corrects.
        "entry.corrected": ["value", "reason", "opinion"].reduce(into: [:]) {
            $0[$1] = .stated(OpeningClass.allCases)
        },
        // The party's to see unless whoever registered it said that it is not (ADR 0029).
        "recording.imported": ["digest": .otherwise(.party, [.internal] + veiled)]
            + veilable(.internal, "fileName", "mediaType"),
        "recording.linked": veilable(.internal, "note"),
        "recording.inspected": veilable(.internal, "facts"),
        "dossier.exported": fields(.internal, "recipient", "secrecyCheck"),
    ]
}

extension Entry {
    /// Names of openings whose class is not the one that the program or the skeleton says, or is not known.
    public var misclassified: [String] {
        let content = skeleton.content
        return openings.filter { opening in
            OpeningRule.rule(type: content.type, version: content.typeVersion, field: opening.name)?
                .allows(opening.openingClass, field: opening.name, plain: content.plain) != true
        }.map(\.name)
    }

    /// The class of a field as the program or the skeleton says; nil where neither does.
    public func openingClass(of field: String) -> OpeningClass? {
        let content = skeleton.content
        switch OpeningRule.rule(type: content.type, version: content.typeVersion, field: field) {
        case .always(let openingClass): return openingClass
        case .stated(let classes):
            let word = content.plain[OpeningRule.member]?[field]?.string
            return classes.first { $0.rawValue == word }
        case .otherwise(let usual, let others):
            guard let stated = content.plain[OpeningRule.member]?[field] else { return usual }
            return others.first { $0.rawValue == stated.string }
        case .unstated, nil: return nil
        }
    }
}

func + (left: [String: OpeningRule], right: [String: OpeningRule]) -> [String: OpeningRule] {
    left.merging(right) { _, new in new }
}

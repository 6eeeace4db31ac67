import Casework

/// A choice for an office that the texts leave to the bureau: a role, or a place for a signature on the initiation form.
enum OfficeChoice {
    /// As a reader knows it.
    static func chinese(_ word: String) -> String {
        if let role = Role(rawValue: word) { return role.chinese }
        return switch word {
        case "deputyHead": "主管局长（分管局长）"
        case "handlingUnit": "承办机构负责人"
        default: word
        }
    }
}

/// For whom the value of a field is (开启值类别).
public enum OpeningClass: String, Hashable, Sendable, CaseIterable {
    /// The party's own data and what the party was given to read.
    case party
    /// Names, certificates and acts of officers.
    case officer
    /// Data of a reporter or witness who must be kept secret.
    case reporter
    /// Opinions and reviews inside the bureau.
    case `internal`
    /// State or trade secrets.
    case secret
}

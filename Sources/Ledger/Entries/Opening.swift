import Kernel

/// What opens a field commitment (开启值): the value and its salt, in a row of its own.
///
/// Withholding leaves the opening out of a copy; disposal deletes it. The skeleton keeps the commitment either way.
public struct Opening: Hashable, Sendable {
  /// The field's name.
  public let name: String
  /// Who may see it.
  public let openingClass: OpeningClass
  /// The salt of its commitment.
  public let salt: Salt
  /// The value as canonical JSON; these bytes are what is committed to.
  public let value: [UInt8]

  /// An opening read back from storage or from a dossier.
  public init(name: String, openingClass: OpeningClass, salt: Salt, value: [UInt8]) {
    self.name = name
    self.openingClass = openingClass
    self.salt = salt
    self.value = value
  }

  /// The commitment that this opens.
  public var commitment: FieldCommitment {
    FieldCommitment(name: name, commitment: Commitment.field(value, salt: salt))
  }
}

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

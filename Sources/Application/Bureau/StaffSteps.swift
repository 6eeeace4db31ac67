import Casework
import Kernel
import Ledger

/// Registers a person (人员) of the bureau.
public struct NewPerson: Hashable, Sendable {
    /// The thread that the person will have; drawn with the page.
    public var thread: ThreadTag
    public var name: String
    public var section: String
    /// For example 统计执法证; empty for a person without a certificate.
    public var certificateKind: String
    public var certificateNumber: String
    public var certificateUntil: CivilDay?
    public var roles: [Role]
    /// The sign-in name of an account to open; nil for none.
    public var account: String?

    /// A person.
    public init(
        thread: ThreadTag, name: String, section: String, certificateKind: String = "", certificateNumber: String = "",
        certificateUntil: CivilDay? = nil, roles: [Role], account: String?
    ) {
        self.thread = thread
        self.name = name
        self.section = section
        self.certificateKind = certificateKind
        self.certificateNumber = certificateNumber
        self.certificateUntil = certificateUntil
        self.roles = roles
        self.account = account
    }

    /// The facts of the person's thread: registration, roles, account.
    public func facts() throws(StepRefusal) -> [Fact] {
        var form = FormText()
        var fields: [FieldValue] = [.init("name", .string(form.required(name, "name", "姓名", limit: 60)), .officer)]
        for (field, label, value) in [
            ("section", "科室", section), ("certificateKind", "证件名称", certificateKind),
            ("certificateNumber", "证件号码", certificateNumber),
        ] {
            if let text = form.optional(value, field, label, limit: 100) {
                fields.append(.init(field, .string(text), .officer))
            }
        }
        if let account, !NewPerson.isAccountName(account) {
            form.fail("account", NewPerson.accountRule)
        }
        try form.finish()
        var plain: [JSON.Member] = [.init("kind", roles.contains(.officer) ? "officer" : "staff")]
        if let certificateUntil { plain.append(.init("certificateUntil", .string(certificateUntil.description))) }
        var facts = [Fact(.personRegistered, in: thread, plain: .object(plain), fields: fields)]
        for role in roles { facts.append(Fact(.roleGranted, in: thread, plain: ["role": .string(role.rawValue)])) }
        if let account { facts.append(Fact(.accountOpened, in: thread, plain: ["account": .string(account)])) }
        return facts
    }

    /// What a sign-in name is made of, for whoever typed another.
    public static let accountRule = "登录名由 2 至 32 个小写字母、数字、点、短横或下划线组成，以字母开头。"

    /// Whether text can be a sign-in name.
    public static func isAccountName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (2...32).contains(bytes.count), let first = bytes.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return false }
        return bytes.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
        }
    }
}

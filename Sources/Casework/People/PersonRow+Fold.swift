import Kernel

extension PersonRow {
    /// Folds the records of a person's thread; nil if the first does not register a person.
    public init?(_ records: [Record]) {
        guard let first = records.first, first.type == .personRegistered else { return nil }
        self.init(thread: first.thread, name: first.text("name") ?? "")
        for record in records { apply(record) }
    }

    /// Takes in one later record of the thread.
    public mutating func apply(_ record: Record) {
        switch record.type {
        case .personRegistered, .personChanged:
            if let name = record.text("name") { self.name = name }
            if let section = record.text("section") { self.section = section }
            if let number = record.text("certificateNumber") { certificateNumber = number }
            if let until = record.word("certificateUntil") { certificateUntil = CivilDay(until) }
        case .roleGranted:
            guard let role = record.word("role").flatMap(Role.init(rawValue:)), !roles.contains(role) else { return }
            roles = (roles + [role]).sorted { $0.rawValue < $1.rawValue }
        case .roleWithdrawn:
            roles.removeAll { $0.rawValue == record.word("role") }
        case .accountOpened:
            account = record.word("account")
            accountState = .open
        case .accountReset: accountState = .reset
        case .accountConfirmed: accountState = .open
        case .accountHeld: accountState = .waiting
        case .accountVouched: if accountState == .waiting { accountState = .open }
        case .accountClosed: accountState = .closed
        default: break
        }
    }

    /// The rows of a person's thread: the person, the sign-in name and the certificate, each of which exists once.
    public static func rows(_ records: [Record]) -> [ProjectionRow] {
        guard let person = PersonRow(records) else { return [] }
        var rows: [ProjectionRow] = [.person(person)]
        if let account = person.account {
            rows.append(.claim(ClaimRow(thread: person.thread, kind: .accountName, key: account)))
        }
        if !person.certificateNumber.isEmpty {
            rows.append(.claim(ClaimRow(thread: person.thread, kind: .certificate, key: person.certificateNumber)))
        }
        return rows
    }

    /// Whether the certificate is valid on a day; a person without one has none that could be valid.
    public func isCertified(on day: CivilDay) -> Bool {
        guard !certificateNumber.isEmpty else { return false }
        return certificateUntil.map { day <= $0 } ?? true
    }
}

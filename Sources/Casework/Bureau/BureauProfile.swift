import Kernel

/// A bureau (机关) as its own thread tells it: name, settings, and what it has adopted.
public struct BureauProfile: Hashable, Sendable {
    /// The bureau's thread.
    public let thread: ThreadTag
    /// Whether this is a demonstration.
    public let isDemo: Bool
    /// Full name, for example 赵县统计局.
    public internal(set) var name: String
    /// The name at the head of documents sent out.
    public internal(set) var letterhead: String
    /// The administrative area.
    public internal(set) var region: String
    /// The superior bureau.
    public internal(set) var superior: String
    /// Settings by name; absent ones have the default of their regulation.
    public internal(set) var settings: [String: JSON] = [:]
    /// Adopted regulations in order of adoption.
    public internal(set) var adoptions: [Adoption] = []
    /// Adopted holiday tables: year and digest of the newest.
    public internal(set) var calendars: [Int: Digest] = [:]
    /// Every adoption of a holiday table, in order: acts are judged by the tables of their day.
    public internal(set) var calendarAdoptions: [CalendarAdoption] = []

    /// A holiday table's adoption.
    public struct CalendarAdoption: Hashable, Sendable {
        public let year: Int
        public let digest: Digest
        /// The day of its adoption.
        public let day: CivilDay
    }

    /// A regulation's time of force in this bureau.
    public struct Adoption: Hashable, Sendable {
        /// The regulation's id, for example `zhaoxian-2017`.
        public let regulation: String
        /// The digest of its file; a repair replaces it.
        public internal(set) var digest: Digest
        /// The first day in force.
        public let inForceFrom: CivilDay
        /// The last day in force, if it has gone out of force.
        public internal(set) var inForceUntil: CivilDay?
    }

    /// Folds the records of the bureau's thread; nil if the first does not open a bureau.
    public init?(_ records: [Record]) {
        guard let opening = records.first, opening.type == .bureauOpened else { return nil }
        thread = opening.thread
        isDemo = opening.plain["demo"]?.boolean ?? false
        name = opening.text("name") ?? ""
        letterhead = opening.text("letterhead") ?? ""
        region = opening.text("region") ?? ""
        superior = opening.text("superior") ?? ""
        for record in records { apply(record) }
    }

    /// Takes in one later record of the thread.
    public mutating func apply(_ record: Record) {
        switch record.type {
        case .bureauSettingsChanged:
            for member in record.fields["settings"]?.members ?? [] {
                switch (member.key, member.value.string) {
                case ("name", let text?): name = text
                case ("letterhead", let text?): letterhead = text
                case ("region", let text?): region = text
                case ("superior", let text?): superior = text
                default: settings[member.key] = member.value
                }
            }
        case .regulationAdopted:
            guard let regulation = record.word("regulation"),
                let digest = record.word("digest").flatMap({ Digest($0) }),
                let from = record.word("inForceFrom").flatMap({ CivilDay($0) })
            else { return }
            adoptions.append(
                Adoption(
                    regulation: regulation, digest: digest, inForceFrom: from,
                    inForceUntil: record.word("inForceUntil").flatMap { CivilDay($0) }))
        case .regulationRepaired:
            guard let replaced = record.word("replaces").flatMap({ Digest($0) }),
                let digest = record.word("digest").flatMap({ Digest($0) }),
                let index = adoptions.lastIndex(where: { $0.digest == replaced })
            else { return }
            adoptions[index].digest = digest
        case .regulationRepealed:
            guard let regulation = record.word("regulation"),
                let last = record.word("lastDay").flatMap({ CivilDay($0) }),
                let index = adoptions.lastIndex(where: { $0.regulation == regulation })
            else { return }
            adoptions[index].inForceUntil = last
        case .calendarAdopted:
            guard let year = record.number("year"), let digest = record.word("digest").flatMap({ Digest($0) }) else {
                return
            }
            calendars[Int(year)] = digest
            calendarAdoptions.append(
                CalendarAdoption(year: Int(year), digest: digest, day: record.recordedAt.day))
        default: break
        }
    }
}

import Kernel

/// One statute of a pack of parent law (上位法): where it was read, and since when it binds.
///
/// A pack holds rows of several statutes, and each binds from days of its own: what has been law since 1996 is judged then,
/// what a revision brought in is judged from that revision on (ADR 0039).
public struct Statute: Hashable, Sendable {
    /// The word by which rows name it, for example `penalty`.
    public var id: String
    /// The title in Chinese.
    public var title: String
    /// Which copy was read: its address, or the repository and the path in it.
    public var copy: String
    /// The first day in force.
    public var inForceFrom: CivilDay
    /// The first days of its revisions, in order.
    public var revised: [CivilDay]

    /// A statute.
    public init(id: String, title: String, copy: String, inForceFrom: CivilDay, revised: [CivilDay] = []) {
        self.id = id
        self.title = title
        self.copy = copy
        self.inForceFrom = inForceFrom
        self.revised = revised
    }

    /// The days on which something in it began.
    public var days: [CivilDay] { [inForceFrom] + revised }
}

extension Provision {
    /// Of which statute of its pack a row is, and on which days it is law.
    public struct Force: Hashable, Sendable {
        /// The statute's word.
        public var law: String
        /// The first day.
        public var from: CivilDay
        /// The last day; nil where the row is law still.
        public var until: CivilDay?

        /// Days of a row.
        public init(law: String, from: CivilDay, until: CivilDay? = nil) {
            self.law = law
            self.from = from
            self.until = until
        }
    }
}

extension RulesInForce.Span {
    /// The days on which a row of the text is judged: those of the text, and of a row of parent law only those on which its
    /// statute says so.
    func days(of provision: Provision) -> ForceDays {
        guard let force = provision.force else { return ForceDays(from: from, until: until) }
        let end = [until, force.until?.advanced(by: 1)].compactMap { $0 }.min()
        return ForceDays(from: max(from, force.from), until: end)
    }

    /// The same by the row's id; of a row that the text does not have, the days of the text.
    func days(ofRow id: String) -> ForceDays {
        regulation.provisions.first { $0.id == id }.map { days(of: $0) } ?? ForceDays(from: from, until: until)
    }
}

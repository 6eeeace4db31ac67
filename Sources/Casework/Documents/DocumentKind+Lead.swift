import Kernel

extension DocumentKind {
    /// A record that a lead must hold before it can have a paper of a kind (线索文书).
    public struct LeadRecord: Hashable, Sendable {
        /// The type; the newest record of it counts.
        public var type: EntryType
        /// What its plain members must say: one of the words each.
        public var words: [String: [String]]

        /// A record of this type that says this.
        public init(_ type: EntryType, words: [String: [String]] = [:]) {
            self.type = type
            self.words = words
        }

        /// Whether the records of a lead hold it.
        func isIn(_ records: [Record]) -> Bool {
            guard let record = records.last(where: { $0.type == type }) else { return false }
            return words.allSatisfy { name, allowed in
                switch record.plain[name] {
                case .string(let word): allowed.contains(word)
                case .boolean(let truth): allowed.contains(truth ? "true" : "false")
                default: false
                }
            }
        }
    }

    /// Whether a lead with these records can have a paper of this kind now.
    public func fits(lead records: [Record]) -> Bool {
        !leads.isEmpty && leads.allSatisfy { $0.isIn(records) }
    }

    /// Whether its papers go out: under a number, or in the bureau's name. Others are finished with their signatures.
    public var isSentOut: Bool { numbering != nil || inBureausName }
}

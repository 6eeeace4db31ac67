/// What a duty is about (事项): duties of several texts that carry the same matter are joined (design invariant 9).
public struct Matter: Hashable, Sendable {
    /// The word that duties name, for example `initiation-approval`.
    public var id: String
    /// The name on pages.
    public var title: String
    /// What one obligation of this matter is about.
    public var per: Per
    /// Whether it is about a recording, so that duties and permissions say how strictly one is asked for (`level`).
    public var isRecording: Bool
    /// Its place among all matters, which stand in the order in which they come up: what is missing is told in it.
    public var order: Int

    /// What an obligation is about, and so how a record that meets it is tied to the record that caused it.
    public enum Per: String, Hashable, Sendable, CaseIterable {
        /// The case as a whole: any record of it counts.
        case caseFile = "case"
        /// One on-site session: records with the same `activity`.
        case activity
        /// One document: records with the same `document`.
        case document
        /// One recording: records of its thread, and records that name it.
        case recording
        /// The very record that caused it: that record, and records that refer to it.
        case record
        /// The bureau: any record of the history.
        case bureau
        /// One lead or application: records of its thread, and records that name it.
        case lead
        /// One device: records of its thread, and records that name it.
        case recorder
        /// One request for access: records of its thread, and records that name it.
        case request
        /// One item for publication: records of its thread, and records that name it.
        case publication
        /// One draw.
        case draw
        /// One person: records of the thread, and records that name it as `person`.
        case person

        /// The kind of thread that is counted; nil where something else is.
        public var thread: ThreadKind? {
            switch self {
            case .lead: .lead
            case .recorder: .recorder
            case .request: .request
            case .publication: .publication
            case .draw: .draw
            case .person: .person
            case .caseFile, .activity, .document, .recording, .record, .bureau: nil
            }
        }
    }

    /// A matter.
    public init(id: String, title: String, per: Per, isRecording: Bool = false, order: Int = 0) {
        self.id = id
        self.title = title
        self.per = per
        self.isRecording = isRecording
        self.order = order
    }
}

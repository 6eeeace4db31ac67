/// A path made ready: what word stands there is found once.
final class PlannedPath: Sendable {
    let path: Path
    /// The place of the path that leads to the same members of the record itself: its own place if it is one.
    let own: Int
    /// Whether it is what every record has besides its members.
    let isPseudo: Bool
    /// Whether it asks for what a document's kind says, and not its record.
    let asksKind: Bool
    /// Whether it leads to the same wherever it is seen from.
    let isOfHistory: Bool
    /// Types of records that can change what stands there for earlier records.
    let unsettledBy: TypeSet

    init(_ path: Path, own: Int) {
        self.path = path
        self.own = own
        let isAlone = path.members.count == 1
        isPseudo = isAlone && Path.pseudoMembers.contains(path.members[0])
        asksKind = isAlone && ["stage", "category", "standard"].contains(path.members[0])
        isOfHistory =
            switch path.scope {
            case .all, .caseFile: true
            case .own, .trigger, .document, .activity, .recording, .reference, .first, .last: false
            }
        unsettledBy = TypeSet(path.unsettledBy)
    }
}

extension Path {
    /// Whether it leads from the record that caused an obligation.
    var readsTrigger: Bool { scope == .trigger }

    /// Whether it leads to one record that may not have the member: a look at that saves asking more.
    var mayBeAbsent: Bool {
        switch scope {
        case .own, .document, .activity, .recording, .caseFile, .reference, .first:
            members.first.map { !Path.pseudoMembers.contains($0) } ?? false
        case .all, .last, .trigger: false
        }
    }

    /// Types of records by which what stands at it can change for records before them. What other scopes lead to is
    /// settled when the record comes, or `Mentions` says that it is not.
    var unsettledBy: [EntryType] {
        switch scope {
        case .all(let type, _): [type]
        case .caseFile: [.caseOpened, .caseHandlersChanged]
        case .activity: [.recordingLinked, .activityEnded]
        case .own, .trigger, .document, .recording, .reference, .first, .last: []
        }
    }
}

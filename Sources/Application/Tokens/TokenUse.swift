import Casework
import Kernel

/// The use of a token in one request: what makes a performer a program instead of a person at a screen.
public struct TokenUse: Hashable, Sendable {
    /// The token.
    public let token: TokenID
    /// What it opens.
    public let scopes: Set<TokenScope>
    /// SHA-256 over method, address and body of the request: kept with what it records, so that a key that comes again
    /// with another request is told apart.
    public let request: Digest

    /// A use.
    public init(token: TokenID, scopes: Set<TokenScope>, request: Digest) {
        self.token = token
        self.scopes = scopes
        self.request = request
    }
}

/// What a program may ever record in a person's name. A token never approves, issues, disposes, confirms as a second
/// person, administers or hands out a dossier: those are a person's own acts, in their own session (invariant 8).
public enum TokenPower {
    /// What a handler decides or declares in their own name, though no secret is asked for it.
    public static let personal: Set<EntryType> = [
        .approvalStepped, .decisionChanged, .discussionHeld, .executionDecided, .preservationDecided, .reviewSubmitted,
    ]

    /// The scope that a record of a type needs; nil for what no token may record. A closed list: a type that is added
    /// later is not on it.
    public static func scope(for type: EntryType) -> TokenScope? {
        switch type {
        case .documentFixed: .recordDocuments
        case .subjectRegistered, .caseOpened, .activityBegan, .activityEnded, .findingRecorded, .statementRecorded,
            .statementReviewed, .decisionDrafted, .documentServed, .performanceRecorded:
            .recordCases
        default: steps.contains { $0.type == type } ? .recordCases : nil
        }
    }

    /// The steps described as data that a token may take: a handler's records.
    public static let steps: [RecordedStep] = RecordedStep.all.filter {
        $0.by == .handler && !personal.contains($0.type)
    }

    /// Refuses facts that a token may not record. Looked at where facts become entries, whatever road led there.
    static func check(_ facts: [Fact], by performer: Performer) throws(StepRefusal) {
        guard let use = performer.token else { return }
        for fact in facts {
            guard let scope = scope(for: fact.type) else { throw refusal }
            guard use.scopes.contains(scope) else {
                throw StepRefusal(.notAllowed, "这个访问令牌没有“\(scope.chinese)”的范围。")
            }
        }
    }

    static var refusal: StepRefusal {
        StepRefusal(.notAllowed, "这一步须由本人登录后办理。访问令牌不能审批、签名、制发、归档、确认、管理或者导出案卷。")
    }
}

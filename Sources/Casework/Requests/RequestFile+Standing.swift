import Kernel

extension RequestFile {
    /// The name in lists: what is asked, and by whom.
    public var title: String {
        let what = EntryType.requestMade.chinese(kind, of: "kind")
        return "\(what)申请：\(applicant.map { String($0.prefix(60)) } ?? "（申请人已销毁）")"
    }

    /// Whether nothing more can be recorded about it.
    public var isClosed: Bool { closedAt != nil }

    /// Items that the check lets out only as a copy, and of which there is none yet.
    public var missingCopies: [RequestItem] { check?.redacted.filter { copies[$0] == nil } ?? [] }

    /// Whether the approver's newest word is yes, and nothing was checked anew since.
    public var isApproved: Bool {
        guard let decision, let check else { return false }
        return decision.isApproved && decision.seq > check.seq && withdrawnAt == nil && !isClosed
    }

    /// What may be given out now: made after the newest approval, within its days, not taken back, not over.
    public func running(at now: Instant) -> Release? {
        guard isApproved, let decision, let release, release.seq > decision.seq, now < release.until else { return nil }
        return release
    }

    /// Where it stands.
    public var standing: Standing {
        if isClosed { return .closed }
        if withdrawnAt != nil { return .withdrawn }
        guard let check else { return .toCheck }
        if let decision, decision.seq > check.seq {
            guard decision.isApproved else { return .refused }
            guard let release, release.seq > decision.seq else { return .toRelease }
            return receiptedAt == nil ? .released : .receipted
        }
        return missingCopies.isEmpty ? .toDecide : .toRedact
    }

    /// Where a request stands, by what comes next.
    public enum Standing: String, Hashable, Sendable, CaseIterable {
        case toCheck, toRedact, toDecide, toRelease, released, receipted, refused, withdrawn, closed

        /// The word on screens.
        public var chinese: String {
            switch self {
            case .toCheck: "待保密审查"
            case .toRedact: "待制作遮盖件"
            case .toDecide: "待审批"
            case .toRelease: "已批准，待提供"
            case .released: "已提供，待签收"
            case .receipted: "已签收，待办结"
            case .refused: "不予批准，待办结"
            case .withdrawn: "已撤回，待办结"
            case .closed: "已办结"
            }
        }

        /// The stage under which the register of files keeps it, so that lists can ask for what waits for somebody.
        public var stage: Stage {
            switch self {
            case .toCheck: .initiation
            case .toRedact: .investigation
            case .toDecide: .decision
            case .toRelease: .execution
            case .released, .receipted, .refused, .withdrawn, .closed: .filing
            }
        }
    }
}

import Casework
import Kernel

/// What a person still has in hand when they leave (未办结工作): what has to be handed over first, and what only has to be
/// known.
public struct OpenWork: Hashable, Sendable {
    /// Cases that are not filed yet, at most a hundred, those that go on first.
    public let cases: [CaseRow]
    /// All of them.
    public let total: Int
    /// Those of them that go on: they get other handlers. One that has ended waits for its archivist alone.
    public let running: Int
    /// Leads from which no case was started, and requests to consult or copy: they are handed over.
    public let leads: Int
    public let requests: Int
    /// Leads and requests that are as good as done, and only have to be closed.
    public let closing: Int
    /// Cases whose draft names this person as its reviewer, and waits for them.
    public let reviews: [ThreadTag]
    /// What waits for a word that nobody else may give.
    public let words: [PendingWord]
    /// Posts that the person holds (专人).
    public let posts: [Posts.Held]
    /// Changes of rules, settings, roles and persons that they prepared and another has still to confirm.
    public let prepared: Int
    /// Roles that nobody else holds with an account that is in use.
    public let onlyHolder: [Role]

    /// Whether there is nothing to hand over, and nothing to know.
    public var isEmpty: Bool { handOver.isEmpty && rest.isEmpty }

    /// What stands against closing the account: each with who hands it over, and how.
    public var handOver: [StepRefusal.Reason] {
        var reasons: [StepRefusal.Reason] = []
        func add(_ missing: String, _ who: String) {
            reasons.append(.init(provisions: [], missing: missing, who: who))
        }
        if running > 0 { add("有 \(running) 个案件没有办结", "承办机构负责人在案件页面办理“变更承办人”") }
        if leads > 0 { add("有 \(leads) 条线索没有办结", "承办机构负责人在线索页面办理“移交线索”") }
        if requests > 0 { add("有 \(requests) 件查阅、复制申请没有办结", "承办机构负责人在申请页面办理“移交申请”") }
        for thread in reviews {
            add("案件 \(Self.short(thread)) 草拟的决定写明由本人审查，还没有审查", "本人先审查；不能审查的，由该案承办人重新草拟，另选审查人")
        }
        for word in words {
            let file = word.matter == .leadReview ? "线索" : "案件"
            add("\(file) \(Self.short(word.thread)) 等“\(word.matter.chinese)”，别人都不能办", "本人先办；不能办的，先让别人担任这项职责")
        }
        for post in posts {
            add("担任专人“\(EntryType.postAssigned.chinese(post.post, of: "post"))”", "系统管理员在“专人”里登记免去，另行指定")
        }
        return reasons
    }

    /// What nobody takes over, and whoever closes the account has to know.
    public var rest: [String] {
        var lines: [String] = []
        if total > running { lines.append("有 \(total - running) 个案件已经终结，等档案管理人员归档。") }
        if closing > 0 { lines.append("有 \(closing) 件线索、申请已经处理，还没有登记办结，由负责人或者其他经办人办结。") }
        if prepared > 0 { lines.append("拟定的 \(prepared) 项变更还等第二人确认，不受停用影响。") }
        if !onlyHolder.isEmpty {
            lines.append("只有本人担任：\(onlyHolder.map(\.chinese).joined(separator: "、"))。停用以后岗位空缺，请先让别人接任。")
        }
        return lines
    }

    /// How a file is named to somebody who has no right to cases.
    private static func short(_ thread: ThreadTag) -> String { String(thread.description.prefix(8)) }
}

extension Casebook {
    /// What a person has in hand.
    public func openWork(of person: ThreadTag) async throws(StepRefusal) -> OpenWork {
        let records = try await chambers.records()
        let upkeep = BureauUpkeep(records)
        let proposers =
            upkeep.proposals.map(\.proposedBy) + upkeep.roleProposals.map(\.proposedBy)
            + upkeep.settingProposals.map(\.proposedBy) + upkeep.personProposals.map(\.proposedBy)
        do {
            return try await openWork(
                of: person, posts: Posts(records).held.filter { $0.person == person },
                prepared: proposers.count { $0 == person })
        } catch {
            throw StepRefusal(error)
        }
    }

    private func openWork(
        of person: ThreadTag, posts: [Posts.Held], prepared: Int
    ) async throws(StoreError) -> OpenWork {
        let running = try await files(nil, .open, of: person, 100)
        let ended = try await files(nil, .ended, of: person, 100)
        var closing = 0
        for kind in [CaseRow.leadKind, CaseRow.requestKind] {
            closing += try await files(kind, .ended, of: person, 1).total
        }
        let persons = try await registers.persons()
        let own = persons.first { $0.thread == person }
        let others = persons.filter { $0.thread != person && $0.isActive }
        var words: [PendingWord] = []
        if let own {
            // What lies with the handlers of a case goes with the case.
            words = try await pendingWords(for: own, limit: 100).filter { word in
                !word.desk.roles.isEmpty && !others.contains(where: word.isOpen)
            }
        }
        return OpenWork(
            cases: Array((running.rows + ended.rows).prefix(100)), total: running.total + ended.total,
            running: running.total, leads: try await files(CaseRow.leadKind, .open, of: person, 1).total,
            requests: try await files(CaseRow.requestKind, .open, of: person, 1).total, closing: closing,
            reviews: try await registers.holders(of: .unitReview, under: person, limit: 100), words: words,
            posts: posts, prepared: prepared,
            onlyHolder: (own?.roles ?? []).filter { role in !others.contains { $0.roles.contains(role) } })
    }

    private func files(
        _ kind: String?, _ state: CaseRow.State, of person: ThreadTag, _ size: Int
    ) async throws(StoreError) -> CasePage {
        var filter = CaseFilter()
        (filter.kind, filter.handler, filter.state, filter.pageSize) = (kind, person, state, size)
        return try await registers.cases(filter)
    }

    /// Refuses to close the account of somebody whose work others can take over and have not (ADR 0054).
    func requireHandedOver(_ person: PersonRow) async throws(StepRefusal) {
        let work = try await openWork(of: person.thread)
        guard !work.handOver.isEmpty else { return }
        var refusal = StepRefusal(
            .outOfOrder,
            "\(person.name)还有工作没有交接，账号没有停用。请先逐项交接。账号可能被别人使用、要马上禁止登录的，先“重置密码”：原来的密码立即作废，所有登录退出。")
        refusal.reasons = work.handOver
        throw refusal
    }
}

extension PersonRow {
    /// Whether the person can sign in: the account is open, or reset and waiting for its person or a second one.
    public var isActive: Bool { [.open, .reset, .waiting].contains(accountState) }
}

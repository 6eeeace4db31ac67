import Casework
import Kernel
import Ledger

/// Puts somebody into a post, as a form has it.
public struct PostAssignment: Hashable, Sendable {
    /// A word of `post.assigned`.
    public var post: String
    public var person: ThreadTag
    /// A word of `post.assigned`.
    public var section: String
    /// What the person answers for; empty for all of it.
    public var scope: String
    /// From which day; never one to come.
    public var from: CivilDay

    /// An assignment.
    public init(post: String, person: ThreadTag, section: String, scope: String, from: CivilDay) {
        self.post = post
        self.person = person
        self.section = section
        self.scope = scope
        self.from = from
    }
}

extension Casebook {
    /// Records that somebody holds a post from a day on (指定专人); only the administrator may.
    ///
    /// - Parameter seq: how many entries the bureau's thread had when the form was drawn.
    public func assign(
        _ assignment: PostAssignment, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await administer(expecting: seq, command: command, by: performer) { () async throws(StepRefusal) in
            var form = FormText()
            if !EntryType.postAssigned.options(of: "post").contains(where: { $0.word == assignment.post }) {
                form.fail("post", "请选择岗位。")
            }
            if !EntryType.postAssigned.options(of: "section").contains(where: { $0.word == assignment.section }) {
                form.fail("section", "请选择所在科室。")
            }
            let scope = form.optional(assignment.scope, "scope", "负责的事项", limit: 500)
            let posts = Posts(try await chambers.records())
            if posts.holds(assignment.person, assignment.post) != nil {
                form.fail("person", "这个人已经在这个岗位上。科室或者事项有变化的，先登记免去，再重新指定。")
            }
            if try await person(assignment.person).accountState == .closed {
                form.fail("person", "这个人的账号已经停用，不能再指定。")
            }
            let at = check(assignment.from, since: nil, in: &form)
            try form.finish()
            return try await record(
                [
                    Fact(
                        .postAssigned, in: try await chambers.profile().thread,
                        plain: [
                            "person": .string(assignment.person.description), "post": .string(assignment.post),
                            "section": .string(assignment.section),
                        ], fields: scope.map { [.init("scope", .string($0), .internal)] } ?? [],
                        stated: StatedTime(at: at, source: .officer))
                ], by: .person(performer.tag), command: command)
        }
    }

    /// Records that somebody's post has ended (免去专人): they left, or somebody else took it; only the administrator may.
    ///
    /// - Parameter day: the last day is the one before; from this day on the person holds it no more.
    public func endPost(
        _ post: String, of holder: ThreadTag, on day: CivilDay, reason: String, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await administer(expecting: seq, command: command, by: performer) { () async throws(StepRefusal) in
            var form = FormText()
            let posts = Posts(try await chambers.records())
            let held = posts.holds(holder, post)
            if held == nil { form.fail("held", "请选择一个现任的岗位；它可能已经免去。") }
            let why = form.required(reason, "reason", "免去的理由", limit: 500)
            let at = check(day, since: held?.from, in: &form)
            try form.finish()
            return try await record(
                [
                    Fact(
                        .postEnded, in: try await chambers.profile().thread,
                        plain: ["person": .string(holder.description), "post": .string(post)],
                        fields: [.init("reason", .string(why), .internal)], stated: StatedTime(at: at, source: .officer)
                    )
                ], by: .person(performer.tag), command: command)
        }
    }

    /// Takes a step once, for whoever may; a form that is out of date is refused.
    private func administer(
        expecting seq: Int, command: CommandID, by performer: Performer,
        _ carryOut: () async throws(StepRefusal) -> AppendReceipt
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.require(.administrator)
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            guard try await chambers.records().count == seq else {
                throw StepRefusal(.stale, "您打开页面之后，机关的登记又有变化。请看看新的内容，再决定是否提交。已填内容都还在。")
            }
            return try await carryOut()
        }
    }

    /// When a day begins, which is neither to come nor long gone nor before `first`.
    private func check(_ day: CivilDay, since first: CivilDay?, in form: inout FormText) -> Instant {
        let at = Instant(startOf: day)
        if day > now.day { form.fail("day", "日期不能晚于今天；到了那一天再登记。") }
        if let first, day < first { form.fail("day", "免去的日期不能早于指定的日期（\(first.chinese)）。") }
        if let problem = Scene.tooEarly(at, now: now) { form.fail("day", problem) }
        return at
    }

    private func person(_ tag: ThreadTag) async throws(StepRefusal) -> PersonRow {
        let row: PersonRow?
        do { row = try await registers.person(tag) } catch { throw StepRefusal(error) }
        guard let row else { throw StepRefusal(fields: [.init("person", "请选择一个已经登记的人员。")]) }
        return row
    }
}

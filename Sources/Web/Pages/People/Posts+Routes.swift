import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// Posts that the texts ask for: who holds them, and since when.
    func addPosts(_ services: WebServices) {
        on(.get, "/b/{bureau}/posts", .administration) { request, context in
            try await services.postsPage(context, done: Form(query: request.uri.query)["done"])
        }
        on(.post, "/b/{bureau}/posts", .administration) { _, context in try await services.assignPost(context) }
        on(.get, "/b/{bureau}/posts/end", .administration) { request, context in
            try await services.postEndPage(Form(query: request.uri.query), context)
        }
        on(.post, "/b/{bureau}/posts/end", .administration) { request, context in
            try await services.endPost(Form(query: request.uri.query), context)
        }
    }
}

extension Address {
    /// Posts and who holds them.
    var posts: String { "\(base)/posts" }
    /// Where somebody's post is ended.
    func endPost(_ held: Posts.Held) -> String { "\(posts)/end?post=\(held.post)&person=\(held.person)" }
}

extension Posts.Held {
    /// The post's name.
    var chinese: String { EntryType.postAssigned.chinese(post, of: "post") }
    /// The section's name; empty where none was said.
    var sectionName: String { section.map { EntryType.postAssigned.chinese($0, of: "section") } ?? "" }
}

extension WebServices {
    private static let lead =
        "各项制度要求指定专人的，在这里登记；它与系统里的职责不同，不增加任何权限。调离、换人的，登记免去，以前的记录不改变。"

    func postsPage(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil, done: String? = nil
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let records = try await context.bureau.casebook.chambers.records()
        let posts = Posts(records)
        let persons = try await context.bureau.registers.persons()
        let names = try await context.bureau.names()
        var day = FieldModel(name: "day", label: "从哪一天起", control: .day, isRequired: true)
        day.input = .text(clock.now().day.description)
        var page = ActPage(
            title: "专人", lead: Self.lead, crumbs: [],
            before: """
                \(AdminTabs(address: address, current: .posts).html)\(notice(done))\(held(posts, names, address))<h2>指定专人</h2>

                """,
            form: frame(address.posts, context, seq: records.count),
            fields: context.typed([
                .choice("post", "岗位", EntryType.postAssigned.options(of: "post")),
                FieldModel(
                    name: "person", label: "由谁担任",
                    control: .choice(
                        persons.filter { $0.accountState != .closed }.map {
                            .init(word: $0.thread.description, label: $0.name, hint: $0.section)
                        }), isRequired: true),
                .choice("section", "所在科室", EntryType.postAssigned.options(of: "section"), help: "有的制度限定由哪个科室的人担任。"),
                .line("scope", "负责的事项", help: "例如：执法记录仪的保管、充电和维护。", isRequired: false), day,
            ]), button: "指定", back: address.people, after: past(posts, names))
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    private func notice(_ done: String?) -> HTML {
        switch done {
        case "assigned": Notice(title: "已登记指定专人", tone: .done).html
        case "ended": Notice(title: "已登记免去专人", tone: .done).html
        default: ""
        }
    }

    private func held(_ posts: Posts, _ names: [ThreadTag: String], _ address: Address) -> HTML {
        guard !posts.held.isEmpty else {
            return EmptyState(title: "还没有指定专人", text: "制度要求指定档案、设备、台账等专门人员的，请在下面登记。").html
        }
        return """
            <ul class="case-cards">\(posts.held.html { held in
                """
                <li><p class="card-title"><b>\(held.chinese)：\(names[held.person] ?? "已离开的人员")</b>\(Button(label: "免去", href: address.endPost(held), style: .small).html)</p><p class="card-note">\(facts(held))</p></li>

                """
            })</ul>

            """
    }

    private func facts(_ held: Posts.Held) -> String {
        [held.sectionName, "自\(held.from.chinese)起", held.scope ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private func past(_ posts: Posts, _ names: [ThreadTag: String]) -> HTML {
        let past = posts.all.filter { $0.until != nil }
        guard !past.isEmpty else { return "" }
        return """
            <h2>以前担任过的</h2>
            <ul class="case-cards">\(past.reversed().html { held in
                """
                <li><p class="card-title"><b>\(held.chinese)：\(names[held.person] ?? "已离开的人员")</b></p><p class="card-note">\(held.from.chinese)至\(held.until?.chinese ?? "")\(held.reason.map { " · 免去的理由：\($0)" } ?? "")</p></li>

                """
            })</ul>

            """
    }

    func assignPost(_ context: SignedInContext) async throws -> Response {
        try await act(context) { refusal, secretError in
            try await postsPage(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            guard let person = ThreadTag(form.text("person")) else {
                throw StepRefusal(fields: [.init("person", "请选择由谁担任。")])
            }
            guard let day = CivilDay(form.text("day")) else {
                throw StepRefusal(fields: [.init("day", "请填写日期，例如 2026-11-20。")])
            }
            _ = try await context.bureau.casebook.assign(
                PostAssignment(
                    post: form.text("post"), person: person, section: form.text("section"), scope: form.text("scope"),
                    from: day), expecting: form.seq, command: command, by: performer)
            return .seeOther("\(Address(context.bureau.tag).posts)?done=assigned")
        }
    }

    func postEndPage(
        _ query: Form, _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let records = try await context.bureau.casebook.chambers.records()
        guard let person = query["person"].flatMap({ ThreadTag($0) }),
            let held = Posts(records).holds(person, query.text("post"))
        else {
            guard refusal == nil else { throw WebRefusal.refused("这个岗位已经免去。请回到“专人”页面看看现在由谁担任。") }
            throw WebRefusal.notFound
        }
        let names = try await context.bureau.names()
        var day = FieldModel(
            name: "day", label: "从哪一天起不再担任", control: .day, isRequired: true, help: "这一天以前办的事，仍然算是由他担任时办的。")
        day.input = .text(clock.now().day.description)
        var page = ActPage(
            title: "免去\(held.chinese)", crumbs: [.init(label: "专人", href: address.posts)],
            before: SummaryList(rows: [
                .init(label: "担任人", value: "\(names[person] ?? "已离开的人员")"),
                .init(label: "岗位", value: "\(held.chinese)"), .init(label: "情况", value: "\(facts(held))"),
            ]).html,
            form: frame(address.endPost(held), context, seq: records.count),
            fields: context.typed([day, .paragraphs("reason", "理由", help: "例如：调离本单位，改由他人担任。")]), button: "免去",
            back: address.posts)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func endPost(_ query: Form, _ context: SignedInContext) async throws -> Response {
        try await act(context) { refusal, secretError in
            try await postEndPage(query, context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            guard let person = query["person"].flatMap({ ThreadTag($0) }) else { throw WebRefusal.notFound }
            guard let day = CivilDay(form.text("day")) else {
                throw StepRefusal(fields: [.init("day", "请填写日期，例如 2026-11-20。")])
            }
            _ = try await context.bureau.casebook.endPost(
                query.text("post"), of: person, on: day, reason: form.text("reason"), expecting: form.seq,
                command: command, by: performer)
            return .seeOther("\(Address(context.bureau.tag).posts)?done=ended")
        }
    }
}

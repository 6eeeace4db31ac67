import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// Requests to consult or copy (查阅、复制申请): the register, registering one, its page, its steps, its files.
    func addRequests(_ services: WebServices) {
        on(.get, "/b/{bureau}/requests", .casework) { request, context in
            services.answer(try await services.requestList(request, context).page, context)
        }
        on(.get, "/b/{bureau}/tables/requests", .casework) { request, context in
            try await services.requestTable(request, context)
        }
        on(.get, "/b/{bureau}/requests/new", .casework) { request, context in
            try await services.requestForm(Form(query: request.uri.query), context, refusal: nil)
        }
        on(.post, "/b/{bureau}/requests/new", .casework) { request, context in
            try await services.makeRequest(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/requests/{request}", .casework) { request, context in
            services.answer(try await services.requestPage(request, context).page, context)
        }
        on(.get, "/b/{bureau}/requests/{request}/steps/{step}", .casework) { _, context in
            try await services.requestStepForm(context, refusal: nil)
        }
        on(.post, "/b/{bureau}/requests/{request}/steps/{step}", .casework) { _, context in
            try await services.takeRequestStep(context)
        }
        on(.post, "/b/{bureau}/requests/{request}/files/{file}", .casework) { _, context in
            try await services.fetchFile(context)
        }
        on(.get, "/b/{bureau}/requests/{request}/files/{file}/{look}", .casework) { request, context in
            try await services.fileContent(request, context)
        }
    }
}

extension Address {
    var requests: String { "\(base)/requests" }
    func requests(query: String) -> String { query.isEmpty ? requests : "\(requests)?\(query)" }
    /// The requests of a list as a table to download.
    func requestTable(query: String) -> String {
        query.isEmpty ? "\(base)/tables/requests" : "\(base)/tables/requests?\(query)"
    }
    /// The form that registers a request; without a case it asks for one first.
    func newRequest(about source: ThreadTag? = nil) -> String {
        "\(requests)/new\(source.map { "?case=\($0)" } ?? "")"
    }
    func request(_ thread: ThreadTag, done: String? = nil) -> String {
        "\(requests)/\(thread)\(done.map { "?done=\($0)" } ?? "")"
    }
    func requestStep(_ name: String, in thread: ThreadTag) -> String { "\(request(thread))/steps/\(name)" }
    /// A file of the release; 0 is the printed sheet.
    func requestFile(_ number: Int, of thread: ThreadTag) -> String { "\(request(thread))/files/\(number)" }
    func requestFile(_ number: Int, of thread: ThreadTag, look: ViewSessionID) -> String {
        "\(requestFile(number, of: thread))/\(look)"
    }
}

extension BureauServices {
    /// A request for somebody who may see it. One that may not be seen looks like one that does not exist.
    func visibleRequest(_ context: SignedInContext) async throws -> RequestView {
        guard let thread = context.parameters.get("request").flatMap({ ThreadTag($0) }) else {
            throw WebRefusal.notFound
        }
        let view = try await casebook.loadRequest(thread)
        guard view.isVisible(to: context.identity.person) else { throw WebRefusal.notFound }
        return view
    }
}

extension WebServices {
    /// Records the look at a file of the release, then leads to its bytes.
    func fetchFile(_ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleRequest(context)
        let number = try fileNumber(context)
        let look = try await context.bureau.office.requests.fetch(
            number, of: view.file.thread, command: try context.visit.form.command, by: context.performer)
        return .seeOther(
            Address(context.bureau.tag).requestFile(number, of: view.file.thread, look: look.id))
    }

    /// The bytes of a file within a look, and only while the release runs.
    func fileContent(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleRequest(context)
        guard view.mayFetch(context.identity.person),
            let file = view.served(try fileNumber(context), at: clock.now())
        else { throw WebRefusal.notFound }
        guard let id = context.parameters.get("look").flatMap({ ViewSessionID($0) }),
            let look = await context.bureau.office.views.look(id, by: context.identity.person.thread),
            look.thread == view.file.thread, look.object == file.object
        else { throw WebRefusal.refused("这次下载已经结束，或者超过了30分钟。请回到申请页面重新下载。") }
        let views = context.bureau.office.views
        return await ObjectResponse(
            file.object, in: context.bureau.office.vault, mediaType: "application/octet-stream",
            disposition: .attachment(file.name)
        ).respond(to: request) { range, size in await views.count(range, of: size, in: look.id) }
    }

    private func fileNumber(_ context: SignedInContext) throws -> Int {
        guard let number = context.parameters.get("file").flatMap({ Decimal.strict(Array($0.utf8)) }) else {
            throw WebRefusal.notFound
        }
        return number
    }
}

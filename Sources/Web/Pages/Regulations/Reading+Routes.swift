import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// Regulations to be read and compared.
    func addReading(_ services: WebServices) {
        on(.get, "/b/{bureau}/regulations/comparison", .signedIn) { request, context in
            try await services.comparisonPage(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/regulations/{regulation}", .signedIn) { request, context in
            try await services.readerPage(Form(query: request.uri.query), context)
        }
    }
}

extension WebServices {
    func readerPage(_ query: Form, _ context: SignedInContext) async throws -> Response {
        if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
        let law = try await context.bureau.casebook.chambers.law()
        guard let id = context.parameters.get("regulation"), let newest = law.library.newest(id) else {
            throw WebRefusal.notFound
        }
        // What applies today is read before a newer version that nobody adopted.
        let day = clock.now().day
        let span = law.rules.spans.first { $0.regulation.id == newest.regulation.id && $0.covers(day) }
        let text = span.flatMap { span in law.library.regulations.first { $0.digest == span.digest } } ?? newest
        // From the stored rows: no case is loaded, nothing is judged anew. Officers see their own cases.
        var open: [String: OpenCount]?
        if Right.casework.roles.map({ context.identity.has(anyOf: $0) }) ?? false {
            open = try await context.bureau.registers.openCounts(
                of: text.regulation.id,
                handler: context.identity.isOnlyOfficer ? context.identity.person.thread : nil, at: clock.now())
        }
        return answer(
            RegulationReader(
                address: Address(context.bureau.tag), text: text, span: span, library: law.library, open: open,
                search: query.text("q"), modality: query["modality"].flatMap { Provision.Modality(rawValue: $0) },
                kind: query["kind"].flatMap { Provision.Kind(rawValue: $0) }, onlyOpen: query["open"] == "yes"
            ).page, context)
    }

    func comparisonPage(_ query: Form, _ context: SignedInContext) async throws -> Response {
        if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
        let law = try await context.bureau.casebook.chambers.law()
        let texts = Set(law.library.regulations.map(\.regulation.id)).sorted()
            .compactMap { law.library.newest($0) }
        /// The text that a field names; nothing chosen is no text, a name that nobody knows is refused.
        func text(_ name: String) throws -> LoadedRegulation? {
            let id = query.text(name)
            guard !id.isEmpty else { return nil }
            guard let text = law.library.newest(id) else { throw WebRefusal.notFound }
            return text
        }
        let day = clock.now().day
        return answer(
            ComparisonPage(
                address: Address(context.bureau.tag), texts: texts, left: try text("left"), right: try text("right"),
                adopted: Set(law.rules.spans.filter { $0.covers(day) }.map(\.regulation.id)), library: law.library,
                onlyDifferences: query["only"] == "differences"
            ).page, context)
    }
}

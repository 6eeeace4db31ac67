import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

extension Routes {
    /// The own terms as a calendar: once as a file, or again and again under an address that only its person knows.
    func addCalendar(_ services: WebServices) {
        on(.get, "/b/{bureau}/account/calendar", .casework) { _, context in
            services.answer(try await services.calendarPage(context).page, context)
        }
        on(.post, "/b/{bureau}/account/calendar", .casework) { request, context in
            try await services.makeCalendar(request, context)
        }
        on(.post, "/b/{bureau}/account/calendar/revocation", .casework) { _, context in
            try await services.revokeCalendar(context)
        }
        on(.get, "/b/{bureau}/account/calendar.ics", .casework) { request, context in
            try await services.calendar(of: context.identity.person, at: context.bureau, request)
        }
        // Calendar programs send no header of ours and follow to no sign-in page: the address itself is the token, which
        // opens nothing else. Whoever has none learns only that there is nothing.
        open(.get, "/b/{bureau}/calendar/{file}") { request, context in
            try await services.subscribedCalendar(request, context)
        }
    }
}

extension Address {
    var calendar: String { "\(account)/calendar" }
    var calendarFile: String { "\(account)/calendar.ics" }
    /// Where a calendar program reads.
    func calendar(_ token: TokenText) -> String { "\(base)/calendar/\(token.wholeText).ics" }
}

extension WebServices {
    func calendarPage(_ context: SignedInContext) async throws -> CalendarPage {
        let now = clock.now()
        let address = Address(context.bureau.tag)
        let rows = try await tokens.tokens(of: context.identity.session.account)
            .filter { $0.isCalendar && $0.standing(of: context.identity.person, at: now) == .live }
            .map { token in
                CalendarPage.Row(
                    id: token.id.description, made: token.madeAt.chinese, ends: token.endsAt.chinese,
                    used: token.usedAt?.chinese ?? "还没有读取过")
            }
        return CalendarPage(
            address: address, form: frame(address.calendar, context), token: context.visit.formToken, rows: rows,
            mayMake: context.identity.canApprove)
    }

    func makeCalendar(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try await act(
            context,
            again: { refusal, secretError in
                var page = try await calendarPage(context)
                page.show(refusal, secretError)
                return answer(page.page, context)
            },
            run: { performer, command in
                let made = try await tokens.make(
                    "日历订阅", scopes: [.readCalendar], days: AccessTokens.longestDays, of: context.identity,
                    performer: performer, casebook: context.bureau.casebook, command: command)
                var page = try await calendarPage(context)
                page.form.command = .random()
                page.shown = origin(of: request) + Address(context.bureau.tag).calendar(made.text)
                return answer(page.page, context)
            })
    }

    func revokeCalendar(_ context: SignedInContext) async throws -> Response {
        guard let id = context.visit.form[TokensPage.id].flatMap({ TokenID($0) }) else {
            throw WebRefusal.unreadable("no token is named")
        }
        try await tokens.revoke(id, of: context.identity, casebook: context.bureau.casebook)
        return .seeOther(Address(context.bureau.tag).calendar)
    }

    /// The calendar of whoever the address in it was made for.
    func subscribedCalendar(_ request: Request, _ context: AppContext) async throws -> Response {
        guard let bureau = context.visit.bureau, let file = context.parameters.get("file"), file.utf8.count <= 200,
            case let name = Array(file.utf8), name.suffix(4).elementsEqual(".ics".utf8),
            let text = TokenText(name.dropLast(4))
        else { throw WebRefusal.notFound }
        let bearer: TokenBearer
        do throws(TokenRefusal) {
            bearer = try await tokens.bearer(text, source: context.visit.source)
        } catch {
            switch error {
            case .disagreeing(let whom): throw WebRefusal.disagreeing(whom)
            case .failed: throw error
            case .wrong, .ended, .locked: throw WebRefusal.notFound
            }
        }
        guard bearer.token.isCalendar, bearer.token.account.bureau == bureau.tag else { throw WebRefusal.notFound }
        return try await calendar(of: bearer.person, at: bureau, request)
    }

    func calendar(of person: PersonRow, at bureau: BureauServices, _ request: Request) async throws -> Response {
        let feed = CalendarFeed(bureau: bureau, person: person, origin: origin(of: request), now: clock.now())
        var headers = HTTPFields()
        headers[.contentType] = "text/calendar; charset=utf-8"
        headers[.cacheControl] = "private, no-store"
        headers[.contentDisposition] = "attachment; filename=\"liuhen-terms.ics\""
        return Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: try await feed.text())))
    }

    /// The server as this request addressed it; empty where it did not say.
    private func origin(of request: Request) -> String {
        request.head.authority.map { "\(settings.isSecure ? "https" : "http")://\($0)" } ?? ""
    }
}

extension AccessToken {
    /// Made for a calendar and for nothing else: its text stands in an address, which lies about in more places than a key.
    var isCalendar: Bool { scopes == [.readCalendar] }
}

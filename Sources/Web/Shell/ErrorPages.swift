import Application
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// The one place where errors become answers: a page in plain Chinese, or problem+json (RFC 9457) for programs.
struct ErrorPages: RouterMiddleware {
    let services: WebServices

    func handle(
        _ request: Request, context: AppContext, next: @concurrent (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let refusal = WebRefusal(any: error)
            if let text = refusal.logText {
                context.logger.log(level: refusal.status.code >= 500 ? .error : .notice, "\(text)")
            }
            return answer(refusal, to: request, context)
        }
    }

    private func answer(_ refusal: WebRefusal, to request: Request, _ context: AppContext) -> Response {
        let isPage = request.wantsPage
        if isPage, request.method == .get {
            // A page that needs signing in leads there and back again.
            if case .signIn(let bureau) = refusal {
                return .redirect(to: Address(bureau).signIn(next: request.uri.string))
            }
            if case .changeSecret(let bureau) = refusal { return .redirect(to: Address(bureau).account) }
        }
        guard isPage else {
            let problem: JSON = [
                "type": .string("urn:liuhen:error:\(refusal.code)"), "title": .string(refusal.title),
                "status": .integer(Int64(refusal.status.code)),
                "detail": .string(refusal.advice.joined(separator: "")),
                "instance": .string("urn:liuhen:request:\(context.id)"),
            ]
            var headers = HTTPFields()
            headers[.contentType] = "application/problem+json"
            return Response(
                status: refusal.status, headers: headers, body: .init(byteBuffer: .init(bytes: problem.canonicalBytes)))
        }
        let page = RefusalPage(
            title: refusal.title, advice: refusal.advice, requestID: refusal.status.code >= 500 ? context.id : nil,
            signIn: {
                switch refusal {
                case .signIn(let bureau): Address(bureau).signIn(next: nil)
                case .signInToGoOn(let bureau, let next): Address(bureau).signIn(next: next)
                default: nil
                }
            }(), kept: refusal.keptAddress,
            home: context.currentIdentity.map { Address($0.bureau).home })
        return services.answer(page.page(status: refusal.status), context)
    }
}

extension WebRefusal {
    /// What any error means to somebody outside.
    init(any error: any Error) {
        switch error {
        case let refusal as WebRefusal: self = refusal
        case let error as StoreError: self = WebRefusal(error)
        case let error as SignInError: self = WebRefusal(error)
        case let error as StepRefusal: self = WebRefusal(error)
        case let error as FormError: self = .unreadable(error.description)
        case let error as HTTPError:
            switch error.status {
            case .notFound: self = .notFound
            case .contentTooLarge: self = .tooLarge(1 << 20)
            case .badRequest: self = .unreadable("\(error)")
            default: self = .broken("\(error)")
            }
        default: self = .broken("\(error)")
        }
    }
}

extension Request {
    /// Whether a person looks at the answer: a browser asks for HTML, a program for anything or for JSON.
    ///
    /// A form is sent by a person, whatever the browser says it takes: only who asks for JSON gets JSON.
    var wantsPage: Bool {
        let accept = headers[.accept] ?? ""
        if accept.asciiContains("text/html") { return true }
        return carriesForm && !accept.asciiContains("json")
    }

    /// Whether the body is said to be one of the three kinds that a browser's form sends (HTML, form submission).
    var carriesForm: Bool {
        guard method == .post, let type = headers[.contentType] else { return false }
        return ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"].contains {
            type.asciiBegins(with: $0)
        }
    }
}

extension String {
    /// Whether `part`, which is in lower case, stands somewhere in the text.
    func asciiContains(_ part: String) -> Bool {
        utf8.map(\.asciiLowercased).contains(sequence: part.utf8)
    }
}

import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a body as a form. Of one that is refused, what can be read is read all the same, so that the person who typed
/// it gets it back: nothing of it is carried out.
struct FormIntake: Sendable {
    let settings: WebSettings
    /// Somebody is signed in: a form that is too large is read to its end for them, and for nobody else.
    let isKnown: Bool

    /// A form, and why it is not taken.
    struct Result: Sendable {
        var form = Form()
        var refusal: WebRefusal?
    }

    /// Bytes of a refused form that are kept from its beginning. What people type is less, also percent-encoded.
    static let headLimit = 4 << 20
    /// Bytes that are kept from its end: the fields after a file that is too large.
    static let tailLimit = 256 << 10

    /// - Throws: what reading the connection throws, and `WebRefusal.tooLarge` for a stranger's form.
    func read(_ request: Request) async throws -> Result {
        let type = request.headers[.contentType] ?? ""
        let boundary = Multipart.boundary(of: type)
        let limit = boundary == nil ? settings.formLimit : settings.filesLimit
        if !isKnown, let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw WebRefusal.tooLarge(limit)
        }
        var body = Ends(headLimit: isKnown ? max(limit, Self.headLimit) : limit)
        for try await part in request.body {
            body.append(part)
            if !isKnown, body.count > limit { throw WebRefusal.tooLarge(limit) }
        }
        let isForm = boundary != nil || type.asciiBegins(with: "application/x-www-form-urlencoded")
        guard isForm else {
            return body.count == 0
                ? Result()
                : Result(refusal: .unreadable("a body of type \(type.prefix(100)) where a form is expected"))
        }
        guard body.count <= limit else {
            return Result(form: legible(body, boundary), refusal: .tooLarge(limit))
        }
        do throws(FormError) {
            if let boundary { return Result(form: try Multipart.read(body.head, boundary: boundary)) }
            return Result(form: try Form(urlEncoded: body.head))
        } catch {
            return Result(form: legible(body, boundary), refusal: .unreadable(error.description))
        }
    }

    private func legible(_ body: Ends, _ boundary: [UInt8]?) -> Form {
        var form = Form()
        for part in [body.head, body.tail] where !part.isEmpty {
            if let boundary {
                form.take(fieldsOf: Multipart.legible(part, boundary: boundary))
            } else {
                form.take(fieldsOf: Form(query: String(decoding: part, as: UTF8.self)))
            }
        }
        return form
    }

    /// The beginning and the end of a body, of bounded size whatever the body's. Without a gap the end is empty.
    private struct Ends {
        let headLimit: Int
        private(set) var head: [UInt8] = []
        private var rest: [UInt8] = []
        private(set) var count = 0

        init(headLimit: Int) { self.headLimit = headLimit }

        mutating func append(_ part: ByteBuffer) {
            let bytes = part.readableBytesView
            count += bytes.count
            let room = headLimit - head.count
            head += bytes.prefix(room)
            rest += bytes.dropFirst(room)
            if rest.count > 2 * FormIntake.tailLimit { rest.removeFirst(rest.count - FormIntake.tailLimit) }
        }

        /// The end; its first pair or part is cut, and is not read for that.
        var tail: [UInt8] { Array(rest.suffix(FormIntake.tailLimit)) }
    }
}

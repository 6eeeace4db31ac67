import Foundation
import Kernel
import Synchronization

/// Whole steps over HTTP: a form is sent, decoded, judged by every gate, and committed before the answer.
///
/// Many officers work at once, each on a connection and a case of its own; a step begins or ends a visit. The server is
/// the product's own, with a demonstration in it; only loads come from here.
enum HTTPSteps {
    static let rounds = 5
    static let clients = 32

    static func measure(_ options: Options) async throws {
        let port = try options.number("port", or: 8080)
        let base = "/b/\(try options.text("bureau"))"
        let steps = try options.number("steps", or: 40)
        let session = try SignedIn(
            port: port, base: base, account: try options.text("account"), secret: try options.text("secret"))
        var rate = Samples(figure: "steps-http")
        var slow = Samples(figure: "steps-http-p95")
        for round in 0...rounds {
            // Cases as they come: after twenty visits an inspection is longer than nearly all of them.
            let officers = try (0..<clients).map { _ in try VisitingOfficer(session) }
            let times = Mutex<[Double]>([])
            let time = try Timing.wall {
                try inParallel(officers) { officer in
                    let own = try officer.take(steps)
                    times.withLock { $0 += own }
                }
            }
            // The first round warms the server.
            guard round > 0 else { continue }
            rate.values.append(Double(clients * steps) / time)
            slow.values.append(times.withLock { $0.quantile(0.95) } * 1000)
        }
        rate.say(note: "\(clients) connections, each \(steps) steps on a case of its own")
        slow.say()
    }

    private static func inParallel(
        _ officers: [VisitingOfficer], _ work: @escaping @Sendable (VisitingOfficer) throws -> Void
    ) throws {
        let failure = Mutex<(any Error)?>(nil)
        let group = DispatchGroup()
        for officer in officers {
            group.enter()
            Thread {
                do { try work(officer) } catch { failure.withLock { $0 = error } }
                group.leave()
            }.start()
        }
        group.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }
}

/// A signed-in browser.
struct SignedIn: Sendable {
    let port: Int
    let base: String
    let cookie: String
    let token: String
    /// Officers who may handle a case, whoever is signed in first; empty for whoever opens none.
    let handlers: [String]

    init(port: Int, base: String, account: String, secret: String, opensCases: Bool = true) throws {
        self.port = port
        self.base = base
        let connection = try HTTPConnection(port: port)
        let page = try connection.send("GET", "\(base)/sign-in")
        let visitor = SignedIn.cookie(of: page)
        let form = "form-token=\(try SignedIn.hidden("form-token", in: page.body))&account=\(account)&secret=\(secret)"
        let answer = try connection.send("POST", "\(base)/sign-in", cookie: visitor, form: form)
        guard answer.status == 303 else { throw Failure("signing in was answered \(answer.status)") }
        cookie = SignedIn.cookie(of: answer)
        guard opensCases else {
            token = try SignedIn.hidden(
                "form-token", in: connection.send("GET", "\(base)/account", cookie: cookie).body)
            handlers = []
            return
        }
        let opening = try connection.send("GET", "\(base)/cases/new", cookie: cookie)
        token = try SignedIn.hidden("form-token", in: opening.body)
        // The form has the box of whoever is signed in ticked: only handlers take steps, so they come first.
        let own = SignedIn.ticked("handlers", in: opening.body)
        handlers = own + SignedIn.words(of: "handlers", in: opening.body).filter { !own.contains($0) }
        guard own.count == 1, handlers.count >= 2 else {
            throw Failure("the form of a new case offers \(handlers.count) officers, \(own.count) of them ticked")
        }
    }

    private static func cookie(of answer: HTTPConnection.Answer) -> String {
        String((answer.field("Set-Cookie") ?? "").prefix { $0 != ";" })
    }

    private static func hidden(_ name: String, in page: String) throws -> String {
        guard let word = words(of: name, in: page).first else { throw Failure("the page has no \(name)") }
        return word
    }

    /// The values of inputs of this name.
    static func words(of name: String, in page: String) -> [String] {
        page.components(separatedBy: "name=\"\(name)\" value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    /// The values of boxes of this name that are ticked.
    private static func ticked(_ name: String, in page: String) -> [String] {
        page.components(separatedBy: "name=\"\(name)\" value=\"").dropFirst().compactMap { part in
            let value = part.prefix { $0 != "\"" }
            return part.dropFirst(value.count).hasPrefix("\" checked>") ? String(value) : nil
        }
    }
}

/// One connection with one case.
///
/// Safe because one thread at a time uses it: it is made by one and handed to another.
final class VisitingOfficer: @unchecked Sendable {
    private let session: SignedIn
    private let connection: HTTPConnection
    private let path: String
    private var seq = 1
    private var activity: CommandID?

    init(_ session: SignedIn) throws {
        self.session = session
        connection = try HTTPConnection(port: session.port)
        let command = CommandID.random()
        // The case's thread is the command's id.
        path = "\(session.base)/cases/\(command)"
        let handlers = session.handlers.prefix(2).map { "handlers=\($0)" }.joined(separator: "&")
        let answer = try connection.send(
            "POST", "\(session.base)/cases/new", cookie: session.cookie,
            form: "form-token=\(session.token)&command=\(command)&title=Bench+\(command)&source=plan&\(handlers)"
                + "&subjectKind=organisation&subjectName=Firm+\(command)")
        guard answer.status == 303 else { throw Failure("opening a case was answered \(answer.status)") }
    }

    /// Takes steps one after the other.
    ///
    /// - Returns: the seconds of each.
    func take(_ count: Int) throws -> [Double] {
        var times: [Double] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            try step()
            times.append((ContinuousClock.now - start).seconds)
        }
        return times
    }

    /// Begins a visit, or ends the one that was begun.
    func step() throws {
        let command = CommandID.random()
        let now = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let time = now.formText
        var form = "form-token=\(session.token)&command=\(command)&seq=\(seq)"
        let name: String
        if let activity {
            name = "activity-end"
            form += "&activity=\(activity)&endAt=\(time)"
            self.activity = nil
        } else {
            name = "activity"
            let officers = session.handlers.prefix(2).map { "officers=\($0)" }.joined(separator: "&")
            form += "&kind=siteInspection&\(officers)&startAt=\(time)&place=Office"
            activity = command
        }
        let answer = try connection.send("POST", "\(path)/steps/\(name)", cookie: session.cookie, form: form)
        guard answer.status == 303 else {
            throw Failure("\(name) at \(seq) was answered \(answer.status): \(answer.notice)")
        }
        seq += 1
    }
}

extension Instant {
    /// As a form's field of date and time holds it, encoded for a form's body.
    fileprivate var formText: String {
        let time = timeOfDay
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day)+\(two(time.hour))%3A\(two(time.minute))"
    }
}

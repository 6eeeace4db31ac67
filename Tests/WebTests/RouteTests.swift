import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

@Suite("Routes")
struct RouteTests {
    @Test("the table of routes with their rights is the one that was reviewed, and no route hides another")
    func table() async throws {
        let world = try await WebWorld()
        try expectGolden(WebApplication.routeTable(world.services), "routes.txt")
        try WebApplication.router(world.services).validate()
    }

    @Test("every route is open to those who have the right and to nobody else")
    func rights() async throws {
        let world = try await WebWorld()
        let router = Router(context: AppContext.self)
        let entries = WebApplication.addRoutes(to: router, world.services).entries
        try await world.serve { browser in
            var browsers: [(role: Role?, browser: Browser)] = [(nil, browser)]
            for role in Role.allCases {
                browsers.append((role, try await browser.signedIn(role.rawValue.lowercased())))
            }
            for entry in entries where entry.path != "/b/{bureau}/sign-out" {
                for (role, browser) in browsers {
                    let status = try await Self.status(of: entry, browser, token: role == nil ? nil : browser.token())
                    let mayEnter =
                        entry.right == .anybody
                        || role.map { role in entry.right.roles.map { $0.contains(role) } ?? true } ?? false
                    if entry.right == .token {
                        // Programs alone, with a token: a browser's session is nobody there (APITests).
                        #expect(status == 401, "\(entry.method) \(entry.path) was answered \(status)")
                        continue
                    }
                    let label = "\(entry.method) \(entry.path) as \(role?.rawValue ?? "nobody")"
                    if mayEnter {
                        // What the made-up ids and empty forms lead to; never a refusal of the right, never a fault.
                        #expect(![401, 500].contains(status), "\(label) was answered \(status)")
                        #expect(status != 403 || entry.method != "GET", "\(label) was answered \(status)")
                    } else {
                        #expect([401, 403].contains(status), "\(label) was answered \(status)")
                    }
                }
            }
        }
    }

    @Test(
        "an account that somebody else may hold reads, and is refused alike by every route that changes anything",
        arguments: [PersonRow.AccountState.reset, .waiting])
    func held(state: PersonRow.AccountState) async throws {
        let world = try await WebWorld()
        let router = Router(context: AppContext.self)
        let entries = WebApplication.addRoutes(to: router, world.services).entries
        try await world.serve { browser in
            var browsers: [(role: Role, browser: Browser)] = []
            for role in Role.allCases {
                browsers.append((role, try await browser.signedIn(role.rawValue.lowercased())))
                let thread = try #require(world.people[role]?.thread)
                var facts = [
                    Fact(
                        .accountReset, in: thread, plain: ["by": "admin"], fields: [.init("reason", "忘记密码", .officer)])
                ]
                if state == .waiting { facts += [Fact(.accountConfirmed, in: thread), Fact(.accountHeld, in: thread)] }
                _ = try await world.office.casebook.record(facts, by: .system, command: .random())
                #expect(try await world.registers.person(thread)?.accountState == state)
            }
            let before = try await world.store.logs().map(\.head.size)
            var refused = 0
            for entry in entries where ![.anybody, .token].contains(entry.right) {
                let changes = !["GET", "HEAD"].contains(entry.method)
                // Leaving ends the session that the rest is asked with.
                guard !entry.path.hasSuffix("/sign-out") else {
                    #expect(entry.held == .open)
                    continue
                }
                for (role, browser) in browsers where entry.right.roles.map({ $0.contains(role) }) ?? true {
                    let answer = try await Self.answer(to: entry, browser, token: try await browser.token())
                    let label = "\(entry.method) \(entry.path) as \(role.rawValue): \(answer.status)"
                    if changes, entry.held == .reads {
                        #expect(answer.status == 403, "\(label)")
                        #expect(answer.body.contains("密码由他人"), "\(label)")
                        refused += 1
                    } else {
                        #expect(![401, 403, 500].contains(answer.status), "\(label)")
                    }
                }
            }
            #expect(refused > 100)
            #expect(try await world.store.logs().map(\.head.size) == before, "something was recorded")
        }
    }

    @Test("what uploads can do is told by OPTIONS to those who have the right to them, and to nobody else")
    func uploadOptions() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let uploads = world.address.uploads
            for path in [uploads, "\(uploads)/\(String(repeating: "0", count: 32))"] {
                for account in [nil, "administrator", "officer"] {
                    let asking = if let account { try await browser.signedIn(account) } else { browser }
                    let answer = try await asking.send(.options, path, headers: ["Accept": "application/json"])
                    let told = answer.headers.filter { $0.name.canonicalName.hasPrefix("tus-") }.map(
                        \.name.canonicalName)
                    switch account {
                    case "officer":
                        #expect(answer.status == 204)
                        #expect(Set(told).isSuperset(of: ["tus-version", "tus-extension", "tus-max-size"]))
                    default:
                        #expect(answer.status == (account == nil ? 401 : 403), "\(account ?? "nobody")")
                        #expect(told.isEmpty, "\(account ?? "nobody") was told \(told)")
                    }
                }
            }
        }
    }

    @Test("a header that names another method is no way round the rule for accounts that somebody else may hold")
    func overriddenMethod() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let token = try await officer.token()
            let headers = [
                "Accept": "application/json", "X-Liuhen-Form-Token": token, "X-HTTP-Method-Override": "POST",
                "Tus-Resumable": "1.0.0", "Upload-Length": "5",
            ]
            let uploads = world.address.uploads
            // As far as the shelves, which take no uploads here.
            #expect(try await officer.send(.get, uploads, headers: headers).status == 404)
            let thread = try #require(world.people[.officer]?.thread)
            let reset = Fact(
                .accountReset, in: thread, plain: ["by": "admin"], fields: [.init("reason", "忘记密码", .officer)])
            _ = try await world.office.casebook.record([reset], by: .system, command: .random())
            for method in [HTTPRequest.Method.get, .head, .options, .post] {
                let status = try await officer.send(method, uploads, headers: headers).status
                #expect(status == 403, "\(method) was answered \(status)")
            }
        }
    }

    private static func status(of entry: Routes.Entry, _ browser: Browser, token: String?) async throws -> Int {
        try await answer(to: entry, browser, token: token).status
    }

    private static func answer(
        to entry: Routes.Entry, _ browser: Browser, token: String?
    ) async throws -> Browser.Answer {
        let id = String(repeating: "0", count: 32)
        let path = entry.path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            part == "{bureau}" ? "qinghe" : part.hasPrefix("{") ? id[...] : part
        }.joined(separator: "/")
        let method = try #require(HTTPRequest.Method(entry.method))
        // As a program, so that a refusal is a status and not a way to the sign-in page.
        let headers = ["Accept": "application/json"]
        guard method != .get else { return try await browser.send(.get, path, headers: headers) }
        let body = token.map { "\(ForgeryGuard.field)=\($0)" } ?? ""
        return try await browser.send(method, path, body: body, headers: headers)
    }
}

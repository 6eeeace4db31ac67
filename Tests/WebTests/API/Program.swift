import Application
import Casework
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import TestKit
import Testing

@testable import Web

/// A program with an access token, as much of one as tests of the API need.
struct Program: Sendable {
    let browser: Browser
    let tag: BureauTag
    var token: String?

    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let body: String

        /// The body as JSON; an empty object for none.
        var json: JSON { (try? RequestJSON.read(Array(body.utf8))) ?? .object([]) }
        var code: String { json["code"]?.string ?? "" }
        var items: [JSON] { json["items"]?.elements ?? [] }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil, key: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = ["Accept": "application/json"]
        if let token { fields["Authorization"] = "Bearer \(token)" }
        if let key { fields["Idempotency-Key"] = key }
        if body != nil { fields["Content-Type"] = "application/json" }
        fields.merge(headers) { $1 }
        let whole = path.hasPrefix("/api") ? path : "/api/v1/b/\(tag)\(path)"
        let answer = try await browser.send(
            method, whole, body: body.map { String(decoding: $0.canonicalBytes, as: UTF8.self) }, headers: fields)
        return Answer(status: answer.status, headers: answer.headers, body: answer.body)
    }

    func get(_ path: String) async throws -> Answer { try await send(.get, path) }

    func post(_ path: String, _ body: JSON, key: String = UUID().uuidString) async throws -> Answer {
        try await send(.post, path, body, key: key)
    }
}

extension WebWorld {
    /// A token of a person, made as the account page makes it.
    func token(
        of account: String, _ scopes: Set<TokenScope> = Set(TokenScope.ofPrograms), days: Int = 30,
        command: CommandID = .random()
    ) async throws -> (token: AccessToken, text: TokenText) {
        let person = try #require(try await registers.person(account: account))
        let now = clock.now()
        let session = Session(
            tokenDigest: .zero, account: AccountName(bureau: tag, name: account), person: person.thread, openedAt: now,
            usedAt: now, endsAt: now.advanced(byMilliseconds: 1))
        let performer = Performer(
            person: person, confirmation: SecretConfirmation(demonstrationOf: person.thread, in: store))
        return try await services.tokens.make(
            "测试", scopes: scopes, days: days,
            of: Identity(session: session, person: person, mustChangeSecret: false), performer: performer,
            casebook: office.casebook, command: command)
    }

    /// A program with a token of a person.
    func program(
        _ browser: Browser, of account: String, _ scopes: Set<TokenScope> = Set(TokenScope.ofPrograms)
    ) async throws -> Program {
        Program(browser: browser, tag: tag, token: try await token(of: account, scopes).text.wholeText)
    }

    /// The two officers.
    var handlers: JSON {
        .array(
            [people[.officer]?.thread, ThreadTag(high: 2, low: 99)].compactMap { $0?.description }.map { .string($0) })
    }

    /// What opens an inspection.
    func inspection(_ title: String = "清禾县星河纸品厂统计资料检查") -> JSON {
        [
            "handlers": handlers, "newParty": ["kind": "organisation", "name": "清禾县星河纸品厂"], "source": "plan",
            "title": .string(title),
        ]
    }
}

import Application
import Casework
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import Ledger
import Logging
import NIOCore
import TestKit
import Testing

@testable import Web

/// A demonstration bureau with one person in each role, served without a socket.
struct WebWorld {
    let tag: BureauTag
    let address: Address
    let clock = FakeClock()
    let installation = FakeInstallation()
    let registers = FakeRegisters()
    let store: FakeLedgerStore
    let shelves: FakeVault
    let vault: TroubledVault
    let printer = TroubledPrinter()
    /// Scans are what the test writes.
    let reader = FakeSheetReader()
    let office: Office
    var services: WebServices
    private(set) var people: [Role: PersonRow] = [:]
    static let secret = "correct horse battery"

    init(
        library: RuleLibrary = RuleLibrary(), origin: String = "demo.liuhen.invalid/log/qinghe",
        settings: WebSettings = WebSettings(), lifetime: SessionLifetime = .standard,
        unadopted: [LoadedCalendar] = []
    ) async throws {
        var files = library
        files.calendars += unadopted
        tag = try #require(BureauTag("qinghe"))
        address = Address(tag)
        shelves = FakeVault()
        vault = TroubledVault(shelves)
        store = try #require(FakeLedgerStore(bureau: tag, origin: origin, registers: registers))
        let thread = ThreadTag(high: 1, low: 1)
        office = Office(
            store: store, registers: registers, installation: installation, vault: vault, printer: printer,
            library: files, clock: clock, thread: thread, reader: reader)
        let (tag, roll) = (tag, office.casebook.roll)
        let signIn = SignIn(
            installation: installation, registers: { $0 == tag ? roll : nil }, hasher: SecretHasher(),
            clock: clock, cost: .least, lifetime: lifetime)
        services = WebServices(
            signIn: signIn, clock: clock, installation: installation,
            bureaus: [BureauServices(office: office, name: "清禾县统计局")], assets: try Assets(directory: Project.resources),
            settings: settings)
        try await found(thread, library)
        for (number, role) in Self.roles.enumerated() {
            let name = Self.names[number]
            let account = role.rawValue.lowercased()
            let tag = ThreadTag(high: 2, low: UInt64(number + 1))
            try await register(tag, name: name, roles: [role], account: account, certificate: "统执\(2_026_001 + number)")
            people[role] = try await registers.person(tag)
        }
        // A second officer: a case has two handlers.
        try await register(
            ThreadTag(high: 2, low: 99), name: "林小满", roles: [.officer], account: "lin", certificate: "统执2026099")
        try await register(
            ThreadTag(high: 2, low: 98), name: "陆检", roles: [.custodian], account: "checker", certificate: "")
    }

    /// In this order they are numbered.
    private static let roles: [Role] = [
        .officer, .unitHead, .legalReviewer, .departmentHead, .agencyHead, .custodian, .administrator, .deputyHead,
    ]
    private static let names = ["周一舟", "许知秋", "方砚", "顾南风", "沈怀远", "江念", "何管理", "高明远"]

    private func found(_ thread: ThreadTag, _ library: RuleLibrary) async throws {
        let founding = Founding(
            thread: thread, isDemo: true, name: "清禾县统计局", letterhead: "清禾县统计局", region: "清禾县", superior: nil,
            keys: [],
            adoptions: library.regulations.filter {
                ["parent-law", "zhaoxian-2017"].contains($0.regulation.id)
            }.map {
                ($0.regulation.id, $0.digest, clock.now().day.advanced(by: -400))
            }, calendars: library.newestCalendars.map { ($0.year.year, $0.digest) },
            administrator: NewPerson(
                thread: ThreadTag(high: 1, low: 2), name: "首任管理员", section: "办公室", roles: [], account: nil))
        let law = try Law.atFounding(library)
        _ = try await office.casebook.record(try founding.facts(), by: .system, command: .random(), law: law)
        _ = try await office.casebook.record(
            [
                Fact(
                    .bureauSettingsChanged, in: thread,
                    fields: [.init("settings", ["documentMark": "清禾统"], .officer)])
            ], by: .system, command: .random())
    }

    func register(
        _ thread: ThreadTag, name: String, roles: [Role], account: String, certificate: String
    ) async throws {
        let section = roles == [.legalReviewer] ? "法规股" : "检查科"
        let person = NewPerson(
            thread: thread, name: name, section: section, certificateKind: "统计执法证", certificateNumber: certificate,
            certificateUntil: clock.now().day.advanced(by: 365), roles: roles, account: account)
        _ = try await office.casebook.record(try person.facts(), by: .system, command: .random())
        try await services.signIn.setSecret(Self.secret, of: AccountName(bureau: tag, name: account))
    }

    /// Serves the router to `test`.
    func serve<Value: Sendable>(_ test: @escaping @Sendable (Browser) async throws -> Value) async throws -> Value {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let app = Application(router: WebApplication.router(services), logger: logger)
        return try await app.test(.router) { client in try await test(Browser(client: client, address: address)) }
    }
}

/// Where the project's files are.
enum Project {
    static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()
    static let resources = "\(root)/Resources"
}

/// A browser with one cookie, as much of one as tests of pages need.
struct Browser: Sendable {
    let client: any TestClientProtocol
    let address: Address
    var cookie: String?

    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let body: String
        let cookie: String?

        var location: String { headers[.location] ?? "" }

        /// The value of a hidden field.
        func hidden(_ name: String) -> String? {
            guard let start = body.range(of: "name=\"\(name)\" value=\"")?.upperBound,
                let end = body[start...].firstIndex(of: "\"")
            else { return nil }
            return String(body[start..<end])
        }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, body: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = HTTPFields()
        fields[.accept] = "text/html"
        if body != nil { fields[.contentType] = "application/x-www-form-urlencoded" }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value.isEmpty ? nil : value }
        }
        if let cookie { fields[.cookie] = cookie }
        return try await client.execute(
            uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Answer(
                status: response.status.code, headers: response.headers, body: String(buffer: response.body),
                cookie: response.headers[.setCookie].map { String($0.prefix { $0 != ";" }) })
        }
    }

    /// Sends bytes as they are, for forms with files.
    func send(
        _ method: HTTPRequest.Method, _ path: String, bytes: [UInt8], headers: [String: String]
    ) async throws -> Answer {
        var fields = HTTPFields()
        fields[.accept] = "text/html"
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        if let cookie { fields[.cookie] = cookie }
        return try await client.execute(uri: path, method: method, headers: fields, body: ByteBuffer(bytes: bytes)) {
            Answer(
                status: $0.status.code, headers: $0.headers, body: String(buffer: $0.body),
                cookie: $0.headers[.setCookie].map { String($0.prefix { $0 != ";" }) })
        }
    }

    func get(_ path: String) async throws -> Answer { try await send(.get, path) }

    func post(_ path: String, _ fields: Fields, headers: [String: String] = [:]) async throws
        -> Answer
    {
        let body = fields.pairs.map { "\(Percent.encode($0.name))=\(Percent.encode($0.value))" }.joined(separator: "&")
        return try await send(.post, path, body: body, headers: headers)
    }

    /// Signs in and returns the browser that holds the session.
    func signedIn(_ account: String, secret: String = WebWorld.secret) async throws -> Browser {
        let page = try await get(address.signIn)
        var browser = self
        browser.cookie = page.cookie
        let token = try #require(page.hidden(ForgeryGuard.field))
        let answer = try await browser.post(
            address.signIn,
            [ForgeryGuard.field: token, SignInPage.nameField: account, SignInPage.secretField: secret])
        #expect(answer.status == 303, "sign-in of \(account) was answered \(answer.status)")
        browser.cookie = answer.cookie
        return browser
    }

    /// The form token of this browser's session.
    func token() async throws -> String {
        try #require(try await get(address.account).hidden(ForgeryGuard.field))
    }
}

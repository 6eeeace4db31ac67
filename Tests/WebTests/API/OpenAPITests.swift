import Application
import Casework
import HTTPTypes
import Kernel
import TestKit
import Testing

@testable import Web

@Suite("The API's description")
struct OpenAPITests {
    private let document = OpenAPIDocument(bureaus: [BureauTag("qinghe")!]).json

    @Test("it has every operation that is served and no other, each name once, and every reference leads somewhere")
    func whole() throws {
        let paths = try #require(document["paths"]?.members)
        var described: [String] = []
        for path in paths {
            for operation in path.value.members ?? [] {
                described.append("\(operation.key.uppercased()) \(path.key)")
                let own = try #require(APIOperation.all.first { $0.id == operation.value["operationId"]?.string })
                #expect(described.last == "\(own.method.rawValue) \(own.path)")
            }
        }
        #expect(described.sorted() == APIOperation.all.map { "\($0.method.rawValue) \($0.path)" }.sorted())
        #expect(Set(described).count == described.count && Set(APIOperation.all.map(\.id)).count == described.count)
        var references: Set<String> = []
        Self.collect(document, &references)
        #expect(references.count > 20)
        for reference in references {
            let found = reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? .object([]) }
            #expect(found.members?.isEmpty == false, "\(reference)")
        }
    }

    @Test("every example of a body passes the check that requests go through")
    func examples() {
        for operation in APIOperation.all {
            guard let body = operation.body else { continue }
            #expect(body.problems(of: body.example()).isEmpty, "\(operation.id): \(body.problems(of: body.example()))")
        }
    }

    @Test("it is served to anybody as it is made, and the page shows every operation")
    func served() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let served = try await browser.send(.get, Address.openAPI, headers: ["Accept": "*/*"])
            #expect(served.status == 200 && served.headers[.contentType] == "application/json")
            #expect(try RequestJSON.read(Array(served.body.utf8)) == OpenAPIDocument(bureaus: [world.tag]).json)
            let officer = try await browser.signedIn("officer")
            let page = try await officer.get(world.address.interface)
            #expect(page.status == 200)
            for operation in APIOperation.all {
                #expect(page.body.contains("<code>\(operation.method.rawValue) \(operation.path)</code>"))
            }
            try expectGolden(page.body.withoutTokens, "interface.html")
            try expectGolden(try await officer.get(world.address.accountTokens).body.withoutTokens, "tokens.html")
        }
    }

    @Test("the check of a value and its JSON Schema are made of one declaration: bounds hold at both ends")
    func bounds() {
        let schema = APISchema.object([
            .init("n", .integer(1...3)), .init("t", .text(2...3)), .init("w", .words(["a", "b"]), required: false),
            .init("l", .list(.id, 1...2, unique: true), required: false),
        ])
        func names(_ value: JSON) -> [String] { schema.problems(of: value).map(\.name) }
        #expect(names(["n": 1, "t": "ab"]) == [])
        #expect(names(["n": 3, "t": "𠮷㛃x"]) == [])
        #expect(names(["n": 0, "t": "a"]) == ["n", "t"])
        #expect(names(["n": 4, "t": "abcd"]) == ["n", "t"])
        #expect(names(["n": "1", "t": 1]) == ["n", "t"])
        #expect(names(["n": 1, "t": "ab", "w": "c", "x": 1]) == ["x", "w"])
        let id: JSON = "0123456789abcdef0123456789abcdef"
        #expect(names(["l": [id, id], "n": 1, "t": "ab"]) == ["l"])
        #expect(names(["l": ["0123456789ABCDEF0123456789abcdef"], "n": 1, "t": "ab"]) == ["l[0]"])
        #expect(schema.problems(of: []).map(\.name) == [""])
    }

    @Test("JSON is read in every spelling that means one value the ledger can hold, and in no other")
    func json() throws {
        func read(_ text: String) -> JSON? { try? RequestJSON.read(Array(text.utf8)) }
        #expect(read(" { \"b\" : [ 1 , -2.0 ] , \"a\" : \"\\u6e05\\/\\n\" } ") == ["a": "清/\n", "b": [1, -2]])
        #expect(read("\"\\ud842\\udfb7\"") == "𠮷")
        #expect(read("9007199254740992") == 9_007_199_254_740_992)
        for wrong in [
            "9007199254740993", "01", "1e2", "1.", "1.5", "+1", "-", "null", "[1,]", "{\"a\"}", "\"\u{1}\"", "\"\\x\"",
            "\"\\ud842\"", "\"\\udfb7\"", "tru", "[", "", "1 2", String(repeating: "[", count: 40),
        ] {
            #expect(read(wrong) == nil, "\(wrong)")
        }
    }

    private static func collect(_ value: JSON, _ references: inout Set<String>) {
        for member in value.members ?? [] {
            if member.key == "$ref", let text = member.value.string { references.insert(text) }
            collect(member.value, &references)
        }
        for element in value.elements ?? [] { collect(element, &references) }
    }
}

extension String {
    /// Without what is random in a page: form tokens, ids of steps, digests of assets.
    fileprivate var withoutTokens: String {
        replacing(/name="(form-token|command)" value="[^"]*"/) { "name=\"\($0.1)\" value=\"\"" }
            .replacing(/content="[^"]*" name="form-token"/, with: "")
            .replacing(/\/assets\/([a-z]+)\.[0-9a-f]{16}\./) { "/assets/\($0.1)." }
            .replacing(/data-form-token="[^"]*"/, with: "data-form-token=\"\"")
    }
}

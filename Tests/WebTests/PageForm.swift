import Casework
import Foundation
import HTTPTypes
import Kernel
import Testing

@testable import Web

/// Names and values to be sent, in order; a name may stand more than once.
struct Fields: ExpressibleByDictionaryLiteral, Sendable {
    var pairs: [(name: String, value: String)]

    /// No field.
    init() { pairs = [] }

    init(dictionaryLiteral elements: (String, String)...) {
        pairs = elements.map { (name: $0.0, value: $0.1) }
    }

    /// These and one more.
    func adding(_ name: String, _ value: String) -> Fields {
        var fields = self
        fields.pairs.append((name, value))
        return fields
    }
}

/// A form of a page as a browser without scripts sends it: every named control with the value it was drawn with.
struct PageForm {
    let action: String
    var fields: [(name: String, value: String)]

    /// The form of `page` whose action ends in `suffix`.
    init?(in page: String, action suffix: String) {
        var rest = page[...]
        while let open = rest.range(of: "<form ") {
            guard let close = rest.range(of: "</form>", range: open.lowerBound..<rest.endIndex) else { return nil }
            let form = rest[open.lowerBound..<close.lowerBound]
            let head = form.prefix { $0 != ">" }
            if head.contains("method=\"post\""), let action = PageForm.attribute("action", in: head),
                action.hasSuffix(suffix)
            {
                self.action = action
                fields = PageForm.controls(form)
                return
            }
            rest = rest[close.upperBound...]
        }
        return nil
    }

    private static func controls(_ form: Substring) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        var rest = form[...]
        while let open = rest.range(of: "<") {
            rest = rest[open.lowerBound...]
            let tag = rest.prefix { $0 != ">" }
            rest = rest.dropFirst(tag.count + 1)
            guard let name = attribute("name", in: tag) else { continue }
            if tag.hasPrefix("<input") {
                let type = attribute("type", in: tag) ?? "text"
                if type == "file" || ["radio", "checkbox"].contains(type) && !tag.contains(" checked") { continue }
                fields.append((name, attribute("value", in: tag) ?? "on"))
            } else if tag.hasPrefix("<textarea"), let end = rest.range(of: "</textarea>") {
                let text = rest[..<end.lowerBound]
                fields.append((name, unescaped(text.hasPrefix("\n") ? text.dropFirst() : text)))
            } else if tag.hasPrefix("<select"), let end = rest.range(of: "</select>") {
                let options = rest[..<end.lowerBound]
                let chosen = options.components(separatedBy: "<option").dropFirst().first { $0.contains(" selected") }
                fields.append((name, chosen.flatMap { attribute("value", in: $0[...]) } ?? ""))
            }
        }
        return fields
    }

    private static func attribute(_ name: String, in tag: Substring) -> String? {
        guard let start = tag.range(of: " \(name)=\"")?.upperBound, let end = tag[start...].firstIndex(of: "\"") else {
            return nil
        }
        return unescaped(tag[start..<end])
    }

    private static func unescaped(_ text: some StringProtocol) -> String {
        String(text).replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
            .replacingOccurrences(of: "&quot;", with: "\"").replacingOccurrences(of: "&#39;", with: "'")
            .replacingOccurrences(of: "&amp;", with: "&")
    }

    /// Puts values in the place of what stands under their names.
    mutating func fill(_ values: Fields) {
        for name in Set(values.pairs.map(\.name)) { fields.removeAll { $0.name == name } }
        for (name, value) in values.pairs { fields.append((name, value)) }
    }

    var body: String {
        fields.map { "\(Percent.encode($0.name))=\(Percent.encode($0.value))" }.joined(separator: "&")
    }
}

extension Browser {
    /// Opens a page, fills the form on it whose action ends in `action` (the page's own path if not said), sends it.
    func submit(
        _ path: String, action: String? = nil, _ values: Fields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let page = try await get(path)
        #expect(page.status == 200, "\(path) was answered \(page.status)", sourceLocation: sourceLocation)
        var form = try #require(
            PageForm(in: page.body, action: action ?? path), "no form for \(action ?? path)",
            sourceLocation: sourceLocation)
        form.fill(values)
        return try await send(.post, form.action, body: form.body)
    }

    /// Like `submit`, and the step must have been carried out. Returns where it led.
    @discardableResult
    func carryOut(
        _ path: String, action: String? = nil, _ values: Fields = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let answer = try await submit(path, action: action, values, sourceLocation: sourceLocation)
        #expect(
            answer.status == 303, "\(path) was answered \(answer.status): \(Self.problem(answer.body))",
            sourceLocation: sourceLocation)
        return answer.location
    }

    /// What the page says is wrong.
    static func problem(_ page: String) -> String {
        guard let start = page.range(of: "role=\"alert\""),
            let end = page.range(of: "</section>", range: start.upperBound..<page.endIndex)
        else { return String(page.suffix(300)) }
        return page[start.upperBound..<end.lowerBound]
            .replacingOccurrences(of: "<[^>]*>", with: " ", options: .regularExpression)
    }
}

extension Browser {
    /// Opens an inspection by the page's form, as whoever is signed in, with the officer and a second one as handlers.
    func inspection(in world: WebWorld) async throws -> ThreadTag {
        let opened = try await carryOut(
            address.newInspection,
            ([
                "title": "统计资料检查", "source": "plan", "subjectName": "清禾县星河纸品厂", "subjectKind": "organisation",
                "handlers": world.people[.officer]?.thread.description ?? "",
            ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
        return try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
    }
}

import Casework
import Foundation
import Testing

@Suite("Members of record types")
struct MembersTests {
    @Test("the members that rules may name are those that the doc comments of EntryType list")
    func documented() throws {
        let path = "\(Loaded.root)/Sources/Casework/Entries/EntryType.swift"
        let lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
        var checked = 0
        for (comment, line) in zip(lines, lines.dropFirst()) {
            guard let quoted = line.range(of: #"= "[a-z.-]+""#, options: .regularExpression), comment.contains("///")
            else { continue }
            let name = line[quoted].dropFirst(3).dropLast()
            let type = try #require(EntryType(rawValue: String(name)))
            guard type != .personChanged, type != .subjectChanged else { continue }
            // Plain members stand in backquotes, fields as `name(class)`; after `ref` come roles, not members.
            let text = comment.components(separatedBy: "; ref").first ?? comment
            let plain = text.matches(of: /`([A-Za-z]+)`/).map { String($0.output.1) }
            let fields = text.matches(of: /([A-Za-z]+)\((?:party|officer|internal|secret|reporter)[^)]*\)/).map {
                String($0.output.1)
            }
            for member in plain + fields where !["data"].contains(member) {
                #expect(type.members[member] != nil, "\(type.rawValue): \(member)")
            }
            for member in type.members.keys where member != "data" {
                #expect(
                    (plain + fields).contains(member) || text.contains(member), "\(type.rawValue) documents \(member)")
            }
            checked += 1
        }
        #expect(checked == EntryType.allCases.count - 2)
    }
}

import Casework
import Testing

@testable import Rulebook

@Suite("Words that a path may begin with")
struct KnownMembersTests {
    @Test(
        "what may begin a path is what the list for the message names, for every scope and every member of every type")
    func agree() {
        let names = Set(EntryType.allCases.flatMap(\.members.keys) + Path.pseudoMembers + ["stage", "nothingOfThis"])
        let types: [[EntryType]] = [[]] + EntryType.allCases.map { [$0] } + [[.documentFixed, .caseOpened]]
        var scopes: [Path.Scope] = [.document, .activity, .recording, .caseFile, .trigger]
        scopes += EntryType.allCases.flatMap { [Path.Scope.all($0, where: []), .last($0, where: [])] }
        scopes += ThreadKind.allCases.map { .first($0) }
        for isKept in [false, true] {
            let known = KnownWords(kinds: [:], isKept: isKept)
            func check(_ scope: Path.Scope, _ types: [EntryType]) -> Bool {
                let path = Path(scope, ["x"])
                let members = known.members(of: path, from: types).map { Set($0) }
                return names.allSatisfy { name in
                    known.mayBegin(path, with: name, from: types) == (members?.contains(name) ?? true)
                }
            }
            for scope in scopes { #expect(check(scope, [.caseOpened]), "\(scope)") }
            for some in types {
                #expect(check(.own, some), "\(some)")
                for role in ["draft", "statement", "order", "noSuchRole"] {
                    #expect(check(.reference(role), some), "\(role) of \(some)")
                }
            }
        }
    }
}

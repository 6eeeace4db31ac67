import Casework
import Testing

@Suite("The wording of records")
struct WordingTests {
    private func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }

    /// Types that steps and timelines tell in general words; the rest have sentences of their own.
    private var told: [EntryType] { EntryType.allCases.filter { !$0.fieldClasses.isEmpty || $0.home != .bureau } }

    @Test("every member of a type described as data has a Chinese name of its own within the type")
    func labels() {
        for type in told where !type.fieldClasses.isEmpty {
            for member in type.members.keys {
                #expect(isChinese(type.label(of: member)), "\(type.rawValue).\(member)")
            }
        }
    }

    @Test("every word of such a type has a Chinese name, and no two words of a member the same")
    func words() {
        for type in told where !type.fieldClasses.isEmpty {
            for member in type.members.keys {
                let options = type.options(of: member)
                for option in options {
                    #expect(isChinese(option.chinese), "\(type.rawValue).\(member).\(option.word)")
                }
                let names = options.map(\.chinese)
                #expect(Set(names).count == names.count, "\(type.rawValue).\(member): \(names)")
            }
        }
    }

    @Test("kinds of activity and ways of service are told apart by their names")
    func activities() {
        for (type, member) in [(EntryType.activityBegan, "kind"), (.documentServed, "method")] {
            let names = type.options(of: member).map(\.chinese)
            #expect(names.allSatisfy(isChinese) && Set(names).count == names.count, "\(names)")
        }
    }
}

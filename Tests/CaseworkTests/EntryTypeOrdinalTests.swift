import Testing

@testable import Casework

@Suite("Types of record by their ordinal")
struct EntryTypeOrdinalTests {
    @Test("the ordinal of a type is its place among all types")
    func places() {
        #expect(EntryType.allCases.map(\.ordinal) == Array(EntryType.allCases.indices))
        #expect(EntryType.allCases.count < 256)
        #expect(EntryType.allCases.allSatisfy { $0.home == $0.toldHome })
    }

    @Test("a set of types holds what was put in and nothing else")
    func sets() {
        for type in EntryType.allCases {
            let one = TypeSet([type])
            #expect(EntryType.allCases.filter(one.contains) == [type])
        }
        let odd = EntryType.allCases.filter { $0.ordinal % 2 == 1 }
        #expect(EntryType.allCases.filter(TypeSet(odd).contains) == odd)
        #expect(TypeSet(odd) == TypeSet(odd.reversed()) && TypeSet(odd) != TypeSet())
    }
}

import Casework
import Rulebook
import TestKit
import Testing

/// What a bureau reads of a rule is Chinese: no word of the rule file shows through.
@Suite("Sentences made from rules")
struct SentenceTests {
    @Test("no sentence of any duty or permission of the installed texts shows a word of the rule file")
    func chineseOnly() throws {
        let library = Sample.library
        let kinds = library.kinds.mapValues(\.kind)
        var raw: [String: String] = [:]
        var count = 0
        for edition in library.regulations {
            for row in edition.regulation.provisions {
                for duty in row.duties {
                    let told = DutyExplanation(
                        duty, matters: library.matters, kinds: kinds, settings: edition.regulation.settings,
                        offices: edition.regulation.offices)
                    for sentence in told.sentences {
                        count += 1
                        for word in Self.words(in: sentence) { raw[word] = "\(row.id): \(sentence)" }
                    }
                }
                for allowance in row.allows {
                    for word in Self.words(in: allowance.covered(kinds)) { raw[word] = "\(row.id)" }
                }
            }
        }
        #expect(count > 2000)
        for (word, place) in raw.sorted(by: { $0.key < $1.key }) { Issue.record("\(word) in \(place)") }
    }

    @Test(
        "sentences are the same in every process, name the fields of the papers they speak of, and hold nothing against itself"
    )
    func stable() throws {
        let library = Sample.library
        let kinds = library.kinds.mapValues(\.kind)
        // A dictionary of another capacity goes through its values in another order, as one of another process does.
        var others = [String: DocumentKind](minimumCapacity: 4096)
        for (name, kind) in kinds { others[name] = kind }
        #expect(Array(kinds.keys) != Array(others.keys))
        var strange: [String] = []
        for edition in library.regulations {
            for row in edition.regulation.provisions {
                for duty in row.duties {
                    let sentences = [kinds, others].map { kinds in
                        DutyExplanation(
                            duty, matters: library.matters, kinds: kinds, settings: edition.regulation.settings,
                            offices: edition.regulation.offices
                        ).sentences
                    }
                    #expect(sentences[0] == sentences[1], "\(row.id)")
                    let told = sentences[0].joined()
                    let odd = ["中中", "执法活动在执法活动", "种类在种类", "文书在文书", "属于文书的", "关口：关口"]
                    strange += odd.filter { told.contains($0) }.map { "\(row.id): \($0)" }
                    // The paper on a transfer of deposits has a bank and a sum of its own.
                    if told.contains("《划拨决定（通知）书》") {
                        strange += ["冻结", "拟罚款"].filter { told.contains($0) }.map { "\(row.id): \($0)" }
                    }
                }
            }
        }
        #expect(strange == [])
    }

    /// Runs of two and more Latin letters, besides the few that Chinese readers know.
    private static func words(in text: String) -> [String] {
        text.utf8.split { !(UInt8(ascii: "A")...UInt8(ascii: "z")).contains($0) }
            .filter { $0.count > 1 }.map { String(decoding: $0, as: UTF8.self) }
            .filter { !["PDF", "DVD", "CD"].contains($0) }
    }
}

import Casework
import Foundation
import Testing

@testable import Rulebook

/// A point in which texts differ in what the program does (`Tests/Fixtures/differences.tsv`).
struct Difference: Sendable, CustomTestStringConvertible {
    let number: Int
    let point: String
    /// The texts that say something of it.
    let texts: [String]
    /// Which of them say the same.
    let alike: [Set<String>]

    /// Any two of the texts, and whether they say the same.
    var pairs: [(one: String, other: String, isAlike: Bool)] {
        texts.indices.flatMap { place in
            texts[(place + 1)...].map { other in
                (texts[place], other, alike.contains { $0.isSuperset(of: [texts[place], other]) })
            }
        }
    }

    var testDescription: String { "\(number) \(point)" }

    static let all: [Difference] = {
        let path = "\(Sample.root)/Tests/Fixtures/differences.tsv"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let parts = line.split(separator: "\t").map(String.init)
            guard (3...4).contains(parts.count), let number = Int(parts[0]) else { return nil }
            let alike = parts.dropFirst(3).joined().split(separator: " ").map {
                Set($0.split(separator: "=").map(String.init))
            }
            return Difference(
                number: number, point: parts[1], texts: parts[2].split(separator: " ").map(String.init), alike: alike)
        }
    }()
}

@Suite("The points in which texts differ: one history, two texts, two answers")
struct DifferencesTests {
    static let histories: [String: [RowHistory]] = {
        do {
            let all = try HistoryFiles.load("\(Sample.root)/Tests/Histories", library: Sample.library)
            let pairs = all.map { ($0.histories.row, $0.histories.histories) }
            return Dictionary(pairs.filter { HistoryJudge.isComparison($0.0) }) { $0 + $1 }
        } catch {
            fatalError("the histories do not load:\n\(error)")
        }
    }()

    @Test("the list has the 46 points, each once, and no file beside them")
    func list() {
        #expect(Difference.all.count == 46)
        #expect(Set(Difference.all.map { "differences:\($0.number)" }) == Set(Self.histories.keys))
        let known = Set(Sample.library.regulations.map(\.regulation.id))
        for one in Difference.all {
            #expect(known.isSuperset(of: one.texts) && !one.texts.isEmpty, "\(one.point)")
            #expect(one.alike.allSatisfy { $0.count > 1 && $0.isSubset(of: one.texts) }, "\(one.point)")
        }
    }

    @Test("each text that says something of the point answers", arguments: Difference.all)
    func answered(point: Difference) throws {
        let histories = try #require(Self.histories["differences:\(point.number)"])
        let judged = Set(histories.filter { $0.regulations.count == 1 }.flatMap(\.regulations).map(\.regulation))
        #expect(judged.isSuperset(of: point.texts), "\(Set(point.texts).subtracting(judged).sorted())")
    }

    @Test("one history has two answers under two texts", arguments: Difference.all)
    func differs(point: Difference) throws {
        let histories = try #require(Self.histories["differences:\(point.number)"])
        let alone = histories.filter { $0.regulations.count == 1 }
        let pairs = alone.indices.contains { one in
            alone.indices.contains { other in
                one < other && alone[one].isSameHistory(as: alone[other])
                    && alone[one].regulations != alone[other].regulations
                    && alone[one].answer != alone[other].answer
            }
        }
        #expect(pairs, "no two texts are asked about the same history and answer otherwise")
    }

    @Test(
        "any two texts that say something of it answer one history otherwise, or, where they say the same, alike",
        arguments: Difference.all)
    func pairs(point: Difference) throws {
        let histories = try #require(Self.histories["differences:\(point.number)"])
        func alone(_ text: String) -> [RowHistory] { histories.filter { $0.regulations.map(\.regulation) == [text] } }
        for (one, other, isAlike) in point.pairs {
            let asked = alone(one).flatMap { left in
                alone(other).filter { left.isSameHistory(as: $0) }.map { (left, $0) }
            }
            let isFound = asked.contains { left, right in
                isAlike ? Set(left.answer) == Set(right.answer) : left.answer != right.answer
            }
            #expect(isFound, "\(one) and \(other), asked about one history \(asked.count) times")
        }
    }

    @Test("every answer is what comes of the history", arguments: Difference.all)
    func holds(point: Difference) throws {
        let row = "differences:\(point.number)"
        let judge = HistoryJudge(RuleBase(Sample.library))
        for history in try #require(Self.histories[row]) {
            #expect(judge.failures(of: history, row: row) == [], "\(history.name)")
        }
    }
}

extension RowHistory {
    /// Whether both tell the same records, propose the same and are asked at the same instant.
    fileprivate func isSameHistory(as other: RowHistory) -> Bool {
        timeline.records == other.timeline.records && timeline.next == other.timeline.next && at == other.at
    }

    /// What the history says comes of it: states of what is expected, levels, grants and whether the step is allowed.
    fileprivate var answer: [String] {
        expect.map { $0.state ?? "" } + media.map { "media \($0.level?.rawValue ?? "silent")" }
            + grants.map { "grant \($0.isAllowed)" }
            + (next.map { ["allowed \($0.isAllowed)"] } ?? [])
    }
}

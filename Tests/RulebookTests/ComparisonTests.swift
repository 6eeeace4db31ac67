import Casework
import Kernel
import Testing

@testable import Rulebook

/// The comparison of two texts marks what is decided differently, all of it, and no mere wording.
@Suite("Comparing texts")
struct ComparisonTests {
    typealias Aspect = RegulationComparison.Aspect

    private static func compare(_ left: Regulation, _ right: Regulation) -> RegulationComparison {
        RegulationComparison(
            left, right, matters: HistoryTests.small.matters, kinds: HistoryTests.small.kinds.mapValues(\.kind))
    }

    private func text(_ id: String) throws -> Regulation {
        try #require(HistoryTests.small.newest(id)?.regulation)
    }

    @Test("other words, another order and another name of a setting are no difference; the words are shown as other")
    func wording() throws {
        let left = try text("left")
        var right = left
        right.provisions.reverse()
        right.settings[0].name = "days"
        for row in right.provisions.indices {
            right.provisions[row].summary = "换一种说法。"
            for duty in right.provisions[row].duties.indices {
                right.provisions[row].duties[duty].demand += "（换一种说法）"
                if case .record(var wanted) = right.provisions[row].duties[duty].requirement {
                    wanted.lack = "换一种说法"
                    right.provisions[row].duties[duty].requirement = .record(wanted)
                }
                if var term = right.provisions[row].duties[duty].timing.term {
                    term.length = .days(.setting("days"))
                    right.provisions[row].duties[duty].timing.term = term
                }
            }
        }
        let items = Self.compare(left, right).items
        #expect(items.count == 3 && items.allSatisfy(\.differences.isEmpty))
        #expect(items.filter(\.isOtherWording).map(\.matter) == ["visit-note", "closing"])
    }

    @Test("each change of what a rule decides is marked, under its own name and no other")
    func aspects() throws {
        let left = try text("left")
        func change(_ row: Int, _ change: (inout Provision) -> Void) -> [Aspect] {
            var right = left
            change(&right.provisions[row])
            let items = Self.compare(left, right).items
            return items.flatMap(\.differences)
        }
        let changes: [(Aspect, Int, (inout Provision) -> Void)] = [
            (.modality, 1, { $0.modality = .ifNeeded }),
            (.condition, 1, { $0.duties[0].trigger.conditions = [] }),
            (.condition, 1, { $0.duties[0].excuses = [Pattern([.avExempted])] }),
            (.condition, 1, { $0.duties[0].yields = false }),
            (.condition, 2, { $0.allows[0].when = Pattern([.activityEnded]) }),
            (.demand, 1, { $0.duties[0].requirement = .never }),
            (
                .demand, 1,
                { duty in
                    guard case .document(var wanted) = duty.duties[0].requirement else { return }
                    wanted.slots[0].sealed = true
                    duty.duties[0].requirement = .document(wanted)
                }
            ),
            (.term, 3, { $0.duties[0].timing.term?.length = .workingDays(30) }),
            // Thirty days that the text fixes are not thirty days that the bureau may change.
            (.term, 3, { $0.duties[0].timing.term?.length = .days(30) }),
            (.term, 3, { $0.duties[0].timing.term?.roll = false }),
            (.term, 3, { $0.duties[0].timing.term?.then = [Term.Stage(.days(.fixed(3)))] }),
            (.term, 3, { $0.duties[0].metAt = .happened }),
            (.gate, 1, { $0.duties[0].gate.level = .hard }),
            (.gate, 1, { $0.duties[0].gate.overridableBy = [.unitHead] }),
            (.gate, 1, { $0.duties[0].gate.refuses = [] }),
            (.role, 3, { $0.duties[0].who = .officer }),
            (.level, 2, { $0.allows[0].level = .ifNeeded }),
            (
                .modality, 2,
                { row in
                    row.duties = [
                        Duty(
                            matter: "visit-av", demand: "音像记录", trigger: row.allows[0].when, requirement: .never,
                            who: .officer, level: .optional)
                    ]
                    row.allows = []
                }
            ),
            (.presence, 3, { $0.duties = [] }),
        ]
        for (aspect, row, changed) in changes {
            let found = change(row, changed)
            #expect(found.contains(aspect), "\(aspect) of row \(row): \(found)")
            // A permission that becomes a duty differs in more than its modality.
            if aspect != .modality || row != 2 { #expect(found == [aspect], "\(aspect) of row \(row): \(found)") }
        }
        #expect(Set(changes.map(\.0)).union([.pairing]) == Set(Aspect.allCases))
    }

    @Test("two duties that exchange their terms are marked though each part stands on both sides")
    func pairing() throws {
        var left = try text("left")
        var second = left.provisions[3].duties[0]
        second.timing = .none
        second.who = .officer
        left.provisions[3].duties.append(second)
        var right = left
        right.provisions[3].duties[0].who = .officer
        right.provisions[3].duties[1].who = .custodian
        #expect(Self.compare(left, right).items.first { $0.matter == "closing" }?.differences == [.pairing])
    }

    @Test("every member of a rule is looked at: a new one has to be compared before this passes")
    func members() throws {
        let duty = try #require(try text("left").provisions[3].duties.first)
        let term = try #require(duty.timing.term)
        let allowance = try #require(try text("left").provisions[2].allows.first)
        guard case .record(let record) = duty.requirement,
            case .document(let document) = try text("left").provisions[1].duties[0].requirement
        else { throw Missing() }
        func members(_ value: Any) -> Set<String> { Set(Mirror(reflecting: value).children.compactMap(\.label)) }
        #expect(
            members(duty) == [
                "matter", "demand", "trigger", "occurrence", "recurrence", "requirement", "timing", "metAt",
                "metAtElse", "excuses",
                "lapses", "gate", "who", "office", "level", "yields",
            ])
        #expect(members(duty.timing) == ["term", "reminder", "before"])
        #expect(members(term) == ["length", "from", "roll", "then", "changes", "extension", "most", "workingDays"])
        #expect(members(Term.Stage(.months(.fixed(3)))) == ["length", "roll"])
        #expect(members(duty.gate) == ["level", "refuses", "overridableBy"])
        #expect(members(duty.trigger) == ["types", "conditions"])
        #expect(
            members(record) == [
                "pattern", "tie", "afterCause", "beforeCause", "latest", "latestOf", "together", "unbroken", "undoneBy",
                "fields", "lack", "supplier",
            ])
        #expect(
            members(Term.Extension(type: .measureExtended, role: "measure", until: "untilDay"))
                == ["type", "role", "until", "most"])
        let path = Path(.own, ["at"])
        #expect(
            members(Unbroken(from: path, to: path, seconds: 2)) == ["from", "to", "seconds", "between", "butFor"])
        #expect(
            members(document) == ["kinds", "tie", "afterCause", "conditions", "fields", "slots", "issued", "lack"])
        #expect(members(document.fields[0]) == ["path", "label", "columns", "rows", "when"])
        #expect(
            members(document.slots[0]) == [
                "slots", "count", "manners", "decisions", "sealed", "opinion", "when", "conditions",
            ])
        #expect(members(allowance) == ["matter", "what", "when", "level"])
    }

    private struct Missing: Error {}

    /// The topics that the project keeps as differing (`Tests/Histories/differences`): one history, two texts, two answers.
    private static func kept() throws -> [HistoryFiles.Loaded] {
        try HistoryFiles.load("\(Sample.root)/Tests/Histories", library: Sample.library).filter {
            HistoryJudge.isComparison($0.histories.row)
        }
    }

    @Test("every documented difference between two texts is among those that are marked")
    func documented() throws {
        let kept = try Self.kept()
        #expect(kept.count >= 43)
        var compared: [[String]: [String]] = [:]
        for file in kept {
            let histories = file.histories.histories.filter { $0.regulations.count == 1 }
            var told = 0
            var notable = 0
            for (index, one) in histories.enumerated() {
                for other in histories[(index + 1)...] where one.answer != other.answer {
                    let ids = [one, other].map { $0.regulations[0].regulation }
                    guard ids[0] != ids[1], let left = Sample.library.newest(ids[0])?.regulation,
                        let right = Sample.library.newest(ids[1])?.regulation
                    else { continue }
                    told += 1
                    let matters = one.matters.union(other.matters)
                    let marked =
                        compared[ids]
                        ?? RegulationComparison(
                            left, right, matters: Sample.library.matters, kinds: Sample.library.kinds.mapValues(\.kind)
                        ).items.filter { !$0.differences.isEmpty }.map(\.matter)
                    compared[ids] = marked
                    let isMarked = !matters.isDisjoint(with: marked)
                    if isMarked { notable += 1 }
                    // Two courses of events may be answered differently under texts that ask the same.
                    #expect(
                        isMarked || one.course != other.course,
                        "\(file.histories.row) \(ids): none of \(matters.sorted()) is marked")
                }
            }
            #expect(told == 0 || notable > 0, "\(file.histories.row): no two texts are marked as different")
            #expect(told > 0 || histories.count < 2, "\(file.histories.row) compares nothing")
        }
    }
}

extension RowHistory {
    /// What happened and when, without what was written down of it.
    fileprivate var course: [String] { timeline.records.map { "\($0.type.rawValue) \($0.recordedAt)" } }

    /// What the history came to, without the names of the rows.
    fileprivate var answer: [String] {
        ["\(keeps)", next.map { "\($0.isAllowed)" } ?? ""]
            + expect.map { "\($0.state ?? "") \($0.due?.description ?? "")" }.sorted()
            + media.map { "\($0.subject) \($0.level?.rawValue ?? "silent")" }.sorted()
            + grants.map { "\($0.isAllowed) \($0.level?.rawValue ?? "")" }.sorted()
    }

    /// The matters of which it speaks.
    fileprivate var matters: Set<String> {
        var result = Set(expect.compactMap(\.matter))
        let rows =
            expect.compactMap(\.row) + (next?.refusedBy ?? []) + grants.map(\.row) + media.flatMap(\.rows)
        for row in rows {
            guard let provision = Sample.library.provision(row) else { continue }
            result.formUnion(provision.duties.map(\.matter) + provision.allows.map(\.matter))
        }
        // Levels of audio-video are asked under this matter by every text.
        if !media.isEmpty { result.insert("activity-av") }
        return result
    }
}

import Casework
import Kernel

/// What a record names that the file tells nothing of, or tells otherwise.
extension Coherence {
    /// References in a role that records of this type do not have, and such as point at another sort of record.
    ///
    /// The first is noted, since no rule follows it; the second cannot be what was meant.
    func references(_ source: YAMLSource) -> [String] {
        let types = Dictionary(told.map { ($0.record.id, $0.record.type) }, uniquingKeysWith: { first, _ in first })
        var result: [String] = []
        for one in told {
            for reference in one.record.references where reference.role != "corrects" {
                let roles = ReferenceRole.all.filter { $0.type == one.record.type }
                let targets = roles.filter { $0.role == reference.role }.map(\.target)
                guard !targets.isEmpty else {
                    let known = roles.map(\.role)
                    let near = NearMiss.of(reference.role, among: known).map { "，是否想写“\($0)”？" } ?? ""
                    result.append(
                        "\(one.place)的“\(one.record.type.chinese)”没有角色“\(reference.role.short)”（refs），没有规则依它判断\(near)")
                    continue
                }
                guard let found = types[RecordID(thread: reference.thread, seq: reference.seq)],
                    !targets.contains(found)
                else { continue }
                let meant = targets.map { "“\($0.chinese)”（\($0.rawValue)）" }.joined(separator: "或者")
                source.fail(
                    one.node, .contradiction,
                    "refs 的 \(reference.role) 应指向\(meant)，这里指向“\(found.chinese)”（\(found.rawValue)）")
            }
        }
        return result
    }

    /// Sessions that papers, recordings and acts name and that never began: nobody knows what they were, or who took part.
    func sessionsNeverBegun() -> [String] {
        let begun = Set(told.filter { $0.record.type == .activityBegan }.compactMap { $0.record.word("activity") })
        var seen: Set<String> = []
        var result: [String] = []
        for one in told where one.record.type != .activityEnded {
            for name in one.record.words("activity") + one.record.words("activities")
            where !begun.contains(name) && seen.insert(name).inserted {
                result.append("\(one.place)：活动“\(name.short)”没有开始的记录（activity.began），它是什么活动、谁参加不得而知，照写的判断")
            }
        }
        return result
    }

    /// Recordings that are linked to the case and of which nothing is told in a thread of their own.
    func recordingsNeverTold(_ names: TimelineNames) -> [String] {
        let threads = Set(told.map { $0.record.thread.description })
        var seen: Set<String> = []
        return told.compactMap { one in
            guard one.record.type == .recordingLinked, let thread = one.record.word("recording"),
                !threads.contains(thread), seen.insert(thread).inserted
            else { return nil }
            let name = names.threads[thread] ?? thread
            return "\(one.place)：音像资料“\(name.short)”没有入库的记录（recording.imported），它是什么、录了什么不得而知，照写的判断"
        }
    }

    /// Texts that are said to be in force and are nowhere.
    func textsNowhere(_ library: RuleLibrary) -> [String] {
        let known = Array(Set(library.regulations.map(\.regulation.id))).sorted()
        var seen: Set<String> = []
        return told.compactMap { one in
            guard one.record.type == .regulationAdopted, let text = one.record.word("regulation"),
                !known.contains(text), seen.insert(text).inserted
            else { return nil }
            let near = NearMiss.of(text, among: known).map { "，是否想写“\($0)”？" } ?? ""
            return "\(one.place)：没有制度“\(text.short)”，这次施行什么也没有开始\(near)"
        }
    }

    /// Whom a bureau chose to approve or to keep its records, and whom the text does not let it choose: the text's own word
    /// holds then.
    func choicesNowhere(_ library: RuleLibrary) -> [String] {
        told.flatMap { one -> [String] in
            guard [.regulationAdopted, .regulationConfirmed].contains(one.record.type),
                let text = one.record.word("regulation"),
                let offices = library.newest(text)?.regulation.offices
            else { return [] }
            return AdoptedOffices.Post.allCases.flatMap { post -> [String] in
                guard let chosen = one.record.word(post.rawValue) else { return [] }
                return offices.filter { $0.adopted == post && !$0.choices.contains(chosen) }.map { office in
                    let choices = office.choices.joined(separator: "、")
                    return "\(one.place)：“\(text)”的“\(office.title)”不能选“\(chosen.short)”（可选 \(choices)），"
                        + "按制度原来的“\(office.standard)”判断"
                }
            }
        }
    }

    /// Terms that are changed in a thread of which nothing else is told: what the term belongs to is not known.
    func termsOfNothing(_ names: TimelineNames) -> [String] {
        let home = TimelineNames.tag(of: EntryType.termExtended.home.rawValue)
        let others = Set(told.filter { !Coherence.ofTerms.contains($0.record.type) }.map(\.record.thread))
        return told.compactMap { one in
            guard Coherence.ofTerms.contains(one.record.type), one.record.thread != home,
                !others.contains(one.record.thread)
            else { return nil }
            return "\(one.place)的“\(one.record.type.chinese)”在线程“\(names.name(of: one.record.thread).short)”里，"
                + "那里没有别的记录，按本案的期限计"
        }
    }

    private static let ofTerms: Set<EntryType> = [.termExtended, .termSuspended, .termResumed, .termRestarted]

    /// Periods that no duty by quarter or year is called by.
    func periodsUnread() -> [String] {
        told.compactMap { one in
            let wanted: String
            switch (one.record.type, one.record.word("kind")) {
            case (.reportSubmitted, "quarterlyData"): wanted = "季度，形如 2026Q1"
            case (.reportSubmitted, "annualReport"), (.publicationMade, "annualReport"), (.assessmentMade, _):
                wanted = "年度，形如 2026"
            default: return nil
            }
            let period = one.record.word("period")
            guard !Coherence.isPeriod(period ?? "", ofQuarter: wanted.hasPrefix("季度")) else { return nil }
            let written = period.map { "写成“\($0.short)”" } ?? "没有写"
            return "\(one.place)的“\(one.record.type.chinese)”：period 应是\(wanted)，这里\(written)，哪一期也没有报到"
        }
    }

    private static func isPeriod(_ text: String, ofQuarter: Bool) -> Bool {
        let year = text.utf8.prefix(4)
        guard year.count == 4, year.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return false
        }
        return ofQuarter ? ["Q1", "Q2", "Q3", "Q4"].contains(text.dropFirst(4)) : text.utf8.count == 4
    }
}

extension Record {
    /// The words of a member that holds one or several.
    fileprivate func words(_ name: String) -> [String] {
        guard let value = plain[name] else { return [] }
        return (value.elements ?? [value]).compactMap(\.string)
    }
}

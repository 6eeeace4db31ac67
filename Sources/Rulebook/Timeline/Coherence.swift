import Casework
import Kernel
import Yams

/// Whether the records of a timeline fit one another.
///
/// What the file says against itself is refused; what it leaves untold is noted, since a history may be told from the
/// middle. Looked at once all are read: a later correction may have mended an earlier slip.
struct Coherence {
    /// A record with its place in the file.
    struct Told {
        let record: Record
        let node: Node
        let place: String
    }
    private(set) var told: [Told] = []

    mutating func take(_ record: Record, at node: Node, place: String) {
        told.append(Told(record: record, node: node, place: place))
    }

    /// Notes every contradiction as a problem of the source.
    ///
    /// - Returns: what is only doubtful, in Chinese.
    func check(_ source: YAMLSource, _ names: TimelineNames, _ library: RuleLibrary) -> [String] {
        let read = Corrections.reading(told.map(\.record))
        refuseBackwards(read, source)
        return papersNeverMade() + caseOpenedTwice() + corrections(source) + sessions(read, source)
            + references(source) + twofold(read, source) + courseOfTheCase() + withoutBeginning()
            + sessionsNeverBegun() + recordingsNeverTold(names) + textsNowhere(library) + choicesNowhere(library)
            + termsOfNothing(names) + periodsUnread()
    }

    // MARK: what is named and was never told

    private static let ofPapers: Set<EntryType> = [
        .documentSigned, .documentIssued, .documentServed, .documentVoided, .documentCorrected, .documentScanned,
        .paperMoved,
    ]

    /// A paper of which only the later course is told: its kind, form and places are known to nobody.
    private func papersNeverMade() -> [String] {
        var made: Set<String> = []
        var result: [String] = []
        for one in told {
            guard let paper = one.record.word("document") else { continue }
            if one.record.type == .documentFixed { made.insert(paper) }
            guard Coherence.ofPapers.contains(one.record.type), !made.contains(paper) else { continue }
            result.append(
                "\(one.place)的“\(one.record.type.chinese)”：前面没有“制作文书”（document.fixed）的记录写明文书“\(paper.short)”，"
                    + "它是什么文书、写了什么不得而知，照写的判断")
        }
        return result
    }

    private func caseOpenedTwice() -> [String] {
        let openings = told.filter { $0.record.type == .caseOpened }
        guard openings.count > 1 else { return [] }
        return [
            "“开立案件”写了 \(openings.count) 次（\(openings.map(\.place).joined(separator: "、"))）：一个文件只讲一件案件，"
                + "各条记录都当作同一件案件的来判断；不止一件的，请每件写一个文件"
        ]
    }

    // MARK: what ends before it began

    /// - Parameter read: the records with what was corrected later.
    private func sessions(_ read: [Record], _ source: YAMLSource) -> [String] {
        var begun: [String: Record] = [:]
        for record in read where record.type == .activityBegan {
            if let name = record.word("activity"), begun[name] == nil { begun[name] = record }
        }
        var result: [String] = []
        for (one, ended) in zip(told, read) where ended.type == .activityEnded {
            guard let name = ended.word("activity"), let began = begun[name] else { continue }
            let (start, end) = (began.instant("startAt") ?? began.statedAt, ended.instant("endAt") ?? ended.statedAt)
            if let start, let end {
                guard end < start else { continue }
                source.fail(
                    one.node, .contradiction,
                    "活动“\(name.short)”结束（\(end.seconds)）早于开始（\(start.seconds)），请核对 startAt、endAt")
            } else if (end ?? ended.recordedAt) < (start ?? began.recordedAt) {
                result.append("\(one.place)：活动“\(name.short)”的结束早于开始，开始或者结束没有写明时间，按登记的时间计，照写的判断")
            }
        }
        return result
    }

    /// Beginnings and ends that one record tells.
    private static let stretches: [EntryType: (from: String, to: String)] = [
        .talkHeld: ("startAt", "endAt"), .recordingImported: ("startAt", "endAt"),
        .recordingInterrupted: ("from", "to"), .grantGiven: ("fromDay", "untilDay"),
        .ruleOverridden: ("fromDay", "untilDay"), .regulationAdopted: ("inForceFrom", "inForceUntil"),
    ]

    private func refuseBackwards(_ read: [Record], _ source: YAMLSource) {
        for (one, record) in zip(told, read) {
            guard let (first, last) = Coherence.stretches[record.type] else { continue }
            let isBackwards: Bool
            if let from = record.instant(first), let to = record.instant(last) {
                isBackwards = to < from
            } else if let from = record.word(first).flatMap({ CivilDay($0) }),
                let to = record.word(last).flatMap({ CivilDay($0) })
            {
                isBackwards = to < from
            } else {
                continue
            }
            if isBackwards {
                source.fail(
                    one.node, .contradiction, "“\(record.type.chinese)”的 \(last) 早于 \(first)，请核对这两个时间")
            }
        }
    }

    // MARK: corrections

    private func corrections(_ source: YAMLSource) -> [String] {
        guard told.contains(where: { $0.record.type == .entryCorrected }) else { return [] }
        let known = Dictionary(told.map { ($0.record.id, $0.record) }, uniquingKeysWith: { first, _ in first })
        return told.compactMap { one in
            guard one.record.type == .entryCorrected,
                let named = one.record.references.first(where: { $0.role == "corrects" }),
                let target = known[RecordID(thread: named.thread, seq: named.seq)]
            else { return nil }
            return correction(one, of: target, source)
        }
    }

    /// What is wrong with one correction is a problem; what it changes nothing by is returned.
    private func correction(_ one: Told, of target: Record, _ source: YAMLSource) -> String? {
        let members = target.type.members
        guard let name = one.record.word("member") else { return "\(one.place)没有写明更正哪一项（member），没有更正什么" }
        guard let member = members[name] else {
            source.unknown(name, at: one.node, "member：“\(target.type.rawValue)”", among: members.keys.sorted())
            return nil
        }
        let values = ["instant", "word", "value"].filter {
            one.record.plain[$0] != nil || one.record.fieldNames.contains($0)
        }
        guard let key = member.correctedBy else {
            source.fail(
                one.node, .contradiction, "“\(target.type.rawValue)”的“\(name)”不能用更正记录改写，请另记一条“\(target.type.rawValue)”")
            return nil
        }
        guard values == [key] else {
            let written = values.isEmpty ? "没有写" : "写成了 \(values.joined(separator: "、"))"
            source.fail(
                one.node, values.isEmpty ? .missingKey : .contradiction,
                "更正“\(name)”（\(member.sort)），新的值应写在 \(key) 里，这里\(written)")
            return nil
        }
        switch member {
        case .number where one.record.instant("instant") == nil:
            source.fail(one.node, .value, "更正“\(name)”，instant 应是形如 2026-03-02T09:00+08:00 的时间，不是日期")
        case .number where target.plain[name] == nil && target.statedAt == nil:
            return "\(one.place)：所更正的记录没有写“\(name)”，没有更正什么"
        case .words(let allowed):
            if let word = one.record.word("word"), !allowed.contains(word) {
                source.unknown(word, at: one.node, "“\(name)”", among: allowed)
            }
        default: break
        }
        return nil
    }
}

extension EntryType.Member {
    /// The key under which a correction tells another value; nil where there is none.
    fileprivate var correctedBy: String? {
        switch self {
        case .number: "instant"
        case .words, .id: "word"
        case .form, .field: "value"
        case .truth, .thread: nil
        }
    }

    /// What stands in it, in words.
    fileprivate var sort: String {
        switch self {
        case .number: "时间"
        case .words, .id: "词"
        case .truth: "是否"
        case .thread: "人员等的名称"
        case .form: "表单"
        case .field: "文字"
        }
    }
}

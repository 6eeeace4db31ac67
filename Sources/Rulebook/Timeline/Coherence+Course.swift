import Casework
import Kernel

/// Acts that are told twice, or before or after what they belong to.
extension Coherence {
    /// A name that stands for two things at once: of a session two kinds, of a paper two kinds.
    ///
    /// - Parameter read: the records with what was corrected later.
    func twofold(_ read: [Record], _ source: YAMLSource) -> [String] {
        var sessions: [String: (kind: String?, place: String)] = [:]
        var papers: [String: String] = [:]
        var result: [String] = []
        for (one, record) in zip(told, read) {
            switch record.type {
            case .activityBegan:
                guard let name = record.word("activity") else { continue }
                let kind = record.word("kind")
                guard let first = sessions[name] else {
                    sessions[name] = (kind, one.place)
                    continue
                }
                if let kind, let before = first.kind, kind != before {
                    source.fail(
                        one.node, .contradiction,
                        "活动“\(name.short)”在\(first.place)是 \(before)，这里是 \(kind)：两次活动请用两个名字")
                } else {
                    result.append("\(one.place)：活动“\(name.short)”已经在\(first.place)开始，当作同一次活动")
                }
            case .documentFixed:
                guard let name = record.word("document"), let kind = record.word("kind") else { continue }
                if let before = papers[name], before != kind {
                    source.fail(
                        one.node, .contradiction, "文书“\(name.short)”前面是 \(before)，这里是 \(kind)：两份文书请用两个名字")
                }
                papers[name] = kind
            default: continue
            }
        }
        return result
    }

    /// What is done once and told several times, and what decides a case after it was filed.
    func courseOfTheCase() -> [String] {
        var result: [String] = []
        var ended: [String: [String]] = [:]
        var filed: [String] = []
        for one in told {
            switch one.record.type {
            case .activityEnded: ended[one.record.word("activity") ?? "", default: []].append(one.place)
            case .caseFiled: filed.append(one.place)
            case let type where Coherence.ofDeciding.contains(type):
                guard let last = filed.last else { continue }
                result.append("\(one.place)的“\(type.chinese)”在案卷归档（\(last)）以后，照写的判断")
            default: continue
            }
        }
        for (name, places) in ended.sorted(by: { $0.key < $1.key }) where !name.isEmpty && places.count > 1 {
            result.append(
                "活动“\(name.short)”的结束写了 \(places.count) 次（\(places.joined(separator: "、"))），后写的当作更正")
        }
        if filed.count > 1 {
            result.append("“案卷归档”写了 \(filed.count) 次（\(filed.joined(separator: "、"))），照写的判断")
        }
        return result
    }

    private static let ofDeciding: Set<EntryType> = [
        .decisionDrafted, .decisionApproved, .reviewSubmitted, .reviewCompleted, .discussionScheduled,
        .discussionHeld, .hearingHeld, .rightsNotified,
    ]

    /// What comes back without having gone: a recorder that was never given out, a term that never stood still.
    func withoutBeginning() -> [String] {
        var out: Set<ThreadTag> = []
        var still: Set<String> = []
        var result: [String] = []
        for one in told {
            let record = one.record
            let term = "\(record.thread.description) \(record.word("matter") ?? "")"
            switch record.type {
            case .recorderIssued: out.insert(record.thread)
            case .recorderReturned where !out.contains(record.thread):
                result.append("\(one.place)的“交还”：前面没有领用的记录（recorder.issued），照写的判断")
            case .termSuspended: still.insert(term)
            case .termResumed where !still.contains(term):
                result.append("\(one.place)的“恢复期限”：前面没有中止这个期限的记录（term.suspended），什么也没有恢复")
            default: continue
            }
        }
        return result
    }
}

import Casework
import Kernel

/// The closing sheet (备考表): what was closed with defects, let pass, corrected and made void, each with who did or approved it.
extension CaseFileSheets {
    var closingSheet: JSON {
        var members: [JSON.Member] =
            [
                .init("caseNumber", .string(caseNumber)), title, volume,
                .init("situation", .string(situation)), .init("filedAt", .string(now.description)),
                .init("ledger", ledger(after: view.work.entries)),
            ] + counts
        for (name, rows) in [
            ("defects", defects), ("overrides", overrides), ("corrections", corrections), ("matters", matters),
        ]
        where !rows.isEmpty {
            members.append(.init(name, .array(rows)))
        }
        return .object(members)
    }

    private var situation: String {
        let late = law.evaluate(view.history).obligations.count { $0.state == .metLate }
        let counted = [
            (late, "逾期履行", "项"), (defects.count, "带缺陷归档", "项"), (overrides.count, "经批准越过关口", "次"),
            (corrections.count, "更正、补正和作废", "处"),
            (view.records.count { $0.type == .decisionChanged }, "决定变更、撤销", "次"),
        ].filter { $0.0 > 0 }.map { "\($0.1) \($0.0) \($0.2)" }
        return
            "本卷共 \(pieces) 件：文件 \(items.count) 件，\(pages) 页；录音录像 \(audioVideoCount) 件，照片、扫描件等其他电子资料 \(otherFileCount) 件\(recordings.isEmpty ? "" : "，以电子形式随卷保存")。"
            + (view.work.ending?.ground == .terminated ? "处理结果：\(outcome)。" : "")
            + "本案记录线至立卷时共 \(view.work.entries) 条。"
            + (counted.isEmpty ? "没有逾期、更正、作废、越过关口和决定变更的记录。" : "其中\(counted.joined(separator: "，"))。")
    }

    func name(_ person: ThreadTag?) -> String { person.flatMap { persons[$0]?.name } ?? "" }

    /// Who approved, and on which day.
    private func approval(_ record: Record) -> JSON {
        .string("\(name(record.actor)) \(record.recordedAt.day.chinese)")
    }

    private func cited(_ record: Record) -> String {
        guard let id = record.word("provision") else { return "" }
        let text = id.split(separator: ":").first.flatMap { law.library.newest(String($0))?.regulation.short }
        guard let article = law.library.provision(id)?.article else { return id }
        return "\(text.map { "《\($0)》" } ?? "")\(article)"
    }

    private func given(forFiling: Bool) -> [Record] {
        view.records.filter {
            $0.type == .overrideGiven && ($0.word("step") == EntryType.caseFiled.rawValue) == forFiling
        }
    }

    private var defects: [JSON] {
        given(forFiling: true).map { record in
            let summary = record.word("provision").flatMap { law.library.provision($0)?.summary } ?? ""
            return [
                "approval": approval(record), "person": .string(name(record.thread("person"))),
                "provision": .string(cited(record)), "reason": .string(record.text("reason") ?? ""),
                "violation": .string(record.text("violation") ?? summary),
            ]
        }
    }

    private var overrides: [JSON] {
        given(forFiling: false).map { record in
            [
                "approval": approval(record), "basis": .string(record.text("legalBasis") ?? ""),
                "provision": .string(cited(record)), "reason": .string(record.text("reason") ?? ""),
            ]
        }
    }

    /// What is printed for a value that must be kept secret.
    static let veil = "（依法保密，见原记录）"

    private var corrections: [JSON] {
        // The sheet is read by whoever reads the case: what must be kept secret stays in its entry.
        let sight = Sight(view)
        return view.records.compactMap { record in
            guard FileCase.isPrinted(record, of: view.work), let (what, content) = correction(record, sight) else {
                return nil
            }
            // Only a correction is asked for and approved; the others are whose step they are.
            let did =
                switch record.type {
                case .entryCorrected: "批准"
                case .documentVoided: "作废"
                default: "办理"
                }
            return [
                "approval": .string("\(name(record.actor))\(did) \(record.recordedAt.day.chinese)"),
                "content": .string(content),
                "reason": .string(
                    sight.hidden(record).contains("reason") ? CaseFileSheets.veil : record.text("reason") ?? ""),
                "what": .string(what),
            ]
        }
    }

    /// What was corrected, and into what; nil for what is told in another table.
    private func correction(_ record: Record, _ sight: Sight) -> (what: String, content: String)? {
        switch record.type {
        case .entryCorrected:
            guard let target = record.number("target").map({ Int($0) }), view.records.indices.contains(target - 1)
            else {
                return nil
            }
            let corrected = view.records[target - 1]
            let label = corrected.type.correctable.first { $0.name == record.word("member") }?.label ?? ""
            return (
                "第 \(target) 条“\(corrected.type.chinese)”的\(label)",
                sight.hidden(record).contains("value") ? CaseFileSheets.veil : record.correctedText
            )
        case .documentCorrected:
            let later = record.word("by").flatMap { DocumentID($0) }
            let manner = record.word("manner") == DocumentCorrection.Manner.supersedes.rawValue ? "替代" : "补正"
            return (named(record.word("document").flatMap { DocumentID($0) }), "由\(named(later))\(manner)")
        case .documentVoided: return (named(record.word("document").flatMap { DocumentID($0) }), "作废")
        default: return nil
        }
    }

    func named(_ document: DocumentID?) -> String {
        guard let document = document.flatMap({ view.work.document($0) }) else { return "" }
        let title = law.library.kind(of: document)?.title ?? document.kind
        return "《\(title)》\(document.issue?.numberText ?? "")"
    }
}

import Application
import Casework
import Kernel

/// The items of a request on its forms: a verdict for each, the copies that are wanted, and what the check said.
struct RequestItems {
    let view: RequestView
    let library: RuleLibrary

    private var file: RequestFile { view.file }

    private func title(_ item: RequestItem) -> String {
        view.asked(library).first { $0.item == item }?.title ?? "（已作废或者不在案卷里）"
    }

    private var isForParty: Bool { ["party", "public"].contains(file.applicantKind) }

    /// Three questions an item: how it is given, on what ground it is kept back, and what exactly.
    var fields: [FieldModel] {
        let things = Dictionary(uniqueKeysWithValues: view.asked(library).map { ($0.item, $0) })
        let grounds = EntryType.requestChecked.options(of: "grounds").map {
            FieldModel.Option(word: $0.word, label: $0.chinese)
        }
        return file.wanted.enumerated().flatMap { number, item -> [FieldModel] in
            let thing = things[item]
            let name = "第\(number + 1)件 \(thing?.title ?? "（已作废或者不在案卷里）")"
            // What a party may not have as it is stands as kept back; whoever checks can still have it masked.
            let isKept = thing == nil || thing?.isInternal == true && isForParty
            var outcome = FieldModel(
                name: ItemVerdict.field(item), label: name,
                control: .choice(
                    ItemVerdict.Outcome.allCases.map { .init(word: $0.rawValue, label: $0.chinese) }),
                isRequired: true, help: thing?.help(isForParty: isForParty) ?? "")
            outcome.input = .text(isKept ? ItemVerdict.Outcome.withheld.rawValue : "")
            var ground = FieldModel(
                name: ItemVerdict.groundField(item), label: "第\(number + 1)件应当保密的理由", control: .choice(grounds),
                help: "遮盖后提供、不予提供的选择。")
            ground.input = .text(isForParty ? thing?.ground ?? "" : "")
            var why = FieldModel(
                name: ItemVerdict.whyField(item), label: "第\(number + 1)件遮盖或者不予提供的具体内容", control: .line(),
                help: "例如：第2页举报人的姓名和电话。")
            why.input = .text(isKept ? "\(thing.map(\.mark)?.nonEmpty ?? "副卷")材料。" : "")
            return [outcome, ground, why]
        }
    }

    /// The verdicts of a form; what is not chosen is left out, and the step says so.
    func verdicts(_ form: Form) -> [ItemVerdict] {
        file.wanted.compactMap { item in
            guard let outcome = ItemVerdict.Outcome(rawValue: form.text(ItemVerdict.field(item))) else { return nil }
            return ItemVerdict(
                item, outcome, ground: form[ItemVerdict.groundField(item)], why: form.text(ItemVerdict.whyField(item)))
        }
    }

    /// Which item a copy is of; those without one first.
    var redactedChoice: FieldModel {
        let missing = file.missingCopies
        let items = missing + (file.check?.redacted.filter { !missing.contains($0) } ?? [])
        var field = FieldModel(
            name: "item", label: "哪一件的遮盖件",
            control: .choice(
                items.map { .init(word: $0.id, label: title($0), hint: file.copies[$0] == nil ? "" : "已交，再交一次以新的为准") }),
            isRequired: true)
        field.input = .text(items.count == 1 ? items[0].id : "")
        return field
    }

    static let copyField = FieldModel(
        name: "copy", label: "遮盖件", control: .file(accept: "application/pdf,image/*,audio/*,video/*"), isRequired: true,
        help: "提供给申请人的就是这个文件。不能是原件。")

    static let scanField = FieldModel(
        name: "scan", label: "签收页的扫描件或者照片", control: .file(accept: "image/jpeg,image/png,application/pdf"))

    /// What the check said, item by item.
    var summary: HTML {
        guard let check = file.check else { return "" }
        let groups = [
            (ItemVerdict.Outcome.cleared, check.cleared), (.redacted, check.redacted), (.withheld, check.withheld),
        ]
        return SummaryList(
            rows: groups.filter { !$0.1.isEmpty }.map { outcome, items in
                .init(label: outcome.chinese, value: items.html { "<p>\(title($0))</p>" }, change: nil)
            }
        ).html
    }
}

extension Releasable {
    /// What the check says beside it: what it is, and what cannot be chosen.
    fileprivate func help(isForParty: Bool) -> String {
        if let keptBack, isForParty { return keptBack }
        switch openingClass {
        case .internal where !isRecording: return "这是副卷的文书。"
        case .party, .officer: return ""
        default: return "\(mark)，提供前请逐项审查。"
        }
    }
}

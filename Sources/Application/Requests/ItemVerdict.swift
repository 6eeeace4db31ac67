import Casework
import Kernel
import Ledger

/// What the secrecy check says about one item (逐件审查).
public struct ItemVerdict: Hashable, Sendable {
    /// The item.
    public let item: RequestItem
    /// Whether and how it is given.
    public let outcome: Outcome
    /// A word of `grounds`, where something is kept back.
    public let ground: String?
    /// What exactly, and why, where something is kept back.
    public let why: String

    /// Whether and how an item is given.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// 可以提供
        case cleared
        /// 遮盖后提供
        case redacted
        /// 不予提供
        case withheld

        /// The word on screens.
        public var chinese: String { EntryType.requestChecked.label(of: rawValue) }
    }

    /// A verdict.
    public init(_ item: RequestItem, _ outcome: Outcome, ground: String? = nil, why: String = "") {
        self.item = item
        self.outcome = outcome
        self.ground = ground
        self.why = why
    }

    /// The name of its field on the form.
    public static func field(_ item: RequestItem) -> String { "item.\(item.id)" }
    /// The name of the field that asks on what ground something is kept back.
    public static func groundField(_ item: RequestItem) -> String { "ground.\(item.id)" }
    /// The name of the field that asks what exactly is kept back, and why.
    public static func whyField(_ item: RequestItem) -> String { "why.\(item.id)" }
}

extension RequestView {
    /// The members of a check: every item that was asked for has one verdict, and what is kept back has ground and reason.
    func members(
        of verdicts: [ItemVerdict], library: RuleLibrary
    ) throws(StepRefusal) -> (plain: [JSON.Member], excluded: FieldValue?) {
        var form = FormText()
        let things = Dictionary(uniqueKeysWithValues: asked(library).map { ($0.item, $0) })
        let grounds = EntryType.requestChecked.options(of: "grounds").map(\.word)
        var lines: [String] = []
        for item in file.wanted {
            let field = ItemVerdict.field(item)
            let found = verdicts.filter { $0.item == item }
            guard let verdict = found.first, found.count == 1 else {
                form.fail(field, "请逐件写明可以提供、遮盖后提供，还是不予提供。")
                continue
            }
            if things[item] == nil, verdict.outcome != .withheld {
                form.fail(field, "这份材料已经作废或者不在案卷里，不能提供。")
            }
            guard verdict.outcome != .cleared else {
                if things[item]?.isInternal == true, !RequestApplicant.maySeeInternal(file.applicantKind) {
                    form.fail(field, things[item]?.keptBack ?? "")
                }
                continue
            }
            guard let ground = verdict.ground, grounds.contains(ground) else {
                form.fail(ItemVerdict.groundField(item), "请选择应当保密的理由。")
                continue
            }
            let why = form.required(verdict.why, ItemVerdict.whyField(item), "遮盖或者不予提供的具体内容", limit: 500)
            lines.append(
                "\(things[item]?.title ?? "（已不在案卷里的材料）")：\(verdict.outcome.chinese)，"
                    + "\(EntryType.requestChecked.chinese(ground, of: "grounds"))。\(why)")
        }
        for verdict in verdicts where !file.wanted.contains(verdict.item) {
            form.fail(ItemVerdict.field(verdict.item), "申请里没有这份材料。")
        }
        try form.finish()
        func items(_ outcome: ItemVerdict.Outcome) -> [ItemVerdict] {
            file.wanted.compactMap { item in verdicts.first { $0.item == item && $0.outcome == outcome } }
        }
        let (cleared, redacted, withheld) = (items(.cleared), items(.redacted), items(.withheld))
        let kept = redacted + withheld
        let result = kept.isEmpty ? "clear" : cleared.isEmpty && redacted.isEmpty ? "refused" : "treated"
        var plain: [JSON.Member] = [.init("result", .string(result))]
        for (name, verdicts) in [("cleared", cleared), ("redacted", redacted), ("withheld", withheld)]
        where !verdicts.isEmpty {
            plain.append(.init(name, .array(verdicts.map { .string($0.item.id) })))
        }
        if !kept.isEmpty { plain.append(.init("grounds", .array(kept.map { .string($0.ground ?? "") }))) }
        return (plain, lines.isEmpty ? nil : FieldValue("excluded", .string(lines.joined(separator: "\n")), .internal))
    }
}

extension Releasable {
    /// Why it is not given to a party as it is; nil if it may be.
    public var keptBack: String? {
        switch openingClass {
        case .reporter: "这份材料含有投诉举报人的信息，依法保密，不能原样提供给当事人和其他个人。"
        case .secret: "这份材料涉及国家秘密、商业秘密或者个人隐私，不能原样提供给当事人和其他个人。"
        case .internal: isRecording ? "这是内部资料，不能原样提供给当事人和其他个人。" : "这是副卷的文书，不能原样提供给当事人和其他个人。"
        case .party, .officer: nil
        }
    }

    /// The ground of the secrecy check that its class gives.
    public var ground: String? {
        switch openingClass {
        case .reporter: "reporterData"
        case .internal: "internalMatter"
        case .secret, .party, .officer: nil
        }
    }
}

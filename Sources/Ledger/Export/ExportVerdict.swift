import Kernel

/// What can be said of a log that was exported or published as files (导出账本的校验结论).
public struct ExportVerdict: Sendable {
    /// The conclusion, in the words and numbers of a dossier's.
    public let outcome: DossierVerdict.Outcome
    /// Why it is refused; empty otherwise.
    public let reasons: [ExportReason]
    /// What was found; nil where there is no head to check by.
    public let facts: Facts?

    /// What was found. All of it is only a claim if the export is refused.
    public struct Facts: Sendable {
        /// The head that the files lead to.
        public let head: Checkpoint
        /// The key that its signature fits; nil where no key was given and none is in the files.
        public let key: VerifierKey?
        /// How many threads have entries in it.
        public let threads: Int
        /// How far a root from outside reaches; nil without one.
        public let anchoredSize: Int?
    }
}

/// One reason why an export is refused.
public struct ExportReason: Hashable, Sendable {
    /// What is wrong.
    public let code: Code
    /// What it is about: a file, a leaf.
    public let subject: String

    /// A reason.
    public init(_ code: Code, _ subject: String) {
        self.code = code
        self.subject = subject
    }

    /// What can be wrong with an export.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        case fileMissing
        case fileExtra
        case fileTwice
        case fileBeyond
        case keyForm
        case keyOther
        case checkpointForm
        case checkpointForeign
        case signature
        case root
        case tile
        case rootUnknown
        case foreignLeaf
        case chain
    }

    /// For the reader: what is wrong and what it means.
    public var chinese: String { "\(subject)：\(code.chinese)" }
}

extension ExportReason.Code {
    var chinese: String {
        switch self {
        case .fileMissing: "缺少这个文件，导出不完整。"
        case .fileExtra: "不是账本的文件，是后来放进去的。"
        case .fileTwice: "同一个文件名出现两次，无法知道哪个是真的。"
        case .fileBeyond: "属于检查点以后的记录，没有检查点可以核对它。"
        case .keyForm: "公钥文件不是规定的写法。"
        case .keyOther: "导出附带的公钥不是您给出的公钥。这不是那个账本。"
        case .checkpointForm: "检查点不是规定的写法。"
        case .checkpointForeign: "您给出的检查点不是这个账本的，不能用来核对。请换成这个账本的检查点，或者去掉它再核验。"
        case .signature: "检查点的签名与公钥不符。"
        case .root: "由全部叶重算的根与检查点不符，记录被改动或抽换。"
        case .tile: "与由叶重算的结果不符，文件被改动、截断或损坏。"
        case .rootUnknown: "您给出的根与这个账本任何时候的根都不符。请核对抄写；若无误，这不是那个账本，或者历史被改写过。"
        case .foreignLeaf: "不是本系统写法的叶。"
        case .chain: "与同一条记录线的前一条接不上：缺号、被抽换，或者有第二套记录。"
        }
    }
}

extension ExportVerdict {
    /// The verdict for people, in Chinese.
    public func chinese(trust: DossierTrust) -> String {
        let given = trust.keys.isEmpty ? "根" : trust.roots.isEmpty ? "公钥" : "公钥和根"
        let conclusion =
            switch outcome {
            case .accepted: "结论：接受。账本完整，并与从别处取得的\(given)相符。"
            case .refused: "结论：拒绝。共 \(reasons.count) 条理由。"
            case .unconfirmed: "结论：账本自身完整，但签名人未经证实，不能据此采信。"
            }
        return VerdictText.text(conclusion, lines)
    }

    private var lines: [String] {
        var lines: [String] = []
        if !reasons.isEmpty {
            lines += ["", "理由"] + reasons.prefix(20).map { "  · \($0.chinese)" }
            if reasons.count > 20 { lines.append("  …… 另有 \(reasons.count - 20) 条，用 --json 看全部。") }
        }
        guard let facts else { return lines }
        if facts.head.origin.utf8.starts(with: DossierVocabulary.demoOrigin.utf8) {
            lines.append("【演示】这个账本来自演示系统，不是真实记录。")
        }
        lines += [
            "", outcome == .refused ? "账本自称（未被采信）" : "账本", "  名称  \(facts.head.origin)",
            "  检查点  共 \(facts.head.size) 条记录，\(facts.threads) 条记录线", "  根",
            "    \(PaperText.grouped(facts.head.root))",
            facts.key.map { "  公钥编号  \(PaperText.grouped($0.id))" } ?? "  签名没有核对：没有公钥",
        ]
        if outcome == .unconfirmed {
            lines += ["", "怎样证实签名人", "  从别处取得公钥，再运行：liuhen-verify 目录 --vkey '公钥'"]
        }
        guard outcome != .refused else { return lines }
        lines += ["", "锚定"]
        if let size = facts.anchoredSize {
            lines.append("  已由外部的根锚定至第 \(size) 条；其后 \(facts.head.size - size) 条只靠签名。")
        } else {
            lines.append("  没有给出外部的根：\(facts.head.size) 条都只靠签名，掌握签名密钥的人能够另做一本账。")
        }
        lines += ["", "校验说明了什么", "  每条叶都在树中，每条记录线首尾相接、每号恰有一条；叶里只有随机标记和散列值，没有任何人的信息。"]
        return lines
    }

    /// The verdict for programs.
    public var json: JSON {
        var members: [JSON.Member] = [
            .init("outcome", .string(outcome.name)),
            .init(
                "reasons",
                .array(
                    reasons.map {
                        [
                            "code": .string($0.code.rawValue), "subject": .string($0.subject),
                            "text": .string($0.chinese),
                        ]
                    })),
        ]
        if let facts {
            var claims: [JSON.Member] = [
                .init("origin", .string(facts.head.origin)), .init("root", .string(facts.head.root.description)),
                .init("size", .integer(Int64(facts.head.size))), .init("threads", .integer(Int64(facts.threads))),
            ]
            if let key = facts.key {
                claims += [
                    .init("key", .string(key.description)), .init("keyId", .string(key.id.description)),
                ]
            }
            if let size = facts.anchoredSize { claims.append(.init("anchoredSize", .integer(Int64(size)))) }
            members.append(.init("ledger", .object(claims)))
        }
        return .object(members)
    }
}

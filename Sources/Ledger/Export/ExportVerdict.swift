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
        /// The bureau's logs in order; more than one where records were once lost or the key was changed.
        public let logs: [Log]
        /// How many threads have entries in them.
        public let threads: Int
        /// What the first entries of the later logs say of the logs before.
        public let successions: [LogSuccession]
        /// Heads from outside that lie in a part that was lost.
        public let held: [Held]
    }

    /// One of the logs.
    public struct Log: Sendable {
        /// Which, from 1.
        public let number: Int
        /// The head that the files lead to.
        public let head: Checkpoint
        /// The key that its signature fits; nil where no key was given and none is in the files.
        public let key: VerifierKey?
        /// How many threads have entries in it.
        public let threads: Int
        /// How far what was given from outside reaches, directly or through a later log; nil without any.
        public let anchoredSize: Int?
        /// Whether the head is vouched for from outside.
        public let isConfirmed: Bool
    }

    /// A head from outside that no surviving record can prove.
    public struct Held: Hashable, Sendable {
        /// Of which log.
        public let log: Int
        /// Its size.
        public let size: Int
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
        case opening
        case succession
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
        case .rootUnknown: "您给出的根与这里任何账本任何时候的根都不符。请核对抄写；若无误，这不是那个账本，或者历史被改写过。"
        case .foreignLeaf: "不是本系统写法的叶。"
        case .opening: "不是这个账本的第一条记录，或者与它的叶不符。"
        case .succession: "第一条记录没有如实说明前一个账本到哪里为止，两个账本接不上。"
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
        guard let facts, let first = facts.logs.first else { return lines }
        if first.head.origin.utf8.starts(with: DossierVocabulary.demoOrigin.utf8) {
            lines.append("【演示】这个账本来自演示系统，不是真实记录。")
        }
        let isSeveral = facts.logs.count > 1
        for log in facts.logs {
            let title =
                isSeveral
                ? "第 \(log.number) 个账本\(outcome == .refused ? "自称（未被采信）" : log.isConfirmed ? "" : "（签名人未经证实）")"
                : outcome == .refused ? "账本自称（未被采信）" : "账本"
            lines += [
                "", title, "  名称  \(log.head.origin)", "  检查点  共 \(log.head.size) 条记录，\(log.threads) 条记录线",
                "  根", "    \(PaperText.grouped(log.head.root))",
                log.key.map { "  公钥编号  \(PaperText.grouped($0.id))" } ?? "  签名没有核对：没有公钥",
            ]
        }
        for said in facts.successions { lines += ["", text(of: said)] }
        if outcome == .unconfirmed {
            lines += ["", "怎样证实签名人", "  从别处取得公钥，再运行：liuhen-verify 目录 --vkey '公钥'"]
            if isSeveral { lines.append("  须是最后一个账本的公钥：只知道旧账本的，不能知道新账本是谁启用的。") }
        }
        guard outcome != .refused else { return lines }
        lines += ["", "锚定"] + facts.logs.map { anchor(of: $0, isSeveral: isSeveral) }
        for head in facts.held {
            lines.append("  您手中第 \(head.log) 个账本第 \(head.size) 条的检查点在丢失的部分：那时确有这些记录，现已不在，不能用它核对。")
        }
        lines += ["", "校验说明了什么", "  每条叶都在树中，每条记录线首尾相接、每号恰有一条；叶里只有随机标记和散列值，没有任何人的信息。"]
        return lines
    }

    private func anchor(of log: Log, isSeveral: Bool) -> String {
        let name = isSeveral ? "第 \(log.number) 个账本" : ""
        guard let size = log.anchoredSize else {
            return "  \(name)没有给出外部的根：\(log.head.size) 条都只靠签名，掌握签名密钥的人能够另做一本账。"
        }
        return "  \(name)已由外部的根锚定至第 \(size) 条；其后 \(log.head.size - size) 条只靠签名。"
    }

    /// How one log ended and the next began, as the bureau states it.
    private func text(of said: LogSuccession) -> String {
        let end = "第 \(said.surviving.log) 个账本到第 \(said.surviving.size) 条为止，另启第 \(said.log) 个账本"
        if said.isRotation { return "换用密钥：\(end)。机关陈述没有丢失记录；旧账本比这更晚的检查点会揭穿隐去的记录。" }
        let lost = said.knownLost.map { "机关所知丢失的\(said.isWholeLoss ? "最多" : "至少") \($0) 条" } ?? "丢失多少条不得而知"
        return "缺口：\(end)。\(lost)，丢失是机关自己的陈述；纸上或别处更晚的检查点能揭穿少报。"
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
        if let facts, let newest = facts.logs.last {
            var claims: [JSON.Member] = newest.members + [.init("threads", .integer(Int64(facts.threads)))]
            if facts.logs.count > 1 {
                claims.append(
                    .init(
                        "logs",
                        .array(
                            facts.logs.map { log in
                                .object(
                                    log.members + [
                                        .init("confirmed", .boolean(log.isConfirmed)),
                                        .init("n", .integer(Int64(log.number))),
                                        .init("threads", .integer(Int64(log.threads))),
                                    ])
                            })))
                claims.append(.init("successions", .array(facts.successions.map { .object($0.members) })))
                claims.append(
                    .init(
                        "held",
                        .array(
                            facts.held.map { ["log": .integer(Int64($0.log)), "size": .integer(Int64($0.size))] })))
            }
            members.append(.init("ledger", .object(claims)))
        }
        return .object(members)
    }
}

extension ExportVerdict.Log {
    fileprivate var members: [JSON.Member] {
        var members: [JSON.Member] = [
            .init("origin", .string(head.origin)), .init("root", .string(head.root.description)),
            .init("size", .integer(Int64(head.size))),
        ]
        if let key {
            members += [.init("key", .string(key.description)), .init("keyId", .string(key.id.description))]
        }
        if let anchoredSize { members.append(.init("anchoredSize", .integer(Int64(anchoredSize)))) }
        return members
    }
}

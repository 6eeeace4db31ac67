import Kernel

extension DossierStanding.State {
    /// The word on the verdict.
    public var chinese: String {
        switch self {
        case .void: "已作废"
        case .superseded: "已被替代"
        case .unknown: "记录不全，不能判断"
        case .unissued: "未制发"
        case .unsigned: "定稿，无人签署"
        case .received: "外来文书"
        case .amended: "已制发，已补正"
        case .signed: "已签署"
        case .issued: "已制发"
        case .shown: "签名前文本"
        }
    }
}

extension DossierStanding.Service {
    /// The words on the verdict. 已送达 is the law's word, and not said of what does not count.
    public var chinese: String {
        switch self {
        case .served: "已送达"
        case .awaited: "登记过送达，尚未核对"
        case .turnedDown: "登记过送达，核对退回"
        }
    }
}

extension DossierStanding.Paper {
    /// What the records say of it.
    var chinese: String {
        switch state {
        case .signed: "已签 \(signatures) 处"
        case .received: "\(state.chinese)，\(signatures == 0 ? "没有登记签章" : "登记签章 \(signatures) 处")"
        case .unissued: "\(state.chinese)，\(signatures == 0 ? "无人签署" : "已签 \(signatures) 处")"
        default: state.chinese
        }
    }
}

extension DossierStanding {
    /// The course of the case in one sentence.
    var chinese: String {
        if let filedAt { return "已归档（第 \(filedAt) 条）" }
        let ended = endedAt.map { "已终结（第 \($0) 条）" } ?? "尚未终结"
        return "\(ended)，尚未归档：以后的记录不在其中"
    }

    /// The papers, told by the records: how many of each sort, and each that is more or less than a paper in force.
    var lines: [String] {
        guard !papers.isEmpty else { return [] }
        var lines = ["  文书  共 \(papers.count) 个文件（依记录，不依文件名）"]
        for state in State.allCases {
            let papers = papers.filter { $0.state == state }
            guard !papers.isEmpty else { continue }
            lines.append("    \(state.chinese)  \(papers.count)")
            // What was issued and what was shown before is what its name says.
            guard ![.issued, .shown].contains(state) else { continue }
            lines += papers.prefix(Self.shown).map { "      \($0.path)\($0.state.isCounted ? "（\($0.chinese)）" : "")" }
            let rest = papers.count - Self.shown
            if rest > 0 { lines.append("      …… 另有 \(rest) 个，用 --json 看全部") }
        }
        return lines
    }

    private static let shown = 50

    /// For programs.
    var json: JSON {
        var members: [JSON.Member] = []
        if let endedAt { members.append(.init("ended", .integer(Int64(endedAt)))) }
        if let filedAt { members.append(.init("filed", .integer(Int64(filedAt)))) }
        members.append(.init("papers", .array(papers.map(\.json))))
        return .object(members)
    }
}

extension DossierStanding.State {
    /// Whether the number of signatures is part of what is said.
    fileprivate var isCounted: Bool { [.signed, .unissued, .received].contains(self) }
}

extension DossierStanding.Paper {
    fileprivate var json: JSON {
        [
            "path": .string(path.description), "signatures": .integer(Int64(signatures)),
            "state": .string(state.rawValue),
        ]
    }
}

import Kernel

extension DossierVerdict {
    /// The verdict for people, in Chinese.
    public func chinese(trust: DossierTrust) -> String {
        VerdictText.text(conclusion(trust: trust), lines)
    }

    private func conclusion(trust: DossierTrust) -> String {
        let lost = facts?.manifest.lostOriginals.count ?? 0
        switch outcome {
        case .accepted where lost > 0:
            let gaps = facts?.gaps.contains(where: { !$0.succession.isRotation }) == true ? "；账本另有缺口，见“缺口”" : ""
            return
                "结论：接受，但有 \(lost) 个文件的原件已灭失或者损坏，不在案卷里，见“未附文件”。其余内容完整，并与从别处取得的\(trust.chinese)相符\(gaps)。"
        case .accepted where facts?.gaps.contains(where: { !$0.succession.isRotation }) == true:
            return "结论：接受，但账本有缺口。保存下来的记录完整，并与从别处取得的\(trust.chinese)相符；丢失的部分见“缺口”。"
        case .accepted:
            let isFiled = facts?.standing.filedAt != nil
            return "结论：接受。案卷完整，并与从别处取得的\(trust.chinese)相符\(isFiled ? "" : "；案件尚未归档，以后的记录不在其中")。"
        case .refused: return "结论：拒绝。共 \(reasons.count) 条理由。"
        case .unconfirmed: return "结论：自身完整，但签名人未经证实，不能据此采信。"
        }
    }

    private var lines: [String] {
        var lines: [String] = []
        if facts?.manifest.isDemo == true { lines.append("【演示】这份案卷来自演示系统，不是真实案件。") }
        if !reasons.isEmpty {
            lines += ["", "理由"]
            lines += reasons.prefix(DossierVerdict.reasonsShown).map { "  · \($0.chinese)" }
            if reasons.count > DossierVerdict.reasonsShown {
                lines.append("  …… 另有 \(reasons.count - DossierVerdict.reasonsShown) 条，用 --json 看全部。")
            }
        }
        guard let facts else { return lines }
        let manifest = facts.manifest
        lines += [
            "", outcome == .refused ? "案卷自称（未被采信）" : "案卷",
            "  机关标识  \(manifest.bureau)", "  案件线  \(manifest.caseThread)",
            "  用途  \(manifest.audience.chinese)；\(manifest.mode.chinese)",
            "  导出时间  \(facts.exportedAt.chinese)（机关时钟）",
            "  记录  \(facts.entries) 条：完整的线 \(manifest.threads.count) 条，另有单条 \(manifest.entries.count) 条",
            "  字段  相符 \(facts.fieldsMatching)，留空 \(facts.fieldsWithheld)，依规销毁 \(facts.fieldsDestroyed)",
            "  文件  \(manifest.files.count) 个", "  案件  \(facts.standing.chinese)",
        ]
        lines += facts.standing.lines
        lines += withheldFiles(manifest)
        let grounds = Set(manifest.withheld.map(\.ground))
        for ground in grounds.sorted() where DossierAudience.grounds.contains(ground) {
            lines.append("  留空理由  \(ground)")
        }
        // Not repeated: a sentence of somebody else's making has no place among those of the format.
        if !grounds.isSubset(of: DossierAudience.grounds) { lines.append("  留空理由  （不是规定的理由）") }
        let isSeveral = facts.logs.count > 1
        for log in facts.logs {
            lines += [
                "", isSeveral ? "第 \(log.number) 个账本\(log.isConfirmed ? "" : "（签名人未经证实）")" : "账本",
                "  名称  \(log.head.origin)", "  检查点  共 \(log.head.size) 条记录", "  根",
                "    \(PaperText.grouped(log.head.root))", "  公钥编号  \(PaperText.grouped(log.key.id))",
            ]
        }
        for gap in facts.gaps { lines += [""] + gap.chinese }
        if outcome == .unconfirmed {
            lines += [
                "", "怎样证实签名人", "  把送达文书上印的根抄给 --root（比这个检查点早也可以），或者从别处取得公钥，再运行：",
                "    liuhen-verify 案卷 --root '纸上的根'", "    liuhen-verify 案卷 --vkey '公钥'",
                "  也可以打开这家机关公开的账本（网址以 /ledger/ 和机关简称结尾，从公文、公报等别处取得），逐组对照公钥编号，输入上面的条数和根。",
            ]
            if isSeveral { lines.append("  须是最后一个账本的根或者公钥：只知道旧账本，不能知道新账本是谁启用的。") }
        }
        lines += ["", "锚定"] + anchorLines(facts)
        lines += ["", "校验说明了什么"] + scopeLines(facts)
        return lines
    }

    /// Each file that is not here, by the entry that holds its digest, with its ground.
    private func withheldFiles(_ manifest: DossierManifest) -> [String] {
        let files = manifest.withheld.filter { $0.what == .file }
        guard !files.isEmpty else { return [] }
        let lost = manifest.lostOriginals.count
        var lines = ["  未附文件  \(files.count) 个\(lost > 0 ? "，其中原件已灭失或者损坏 \(lost) 个" : "")"]
        lines += files.prefix(DossierVerdict.filesShown).map { item in
            let isKnown = DossierAudience.grounds.contains(item.ground)
            let name = facts?.lostNames[item.place.entry].map { "\($0)，" } ?? ""
            return "    · \(name)\(item.place.chinese)：\(isKnown ? item.ground : "（不是规定的理由）")"
        }
        if files.count > DossierVerdict.filesShown {
            lines.append("    …… 另有 \(files.count - DossierVerdict.filesShown) 个，用 --json 看全部。")
        }
        return lines
    }

    private static let filesShown = 100
    private static let reasonsShown = 20

    private func anchorLines(_ facts: Facts) -> [String] {
        var lines: [String] = []
        let anchored = facts.logs.compactMap { log in log.anchoredSize.map { (log.number, $0) } }
        if !anchored.isEmpty {
            for (number, size) in anchored {
                lines.append("  已由外部的根锚定到\(facts.logs.count > 1 ? "第 \(number) 个" : "")账本第 \(size) 条。")
            }
            lines.append(
                facts.entriesBeyondAnchor == 0
                    ? "  案卷中的记录都在锚定之内。"
                    : "  案卷中有 \(facts.entriesBeyondAnchor) 条记录在其后，跨 \(facts.timeBeyondAnchor / 1000) 秒，未由外部的根锚定，只靠签名。"
            )
        } else {
            lines.append("  没有给出外部的根：\(facts.entriesBeyondAnchor) 条记录都只靠签名。")
            lines.append("  掌握签名密钥的人能够另做一本账；纸上的根、见证或别处的检查点才能排除这一点。")
        }
        if !facts.manifest.heads.isEmpty {
            lines.append("  案卷自称下列检查点印在制发的文书上，均与本检查点相接（自称，未经外部核对）；送达过的另外注明，其余只在机关手里：")
            for head in facts.manifest.heads {
                let log = facts.logs.count > 1 ? "第 \(head.log) 个账本" : ""
                let served = facts.standing.services[head.root].map { "（\($0.chinese)）" } ?? ""
                lines.append("    \(log)第 \(head.size) 条\(served)  \(PaperText.grouped(head.root))")
            }
        }
        return lines
    }

    private func scopeLines(_ facts: Facts) -> [String] {
        guard outcome != .refused else { return ["  案卷被拒绝，以上内容都不能采信。"] }
        var lines: [String] = []
        switch facts.manifest.mode {
        case .compact:
            lines.append("  列出的各条线从第 1 条到所列最后一条，没有缺号，逐条在账本中。")
            lines.append("  简明案卷不能证明账本中没有同一条线的另一套记录；要证明这一点，请索取完整案卷。")
        case .complete:
            lines.append("  已用全部叶重算根：列出的各条线在账本中每号恰有一条，没有第二套记录。")
            if facts.laterEntries > 0 {
                lines.append("  这些线在案卷所列之后另有 \(facts.laterEntries) 条记录，不在本案卷中。")
            }
        }
        if facts.gaps.contains(where: { !$0.succession.isRotation }) {
            lines.append("  缺口以内的记录没有保存下来，校验不能说明其中有过什么。没有缺号只是对保存下来的记录而言。")
        }
        lines.append("  校验不能说明记录之前的事：文件进入系统以前是否真实，要靠别的证据。")
        return lines
    }
}

extension DossierTrust {
    /// What was given.
    fileprivate var chinese: String {
        let given = [
            keys.isEmpty ? nil : "公钥", roots.isEmpty ? nil : "根", checkpoints.isEmpty ? nil : "检查点",
        ].compactMap { $0 }
        return given.isEmpty ? "根" : given.joined(separator: "和")
    }
}

extension DossierVerdict {
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
                .init("standing", facts.standing.json),
                .init("audience", .string(facts.manifest.audience.rawValue)),
                .init("bureau", .string(facts.manifest.bureau.description)),
                .init("case", .string(facts.manifest.caseThread.description)),
                .init("demo", .boolean(facts.manifest.isDemo)),
                .init("entries", .integer(Int64(facts.entries))),
                .init("entriesBeyondAnchor", .integer(Int64(facts.entriesBeyondAnchor))),
                .init("exportedAt", .integer(facts.exportedAt.milliseconds)),
                .init("fieldsDestroyed", .integer(Int64(facts.fieldsDestroyed))),
                .init("fieldsMatching", .integer(Int64(facts.fieldsMatching))),
                .init("fieldsWithheld", .integer(Int64(facts.fieldsWithheld))),
                .init("files", .integer(Int64(facts.manifest.files.count))),
                .init("headsClaimed", .integer(Int64(facts.manifest.heads.count))),
                .init("key", .string(facts.key.description)),
                .init("keyId", .string(facts.key.id.description)),
                .init("laterEntries", .integer(Int64(facts.laterEntries))),
                .init("millisecondsBeyondAnchor", .integer(facts.timeBeyondAnchor)),
                .init("mode", .string(facts.manifest.mode.rawValue)),
                .init("origin", .string(facts.head.origin)),
                .init("root", .string(facts.head.root.description)),
                .init("size", .integer(Int64(facts.head.size))),
            ]
            if facts.logs.count > 1 {
                claims.append(.init("logs", .array(facts.logs.map(\.json))))
                claims.append(.init("gaps", .array(facts.gaps.map(\.json))))
            }
            let files = facts.manifest.withheld.filter { $0.what == .file }
            if !files.isEmpty {
                claims.append(
                    .init(
                        "filesWithheld",
                        .array(
                            files.map {
                                [
                                    "field": .string($0.place.field),
                                    "ground": .string(DossierAudience.grounds.contains($0.ground) ? $0.ground : ""),
                                    "seq": .integer(Int64($0.place.entry.seq)),
                                    "thread": .string($0.place.entry.thread.description),
                                ]
                            })))
            }
            if let size = facts.anchoredSize {
                claims.append(.init("anchoredSize", .integer(Int64(size))))
            }
            members.append(.init("dossier", .object(claims)))
        }
        return .object(members)
    }
}

extension DossierVerdict.Outcome {
    /// `accepted`, `refused`, `unconfirmed`.
    public var name: String {
        switch self {
        case .accepted: "accepted"
        case .refused: "refused"
        case .unconfirmed: "unconfirmed"
        }
    }
}

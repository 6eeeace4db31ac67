import Kernel

extension DossierGap {
    /// The gap for people: how many records, between which times, whether the case is concerned, and what nobody can
    /// know.
    var chinese: [String] {
        let (surviving, previous) = (succession.surviving, succession.previous)
        if succession.isRotation { return rotation }
        var lines = [
            "缺口：第 \(surviving.log) 个账本在第 \(surviving.size) 条之后的记录丢失，另启第 \(succession.log) 个账本",
            "  \(extent)",
            "  时间在 \(succession.gapFrom.chinese) 与 \(until.chinese) 之间（机关时钟）。",
        ]
        if previous != surviving {
            lines += [
                "  机关所称最后已知的检查点：第 \(previous.log) 个账本第 \(previous.size) 条，根",
                "    \(PaperText.grouped(previous.root))",
            ]
        }
        if !decidedBy.isEmpty { lines.append("  决定启用新账本的人：\(decidedBy.joined(separator: "、"))。") }
        if concernsCase {
            lines.append("  本案可能有记录在丢失之列：本案的记录线在丢失之前已经开始。")
        } else if threads.isEmpty {
            lines.append("  本案不会有记录在丢失之列：所列各条记录线都在丢失之后才开始。")
        } else {
            lines.append("  本案的记录线在丢失之后才开始；与本案有关的另外 \(threads.count) 条记录线可能有记录在丢失之列。")
        }
        for head in held {
            lines.append(
                head.isNamed
                    ? "  您手中第 \(head.size) 条的检查点正是机关所称最后已知的检查点，与缺口相符。"
                    : "  您手中第 \(head.size) 条的检查点在缺口之内：那时确有这些记录，现已不在，案卷不能用它核对。")
        }
        lines.append("  丢失是机关自己的陈述。掌握磁盘和密钥的人可以假装丢失来去掉记录；纸上或别处更晚的检查点能揭穿少报。")
        return lines
    }

    /// A change of the log's key, with nothing lost.
    private var rotation: [String] {
        var lines = [
            "换用密钥：第 \(succession.surviving.log) 个账本到第 \(succession.surviving.size) 条为止，另启第 \(succession.log) 个账本，用新的密钥签名",
            "  时间在 \(succession.gapFrom.chinese) 与 \(until.chinese) 之间（机关时钟）。机关陈述没有丢失记录。",
        ]
        if !decidedBy.isEmpty { lines.append("  决定换用密钥的人：\(decidedBy.joined(separator: "、"))。") }
        lines.append("  旧账本比这更晚的检查点会揭穿隐去的记录。")
        return lines
    }

    private var extent: String {
        guard let lost = succession.knownLost else { return "丢失多少条不得而知：没有比保存下来的部分更晚的检查点。" }
        return switch succession.source {
        case .lock where succession.isWholeLoss: "按机关的锁文件，丢失的记录最多 \(lost) 条。"
        default: "丢失的记录至少 \(lost) 条；最后已知的检查点之后是否还有，不得而知。"
        }
    }

    /// The gap for programs.
    var json: JSON {
        var members: [JSON.Member] = [
            .init("concernsCase", .boolean(concernsCase)),
            .init("decidedBy", .array(decidedBy.map { .string($0) })),
            .init("from", .integer(succession.gapFrom.milliseconds)),
            .init(
                "held", .array(held.map { ["named": .boolean($0.isNamed), "size": .integer(Int64($0.size))] })),
            .init("knownBy", .string(succession.source.rawValue)), .init("log", .integer(Int64(succession.log))),
            .init("previousLog", .integer(Int64(succession.previous.log))),
            .init("previousRoot", .string(succession.previous.root.description)),
            .init("previousSize", .integer(Int64(succession.previous.size))),
            .init("survivingLog", .integer(Int64(succession.surviving.log))),
            .init("survivingSize", .integer(Int64(succession.surviving.size))),
            .init("threads", .array(threads.map { .string($0.description) })),
            .init("until", .integer(until.milliseconds)),
        ]
        if let lost = succession.knownLost { members.append(.init("knownLost", .integer(Int64(lost)))) }
        return .object(members)
    }
}

extension DossierVerdict.Facts.Log {
    /// The log for programs.
    var json: JSON {
        var members: [JSON.Member] = [
            .init("confirmed", .boolean(isConfirmed)), .init("key", .string(key.description)),
            .init("n", .integer(Int64(number))), .init("origin", .string(head.origin)),
            .init("root", .string(head.root.description)), .init("size", .integer(Int64(head.size))),
        ]
        if let anchoredSize { members.append(.init("anchoredSize", .integer(Int64(anchoredSize)))) }
        return .object(members)
    }
}

/// One reason why a dossier is refused (拒绝理由).
public struct DossierReason: Hashable, Sendable {
    /// What is wrong.
    public let code: Code
    /// What it is about: a file, an entry, a field.
    public let subject: String

    /// A reason.
    public init(_ code: Code, _ subject: String) {
        self.code = code
        self.subject = subject
    }

    /// What can be wrong with a dossier.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        // The bag.
        case container
        case bagForm
        case fileChanged
        case fileMissing
        case fileExtra
        case fileTwice
        // The list and what it binds.
        case manifestForm
        case listing
        case exportEntry
        case page
        // The signed head.
        case keyForm
        case keyOther
        case checkpointForm
        case signature
        case origin
        case keyEntry
        case head
        case rootUnknown
        case checkpointForeign
        case checkpointUnproven
        // Records that were lost.
        case succession
        case gapUnderstated
        case gapContradicted
        // Entries.
        case entryForm
        case entryPlace
        case commitment
        case inclusion
        case chain
        case reference
        case filedCount
        // Fields and evidence.
        case fieldMismatch
        case fieldMissing
        case notForThisReader
        case withheldWithoutGround
        case groundForm
        case lostUnfounded
        case destroyedWithoutAuthority
        case evidenceChanged
        case chunkRoot
        case evidenceUnbound
        case evidenceLeftOut
        case threadLeftOut
        // The whole log.
        case log
        case foreignLeaf
        case secondBranch
    }

    /// For the reader: what is wrong and what it means.
    public var chinese: String {
        "\(subject)：\(code.chinese)"
    }
}

extension DossierReason.Code {
    var chinese: String {
        switch self {
        case .container: "压缩包本身被改动或损坏。"
        case .bagForm: "不是案卷应有的内容，清单或说明被改动。"
        case .fileChanged: "内容与清单上的摘要不符，文件被改动。"
        case .fileMissing: "清单上有，案卷里没有，文件被拿走。"
        case .fileExtra: "案卷里有，清单上没有，文件是后来放进去的。"
        case .fileTwice: "同一个文件名出现两次，无法知道哪个是真的。"
        case .manifestForm: "案卷清单不是规定的写法，不能采信。"
        case .listing: "案卷清单所说与案卷内容不一致。"
        case .exportEntry: "与导出记录固定的清单摘要不符，清单被改动或不是这次导出的。"
        case .page: "与按已校验内容重新生成的结果不同，说明页被改动。"
        case .keyForm: "案卷自称的公钥不是规定的写法。"
        case .keyOther: "案卷使用的公钥不是您给出的公钥。这份案卷不是那个账本签的。"
        case .checkpointForm: "检查点不是规定的写法。"
        case .signature: "检查点的签名与公钥不符。"
        case .origin: "检查点属于另一个账本。"
        case .keyEntry: "账本中没有公布这个公钥的记录，或者公布的是另一个公钥。"
        case .head: "文书上印的旧检查点与现在的账本接不上，账本被改写过。"
        case .rootUnknown:
            "您给出的根与案卷能够证明的任何检查点都不符，不能据它采信这份案卷。先核对抄写；抄写无误的，简明案卷只附有印在本案文书上的根的证明，请索取完整案卷再核对；完整案卷仍然不符的，这份案卷不是那个账本的，或者历史被改写过。"
        case .checkpointForeign: "您给出的检查点不是案卷中任何一个账本签的。"
        case .checkpointUnproven: "您给出的检查点不能用这份案卷核对：它比案卷新，或者简明案卷没有附它的证明。请索取更新的完整案卷。"
        case .succession: "后一个账本的第一条记录没有如实说明前一个账本到哪里为止，两个账本接不上。"
        case .gapUnderstated: "您给出的检查点比账本承认的最后一个更大：丢失的记录被少报，或者有人假装丢失来隐瞒记录。"
        case .gapContradicted: "您给出的检查点与账本所称丢失前的检查点条数相同而根不同：历史被改写过。"
        case .entryForm: "记录不是规定的写法。"
        case .entryPlace: "记录不在它自称的记录线和位置上。"
        case .commitment: "记录的骨架与叶中的承诺不符，记录被改动。"
        case .inclusion: "不能证明这条记录在账本中。"
        case .chain: "与前一条记录接不上，中间被抽换过。"
        case .reference: "所引用的另一条记录已不是当初那一条。"
        case .filedCount: "归档记录所说的条数与记录线不符。"
        case .fieldMismatch: "字段的值与骨架中的承诺不符，值被改动。"
        case .fieldMissing: "字段的值不在，既没有说明留空的理由，也没有销毁的依据。"
        case .notForThisReader: "这一类字段不应提供给这种读者，案卷不是按规定选取的。"
        case .withheldWithoutGround: "这一类字段或者文件应当提供给这种读者，却被留空，或者理由不是这一类的理由。"
        case .groundForm: "留空的理由不在规定的几句话之内。"
        case .lostUnfounded: "说是原件已灭失或者损坏，但没有作出这一认定的核验记录。"
        case .destroyedWithoutAuthority: "字段的值说是已经销毁，但找不到作出销毁的记录。"
        case .evidenceChanged: "文件与清单所说的大小或摘要不符，文件被改动。"
        case .chunkRoot: "文件的分块根与记录中的不符，按块核对时会得出另一个结果。"
        case .evidenceUnbound: "文件的摘要不在任何已证明的记录中，不能说明它来自本案。"
        case .evidenceLeftOut: "记录中有这份文件，案卷里没有，也没有说明理由。"
        case .threadLeftOut: "本案关联的音像记录线不在案卷里。"
        case .log: "完整账本的文件缺失或与检查点不符。"
        case .foreignLeaf: "账本中有不是本系统写法的叶。"
        case .secondBranch: "账本中同一位置另有记录，有第二套记录或漏交。"
        }
    }
}

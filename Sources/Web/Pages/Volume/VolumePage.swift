import Application
import HTTPTypes
import Kernel

/// Where the volumes of a case are bound to be printed (合订案卷): what lies in each, and what stands for what is not bound.
struct VolumePage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var token: String
    /// Whether the file is closed: before that pieces and numbers may change.
    var isFiled: Bool
    var volumes: [Volume]
    var refusal: Notice?

    static let partField = "part"

    /// One volume, or why there is none for this person.
    struct Volume: Sendable {
        let part: VolumePlan.Part
        let plan: VolumePlan?
        let obstacle: String

        init(_ part: VolumePlan.Part, plan: VolumePlan) {
            self.part = part
            self.plan = plan
            obstacle = ""
        }

        init(_ part: VolumePlan.Part, obstacle: String) {
            self.part = part
            plan = nil
            self.obstacle = obstacle
        }
    }

    var page: Page {
        Page(
            title: "合订案卷", section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                \(refusal.map { $0.html })<h1>合订案卷</h1>
                <p class="lead">把本案的文书按卷内目录的次序合成一份 PDF，供打印、装订。正卷、副卷分开；每页外上角印着卷内第几件、第几页，和卷内目录的页号一致。</p>
                \(standing.map { $0.html })\(volumes.html { section($0) })\(Help(summary: "怎么打印，哪些不装订", text: "请单面打印，左侧装订，页号就在外上角。纸质原件已经扫描归件的，印的是扫描件；没有扫描的，印系统里的文本，页角有说明，装订时可以换成原件。依法保密的、您不能查看的，卷里有一张纸说明缺哪一件，页号照目录空着。录像、录音和其他电子资料列在最后一张。").html)
                <p class="hint">合订的 PDF 只供打印。长期保存、移交的是一份份文书（PDF/A）和导出的案卷。每次合订都作为查看记入本案的记录链。</p>
                """,
            status: refusal == nil ? .ok : .unprocessableContent)
    }

    private var standing: Notice? {
        // Where there is no plan at all its section says why.
        guard let isCatalogued = volumes.lazy.compactMap(\.plan).first?.isCatalogued, !isFiled || !isCatalogued else {
            return nil
        }
        return Notice(
            title: isCatalogued ? "本案还没有归档" : "本案还没有卷内目录",
            paragraphs: [isCatalogued ? "归档以前还可能增加、作废文书，件号和页号会变。" : "件号、页号按现在的文书编；制作《卷内目录》以前还会变。"], tone: .warning)
    }

    private func section(_ volume: Volume) -> HTML {
        let id = "volume-\(volume.part.rawValue)"
        guard let plan = volume.plan, !plan.isEmpty else {
            let why = volume.obstacle.isEmpty ? "本案的\(volume.part.chinese)没有材料。" : volume.obstacle
            return """
                <section aria-labelledby="\(id)"><h2 id="\(id)">\(volume.part.chinese)</h2><p>\(why)</p></section>

                """
        }
        let form = FormFrame(action: address.volume(of: thread), token: token)
        let button = Button(label: volume.part.binding, name: Self.partField, value: volume.part.rawValue)
        return """
            <section aria-labelledby="\(id)"><h2 id="\(id)">\(volume.part.chinese)</h2>
            <p>\(plan.pieces.count)份文书，连同封面、目录等共\(plan.sheets)张。</p>
            \(plan.pieces.isEmpty ? "" : table(plan))\(plan.unpaged.isEmpty ? "" : "<p>另有\(plan.unpaged.count)项没有纸页，列在卷末的一张纸上。</p>\n" as HTML)\(form.html("<p class=\"actions\">\(button.html)</p>\n"))</section>

            """
    }

    /// What of a piece is bound.
    private static func manner(_ piece: VolumePlan.Piece) -> String {
        if let ground = piece.withheld { return "不装订，卷里有一张说明：\(ground)" }
        return piece.isScanned ? "扫描件" : "打印文本"
    }

    private func table(_ plan: VolumePlan) -> HTML {
        """
        <table class="list"><thead><tr><th scope="col">件</th><th scope="col">题名</th><th scope="col">页号</th><th scope="col">装订</th></tr></thead>
        <tbody>\(plan.pieces.html { piece in
            """
            <tr><td data-label="件">\(piece.label)</td><td data-label="题名">\(piece.title)\(piece.isOfSource ? "（来源检查）" : "")</td><td data-label="页号" class="num">\(piece.range)</td><td data-label="装订">\(Self.manner(piece))</td></tr>

            """
        })</tbody></table>

        """
    }
}

extension VolumePlan.Part {
    /// What binding it is called, on the button and in the course of the case.
    var binding: String { self == .open ? "合订正卷" : "合订副卷" }
}

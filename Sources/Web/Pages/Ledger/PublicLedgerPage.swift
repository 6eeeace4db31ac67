import Application
import HTTPTypes
import Kernel

/// The log as anybody reads it (公开的账本): name, key and root of each log in groups of four, as `liuhen-verify` prints
/// them, and whether a root that somebody has on paper belongs to it.
struct PublicLedgerPage: Sendable {
    var bureauName: String
    var address: Address
    var logs: [Log]
    /// Whether strangers may read tiles.
    var servesTiles = false
    /// What was asked about.
    var asked = Asked()
    var verdict: OutsideVerdict?
    var errors: [(field: String, text: String)] = []

    /// One of the logs.
    struct Log: Sendable {
        let number: Int
        let origin: String
        let size: Int64
        let root: String
        let keyID: String
        let verifierKey: String
    }

    /// The fields as they were typed.
    struct Asked: Sendable {
        var log = ""
        var size = ""
        var root = ""
    }

    static let logField = "log"
    static let sizeField = "size"
    static let rootField = "root"

    var page: Page {
        Page(
            title: "公开的账本",
            body: """
                \(ErrorSummary(errors: errors).html)\(notice)<h1>\(bureauName)公开的账本</h1>
                <p class="lead">本机关办理的每一步都记在一本只能续写的账里。账里的内容不公开；公开的是它的“指纹”，拿到案卷、文书的人用来核对。</p>
                \(logs.reversed().html { log in section(log) })<h2>核对案卷或者文书上的根</h2>
                <p>案卷校验结果和送达的文书上印有记录条数和根。在这里输入，看看与本账本是不是同一份。</p>
                <form method="get" action="\(address.ledger)">
                \(questions)<p class="actions">\(Button(label: "核对").html)</p>
                </form>
                <h2>这能说明什么</h2>
                <p>相符，说明那份案卷、文书出自这本账，而且从那时到现在，它以前的记录没有改过、没有少过。</p>
                <p>这一页由被核对的服务器自己显示。要不依赖它，请把送达文书上印的根或者从别处取得的公钥交给 liuhen-verify，在自己的电脑上核对；网址也请从公文、公报等别处取得，不要用案卷里写的。</p>

                """,
            isNarrow: true, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func section(_ log: Log) -> HTML {
        let isOpen = log.number == logs.last?.number
        let files = isOpen ? address.ledger : "\(address.ledger)/log/\(log.number)"
        let title: HTML = logs.count == 1 ? "现在的账本" : isOpen ? "现在的账本（第\(log.number)个）" : "第\(log.number)个账本（到此为止）"
        return """
            <h2>\(title)</h2>
            \(SummaryList(rows: [
                .init(label: "名称", value: "<code>\(log.origin)</code>"), .init(label: "记录条数", value: "\(log.size) 条"),
                .init(label: "根", value: "<code class=\"groups\">\(log.root)</code>"),
                .init(label: "公钥编号", value: "<code>\(log.keyID)</code>"),
                .init(label: "公钥", value: "<code>\(log.verifierKey)</code>"),
                .init(label: "程序读取", value: "<a href=\"\(files)/checkpoint\">检查点</a>、<a href=\"\(files)/vkey\">公钥</a>\(servesTiles ? "；全部叶和散列按 c2sp.org/tlog-tiles 公开" : "")"),
            ]).html)
            """
    }

    private var questions: HTML {
        let choices = logs.reversed().map {
            FieldModel.Option(word: String($0.number), label: "第\($0.number)个账本 \($0.origin)")
        }
        let which: HTML =
            logs.count == 1
            ? ""
            : FieldModel(
                name: Self.logField, label: "哪个账本", control: .choice(choices), input: .text(asked.log),
                isRequired: true,
                error: error(Self.logField)
            ).html
        return """
            \(which)\(FieldModel(name: Self.sizeField, label: "记录条数", control: .line(), input: .text(asked.size), isRequired: true, help: "“检查点 共 … 条记录”或者“第 … 条”里的数。", error: error(Self.sizeField)).html)\(FieldModel(name: Self.rootField, label: "根", control: .line(), input: .text(asked.root), isRequired: true, help: "十六组，每组四个数字或者字母；空格和大小写不影响。", error: error(Self.rootField)).html)
            """
    }

    private var notice: HTML {
        switch verdict {
        case nil, .foreign: ""
        case .anchored(let size, _):
            Notice(
                title: "相符：这是本账本第 \(size) 条时的根", paragraphs: ["从那时到现在，前 \(size) 条记录没有改过、没有少过。"], tone: .done
            ).html
        case .rewritten(let size):
            Notice(
                title: "不符：本账本第 \(size) 条时的根不是这个",
                paragraphs: ["请先对照原件，检查条数和根有没有抄错。确实不符的，请保存好原件，向本机关的上级机关反映。"], tone: .refused
            ).html
        case .ahead(let size, let now):
            Notice(
                title: "不符：本账本只有 \(now) 条，没有第 \(size) 条",
                paragraphs: ["请先检查条数有没有抄错。确实不符的，记录可能丢失过，请保存好原件，向本机关的上级机关反映。"], tone: .refused
            ).html
        }
    }

    private func error(_ name: String) -> String? { errors.first { $0.field == name }?.text }
}

import Kernel

/// Every component once, for whoever builds or reviews pages.
struct ComponentsPage: Sendable {
    var token: String

    private var fields: [FieldModel] {
        let options = [
            FieldModel.Option(word: "yes", label: "是", hint: "依法需要集体讨论"), FieldModel.Option(word: "no", label: "否"),
        ]
        return [
            FieldModel(
                name: "place", label: "检查地点", control: .line(), input: .text("清禾县星河纸品厂办公楼二层"), isRequired: true,
                help: "写到楼层或者房间。",
                article: Help(summary: "为什么要填", text: "现场检查笔录要记明检查的地点。", href: "#", linkLabel: "第十二条第三项")),
            FieldModel(name: "findings", label: "检查情况", control: .paragraphs(), error: "请填写检查情况"),
            FieldModel(name: "day", label: "履行期限", control: .day, input: .text("2026-11-20"), isRequired: true),
            FieldModel(
                name: "at", label: "检查开始时间", control: .instant, input: .text("2026-11-20T09:05"), isRequired: true),
            FieldModel(name: "count", label: "份数", control: .integer(1...99), input: .text("2")),
            FieldModel(name: "amount", label: "罚款金额", control: .money, input: .text("5000.00")),
            FieldModel(
                name: "major", label: "是否重大执法行为", control: .choice(options), input: .text("no"), isRequired: true),
            FieldModel(name: "rights", label: "告知的权利", control: .choices(options), input: .words(["yes"])),
            FieldModel(name: "evidence", label: "证据", control: .list, input: .text("现场检查笔录\n询问笔录"), help: "每行一项。"),
            FieldModel(
                name: "items", label: "问题清单",
                control: .table([
                    .init(name: "problem", label: "问题", isRequired: true),
                    .init(name: "basis", label: "依据", isRequired: false),
                ]), input: .rows([["problem": "未设置统计台账", "basis": "统计法第二十一条"]])),
            FieldModel(
                name: "officers", label: "检查人员",
                control: .persons([
                    .init(word: "1", label: "周一舟（统执2026001）"), .init(word: "2", label: "林小满（统执2026002）"),
                ]),
                input: .rows([["person": "1"], ["name": "何外人", "certificate": "外字001"]]), isRequired: true),
            FieldModel(name: "scan", label: "扫描件", control: .file(accept: "image/jpeg,image/png,application/pdf")),
        ]
    }

    var page: Page {
        Page(
            title: "页面组件",
            body: """
                <h1>页面组件</h1>
                <p class="lead">每种组件一例。仅在演示系统中显示。</p>
                <h2>按钮</h2>
                <p class="actions">\(Button(label: "提交审批").html) \(Button(label: "保存草稿", style: .secondary).html) \(Button(label: "作废", style: .danger).html) \(Button(label: "去填写", href: "#", style: .small).html) \(Button(label: "取消", href: "#", style: .link).html)</p>
                <h2>状态</h2>
                <p class="tags">\(Tag(text: "已逾期 2 小时", tone: .late).html) \(Tag(text: "剩 21 小时", tone: .soon).html) \(Tag(text: "决定前必须", tone: .wait).html) \(Tag(text: "✓ 已履行", tone: .done).html) \(Tag(text: "不适用", tone: .quiet).html)</p>
                <h2>提示</h2>
                \(Notice(title: "文书已签发", paragraphs: ["文号：清禾统罚决〔2026〕3号。"], tone: .done).html)\(Notice(title: "内容在您填写期间有了变化", paragraphs: ["林小满在09:12录入了一段录像。您填写的内容还在，请核对后重新提交。"], tone: .warning).html)\(Notice(title: "还不能作出决定", paragraphs: ["决定之前必须先由法制审查人员审查。"], tone: .refused, actions: [Button(label: "送法制审查", href: "#", style: .small)]).html)
                <h2>表单</h2>
                \(ErrorSummary(errors: [("findings", "请填写检查情况")]).html)\(FormFrame(action: "#", token: token).html(fields.html { $0.html } + SignaturePad(name: "drawing", label: "当事人签名", paperHref: "#").html + UploadBox(endpoint: "#", token: token, label: "选择录像、录音、照片", accept: "video/*,audio/*,image/*", name: "upload").html + ConfirmSecret().html))
                <h2>核对</h2>
                \(SummaryList(rows: [.init(label: "检查地点", value: "清禾县星河纸品厂", change: "#f-place"), .init(label: "记录人", value: "", change: "#")]).html)
                <h2>任务清单</h2>
                \(TaskList(tasks: [.init(label: "填写现场检查笔录", href: "#", tag: Tag(text: "✓ 已完成", tone: .done)), .init(label: "被检查人签名", href: "#", hint: "先固定笔录", tag: Tag(text: "尚不能办", tone: .quiet))]).html)
                <h2>列表</h2>
                \(FilterBar(action: "#", searchLabel: "查找", search: "", filters: [Filter(name: "state", label: "状态", options: [.init(word: "", label: "全部")], selected: "")]).html)\(EmptyState(title: "没有找到案件", text: "换一个关键词，或者清除筛选条件。").html)\(Pagination(page: 3, pages: 9, total: 210, href: { "#\($0)" }).html)
                """,
            isNarrow: true, scripts: ["signature.js", "upload.js", "draft.js"])
    }
}

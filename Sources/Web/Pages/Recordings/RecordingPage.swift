import HTTPTypes
import Kernel

/// The form that takes recordings into a case.
struct RecordingPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var form: FormFrame
    var token: String
    var fields: [FieldModel]
    /// Uploads that were finished before the form came back with an error.
    var uploads: [Upload] = []
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?
    /// What is recorded.
    var preset = RecordingPreset.What.site
    /// Who gets it and who does not.
    var explanation = ""
    /// Why recordings are not inspected now; nil while they are.
    var obstacle: String?

    /// How many files of the form that came back are registered.
    var registered = 0

    /// A finished upload.
    struct Upload: Sendable, Hashable {
        let id: String
        /// As it may be shown.
        let name: String
        /// Whether it can be registered only under another name.
        var isNameAsked = false
    }

    /// The field with the name under which an upload is registered.
    static func nameField(_ id: String) -> String { "name-\(id)" }

    static let uploadField = "upload"
    static let fileField = "file"

    var page: Page {
        Page(
            title: "上传音像资料", section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                \(registered > 0 ? told : "")\(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<h1>上传音像资料</h1>
                <p class="lead">文件传到服务器后立即计算摘要、加密封存，登记之后不能更改。</p>
                <nav class="ways" aria-label="记录的是什么">\(RecordingPreset.What.allCases.html { what in
                    """
                    <a href="\(address.newRecording(in: thread, of: what))"\(what == preset ? " aria-current=\"page\"" as HTML : "")>\(what.chinese)</a>
                    """
                })</nav>
                <p class="hint">\(explanation)</p>
                \(obstacle.map { Notice(title: "音像文件暂时不能检查", paragraphs: [$0], tone: .warning).html })\(form.html(content))
                """,
            isNarrow: true, scripts: ["upload.js"],
            status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var content: HTML {
        """
        <div class="field" id="\(FieldModel.id(Self.uploadField))">\(UploadBox(endpoint: address.uploads, token: token, label: "选择录像、录音、照片，或者拖到这里", accept: "video/*,audio/*,image/*,application/pdf", name: Self.uploadField).html)</div>\(uploads.isEmpty ? "" : already)
        <noscript><div class="field"><label for="\(FieldModel.id(Self.fileField))">文件</label><p class="hint">这台设备没有启用脚本，一次最多上传 32 MB。</p><input type="file" id="\(FieldModel.id(Self.fileField))" name="\(Self.fileField)" multiple></div></noscript>
        \(fields.map { marked($0) }.html { $0.html })<p class="actions"><button class="btn" data-needs-upload>登记入库</button>\(Button(label: "返回案件", href: address.caseFile(thread), style: .link).html)</p>

        """
    }

    private var already: HTML {
        """
        <fieldset class="field"><legend>已上传的文件</legend><p class="hint">改正后直接登记即可；不登记的，取消勾选。</p>\(uploads.html { "<label class=\"choice\"><input type=\"checkbox\" name=\"\(Self.uploadField)\" value=\"\($0.id)\" checked> \($0.name)</label>\($0.isNameAsked ? renaming($0) : "")" })</fieldset>
        """
    }

    private func renaming(_ upload: Upload) -> HTML {
        FieldModel.line(
            Self.nameField(upload.id), "“\(upload.name)”登记用的文件名", help: "写正常的文字，例如：现场录像1.mp4。"
        ).html
    }

    /// What of the form was recorded all the same.
    private var told: HTML {
        Notice(
            title: "已登记\(registered)个文件",
            paragraphs: ["其余的没有登记，原因见下面；改好以后再登记一次即可。"], tone: .done
        ).html
    }

    private func marked(_ field: FieldModel) -> FieldModel {
        var field = field
        field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
        return field
    }
}

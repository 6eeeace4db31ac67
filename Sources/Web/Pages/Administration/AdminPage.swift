import Application
import HTTPTypes
import Hummingbird
import Kernel

/// The pages of the bureau's administration, with the way from one to the other.
struct AdminTabs: Sendable {
    var address: Address
    var current: Tab

    /// The parts of the administration.
    enum Tab: CaseIterable, Sendable {
        case setup, people, posts, settings, regulations, calendars, ledger

        var label: String {
            switch self {
            case .setup: "待办清单"
            case .people: "人员"
            case .posts: "专人"
            case .settings: "机关设置"
            case .regulations: "制度"
            case .calendars: "放假安排"
            case .ledger: "记录链"
            }
        }
    }

    func href(_ tab: Tab) -> String {
        switch tab {
        case .setup: address.setup
        case .people: address.people
        case .posts: address.posts
        case .settings: address.settings
        case .regulations: address.regulations
        case .calendars: address.calendars
        case .ledger: address.ledgerBook
        }
    }

    var html: HTML {
        """
        <nav class="ways" aria-label="机关管理">\(Tab.allCases.html { tab in
            """
            <a href="\(href(tab))"\(tab == current ? " aria-current=\"page\"" as HTML : "")>\(tab.label)</a>
            """
        })</nav>

        """
    }
}

/// The page of one act of administration: what it does, its form, and the secret that confirms it.
struct ActPage: Sendable {
    var title: String
    var lead = ""
    var section: Page.Section = .administration
    var crumbs: [Page.Crumb]
    /// What stands before the form, for example what the act is about.
    var before: HTML = ""
    var form: FormFrame
    var fields: [FieldModel]
    /// Fields under headings of their own, after the others.
    var groups: [FieldGroup] = []
    var needsSecret = true
    var button: String
    var isDangerous = false
    /// Where to go without acting.
    var back: String
    /// What stands after the form.
    var after: HTML = ""
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?

    static let secretHelp = "人员、账号、职责、制度和设置的更改以本人密码确认，记入您的名下。"

    var page: Page {
        Page(
            title: title, section: section, crumbs: crumbs, place: title,
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<h1>\(title)</h1>
                \(lead.isEmpty ? "" : "<p class=\"lead\">\(lead)</p>\n" as HTML)\(before)\(form.html(content))\(after)
                """,
            isNarrow: true, status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var content: HTML {
        let groups = groups.map { group in
            var group = group
            group.fields = marked(group.fields)
            return group
        }
        let secretError = errors.first { $0.field == ConfirmSecret.field }?.text
        return """
            \(marked(fields).html { $0.html })\(groups.html { $0.html })\(needsSecret ? ConfirmSecret(error: secretError, help: Self.secretHelp).html : "")<p class="actions">\(Button(label: button, style: isDangerous ? .danger : .primary).html)\(Button(label: "返回", href: back, style: .link).html)</p>

            """
    }

    /// The fields with what is wrong with each.
    private func marked(_ fields: [FieldModel]) -> [FieldModel] {
        fields.map { field in
            var field = field
            field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
            return field
        }
    }

    /// Shows what was refused, and what was typed.
    mutating func show(_ refusal: StepRefusal?, _ secretError: String?) {
        if let refusal {
            self.refusal = RefusalView(administration: refusal)
            errors = refusal.fields.map { ($0.name, $0.message) }
        }
        if let secretError { errors.append((ConfirmSecret.field, secretError)) }
    }
}

extension RefusalView {
    /// A refusal of an act that belongs to no case; nil when the fields of the form say everything.
    init?(administration refusal: StepRefusal) {
        if refusal.code == .invalid, !refusal.fields.isEmpty { return nil }
        let title =
            switch refusal.code {
            case .stale: "内容在您填写期间有了变化"
            case .notAllowed: "您不能办理这件事"
            case .secretNeeded: "请输入您的密码"
            case .stopped: "没有记录"
            case .fault: "系统出了问题"
            default: "这件事没有办成"
            }
        self.init(title: title, message: refusal.message)
    }
}

extension WebServices {
    /// Carries out one act of administration: asks for the secret, runs it, and draws the form again when refused.
    func act(
        _ context: SignedInContext, secret: Bool = true,
        again: (StepRefusal?, String?) async throws -> Response,
        run: (Performer, CommandID) async throws -> Response
    ) async throws -> Response {
        let command = try context.visit.form.command
        do {
            return try await run(try await confirmed(secret, command, context), command)
        } catch let refusal as StepRefusal {
            return try await again(refusal, nil)
        } catch let error as SignInError {
            return try await again(nil, try error.secretText)
        }
    }

    /// The frame of a form, with the step's id of the form that was sent or a new one.
    func frame(_ action: String, _ context: SignedInContext, seq: Int? = nil, hasFiles: Bool = false) -> FormFrame {
        FormFrame(
            action: action, token: context.visit.formToken,
            command: context.visit.form[FormFrame.commandField].flatMap { CommandID($0) } ?? .random(), seq: seq,
            hasFiles: hasFiles)
    }
}

extension SignedInContext {
    /// Whether a form was sent, whose typed values are shown again.
    var isSent: Bool { visit.form[FormFrame.commandField] != nil }

    /// Fields with what was typed, when a form was sent.
    func typed(_ fields: [FieldModel]) -> [FieldModel] {
        guard isSent else { return fields }
        return fields.map { field in
            var field = field
            field.read(visit.form)
            return field
        }
    }
}

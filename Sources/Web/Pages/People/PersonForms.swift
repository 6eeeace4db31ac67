import Application
import Casework
import Kernel

/// The fields of the forms about a person.
enum PersonForms {
    /// Data of a person.
    static func details(_ data: PersonChange) -> [FieldModel] {
        [
            .line("name", "姓名", data.name), .line("section", "科室", data.section, isRequired: false),
            .line("certificateKind", "执法证件名称", data.certificateKind, help: "例如：统计执法证。没有执法证件的人员不填。", isRequired: false),
            .line("certificateNumber", "执法证件号码", data.certificateNumber, isRequired: false),
            FieldModel(
                name: "certificateUntil", label: "有效期至", control: .day,
                input: .text(data.certificateUntil?.description ?? ""), help: "过期以后，不能再安排执法活动。"),
        ]
    }

    /// The roles as boxes.
    static func roles(_ roles: [Role]) -> FieldModel {
        FieldModel(
            name: "roles", label: "职责",
            control: .choices(Role.allCases.map { .init(word: $0.rawValue, label: $0.chinese, hint: $0.explanation) }),
            input: .words(roles.map(\.rawValue)), isRequired: true)
    }

    /// The sign-in name.
    static func account(_ name: String = "") -> FieldModel {
        .line(
            "account", "登录账号", name, help: "2 至 32 个小写字母、数字、点、短横或下划线，以字母开头，例如 zhou.yizhou。定下以后不能更改。不填则不开通账号。",
            isRequired: false)
    }

    /// Reads the data of a person out of a form.
    static func read(_ form: Form) throws(StepRefusal) -> PersonChange {
        PersonChange(
            name: form.text("name"), section: form.text("section"), certificateKind: form.text("certificateKind"),
            certificateNumber: form.text("certificateNumber"),
            certificateUntil: try day(form, "certificateUntil", "有效期"))
    }

    /// A day that may be left out.
    static func day(_ form: Form, _ name: String, _ label: String) throws(StepRefusal) -> CivilDay? {
        let typed = form.text(name)
        guard !typed.isEmpty else { return nil }
        guard let day = CivilDay(typed) else {
            throw StepRefusal(fields: [.init(name, "请按“2026-11-20”的样子填写\(label)。")])
        }
        return day
    }
}

extension Role {
    /// What the role does, for whoever grants it.
    var explanation: String {
        switch self {
        case .officer: "开展检查、制作文书、办理案件；需要有效的执法证件"
        case .unitHead: "审核承办人的意见"
        case .legalReviewer: "审查重大执法决定；不能参与所审的案件"
        case .departmentHead: "批准程序启动"
        case .deputyHead: "施行的制度由主管局长批准程序启动的，在审批表上批准"
        case .agencyHead: "批准处理决定和制度变更"
        case .custodian: "归档、保管、提供案卷"
        case .administrator: "维护人员、账号和设置；没有查看案件的权限"
        }
    }
}

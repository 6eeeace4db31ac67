import Application
import Casework
import Kernel

/// A form outside a case as it is shown: anew, or with what was typed and what was wrong with it when it was sent.
struct AnsweredForm {
    /// The questions, filled with what was typed, each with its own fault.
    let fields: [FieldModel]
    /// Every fault by field, the secret's among them.
    let errors: [(field: String, text: String)]
    /// What the refusal says beside the faults of single fields.
    let refusal: RefusalView?
    let frame: FormFrame
}

extension WebServices {
    /// Draws a form of a lead or of a request.
    ///
    /// - Parameters:
    ///   - seq: how many entries the thread had when the form was drawn; nil where it begins one.
    ///   - refusal: why what was sent was not recorded; nil where nothing was sent or the secret alone was wrong.
    func answered(
        _ fields: [FieldModel], action: String, seq: Int?, law: Law, _ context: SignedInContext,
        _ refusal: StepRefusal?, secretError: String? = nil
    ) async throws -> AnsweredForm {
        let typed = context.visit.form
        let isSent = refusal != nil || secretError != nil || context.visit.isKept
        var errors = refusal?.fields.map { (field: $0.name, text: $0.message) } ?? []
        if let secretError { errors.append((ConfirmSecret.field, secretError)) }
        let shown = fields.map { field in
            var field = field
            if isSent { field.read(typed) }
            field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
            return field
        }
        let names = try await context.bureau.names()
        var view = refusal.flatMap {
            RefusalView($0, law: law, work: nil, names: names, address: Address(context.bureau.tag))
        }
        view?.since = refusal?.since.map { "\($0.recordedAt.clock) \($0.type.chinese)" } ?? []
        let frame = FormFrame(
            action: action, token: context.visit.formToken,
            command: typed[FormFrame.commandField].flatMap { CommandID($0) } ?? .random(), seq: seq,
            hasFiles: shown.contains { if case .file = $0.control { true } else { false } })
        return AnsweredForm(fields: shown, errors: errors, refusal: view, frame: frame)
    }
}

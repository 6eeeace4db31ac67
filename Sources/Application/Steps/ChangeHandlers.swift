import Casework
import Kernel
import Ledger

/// Hands a case to other officers (变更承办人). What the leaving officer made or began stays and goes on: drafts,
/// declared activities and open signature places are the new handlers' to finish.
public struct ChangeHandlers: CaseStep {
    public static let name = "handlers"

    /// All handlers from now on, those who stay too.
    public var handlers: [ThreadTag]
    public var reason: String

    /// A change.
    public init(handlers: [ThreadTag], reason: String) {
        self.handlers = handlers
        self.reason = reason
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.unitHead, .departmentHead, .agencyHead)
        try scene.performer.requireSecret()
        // Somebody has to record what comes after the end, and who handled the case may have left.
        try scene.require(.always)
        var form = FormText()
        Qualification.check(handlers: handlers, on: scene.now.day, among: scene.persons, in: &form)
        if Set(handlers) == Set(scene.work.handlers) { form.fail("handlers", "承办人没有变化。") }
        // Invariant 8: who approves in this case cannot make themselves its handler, nor can its reviewer.
        if handlers.contains(scene.performer.tag) { form.fail("handlers", "不能指定自己承办，请由其他负责人办理。") }
        if !scene.work.legalReviewers.isDisjoint(with: handlers) {
            form.fail("handlers", "本案的法制审查人员不能承办本案。")
        }
        let reason = form.required(reason, "reason", "变更的理由")
        try form.finish()
        return [
            Fact(
                .caseHandlersChanged, in: scene.work.thread,
                plain: ["handlers": .array(handlers.map { .string($0.description) })],
                fields: [.init("reason", .string(reason), .internal)])
        ]
    }
}

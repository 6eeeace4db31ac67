import Application
import Kernel

extension WebServices {
    /// How far open cases have been judged anew after the rules changed; nothing where all of them follow the rules.
    func reevaluationNotice(_ context: SignedInContext) async throws -> HTML {
        guard let standing = try await context.bureau.office.reevaluation?.standing() else { return "" }
        return Notice(title: "正在重新计算", paragraphs: [standing.chinese]).html
    }
}

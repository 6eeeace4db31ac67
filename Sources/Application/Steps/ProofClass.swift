import Casework
import Kernel
import Ledger

/// What proves a service, a payment or a change of the decision is read by whoever may doubt it: by the court and the party.
/// A file that is kept from the court (举报人信息, 涉密) proves nothing to anybody (ADR 0061).
enum ProofClass {
    /// The role of such a file in every entry that rests on one.
    static let role = "proofFile"

    /// Refuses facts of a case that rest on a file which the court never sees.
    static func require(_ facts: [Fact], in view: CaseView) throws(StepRefusal) {
        for reference in facts.flatMap(\.references)
        where reference.role == role && reference.thread == view.work.thread {
            let linked = view.work.recordings.first { $0.seq == reference.seq }
            guard let imported = linked.flatMap({ view.recordings[$0.recording]?.first?.entry }),
                imported.openingClass(of: "digest").map(OpeningRule.veiled.contains) == true
            else { continue }
            throw StepRefusal(fields: [
                .init(role, "这份资料归为依法保密，法院和当事人都看不到，不能作凭证。归类有误的，由核对的负责人退回，再按正确的类别重新上传，选择新的那一份。")
            ])
        }
    }
}

import Casework
import Kernel

extension Law {
    /// Why a case cannot have papers of a kind; nil if it can. The kind's own file says which cases can.
    public func refusal(of kind: DocumentKind, in work: Case, on day: CivilDay) -> StepRefusal? {
        guard kind.fits(work) else {
            let kinds = CaseKind.allCases.filter(kind.taken.kinds.contains).map(\.chinese)
            guard kind.taken.kinds.contains(work.kind) else {
                return StepRefusal(
                    .outOfOrder, "《\(kind.title)》只用于\(kinds.joined(separator: "、"))案件，本案是\(work.kind.chinese)。")
            }
            let procedures = Procedure.allCases.filter(kind.taken.procedures.contains).map(\.chinese)
            return StepRefusal(
                .outOfOrder, "《\(kind.title)》只用于\(procedures.joined(separator: "、"))，本案适用\(work.procedure.chinese)。")
        }
        return kind.taken.power.flatMap { refusal(lacking: $0, for: "《\(kind.title)》", on: day) }
    }

    /// Why the bureau can neither make a paper nor take a step that needs a power which only a law gives; nil where it has
    /// that power (obligations, section 4, no. 61).
    public func refusal(lacking power: BureauPower, for what: String, on day: CivilDay) -> StepRefusal? {
        guard !rules.gives(power, settings: settings, on: day) else { return nil }
        var refusal = StepRefusal(
            .outOfOrder,
            "\(what)用于\(power.chinese)，须由法律授权；本机关没有登记这项权力，不能办理。法律确实授予的，由系统管理员在“机关设置”里登记，并由他人确认。")
        refusal.reasons = [.init(provisions: [power.provision], missing: power.lacking, who: "系统管理员")]
        return refusal
    }
}

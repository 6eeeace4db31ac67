import Application
import Casework
import Kernel

/// What a change of the rules means for cases that are open (对在办案件的影响): shown before it is proposed, and again
/// before it is confirmed. The one place where later work names the cases and the duties that differ.
struct RuleEffect: Sendable, Hashable {
    /// Cases that are open now.
    var openCases: Int
    var act: RuleAct

    var html: HTML {
        """
        <section class="card"><h3>对在办案件的影响</h3>
        <p>\(openCases == 0 ? "现在没有在办案件。" : "现有在办案件 \(openCases) 件。")\(rule)</p></section>

        """
    }

    /// Design, invariant 6.
    private var rule: String {
        switch act {
        case .adopt: "施行日以后发生的行为适用新的文本；已经开始计算的期限，仍按原来的文本计到届满。"
        case .repair: "法律文字没有变，只是改正数据：确认以后，这个文本施行以来的全部行为都按改正后的数据判断，以前的判断留在记录里。"
        case .repeal: "最后施行日以前发生的行为仍然适用；以后发生的行为不再适用。"
        }
    }
}

extension WebServices {
    /// What a change of the rules means for the cases that are open now.
    func effect(of act: RuleAct, _ context: SignedInContext) async throws -> RuleEffect {
        var filter = CaseFilter()
        filter.state = .open
        filter.pageSize = 1
        return RuleEffect(openCases: try await context.bureau.registers.cases(filter).total, act: act)
    }
}

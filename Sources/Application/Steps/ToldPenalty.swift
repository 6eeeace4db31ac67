import Casework
import Kernel

/// What is decided was told first (行政处罚法第四十四条、第四十五条第二款): the party defends itself against what it was told,
/// and nothing heavier, and nothing else, is decided than what it could defend itself against.
///
/// Compared are the kinds of penalty, the sums and the days that both texts name (`PenaltyTerms`); a lighter penalty is what
/// hearing the party is for.
enum ToldPenalty {
    /// What a text punishes with beyond what the party was told last, in words; empty where nothing is, or where nobody was
    /// told yet: then the law's own gates ask for it.
    static func excess(of text: String, in course: CaseCourse) -> [String] {
        guard course.asksTelling, let told = course.toldPenalty, let content = told.content else { return [] }
        return PenaltyTerms(text).excess(over: PenaltyTerms(content))
    }

    /// Kinds of penalty in a text before which the party may ask for a hearing and was not told so (行政处罚法第六十三条第一款
    /// 第三项、第四项); what it costs is the rule's to weigh (`parent-law:penalty-63`).
    static func unheard(in text: String, _ course: CaseCourse) -> [String] {
        guard course.asksTelling, let told = course.toldPenalty, !told.tellsHearing else { return [] }
        let kinds = PenaltyTerms(text).kinds
        return PenaltyTerms.kinds.filter { kinds.contains($0) && PenaltyTerms.heard.contains($0) }
    }

    /// What a text of a draft says that nobody could decide yet, in words; nil where nothing does.
    static func problem(ofDraft text: String, in course: CaseCourse) -> String? {
        if PenaltyTerms(text).isFineUnreadable {
            return "处理意见写了罚款，没有写明金额，或者金额的写法无法识别。请写成“罚款5,000元”这样。"
        }
        let excess = excess(of: text, in: course)
        if !excess.isEmpty { return "这份草拟\(sentence(excess))" }
        let unheard = unheard(in: text, course)
        guard !unheard.isEmpty else { return nil }
        return "“\(unheard.joined(separator: "、"))”应当告知当事人有要求听证的权利，最近一次告知没有。请先制作告知听证权利的《权利告知书》，送达当事人并听取其陈述、申辩，再草拟。"
    }

    /// What the drafter reads.
    static func sentence(_ excess: [String]) -> String {
        "超出了告知当事人的处罚：\(excess.joined(separator: "；"))。请先制作新的《权利告知书》，送达当事人并听取其陈述、申辩，再草拟。"
    }

    /// What stands against deciding so; nil where nothing does.
    static func refusal(of text: String, in scene: Scene) -> StepRefusal? {
        let course = scene.course
        guard course.asksTelling else { return nil }
        var reasons: [StepRefusal.Reason] = []
        let excess = excess(of: text, in: course)
        if course.toldPenalty?.isWritten != true {
            // Whoever asks here was told by the law's gates that a notice is there: not that it reached anybody.
            reasons.append(PartyPaper.lack(in: course))
        } else if !excess.isEmpty {
            reasons.append(
                .init(
                    provisions: ["parent-law:penalty-44"],
                    missing: "处罚超出了告知当事人的内容：\(excess.joined(separator: "；"))；应当重新告知，听取陈述、申辩", who: "承办人"))
        } else if case let unheard = unheard(in: text, course), !unheard.isEmpty {
            reasons.append(
                .init(
                    provisions: ["parent-law:penalty-63"],
                    missing: "没有告知当事人对“\(unheard.joined(separator: "、"))”有要求听证的权利", who: "承办人"))
        } else if course.hasUnrecordedHearingRequest {
            reasons.append(
                .init(
                    provisions: ["parent-law:penalty-63.p2"],
                    missing: "当事人签名的听证申请已经在案（作废的也算，提出过就是提出过），还没有登记要求听证；登记以后，举行听证或者当事人放弃听证，才能作出决定",
                    who: "承办人"))
        } else if !course.isHeard {
            reasons.append(
                .init(
                    provisions: ["parent-law:penalty-62"], missing: "最近一次告知以后，还没有听取当事人的陈述、申辩，也没有登记放弃或者逾期没有陈述",
                    who: "承办人"))
        }
        guard !reasons.isEmpty else { return nil }
        var refusal = StepRefusal(.gate, "作出处罚决定之前，应当就拟作出的这一处罚告知当事人，并听取其陈述、申辩。")
        refusal.reasons = reasons
        return refusal
    }
}

extension Scene {
    /// Whether the texts in force say nothing against a step. Where they do, their own refusal names the article, and a check
    /// of the product's own keeps silent.
    func lawAllows(_ step: Foresight.Step) -> Bool {
        Foresight(view: view, law: law, person: performer.person, now: now).refusals(of: step).isEmpty
    }
}

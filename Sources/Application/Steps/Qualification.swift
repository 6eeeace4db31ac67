import Casework
import Kernel

/// Who may act as an officer: 行政处罚法第四十二条 asks for at least two, each with enforcement qualification.
enum Qualification {
    /// The row of parent law that asks for it.
    static let provision = "parent-law:penalty-42"

    /// Refuses unless each named officer is registered here as one and holds a certificate valid on the day of the act.
    /// That there are two of them is the regulation's to judge.
    static func require(
        _ officers: [ThreadTag], on day: CivilDay, among persons: [PersonRow]
    ) throws(StepRefusal) {
        let reasons = officers.compactMap { officer -> StepRefusal.Reason? in
            guard let missing = missing(of: officer, on: day, among: persons) else { return nil }
            return StepRefusal.Reason(
                provisions: [provision], missing: missing, who: "系统管理员登记人员和证件，或者改由其他有证件的执法人员参加")
        }
        guard reasons.isEmpty else {
            var refusal = StepRefusal(.gate, "执法人员不符合规定，不能登记这次活动。")
            refusal.reasons = reasons
            throw refusal
        }
    }

    /// Says in a form what is wrong with handlers: at least two, each an officer certified on the day.
    static func check(
        handlers: [ThreadTag], on day: CivilDay, among persons: [PersonRow], in form: inout FormText
    ) {
        if Set(handlers).count < 2 { form.fail("handlers", "承办人不得少于两人（行政处罚法第四十二条）。") }
        for handler in handlers {
            if let missing = missing(of: handler, on: day, among: persons) {
                form.fail("handlers", "\(missing)，不能承办案件。")
            }
        }
    }

    /// What somebody lacks as an officer on a day; nil if nothing.
    static func missing(of officer: ThreadTag, on day: CivilDay, among persons: [PersonRow]) -> String? {
        guard let person = persons.first(where: { $0.thread == officer }) else { return "所选人员中有人没有在本机关登记" }
        guard person.roles.contains(.officer) else { return "\(person.name)不是执法人员" }
        if person.certificateNumber.isEmpty { return "\(person.name)没有登记执法证件" }
        if let until = person.certificateUntil, day > until { return "\(person.name)的执法证件有效期至\(until)，已经过期" }
        return nil
    }
}

import Casework
import Kernel
import Ledger

/// What a mark keeps from whom (依保密规定和权限管理; zhaoxian-2017:33): who is not cleared gets none of it, and hears why.
extension Case {
    /// Why a person may not see a document or recording of this case; nil where it bears no mark or the mark clears them.
    public func secrecyRefusal(_ thing: SecrecyMark.Thing, to person: PersonRow) -> StepRefusal? {
        guard let mark = secrecyMark(of: thing), !mark.clears(person, in: self) else { return nil }
        return StepRefusal(.notAllowed, "\(mark.sentence)您不在其中，不能查看。需要查看的，请档案管理人员或者可以接触的负责人重新标明可以接触的范围。")
    }

    /// The marks in force that do not clear a person.
    func secrecyMarks(barring person: PersonRow) -> [SecrecyMark] {
        secrecyMarks.filter { !$0.clears(person, in: self) }
    }
}

extension SecrecyMark {
    /// What it says of its thing, for people.
    public var sentence: String { "这份材料\(at.day.chinese)标明涉及\(secret)，可以接触的是\(cleared)。" }

    /// Which secret, in words.
    public var secret: String { EntryType.secrecyMarked.chinese(kind, of: "class") }

    /// Who is cleared: roles by their names, persons by how many they are.
    public var cleared: String {
        let roles = clearance.compactMap { Role(rawValue: $0) }.map(SecrecyMark.chinese)
        let persons = clearance.count - roles.count
        return (roles + (persons > 0 ? ["指定的\(persons)名人员"] : [])).joined(separator: "、")
    }

    /// A role as somebody who may be cleared.
    public static func chinese(_ role: Role) -> String { role == .officer ? "承办人员" : role.chinese }
}

/// What is wrong with marking or lifting, by question (`RecordedStep.secrecy`).
enum Secrecy {
    /// The roles one of which has to be cleared: somebody decides on the case, and lifts the mark, who can see the thing.
    static let deciders: [Role] = [.departmentHead, .agencyHead]

    static func problems(_ fact: Fact, in scene: Scene) -> [StepRefusal.FieldError] {
        guard fact.type == .secrecyMarked else { return [] }
        let document = fact.plain["document"]?.string.flatMap { DocumentID($0) }
        let recording = fact.plain["recording"]?.string.flatMap { ThreadTag($0) }
        let thing: SecrecyMark.Thing
        switch (document, recording) {
        case (let document?, nil): thing = .document(document)
        case (nil, let recording?): thing = .recording(recording)
        case (nil, nil): return [.init("document", "请选择一份文书，或者一份音像资料。")]
        default: return [.init("document", "一次只选一份：文书和音像资料请分别登记。")]
        }
        let field = document == nil ? "recording" : "document"
        let old = scene.work.secrecyMark(of: thing)
        if let old, !old.clears(scene.performer.person, in: scene.work) {
            return [.init(field, "\(old.sentence)您不在其中，由可以接触的负责人办理。")]
        }
        guard fact.plain["class"] != "none" else {
            return old == nil ? [.init(field, "这份材料没有标明秘密事项，不用解除。")] : []
        }
        let clearance = (fact.plain["clearance"]?.elements ?? []).compactMap(\.string)
        guard deciders.contains(where: { clearance.contains($0.rawValue) }) else {
            let names = deciders.map(\.chinese).joined(separator: "或者")
            return [.init("clearance", "可以接触的范围里应当有\(names)：本案要由其审批，标明也要由其解除。")]
        }
        // The same mark once more would say nothing, and hide since when it stands.
        if let old, fact.plain["class"]?.string == old.kind, Set(clearance) == Set(old.clearance) {
            return [.init("clearance", "这份材料已经这样标明。种类或者可以接触的范围有变的，才重新标明。")]
        }
        return []
    }

    /// Refuses handing out a whole file in which something is marked: to whom its mark does not clear, to a party whatever the mark, and
    /// a state secret to nobody outside the bureau. The party is given copies, item by item, with the secret taken out.
    static func refusal(
        in views: [CaseView], for audience: DossierAudience, to person: PersonRow, library: RuleLibrary
    ) -> StepRefusal? {
        func named(_ marks: [(CaseView, SecrecyMark)]) -> String {
            marks.map { MarkedPiece($0.1, of: $0.0, isOfSource: false, library).title }.joined(separator: "、")
        }
        let barred = views.flatMap { view in view.work.secrecyMarks(barring: person).map { (view, $0) } }
        if !barred.isEmpty {
            return StepRefusal(
                .notAllowed, "案卷里的\(named(barred))标明了秘密事项，您不在可以接触的范围内，不能导出。请由可以接触的人员导出，或者请其重新标明可以接触的范围。")
        }
        let kept = views.flatMap { view in view.work.secrecyMarks.map { (view, $0) } }.filter { _, mark in
            audience == .party || audience == .court && mark.kind == "state"
        }
        guard !kept.isEmpty else { return nil }
        let way =
            audience == .party
            ? "请当事人申请查阅、复制，逐件审查，遮盖以后提供" : "国家秘密不随案卷导出，请按保密规定另行移送"
        return StepRefusal(.gate, "案卷里的\(named(kept))标明了秘密事项，不能原样提供。\(way)；不再涉密的，由可以接触的负责人解除标明以后再导出。")
    }
}

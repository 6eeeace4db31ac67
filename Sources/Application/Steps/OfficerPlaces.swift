import Casework
import Kernel

/// Which officers a place for an officer's signature may name (执法人员签名栏).
///
/// The rule: the places of one repeated slot are signed by as many different officers, and those are officers that the
/// form names. An officer signs in their own session, on screen and on paper, so that two officers are two sessions; for one whose
/// account is not in use any more a handler enters what stands on the sheet.
public enum OfficerPlaces {
    /// The registered officers who may still sign this place, in the order of the form.
    public static func candidates(
        for place: SlotPlace, of document: CaseDocument, kind: DocumentKind, in work: Case, persons: [PersonRow]
    ) -> [PersonRow] {
        let handlers = work.handlers.compactMap { tag in persons.first { $0.thread == tag } }
        if let person = appointed(to: place, of: document, kind: kind, persons: persons) { return [person] }
        guard place.slot.repeats else {
            guard place.slot.who == .officer else { return handlers }
            return handlers
                + persons.filter { person in
                    person.roles.contains(.officer) && !person.certificateNumber.isEmpty
                        && !work.handlers.contains(person.thread)
                }
        }
        let named =
            place.slot.who == .server
            ? servers(place, document, in: work, persons: persons)
            : named(in: document.data ?? .object([]), kind: kind, persons: persons)
        let signed = document.slots.filter { $0.key != place.name && $0.key.hasPrefix(place.slot.name) }
        return (named.isEmpty ? handlers : named).filter { person in
            !signed.values.contains { $0.by == person.thread }
        }
    }

    /// Officers whom a receipt names as having served the paper: each of them signs it, and nobody else. Where it names
    /// people of another body (委托、转交), a handler signs beside them.
    private static func servers(
        _ place: SlotPlace, _ document: CaseDocument, in work: Case, persons: [PersonRow]
    ) -> [PersonRow] {
        let written =
            place.slot.growsWith.flatMap { document.data?[$0]?.elements }?.compactMap { $0.string?.trimmedWhitespace }
            ?? []
        let found = written.compactMap { name in
            persons.first { $0.name.utf8.elementsEqual(name.utf8) && $0.roles.contains(.officer) }
        }
        guard found.count < written.count else { return found }
        let others = work.handlers.compactMap { tag in persons.first { $0.thread == tag } }
        return found + others.filter { other in !found.contains { $0.thread == other.thread } }
    }

    /// Whom the form itself names for a place, in the text field of the same name: the host of a hearing and its clerk, who
    /// took no part in the investigation and need no certificate (行政处罚法第六十四条第四项). Nil where the form says nothing,
    /// or a name that is nobody's here or two persons'.
    public static func appointed(
        to place: SlotPlace, of document: CaseDocument, kind: DocumentKind, persons: [PersonRow]
    ) -> PersonRow? {
        guard place.slot.who == .officer, !place.slot.repeats, kind.field(place.name)?.type == .text,
            let name = document.data?[place.name]?.string?.trimmedWhitespace, !name.isEmpty
        else { return nil }
        let found = persons.filter { $0.name.utf8.elementsEqual(name.utf8) }
        return found.count == 1 ? found.first : nil
    }

    /// Registered officers in the form's fields of persons.
    private static func named(in data: JSON, kind: DocumentKind, persons: [PersonRow]) -> [PersonRow] {
        var found: [PersonRow] = []
        for field in kind.fields where field.opening == .officer {
            guard case .persons = field.type else { continue }
            for row in data[field.name]?.elements ?? [] {
                let tag = row["person"]?.string.flatMap { ThreadTag($0) }
                let certificate = row["certificate"]?.string ?? ""
                let person = persons.first { person in
                    tag.map { $0 == person.thread }
                        ?? (!certificate.isEmpty && person.certificateNumber.utf8.elementsEqual(certificate.utf8))
                }
                if let person, !found.contains(where: { $0.thread == person.thread }) { found.append(person) }
            }
        }
        return found
    }

    /// What is wrong with the officers that a form names: each is registered here as one, once, by the name and the
    /// certificate of the register. A paper that is signed and printed names nobody of whom the bureau knows nothing
    /// (行政处罚法第四十二条).
    static func problems(in data: JSON, kind: DocumentKind, persons: [PersonRow]) -> [StepRefusal.FieldError] {
        var errors: [StepRefusal.FieldError] = []
        // What stands in the sheets of the case file is computed from the case, and compared with that.
        guard kind.category != .caseFile else { return [] }
        for field in kind.fields where field.certificates && field.type == .persons {
            var seen: Set<ThreadTag> = []
            for row in data[field.name]?.elements ?? [] {
                let (name, certificate) = (row["name"]?.string ?? "", row["certificate"]?.string ?? "")
                let tag = row["person"]?.string.flatMap { ThreadTag($0) }
                guard let tag, let person = persons.first(where: { $0.thread == tag }), person.roles.contains(.officer)
                else {
                    errors.append(.init(field.name, "“\(name)”不是在本机关登记的执法人员。请从名单中选择；没有登记的，请系统管理员先登记。"))
                    continue
                }
                if !person.name.utf8.elementsEqual(name.utf8)
                    || !person.certificateNumber.utf8.elementsEqual(certificate.utf8)
                {
                    errors.append(
                        .init(field.name, "“\(name)”的姓名或者执法证件编号与登记的不一致：登记的是\(person.name)，\(person.certificateNumber)。")
                    )
                }
                if !seen.insert(tag).inserted { errors.append(.init(field.name, "\(person.name)写了两次。")) }
            }
        }
        return errors
    }

    /// What to say where the wrong person would sign.
    static func refusal(_ candidates: [PersonRow]) -> String {
        guard !candidates.isEmpty else {
            return "这份文书上登记的执法人员都已签名，没有人可以再签这一栏。人员写错了的，作废这份文书后重新制作。"
        }
        let names = candidates.map(\.name).joined(separator: "、")
        return "这一栏只能由文书上写明、还没有签名的执法人员签名：\(names)。请由其本人登录签署；在纸上签名的，也由其本人登录登记。"
    }
}

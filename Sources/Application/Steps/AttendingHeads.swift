import Casework
import Kernel

/// Who takes part in a discussion of the heads and says so (集体讨论; 行政处罚法第五十七条第二款, zhaoxian-2017:18).
///
/// The rule: heads who do not handle the case discuss it, each is registered here, and each signs the record in their own
/// session. Whoever else was in the room is named as present beside them (列席).
public enum AttendingHeads {
    /// The heads that a form names for a repeated place and who have not signed it, in the order of the form.
    public static func candidates(
        for place: SlotPlace, of document: CaseDocument, in work: Case, persons: [PersonRow]
    ) -> [PersonRow] {
        awaited(at: place, of: document).compactMap { tag in
            persons.first { $0.thread == tag && isHead($0, in: work) }
        }
    }

    /// Whether this person may sign a repeated place: named on the form, a head who does not handle the case, once.
    public static func mayMeet(
        _ place: SlotPlace, of document: CaseDocument, by person: PersonRow, in work: Case
    ) -> Bool {
        awaited(at: place, of: document).contains(person.thread) && isHead(person, in: work)
    }

    /// Whoever may be named in a field that heads sign by; nil for every other field.
    public static func choices(for field: String, of kind: DocumentKind, among persons: [PersonRow]) -> [PersonRow]? {
        guard kind.slots.contains(where: { $0.who == .attendingHead && $0.growsWith == field }) else { return nil }
        return persons.filter { RecordedInput.Persons.heads.includes($0, in: nil) }
    }

    /// What is wrong with the persons that a form names: a discussion in which anybody counts is one of nobody.
    static func problems(
        in data: JSON, kind: DocumentKind, work: Case, persons: [PersonRow]
    ) -> [StepRefusal.FieldError] {
        var errors: [StepRefusal.FieldError] = []
        for field in kind.slots.filter({ $0.who == .attendingHead }).compactMap(\.growsWith) {
            var seen: Set<ThreadTag> = []
            for row in data[field]?.elements ?? [] {
                let name = row["name"]?.string ?? ""
                guard let tag = row["person"]?.string.flatMap({ ThreadTag($0) }),
                    let person = persons.first(where: { $0.thread == tag }), person.name.utf8.elementsEqual(name.utf8),
                    RecordedInput.Persons.heads.includes(person, in: work)
                else {
                    errors.append(.init(field, "“\(name)”不是在本机关登记的负责人。参加讨论的请从名单中选择；其他在场的人写在“列席人员”。"))
                    continue
                }
                if work.handlers.contains(tag) {
                    errors.append(.init(field, "\(name)是本案承办人，汇报案情、列席讨论，不作为参加人员。"))
                }
                if !seen.insert(tag).inserted { errors.append(.init(field, "\(name)写了两次。")) }
            }
            if seen.count == 1 { errors.append(.init(field, "集体讨论由两名以上负责人参加。")) }
        }
        return errors
    }

    /// Who the paper shows to have taken part: on a record whoever signed it, on minutes whom the head who issued them names.
    static func shown(by document: CaseDocument, kind: DocumentKind) -> Set<ThreadTag> {
        let places = kind.slots.filter { $0.who == .attendingHead }
        let signed = document.slots.filter { slot in places.contains { slot.key.hasPrefix($0.name) } }.values
        guard places.contains(where: { $0.required == .never }) else { return Set(signed.compactMap(\.by)) }
        let isIssued = kind.slots.contains { $0.who == .agencyHead && document.slots[$0.name]?.by != nil }
        guard isIssued, let data = document.data else { return [] }
        return Set(places.compactMap(\.growsWith).flatMap { tags(in: data, field: $0) })
    }

    /// What to say where somebody else would sign.
    static func refusal(_ open: [PersonRow]) -> String {
        guard !open.isEmpty else { return "这份文书上写明的参加讨论的负责人都已签名。人员写错了的，作废这份文书后重新制作。" }
        return "这一栏由文书上写明、还没有签名的负责人本人登录签署：\(open.map(\.name).joined(separator: "、"))。"
    }

    /// Whom the form names and who has not signed.
    private static func awaited(at place: SlotPlace, of document: CaseDocument) -> [ThreadTag] {
        guard let field = place.slot.growsWith, let data = document.data else { return [] }
        let signed = Set(document.slots.filter { $0.key.hasPrefix(place.slot.name) }.values.compactMap(\.by))
        return tags(in: data, field: field).filter { !signed.contains($0) }
    }

    private static func isHead(_ person: PersonRow, in work: Case) -> Bool {
        RecordedInput.Persons.heads.includes(person, in: work) && !work.handlers.contains(person.thread)
    }

    private static func tags(in data: JSON, field: String) -> [ThreadTag] {
        (data[field]?.elements ?? []).compactMap { $0["person"]?.string.flatMap { ThreadTag($0) } }
    }
}

extension CaseCourse {
    /// A discussion is what its signed paper shows: nobody is entered as having taken part who did not say so.
    func discussionProblems(of fact: Fact, law: Law) -> [StepRefusal.FieldError] {
        let attending = (fact.plain["attendees"]?.elements ?? []).compactMap { $0.string.flatMap { ThreadTag($0) } }
        guard Set(attending).count > 1 else { return [.init("attendees", "集体讨论由两名以上负责人参加。")] }
        let handling = attending.contains(where: work.handlers.contains)
        if handling { return [.init("attendees", "承办人汇报案情、列席讨论，不作为参加人员。")] }
        guard let paper = fact.plain["document"]?.string.flatMap({ DocumentID($0) }).flatMap(work.document),
            let kind = law.library.kind(of: paper)
        else { return [] }
        let shown = AttendingHeads.shown(by: paper, kind: kind)
        guard !attending.allSatisfy(shown.contains) else { return [] }
        return [
            .init(
                "document",
                paper.kind == "collective-discussion-minutes"
                    ? "《\(kind.title)》还没有经主持的行政机关负责人签发，或者没有写明所选的参加人员。请先补签，再登记。"
                    : "《\(kind.title)》上还缺所选参加人员的签名。请各位负责人本人登录签署，再登记。")
        ]
    }
}

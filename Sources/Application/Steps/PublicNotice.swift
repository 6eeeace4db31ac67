import Casework
import Kernel

/// Service by public notice (公告送达; 民事诉讼法第九十五条; zhaoxian-2017:26): the last way, when the others led nowhere. The notice is
/// of the very document, follows its issue, and names what the record bears out.
public enum PublicNotice {
    /// 公告
    public static let kind = "public-notice"
    /// How long after the notice the document counts as served, in days.
    private static let days = 30

    /// What is wrong with a notice, by field of the form.
    static func problems(
        in data: JSON, kind: String, about: DocumentID?, work: Case
    ) -> [StepRefusal.FieldError] {
        guard kind == Self.kind else { return [] }
        guard let document = about.flatMap(work.document), let issue = document.issue, document.isInForce else {
            return [.init("about", "请选择公告送达的是本案哪一份已经制发的文书；还没有制发的，请先制发。")]
        }
        var errors: [StepRefusal.FieldError] = []
        if let number = issue.numberText, let said = data["documentNumber"]?.string?.trimmedWhitespace, !said.isEmpty,
            !number.utf8.elementsEqual(said.utf8)
        {
            errors.append(.init("documentNumber", "所选文书的字号是“\(number)”，请照它填写。"))
        }
        guard let published = day(data["publishedAt"]) else { return errors }
        if published < issue.at.day {
            errors.append(.init("publishedAt", "公告日期不能早于文书制发的日期（\(issue.at.day.chinese)）。"))
        }
        if let deemed = day(data["deemedServedOn"]), deemed < published.advanced(by: days) {
            errors.append(
                .init("deemedServedOn", "自公告之日起满三十日视为送达，不能早于\(published.advanced(by: days).chinese)。"))
        }
        return errors
    }

    /// What is wrong with a record of such a service, by question.
    static func problems(_ fact: Fact, of document: CaseDocument, in scene: Scene) -> [StepRefusal.FieldError] {
        guard fact.plain["method"]?.string == "public" else { return [] }
        let notice = scene.work.documents.last { paper in
            paper.kind == kind && paper.isInForce && paper.issue != nil && paper.about == document.id
        }
        guard let issued = notice?.issue else {
            return [.init("document", "还没有为这份文书制发《送达公告》。请先制作（在“相关文书”里选这份文书）、签发并公告。")]
        }
        let failed = fact.plain["failedMethods"]?.elements?.compactMap(\.string) ?? []
        // Mail comes back with a note; whoever went there has a session of it.
        let cameBack = scene.work.services.contains { $0.method == "post" && $0.isReturned && $0.seq < issued.seq }
        let wentThere = scene.work.activities.contains { $0.kind == "service" && $0.startAt <= issued.at }
        let unproven = failed.filter { $0 == "post" ? !cameBack : !wentThere }
        guard !unproven.isEmpty else { return [] }
        let words = unproven.map { "“\(EntryType.documentServed.chinese($0, of: "failedMethods"))”" }.joined(
            separator: "、")
        return [
            .init(
                "failedMethods",
                "\(words)没有记录：公告以前，邮寄退回的应当登记邮寄送达和退回情况，上门没有送到的应当登记送达活动。没有用过的方式不要选。")
        ]
    }

    private static func day(_ value: JSON?) -> CivilDay? { value?.string.flatMap { CivilDay($0) } }
}

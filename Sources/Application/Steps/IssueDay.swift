import Casework
import Kernel

/// The day under a document (成文日期、落款日期、决定日期).
///
/// Limits run from it: the two years of 行政处罚法第三十六条, the days of service, the months of suing. It is the day on
/// which the bureau acted, so it lies in the course of the case, and in the year of the document's number.
enum IssueDay {
    /// The field that holds it, in every kind that has one.
    static let field = "issuedOn"
    /// A paper written by hand on the spot is recorded when the officers are back: a case of the summary procedure begins
    /// in the system after it was decided. No text says how many days later; this is the system's own bound.
    static let onTheSpotDays = 30

    /// What keeps a document with this day from being fixed.
    static func problems(in data: JSON, kind: DocumentKind, scene: Scene) -> [StepRefusal.FieldError] {
        guard let definition = kind.field(field), let day = day(in: data) else { return [] }
        let label = definition.label
        let today = scene.now.day
        if day > today {
            return [.init(field, "“\(label)”不能晚于今天（\(today.chinese)）。到那一天再定稿，或者留空，由系统印制发的日期。")]
        }
        let work = scene.work
        let begun = (work.settledActivities.map(\.startAt) + [work.startedAt, work.openedAt]).min()?.day ?? today
        let earliest = work.procedure == .summary ? begun.advanced(by: -onTheSpotDays) : begun
        if day < earliest {
            return [.init(field, "“\(label)”不能早于本案开始的那一天（\(begun.chinese)）。")]
        }
        // What is decided in the general procedure is decided by the person in charge (行政处罚法第五十七条).
        guard let approved = early(data, kind.name, in: work) else { return [] }
        return [.init(field, "“\(label)”不能早于行政机关负责人批准的那一天（\(approved.chinese)）。")]
    }

    /// The day of the head's approval, where a decision bears an earlier one; nil where it does not, or nothing is approved.
    private static func early(_ data: JSON, _ kind: String, in work: Case) -> CivilDay? {
        guard work.procedure == .general, CaseDocument.decidedOutcome(kind: kind, data: data) != nil,
            let day = day(in: data), let approved = SigningOrder.approvedAt(in: work)?.day, day < approved
        else { return nil }
        return approved
    }

    /// Refuses to sign and to issue a decision that bears a day before it was decided: it may have been fixed before.
    static func requireDecided(_ document: CaseDocument, in work: Case) throws(StepRefusal) {
        guard let data = document.data, let approved = early(data, document.kind, in: work) else { return }
        throw StepRefusal(
            .outOfOrder, "这份决定书上的日期早于行政机关负责人批准的那一天（\(approved.chinese)）。请作废后重新定稿，日期填批准以后的，或者留空。")
    }

    /// Refuses a number of another year than the day that stands beside it on the page.
    static func requireYear(_ year: Int, of document: CaseDocument) throws(StepRefusal) {
        guard let day = document.data.flatMap({ day(in: $0) }), day.parts.year != year else { return }
        throw StepRefusal(
            .outOfOrder,
            "这份文书上的日期是 \(day.chinese)，今天制发要编 \(year) 年的文号，两者对不上。请作废后重新定稿，日期填今天，或者留空。")
    }

    private static func day(in data: JSON) -> CivilDay? { data[field]?.string.flatMap { CivilDay($0) } }
}

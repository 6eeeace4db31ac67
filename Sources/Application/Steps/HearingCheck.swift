import Casework
import Kernel
import Ledger

/// A hearing is held as it was notified (行政处罚法第六十四条第二项): on the day and by the host that the newest notice names.
///
/// The rule: whoever was told another day or another host was not told. Where the day or the host changes, a new notice is
/// made and served before; a hearing that was opened as notified may go on another day.
enum HearingCheck {
    /// What is wrong with the day on which a hearing begins, by question.
    static func problems(ofBeginning day: CivilDay, in scene: Scene) -> [StepRefusal.FieldError] {
        guard let notice = notice(in: scene.work) else { return [] }
        if !scene.work.isServed(notice.id) { return [.init("startAt", unserved)] }
        guard let notified = notified(notice), notified.day != day, !wasHeld(on: notified.day, in: scene) else {
            return []
        }
        return [
            .init(
                "startAt",
                "《听证通知书》通知的时间是\(notified.chinese)，听证应当在这一天举行。改期的，重新制作《听证通知书》并送达；已经按通知开始、中途休庭的，可以在以后继续。")
        ]
    }

    /// What is wrong with a record of a hearing, by question.
    static func problems(_ fact: Fact, in scene: Scene) -> [StepRefusal.FieldError] {
        guard fact.type == .hearingHeld, let notice = notice(in: scene.work) else { return [] }
        var errors: [StepRefusal.FieldError] = []
        if !scene.work.isServed(notice.id) { errors.append(.init(RecordedInput.happened, unserved)) }
        if let at = fact.stated?.at, let notified = notified(notice), notified.day != at.day,
            !wasHeld(on: notified.day, in: scene)
        {
            errors.append(
                .init(RecordedInput.happened, "《听证通知书》通知的时间是\(notified.chinese)，与登记的不是同一天。改期举行的，改期的《听证通知书》送达以后才能登记。"))
        }
        let named = notice.data?["host"]?.string?.trimmedWhitespace ?? ""
        let host = fact.plain["host"]?.string.flatMap { ThreadTag($0) }
        let name = host.flatMap { tag in scene.persons.first { $0.thread == tag }?.name } ?? ""
        if !named.isEmpty, !name.utf8.elementsEqual(named.utf8) {
            errors.append(
                .init("host", "《听证通知书》写明的听证主持人是\(named.shownBack)，当事人据此申请回避。换人主持的，重新制作《听证通知书》并送达。"))
        }
        return errors
    }

    private static let unserved = "听证通知还没有送达：最近一次制发的《听证通知书》没有送达的记录。请先送达，再举行听证。"

    /// The newest notice that went out and stands.
    private static func notice(in work: Case) -> CaseDocument? {
        work.documents.last { $0.kind == "hearing-notice" && $0.isInForce }
    }

    private static func notified(_ notice: CaseDocument) -> Instant? {
        notice.data?["hearingAt"]?.string.flatMap { Instant($0) }
    }

    /// Whether a hearing was opened on the day that was notified: what follows goes on with it.
    private static func wasHeld(on day: CivilDay, in scene: Scene) -> Bool {
        scene.view.records.contains { $0.type == .hearingHeld && $0.happenedAt.day == day }
    }
}

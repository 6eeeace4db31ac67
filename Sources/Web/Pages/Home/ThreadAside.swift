import Application
import Casework
import Kernel

/// What stands beside the course of a lead or a request: what is to be done, what is settled, and the steps possible now.
struct ThreadAside: Sendable {
    /// How the page calls its matter, for example 这条线索.
    var subject: String
    var obligations: [ObligationCard]
    var steps: [CasePage.StepLink]

    var html: HTML {
        let open = obligations.filter { !$0.isSettled }
        let settled = obligations.filter(\.isSettled)
        let links: HTML =
            steps.isEmpty
            ? ""
            : """
            <section aria-labelledby="steps"><h2 id="steps" class="rule">可以办理</h2>
            <ul class="step-links">\(steps.html { $0.html })</ul></section>

            """
        return """
            <aside>
            <section aria-labelledby="todo"><h2 id="todo" class="rule">应办事项 <span>\(open.count) 项待办</span></h2>
            \(open.isEmpty ? EmptyState(title: "没有待办事项", text: "依照现行制度，\(subject)目前没有要办的事项。").html : open.html { $0.html })\(settled.isEmpty ? "" : "<details class=\"settled\"><summary>已了结 \(settled.count) 项</summary>\(settled.html { $0.html })</details>\n" as HTML)</section>
            \(links)</aside>
            """
    }
}

extension ObligationCard {
    /// The cards of a thread: what is open first, by when it is late; each with the step that meets it, or who has to act.
    ///
    /// - Parameter action: the step offered to this person that makes a record of one of these types; nil if none is.
    static func cards(
        of evaluation: Evaluation, in thread: ThreadTag, law: Law, address: Address, now: Instant,
        action: (Set<EntryType>) -> Action?
    ) -> [ObligationCard] {
        let far = Instant(milliseconds: .max)
        func rank(_ row: ObligationRow) -> (Int, Instant, String) {
            (row.state == .open ? 0 : 1, row.lateFrom ?? far, row.key)
        }
        return evaluation.obligations.filter { $0.state != .notApplicable }
            .map { ($0, law.row($0, in: thread)) }.sorted { rank($0.1) < rank($1.1) }
            .map { obligation, row in
                var card = ObligationCard(row, at: now, address: address, library: law.library)
                guard obligation.state == .open else { return card }
                card.action = action(law.types(meeting: obligation))
                card.who = card.action == nil ? obligation.who?.chinese ?? "" : ""
                return card
            }
    }
}

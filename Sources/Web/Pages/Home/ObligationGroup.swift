import Casework
import Kernel

/// What stands on the work list as one card: a duty with a term, or all without one of one case that follow each other.
struct ObligationGroup: Sendable {
    let cards: [ObligationCard]

    /// Groups in the order of the cards. Terms order the list; what has none is done in the order of the procedure, and is
    /// read as the few things that one case still needs.
    static func groups(_ cards: [ObligationCard]) -> [ObligationGroup] {
        var groups: [[ObligationCard]] = []
        for card in cards {
            if card.isUndated, let last = groups.last?.last, last.isUndated, last.caseHref == card.caseHref {
                groups[groups.count - 1].append(card)
            } else {
                groups.append([card])
            }
        }
        return groups.map(ObligationGroup.init)
    }

    var html: HTML {
        guard let first = cards.first, cards.count > 1 else { return cards.html { $0.html } }
        return """
            <article class="ob \(first.tone.rawValue)"><p class="ob-case">\(first.caseHref.map { "<a href=\"\($0)\">\(first.caseTitle ?? "")</a>" as HTML } ?? "\(first.caseTitle ?? "")")</p>
            <ol class="ob-list">\(cards.html { card in
                """
                <li><h3>\(card.detailHref.map { "<a href=\"\($0)\">\(card.title)</a>" as HTML } ?? "\(card.title)")</h3><p class="src">\(card.cited)</p></li>

                """
            })</ol>
            <div class="clock"><span>\(tags.html { Tag(text: $0, tone: first.tone).html })</span>\(first.action.map { Button(label: $0.label, href: $0.href, style: .small).html })</div>
            </article>

            """
    }

    private var tags: [String] {
        var tags: [String] = []
        for card in cards where !tags.contains(card.tag) { tags.append(card.tag) }
        return tags
    }
}

extension ObligationCard {
    /// Whether it is open and no day is named for it.
    fileprivate var isUndated: Bool { due.isEmpty && tone == .wait && caseTitle != nil }
}

extension [ObligationRow] {
    /// The same rows; those of one case that follow each other without a term in the order of the procedure.
    func ordered(by matters: [String: Matter]) -> [ObligationRow] {
        var result: [ObligationRow] = []
        var run: [ObligationRow] = []
        func end() {
            let order = run.indices.sorted {
                (matters[run[$0].matter]?.order ?? .max, $0) < (matters[run[$1].matter]?.order ?? .max, $1)
            }
            result += order.map { run[$0] }
            run = []
        }
        for row in self {
            if row.due != nil || row.lateFrom != nil || run.last.map({ $0.caseThread != row.caseThread }) == true {
                end()
            }
            if row.due != nil || row.lateFrom != nil { result.append(row) } else { run.append(row) }
        }
        end()
        return result
    }
}

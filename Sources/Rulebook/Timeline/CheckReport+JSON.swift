import Casework
import Foundation
import Kernel

extension CheckReport {
    /// The report as JSON: docs/formats-timeline.md says what each key means. Keys are always there; what does not
    /// apply is `null`.
    public func json() throws -> String {
        let object: [String: Any] = [
            "regulations": rules.spans.map { span in
                [
                    "id": span.regulation.id, "version": span.regulation.version, "digest": span.digest.description,
                    "from": span.from.description, "until": orNull(span.until?.advanced(by: -1).description),
                ] as [String: Any]
            },
            "at": at.description, "known": known, "obligations": evaluation.obligations.map(obligation),
            "next": verdict.map(step) ?? NSNull(), "grants": evaluation.grants.map(grant),
            "media": evaluation.media.map(medium), "figures": evaluation.figures.map(figure), "notes": notes,
            "years_without_calendar": evaluation.yearsWithoutCalendar,
        ]
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try JSONSerialization.data(withJSONObject: object, options: options)
        return String(decoding: data, as: UTF8.self)
    }

    private func orNull(_ value: Any?) -> Any { value ?? NSNull() }

    // MARK: obligations

    private func obligation(_ one: Obligation) -> [String: Any] {
        [
            "matter": one.key.matter, "title": one.title,
            "subject": one.key.subject == .whole ? NSNull() : names.name(of: one.key.subject),
            "provisions": one.provisions, "state": one.state(at: at).rawValue, "due": orNull(one.due?.seconds),
            "last_day": orNull(one.lastDay?.description), "late_from": orNull(one.lateFrom?.description),
            "reminder": orNull(one.reminder?.lastDay?.description),
            "who": orNull(one.who?.rawValue), "demand": one.demand, "why": one.parts.map { part($0, of: one) },
        ]
    }

    private func part(_ part: ObligationPart, of one: Obligation) -> [String: Any] {
        let alone = Obligation(key: one.key, title: one.title, parts: [part])
        return [
            "provision": part.citation.provision, "article": part.citation.chinese,
            "state": alone.state(at: at).rawValue,
            "gate": part.gate.level.rawValue, "caused_by": names.name(of: part.causedBy),
            "met_by": part.metBy.map { names.name(of: $0) }, "met_at": orNull(part.metAt?.description),
            "settled_by": orNull(part.settledBy.map { names.name(of: $0) }),
            "override": orNull(part.override.map { names.name(of: $0.given) }),
            "missing": part.missing.map(\.sentence), "term": orNull(part.term?.chinese),
            "reminder": orNull(part.reminder?.lastDay?.description), "breach": part.isBreach,
            "notes": part.notes,
        ]
    }

    // MARK: the step

    private func step(_ verdict: StepVerdict) -> [String: Any] {
        [
            "allowed": verdict.isAllowed, "refusals": verdict.refusals.map(refusal),
            "overridden": verdict.overridden.map(refusal),
        ]
    }

    private func refusal(_ refusal: Refusal) -> [String: Any] {
        [
            "step": refusal.step.rawValue, "matter": refusal.key.matter, "title": refusal.title,
            "subject": refusal.key.subject == .whole ? NSNull() : names.name(of: refusal.key.subject),
            "provisions": Set(refusal.citations.map(\.provision)).sorted(), "gate": refusal.gate.rawValue,
            "missing": refusal.missing.map(\.sentence),
            "who": Set(refusal.missing.map(\.supplier.rawValue)).sorted(),
            "override_by": refusal.overridableBy.map(\.rawValue),
        ]
    }

    // MARK: permissions, media, figures

    private func grant(_ grant: Grant) -> [String: Any] {
        [
            "provision": grant.citation.provision, "article": grant.citation.chinese, "matter": grant.key.matter,
            "subject": grant.key.subject == .whole ? NSNull() : names.name(of: grant.key.subject), "what": grant.what,
            "level": orNull(grant.level?.rawValue), "record": names.name(of: grant.record),
        ]
    }

    private func medium(_ medium: Medium) -> [String: Any] {
        [
            "subject": names.name(of: medium.subject), "level": medium.level.rawValue,
            "provisions": medium.citations.map(\.provision),
        ]
    }

    private func figure(_ figure: FigureValue) -> [String: Any] {
        [
            "provision": figure.citation.provision, "article": figure.citation.chinese, "name": figure.name,
            "title": figure.title, "count": figure.count, "out_of": orNull(figure.outOf),
        ]
    }
}

extension Obligation {
    /// Ids of the provisions it comes from, each once, sorted.
    var provisions: [String] { Set(parts.map(\.citation.provision)).sorted() }
}

import Casework
import Kernel

/// Small texts written in Swift, for rules that the project's own files do not have.
enum Fixture {
    /// A text of one provision for each duty: `id:1`, `id:2`, ….
    static func text(
        _ id: String, version: Int = 1, standing: Regulation.Standing = .own, settings: [SettingDeclaration] = [],
        _ duties: Duty...
    ) -> Regulation {
        Regulation(
            id: id, version: version, title: id, short: id, issuer: "示例", standing: standing, settings: settings,
            provisions: duties.enumerated().map { number, duty in
                Provision(
                    id: "\(id):\(number + 1)", article: "第\(number + 1)条", modality: .must, kind: .enforce,
                    summary: "示例",
                    duties: [duty])
            })
    }

    /// A digest that differs for each text and version.
    static func digest(_ id: String, _ version: Int) -> Digest {
        var bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: version), count: 32)
        for (index, byte) in id.utf8.prefix(31).enumerated() { bytes[index] = byte }
        return Digest(bytes) ?? .zero
    }

    /// A span in force.
    static func span(_ text: Regulation, from: String = "2020-01-01", until: String? = nil) -> RulesInForce.Span {
        RulesInForce.Span(
            regulation: text, digest: digest(text.id, text.version), from: day(from), until: until.map { day($0) })
    }

    static func day(_ text: String) -> CivilDay {
        guard let day = CivilDay(text) else { preconditionFailure("\(text) is no day") }
        return day
    }

    static func instant(_ text: String) -> Instant {
        guard let instant = Instant(text) else { preconditionFailure("\(text) is no time") }
        return instant
    }

    /// Rules over a few matters.
    static func rules(_ spans: RulesInForce.Span...) throws -> RulesInForce {
        try RulesInForce(
            spans: spans,
            matters: [
                "thing": Matter(id: "thing", title: "某事", per: .caseFile),
                "visit": Matter(id: "visit", title: "某次活动", per: .activity),
                "entry": Matter(id: "entry", title: "某条记录", per: .record),
            ], kinds: Loaded.library.kinds.mapValues(\.kind))
    }

    /// A duty on every case: a finding must be recorded.
    static func finding(
        within term: Term? = nil, gate: Gate = .open, excuses: [Pattern] = [], lapses: [Pattern] = [],
        metAt: TimeSource = .recorded, fields: [String] = [], who: DutyHolder = .handler
    ) -> Duty {
        Duty(
            matter: "thing", demand: "登记检查结果", trigger: Pattern([.caseOpened]),
            requirement: .record(
                RecordRequirement(
                    Pattern([.findingRecorded]), fields: fields.map { FieldRequirement(Path(.own, [$0]), label: $0) })),
            timing: Timing(term: term), metAt: metAt, excuses: excuses, lapses: lapses, gate: gate, who: who)
    }

    static let endsCase = Pattern([.caseEnded])
}

import Casework
import Foundation
import Kernel
import Rulebook

/// Texts and rows as `list` and `show` write them for programs.
enum RegulationJSON {
    /// With its keys sorted.
    static func written(_ object: [String: Any]) throws -> String {
        let data = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    /// A text without its rows.
    static func head(_ loaded: LoadedRegulation) -> [String: Any] {
        let text = loaded.regulation
        return [
            "id": text.id, "version": text.version, "title": text.title, "short": text.short, "issuer": text.issuer,
            "standing": text.standing.rawValue, "in_force_from": orNull(text.inForceFrom?.description),
            "rows": text.provisions.count, "digest": loaded.digest.description,
        ]
    }

    /// A text with its settings, offices, statutes and rows.
    static func text(_ loaded: LoadedRegulation, _ library: RuleLibrary) -> [String: Any] {
        let text = loaded.regulation
        var result = head(loaded)
        result["laws"] = text.laws.map { law -> [String: Any] in
            ["id": law.id, "title": law.title, "copy": law.copy, "days": law.days.map(\.description)]
        }
        result["settings"] = text.settings.map { setting -> [String: Any] in
            [
                "name": setting.name, "title": setting.explained, "default": setting.standard,
                "least": setting.range.lowerBound, "most": setting.range.upperBound, "source": setting.source,
            ]
        }
        result["offices"] = text.offices.map { office -> [String: Any] in
            [
                "name": office.name, "title": office.title, "default": office.standard, "choices": office.choices,
                "source": office.source,
            ]
        }
        result["provisions"] = text.provisions.map { row($0, of: text, library) }
        return result
    }

    /// One row: what it says, and what the program does.
    static func row(_ provision: Provision, of text: Regulation, _ library: RuleLibrary) -> [String: Any] {
        let kinds = library.kinds.mapValues(\.kind)
        let duties = provision.duties.map { duty -> [String: Any] in
            let said = DutyExplanation(
                duty, matters: library.matters, kinds: kinds, settings: text.settings, offices: text.offices)
            return [
                "matter": duty.matter, "title": said.title, "demand": said.demand, "cause": said.cause,
                "requirement": said.requirement, "term": said.term, "gate": duty.gate.level.rawValue,
                "gate_text": said.gate, "exceptions": said.exceptions, "who": said.who,
                "level": orNull(duty.level?.rawValue),
            ]
        }
        let allows = provision.allows.map { allowance -> [String: Any] in
            ["matter": allowance.matter, "what": allowance.what, "level": orNull(allowance.level?.rawValue)]
        }
        return [
            "id": provision.id, "article": provision.article, "modality": provision.modality.rawValue,
            "kind": provision.kind.rawValue, "summary": provision.summary,
            "policy": orNull(provision.policyReason), "source": orNull(provision.source?.citation),
            "confirmed": orNull(provision.source?.confirmed), "from": orNull(provision.force?.from.description),
            "until": orNull(provision.force?.until?.description), "duties": duties, "allows": allows,
            "figures": provision.figures.map { ["name": $0.name, "title": $0.title] },
        ]
    }

    private static func orNull(_ value: Any?) -> Any { value ?? NSNull() }
}

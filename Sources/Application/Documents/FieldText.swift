import Casework
import Kernel

/// Values of a form as text for a reader: on paper, on the check page, in the timeline.
public enum FieldText {
    /// The value as the templates take it: text, an array of text, or rows; nil for an empty one.
    public static func printed(_ value: JSON, as type: FieldType) -> JSON? {
        switch type {
        case .list, .choices:
            let lines = lines(value, as: type)
            return lines.isEmpty ? nil : .array(lines.map { .string($0) })
        case .persons:
            let rows = value.elements ?? []
            return rows.isEmpty
                ? nil
                : .array(
                    rows.map { row in
                        [
                            "certificate": .string(row["certificate"]?.string ?? ""),
                            "name": .string(row["name"]?.string ?? ""),
                        ]
                    })
        case .table(let columns):
            let rows = value.elements ?? []
            return rows.isEmpty
                ? nil
                : .array(
                    rows.map { row in
                        .object(columns.map { .init($0.name, .string(row[$0.name]?.string ?? "")) })
                    })
        default:
            return text(value, as: type).map { .string($0) }
        }
    }

    /// The value as one text; nil for an empty one.
    public static func text(_ value: JSON, as type: FieldType) -> String? {
        switch type {
        case .text, .longText:
            return value.string.flatMap { $0.isEmpty ? nil : $0 }
        case .day:
            return value.string.flatMap { CivilDay($0) }?.chinese
        case .instant:
            guard let instant = value.string.flatMap({ Instant($0) }) else { return nil }
            let time = instant.timeOfDay
            return "\(instant.day.chinese) \(time.hour)时\(Decimal.padded(time.minute, to: 2))分"
        case .integer:
            return value.integer.map { String($0) }
        case .money:
            return value.integer.flatMap { MoneyText.full(fen: $0) }
        case .choice(let options):
            return value.string.flatMap { word in options.first { $0.word == word }?.label }
        case .choices, .list, .persons, .table:
            let lines = lines(value, as: type)
            return lines.isEmpty ? nil : lines.joined(separator: "；")
        }
    }

    /// The value's parts as lines.
    public static func lines(_ value: JSON, as type: FieldType) -> [String] {
        switch type {
        case .list:
            return value.elements?.compactMap { $0.string }.filter { !$0.isEmpty } ?? []
        case .choices(let options):
            return value.elements?.compactMap { word in options.first { $0.word == word.string }?.label } ?? []
        case .persons:
            return value.elements?.map { row in
                let certificate = row["certificate"]?.string ?? ""
                return (row["name"]?.string ?? "") + (certificate.isEmpty ? "" : "（证件号 \(certificate)）")
            } ?? []
        case .table(let columns):
            return value.elements?.map { row in
                columns.compactMap { row[$0.name]?.string }.filter { !$0.isEmpty }.joined(separator: " ")
            } ?? []
        default:
            return text(value, as: type).map { [$0] } ?? []
        }
    }
}

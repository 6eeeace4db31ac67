import Application
import Casework
import Kernel

/// Reads typed text as values: what the program keeps is one spelling, whatever was typed.
enum FieldReading {
    /// A number without fractions; spaces and thousands separators go.
    static func integer(_ text: String) -> Int64? {
        let bytes = Array(text.utf8).filter { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: " ") }
        let isNegative = bytes.first == UInt8(ascii: "-")
        guard let value = Decimal.digits(isNegative ? bytes.dropFirst() : bytes[...]) else { return nil }
        return Int64(isNegative ? -value : value)
    }

    /// Yuan with at most two places, as fen.
    static func money(_ text: String) -> Int64? {
        let bytes = Array(text.utf8).filter { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: " ") }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let yuan = Decimal.digits(parts[0]), yuan < 10_000_000_000_000 else {
            return nil
        }
        guard parts.count == 2 else { return Int64(yuan) * 100 }
        guard (1...2).contains(parts[1].count), let rest = Decimal.digits(parts[1]) else { return nil }
        return Int64(yuan) * 100 + Int64(parts[1].count == 1 ? rest * 10 : rest)
    }

    /// Fen as it is typed: `5000.00`.
    static func moneyText(_ fen: Int64) -> String {
        "\(fen / 100).\(Decimal.padded(Int(fen % 100), to: 2))"
    }

    /// An instant as `datetime-local` wants it, in China time.
    static func local(_ instant: Instant) -> String { "\(instant.day)T\(instant.clock)" }

    /// Lines that are not empty.
    static func lines(_ text: String) -> [String] {
        text.utf8.split(separator: 10).map { Form.trimmed(String(decoding: $0, as: UTF8.self)) }
            .filter { !$0.isEmpty }
    }
}

extension FieldModel.Control {
    /// The control for a type of field.
    init(_ type: FieldType, persons: [PersonRow]) {
        switch type {
        case .text: self = .line()
        case .longText: self = .paragraphs()
        case .day: self = .day
        case .instant: self = .instant
        case .integer(let range): self = .integer(range)
        case .money: self = .money
        case .choice(let options): self = .choice(options.map { .init(word: $0.word, label: $0.label) })
        case .choices(let options): self = .choices(options.map { .init(word: $0.word, label: $0.label) })
        case .list: self = .list
        case .persons: self = .persons(persons.map(FieldModel.Option.init(person:)))
        case .table(let columns):
            self = .table(columns.map { .init(name: $0.name, label: $0.label, isRequired: $0.required) })
        }
    }
}

extension FieldModel.Option {
    /// A registered person with the certificate.
    init(person: PersonRow) {
        let certificate = person.certificateNumber.isEmpty ? "" : "（\(person.certificateNumber)）"
        self.init(word: person.thread.description, label: "\(person.name)\(certificate)")
    }
}

extension FieldModel.Input {
    /// A kept value as it is typed.
    init(_ value: JSON?, as type: FieldType) {
        guard let value else {
            self = .text("")
            return
        }
        switch type {
        case .text, .longText, .day, .choice: self = .text(value.string ?? "")
        case .instant:
            self = .text(value.string.flatMap { Instant($0) }.map(FieldReading.local) ?? value.string ?? "")
        case .integer: self = .text(value.integer.map { String($0) } ?? "")
        case .money: self = .text(value.integer.map(FieldReading.moneyText) ?? "")
        case .choices: self = .words(value.elements?.compactMap(\.string) ?? [])
        case .list: self = .text(value.elements?.compactMap(\.string).joined(separator: "\n") ?? "")
        case .persons, .table:
            self = .rows(
                value.elements?.map { row in
                    Dictionary(
                        (row.members ?? []).map { ($0.key, $0.value.string ?? "") },
                        uniquingKeysWith: { first, _ in first })
                } ?? [])
        }
    }
}

extension FieldModel {
    /// The typed value of this field as it is kept; nil when nothing was typed.
    ///
    /// - Throws: what to do about it, for text that cannot be read.
    func value(as type: FieldType, persons: [PersonRow]) throws(Unreadable) -> JSON? {
        let typed = Form.trimmed(text)
        switch type {
        case .text, .longText:
            return typed.isEmpty ? nil : .string(typed)
        case .day:
            if typed.isEmpty { return nil }
            guard let day = CivilDay(typed) else { throw Unreadable("请按“2026-11-20”的样子填写\(label)") }
            return .string(day.description)
        case .instant:
            if typed.isEmpty { return nil }
            guard let instant = Instant(typed) else { throw Unreadable("请按“2026-11-20 09:05”的样子填写\(label)") }
            return .string(instant.description)
        case .integer(let range):
            if typed.isEmpty { return nil }
            guard let number = FieldReading.integer(typed), range.contains(number) else {
                throw Unreadable("\(label)请填写\(range.lowerBound)到\(range.upperBound)的整数")
            }
            return .integer(number)
        case .money:
            if typed.isEmpty { return nil }
            guard let fen = FieldReading.money(typed) else { throw Unreadable("\(label)请填写金额，例如 5000 或者 5000.50") }
            return .integer(fen)
        case .choice(let options):
            if typed.isEmpty { return nil }
            guard options.contains(where: { $0.word == typed }) else { throw Unreadable("请选择\(label)") }
            return .string(typed)
        case .choices(let options):
            let chosen = options.map(\.word).filter(words.contains)
            return chosen.isEmpty ? nil : .array(chosen.map { .string($0) })
        case .list:
            let lines = FieldReading.lines(text)
            return lines.isEmpty ? nil : .array(lines.map { .string($0) })
        case .persons:
            let chosen = rows.map { Self.person($0, persons) }
            return chosen.isEmpty ? nil : .array(chosen)
        case .table(let columns):
            let filled = rows.map { row in
                JSON.object(columns.compactMap { column in row[column.name].map { .init(column.name, .string($0)) } })
            }
            return filled.isEmpty ? nil : .array(filled)
        }
    }

    /// A registered person stands with name and certificate as they are today; somebody else as typed.
    private static func person(_ row: [String: String], _ persons: [PersonRow]) -> JSON {
        if let tag = row["person"], let person = persons.first(where: { $0.thread.description == tag }) {
            return [
                "certificate": .string(person.certificateNumber), "name": .string(person.name), "person": .string(tag),
            ]
        }
        return ["certificate": .string(row["certificate"] ?? ""), "name": .string(row["name"] ?? "")]
    }

    /// What to do about text that cannot be read.
    struct Unreadable: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}

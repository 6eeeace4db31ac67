import Kernel

/// One field of a form as it is shown: question, what was typed, and what is wrong with it.
struct FieldModel: Sendable {
    /// The member's name.
    var name: String
    var label: String
    var control: Control
    var input: Input = .text("")
    var isRequired = false
    /// For what it has to be filled though it may be left out otherwise; empty where that is never so.
    var requiredFor = ""
    /// A sentence under the label.
    var help = ""
    /// Where what the question asks for is made, if it is not there yet.
    var way: Way?
    /// The article behind the question.
    var article: Help?
    /// What is wrong, as an instruction.
    var error: String?

    /// How a value is entered.
    indirect enum Control: Sendable, Hashable {
        case line(Kind = .text)
        case paragraphs(rows: Int = 5)
        case day
        case instant
        case integer(ClosedRange<Int64>)
        case money
        case choice([Option])
        case choices([Option])
        /// One sentence a line.
        case list
        case table([Column])
        /// Officers: chosen from the register, or by name and certificate.
        case persons([Option])
        case file(accept: String)
        case secret(autocomplete: String)

        /// Kinds of lines.
        enum Kind: String, Sendable, Hashable { case text, tel, search }
    }

    /// A sentence with a link.
    struct Way: Sendable, Hashable {
        let text: String
        let label: String
        let href: String
    }

    /// A word to choose, with its label.
    struct Option: Sendable, Hashable {
        let word: String
        let label: String
        var hint = ""
    }

    /// A column of a table.
    struct Column: Sendable, Hashable {
        let name: String
        let label: String
        let isRequired: Bool
    }

    /// What was typed, as it was typed.
    enum Input: Sendable, Hashable {
        case text(String)
        case words([String])
        case rows([[String: String]])
    }

    /// The id of a field's control, which error summaries link to.
    static func id(_ name: String) -> String { "f-\(name)" }

    var id: String { FieldModel.id(name) }

    /// The typed text; empty for lists of words and rows.
    var text: String { if case .text(let text) = input { text } else { "" } }

    /// The chosen words.
    var words: [String] { if case .words(let words) = input { words } else { [] } }

    /// The typed rows.
    var rows: [[String: String]] { if case .rows(let rows) = input { rows } else { [] } }
}

extension FieldModel {
    /// Reads what was typed under this field's names.
    mutating func read(_ form: Form) {
        switch control {
        case .choices:
            input = .words(form.all(name))
        case .table(let columns):
            input = .rows(FieldModel.rows(form, name, columns.map(\.name)))
        case .persons:
            input = .rows(FieldModel.rows(form, name, ["person", "name", "certificate"]))
        case .file:
            break
        case .line, .paragraphs, .day, .instant, .integer, .money, .choice, .list, .secret:
            input = .text(form[name] ?? "")
        }
    }

    /// Rows under `name.<row>.<column>`, in order; rows with nothing in them are left out.
    private static func rows(_ form: Form, _ name: String, _ columns: [String]) -> [[String: String]] {
        var rows: [[String: String]] = []
        for number in 0..<500 {
            var row: [String: String] = [:]
            var exists = false
            for column in columns {
                guard let value = form["\(name).\(number).\(column)"] else { continue }
                exists = true
                if !Form.trimmed(value).isEmpty { row[column] = Form.trimmed(value) }
            }
            if !exists { break }
            if !row.isEmpty { rows.append(row) }
        }
        return rows
    }
}

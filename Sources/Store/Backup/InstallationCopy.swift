import Application
import Kernel

/// Sign-in data and drafts of one bureau, as a backup carries them. No proof needs them; people do.
///
/// Sessions and access tokens stay out: after a restore everybody signs in anew, and no token that was revoked since the
/// backup comes to life again.
enum InstallationCopy {
    private static let tables: [(name: String, columns: [Column])] = [
        (
            "credential",
            [
                .text("bureau"), .text("name"), .text("hash"), .number("failures"), .number("locked_until"),
                .number("must_change"),
            ]
        ),
        (
            "draft",
            [
                .blob("id"), .text("bureau"), .blob("case_thread"), .text("kind"), .text("data"), .blob("author"),
                .number("saved_at"), .number("version"),
            ]
        ),
    ]

    private enum Column {
        case text(String)
        case number(String)
        case blob(String)

        var name: String {
            switch self {
            case .text(let name), .number(let name), .blob(let name): name
            }
        }
    }

    /// The rows of a bureau as canonical JSON.
    static func read(_ connection: Connection, bureau: BureauTag) throws -> [UInt8] {
        var members: [JSON.Member] = []
        for table in tables {
            let names = table.columns.map(\.name).joined(separator: ", ")
            let rows = try connection.all(
                "SELECT \(names) FROM \(table.name) WHERE bureau = ?", .text(bureau.description),
                row: { row in
                    var values: [JSON.Member] = []
                    for (index, column) in table.columns.enumerated() where !row.isNull(Int32(index)) {
                        switch column {
                        case .text(let name): values.append(.init(name, .string(row.text(Int32(index)))))
                        case .number(let name): values.append(.init(name, .integer(row.integer(Int32(index)))))
                        case .blob(let name): values.append(.init(name, .string(Hex.encode(row.bytes(Int32(index))))))
                        }
                    }
                    return JSON.object(values)
                })
            members.append(.init(table.name, .array(rows)))
        }
        return JSON.object(members).canonicalBytes
    }

    /// Puts rows back. The same again changes nothing.
    static func write(_ bytes: [UInt8], to connection: Connection) throws {
        guard let json = try? JSON(canonical: bytes) else { throw BackupError.damaged("installation") }
        for table in tables {
            let names = table.columns.map(\.name).joined(separator: ", ")
            let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
            for row in json[table.name]?.elements ?? [] {
                let values = table.columns.map { column -> SQLValue in
                    guard let value = row[column.name] else { return .null }
                    return switch (column, value) {
                    case (.text, .string(let text)): .text(text)
                    case (.number, .integer(let number)): .integer(number)
                    case (.blob, .string(let text)): .blob(Hex.decode(text.utf8) ?? [])
                    default: .null
                    }
                }
                try connection.run("INSERT OR REPLACE INTO \(table.name) (\(names)) VALUES (\(marks))", values)
            }
        }
    }
}

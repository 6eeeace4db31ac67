import Application
import Kernel
import Ledger

/// Prints the data themselves: a file that begins like a PDF and holds what was to be printed, for tests to look at.
public struct FakePrinter: Printer {
    /// A printer that always has paper.
    public init() {}

    public func pdf(template: TemplateName, data: JSON, at date: CivilDay) async throws(PressError) -> [UInt8] {
        Array("%PDF-1.7 fake \(template) \(date)\n".utf8) + data.canonicalBytes
    }

    public func installationDigest() async throws(PressError) -> Digest { .sha256(Array("fake press".utf8)) }

    public func pages(
        template: TemplateName, data: JSON, at date: CivilDay, scale: Double
    ) async throws(PressError) -> [[UInt8]] {
        [FakePrinter.pixel]
    }

    public func bound(_ binding: Binding, at date: CivilDay) async throws(PressError) -> [UInt8] {
        FakePrinter.told(binding)
    }

    /// What would be bound, a line for each sheet: its number, its note, and the page of which file or the words on it.
    public static func told(_ binding: Binding) -> [UInt8] {
        let lines = binding.sheets.map { sheet in
            switch sheet.face {
            case .page(let page, let file):
                "\(sheet.number)|\(sheet.note)|\(binding.files[file].name) \(page)/\(binding.files[file].pages)"
            case .words(let title, let lines): "\(sheet.number)|\(sheet.note)|\(title)：\(lines.joined(separator: "／"))"
            }
        }
        return Array("%PDF-1.7 bound\n\(lines.joined(separator: "\n"))".utf8)
    }

    /// A PNG of one white pixel.
    public static let pixel: [UInt8] =
        Base64.decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTjW7wAAAABJRU5ErkJggg==".utf8) ?? []
}

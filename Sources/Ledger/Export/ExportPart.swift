import Kernel

/// The files of one of the bureau's logs in an export: those of the first lie in the directory itself, those of later
/// ones in `log-2`, `log-3` … in it.
struct ExportPart<Source: DossierSource> {
    /// Which log, from 1; 1 also where a later log was exported or published alone.
    let number: Int
    /// The names in the part, each once.
    private(set) var names: Set<String> = []
    /// Names that are there twice.
    private(set) var doubled: [String] = []
    private let source: Source
    private let prefix: String

    private init(_ source: Source, number: Int) {
        self.source = source
        self.number = number
        prefix = number == 1 ? "" : "log-\(number)/"
    }

    /// The parts of an export in the order of their logs. What is in no folder of a log belongs to the first.
    static func divide(_ source: Source) throws(DossierUnreadable) -> [ExportPart] {
        var parts = [1: ExportPart(source, number: 1)]
        for path in try source.paths() {
            let number = Self.number(of: path.description)
            var part = parts[number] ?? ExportPart(source, number: number)
            let name = String(decoding: path.description.utf8.dropFirst(part.prefix.utf8.count), as: UTF8.self)
            if !part.names.insert(name).inserted { part.doubled.append(name) }
            parts[number] = part
        }
        return parts.values.sorted { $0.number < $1.number }
    }

    private static func number(of path: String) -> Int {
        guard path.utf8.starts(with: "log-".utf8), let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")),
            let number = Decimal.strict(path.utf8[..<slash].dropFirst(4)), number > 1,
            path.utf8.starts(with: "log-\(number)/".utf8)
        else { return 1 }
        return Int(number)
    }

    /// A name of the part as it stands in the export.
    func full(_ name: String) -> String { prefix + name }

    /// The bytes of a file; nil if there is none.
    func read(_ name: String, limit: Int) throws(DossierUnreadable) -> [UInt8]? {
        names.contains(name) ? try source.read(BagPath(unchecked: full(name)), limit: limit) : nil
    }
}

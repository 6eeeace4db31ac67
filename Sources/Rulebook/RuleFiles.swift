import Casework
import Crypto
import Foundation
import Kernel
import Yams

/// Reads `Regulations/` and `Documents/`: texts, matters, calendars and document kinds, each with the SHA-256 of its file.
///
/// Everything wrong is collected and thrown together; a library is never half read.
public enum RuleFiles {
    /// Reads both directories and checks the files against one another.
    ///
    /// - Parameters:
    ///   - regulations: The directory with `*.yaml`, `matters.yaml` among them, and `calendars/*.yaml`.
    ///   - documents: The directory with one folder for each document kind.
    ///   - skipping: Names of texts that are not read, such as one that is being written.
    public static func load(
        regulations: String, documents: String, skipping: Set<String> = []
    ) throws(RuleFileError) -> RuleLibrary {
        var problems: [RuleFileProblem] = []
        var library = RuleLibrary()
        let shared = templateFiles(in: "_shared", of: documents)
        for folder in folders(of: documents, &problems) {
            let path = "\(documents)/\(folder)/kind.yaml"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            read(path, named: "\(folder)/kind.yaml", &problems) { source, root, digest in
                guard let kind = KindReader(source: source).read(root, folder: folder) else { return }
                library.kinds[folder] = RuleFiles.loaded(
                    kind, digest: digest, in: documents, shared: shared, source)
            }
        }
        for name in files(of: "\(regulations)/calendars", &problems) {
            read("\(regulations)/calendars/\(name)", named: "calendars/\(name)", &problems) { source, root, digest in
                guard let year = CalendarReader(source: source).read(root) else { return }
                let loaded = LoadedCalendar(year: year, digest: digest)
                if loaded.file != name {
                    _ = source.fail(RuleFileProblem.Code.contradiction, "文件名应是 \(loaded.file)")
                }
                library.calendars.append(loaded)
            }
        }
        read("\(regulations)/matters.yaml", named: "matters.yaml", &problems) { source, root, _ in
            library.matters = MatterReader(source: source).read(root)
        }
        let sheet = "\(regulations)/\(scoreSheet)"
        if FileManager.default.fileExists(atPath: sheet) {
            read(sheet, named: scoreSheet, &problems) { source, root, _ in
                library.scoreSheet = ScoreSheetReader(source: source, matters: library.matters).read(root)
            }
        }
        // All are parsed before one is read: a rule may name another text and its rows.
        var parsed: [(source: YAMLSource, root: Node, digest: Kernel.Digest, file: String)] = []
        var texts = KnownTexts()
        let (apart, kinds) = (skipping.union(notTexts), library.kinds.mapValues(\.kind))
        for name in files(of: regulations, &problems) where !notTexts.contains(name) {
            guard !apart.contains(name) else {
                texts.note(file: name)
                continue
            }
            let source = YAMLSource(file: name)
            guard let data = FileManager.default.contents(atPath: "\(regulations)/\(name)") else {
                source.fail(.unreadable, "文件不存在或无法读取")
                problems += source.problems
                continue
            }
            let bytes = [UInt8](data)
            guard let root = source.parse(bytes) else {
                texts.note(file: name)
                problems += source.problems
                continue
            }
            texts.note(root)
            parsed.append((source, root, digest(of: bytes), name))
        }
        for (source, root, digest, name) in parsed {
            let reader = RegulationReader(source: source, kinds: kinds, matters: library.matters, texts: texts)
            if let regulation = reader.read(root) {
                library.regulations.append(LoadedRegulation(regulation: regulation, digest: digest, file: name))
            }
            problems += source.problems
        }
        problems += RuleFileChecks.problems(of: library.regulations)
        problems += RuleFileChecks.problems(of: library.newestCalendars)
        guard problems.isEmpty else { throw RuleFileError(problems: problems) }
        return library
    }

    /// Files in `Regulations/` that are no texts: matters, the rows that texts must have, where rows are reached, and the
    /// score sheet, by which nothing is judged.
    static let notTexts: Set<String> = ["matters.yaml", "rows.yaml", "reach.yaml", scoreSheet]

    private static let scoreSheet = "score-sheet.yaml"

    /// Reads one text from bytes, against the words of a library: what `regulation lint` does with a bureau's own file.
    ///
    /// - Parameter isKept: whether it is a file that is kept because entries name it: it is read by the checks of its day.
    public static func regulation(
        _ bytes: [UInt8], file: String, library: RuleLibrary, isKept: Bool = false
    ) throws(RuleFileError) -> LoadedRegulation {
        let source = YAMLSource(file: file)
        var texts = KnownTexts()
        for loaded in library.regulations {
            texts.note(loaded.regulation.id, rows: loaded.regulation.provisions.map(\.id))
        }
        let reader = RegulationReader(
            source: source, kinds: library.kinds.mapValues(\.kind), matters: library.matters, texts: texts,
            isKept: isKept)
        let regulation = source.parse(bytes).flatMap { reader.read($0) }
        guard let regulation, source.problems.isEmpty else { throw RuleFileError(problems: source.problems) }
        return LoadedRegulation(regulation: regulation, digest: digest(of: bytes), file: file)
    }

    /// Reads one text from bytes and compares it with the others too: a version that is taken, a row that is lost.
    public static func checked(
        _ bytes: [UInt8], file: String, library: RuleLibrary
    ) throws(RuleFileError) -> LoadedRegulation {
        let own = try regulation(bytes, file: file, library: library)
        var problems = RuleFileChecks.problems(of: library.regulations + [own]).filter { $0.file == file }
        if own.regulation.version != 1, !library.regulations.contains(where: { $0.regulation.id == own.regulation.id })
        {
            problems.append(
                RuleFileProblem(
                    file: file, line: 0, column: 0, code: .contradiction,
                    message: "制度“\(own.regulation.id)”还没有别的版本，第一版应写 version: 1"))
        }
        guard problems.isEmpty else { throw RuleFileError(problems: problems) }
        return own
    }

    /// Reads one document kind from bytes.
    public static func kind(_ bytes: [UInt8], folder: String) throws(RuleFileError) -> DocumentKind {
        let source = YAMLSource(file: "\(folder)/kind.yaml")
        let kind = source.parse(bytes).flatMap { KindReader(source: source).read($0, folder: folder) }
        guard let kind, source.problems.isEmpty else { throw RuleFileError(problems: source.problems) }
        return kind
    }

    /// Reads a table of matters from bytes.
    static func matters(_ bytes: [UInt8]) throws(RuleFileError) -> [String: Matter] {
        let source = YAMLSource(file: "matters.yaml")
        let matters = source.parse(bytes).map { MatterReader(source: source).read($0) }
        guard let matters, source.problems.isEmpty else { throw RuleFileError(problems: source.problems) }
        return matters
    }

    /// Reads one year of public holidays from bytes.
    public static func calendar(_ bytes: [UInt8], file: String) throws(RuleFileError) -> LoadedCalendar {
        let source = YAMLSource(file: file)
        let year = source.parse(bytes).flatMap { CalendarReader(source: source).read($0) }
        guard let year, source.problems.isEmpty else { throw RuleFileError(problems: source.problems) }
        return LoadedCalendar(year: year, digest: digest(of: bytes))
    }

    /// Reads one year of public holidays that is to stand beside those of a library: what `calendar import` takes.
    ///
    /// - Throws: `RuleFileError` if the file is wrong in itself, is not the next version of its year, or has a day off
    ///   that the year before or after has worked.
    public static func calendar(
        _ bytes: [UInt8], file: String, beside library: RuleLibrary
    ) throws(RuleFileError) -> LoadedCalendar {
        let loaded = try calendar(bytes, file: file)
        if library.calendars.contains(loaded) { return loaded }
        func refuse(_ code: RuleFileProblem.Code, _ message: String) -> RuleFileError {
            RuleFileError(problems: [RuleFileProblem(file: file, line: 0, column: 0, code: code, message: message)])
        }
        let newest = library.calendars.filter { $0.year.year == loaded.year.year }.map(\.year.version).max() ?? 0
        guard loaded.year.version == newest + 1 else {
            throw refuse(
                .contradiction,
                newest == 0
                    ? "\(loaded.year.year)年还没有放假安排，这是第一份，不写 version 或者写 version: 1"
                    : "\(loaded.year.year)年已有第\(newest)版；安排有变动的，请在文件中写 version: \(newest + 1)")
        }
        var together = library
        together.calendars.append(loaded)
        let problems = RuleFileChecks.problems(of: together.newestCalendars)
        guard problems.isEmpty else { throw RuleFileError(problems: problems) }
        return loaded
    }

    // MARK: files

    /// A kind with the digests of its files; nil if what it says of its template and what lies there disagree.
    private static func loaded(
        _ kind: DocumentKind, digest: Kernel.Digest, in documents: String, shared: [TemplateFile]?,
        _ source: YAMLSource
    ) -> LoadedKind? {
        func contents(_ template: String) -> [UInt8]? {
            FileManager.default.contents(atPath: "\(documents)/\(kind.name)/\(template)").map { [UInt8]($0) }
        }
        guard let template = kind.template else {
            guard contents(KindReader.standardTemplate) == nil else {
                source.fail(.contradiction, "写了 template: none，目录里却有 \(KindReader.standardTemplate)，请去掉其中一个")
                return nil
            }
            return LoadedKind(kind: kind, digest: digest, templateDigest: nil)
        }
        guard contents(template) != nil else {
            source.fail(.contradiction, "找不到模板文件 \(template)")
            return nil
        }
        guard let all = templateDigest(of: kind.name, in: documents, shared: shared) else {
            source.fail(.unreadable, "模板所在目录或者 _shared 中有读不了的文件")
            return nil
        }
        return LoadedKind(kind: kind, digest: digest, templateDigest: all)
    }

    /// SHA-256 of `liuhen/template/v1` LF and one line `<sha256>  <path>` LF for each file that a template of this folder
    /// may read: those of its own folder but `kind.yaml`, and those of `_shared`, by path below `documents` in byte order.
    ///
    /// - Parameter shared: the files of `_shared`, which every kind has: they are read once for all. Nil where one cannot
    ///   be read.
    /// - Returns: nil where one cannot be read.
    private static func templateDigest(
        of folder: String, in documents: String, shared: [TemplateFile]?
    ) -> Kernel.Digest? {
        guard let shared, let own = templateFiles(in: folder, of: documents) else { return nil }
        let all = shared + own.filter { $0.path != "\(folder)/kind.yaml" }
        return templateDigest(of: all.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    }

    /// A file by its path below `documents`.
    private typealias TemplateFile = (path: String, digest: Kernel.Digest)

    /// Every file in a folder; none where there is no such folder, nil where one cannot be read.
    private static func templateFiles(in folder: String, of documents: String) -> [TemplateFile]? {
        guard FileManager.default.fileExists(atPath: "\(documents)/\(folder)") else { return [] }
        guard let names = try? FileManager.default.subpathsOfDirectory(atPath: "\(documents)/\(folder)") else {
            return nil
        }
        var files: [TemplateFile] = []
        for path in names.map({ "\(folder)/\($0)" }) {
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(documents)/\(path)", isDirectory: &isDirectory)
            if isDirectory.boolValue { continue }
            guard let bytes = FileManager.default.contents(atPath: "\(documents)/\(path)") else { return nil }
            files.append((path, digest(of: [UInt8](bytes))))
        }
        return files
    }

    /// The digest of a template from the digests of its files, in byte order of their paths.
    static func templateDigest(of files: [(path: String, digest: Kernel.Digest)]) -> Kernel.Digest {
        digest(of: Array(("liuhen/template/v1\n" + files.map { "\($0.digest)  \($0.path)\n" }.joined()).utf8))
    }

    private static func read(
        _ path: String, named name: String, _ problems: inout [RuleFileProblem],
        take: (YAMLSource, Node, Kernel.Digest) -> Void
    ) {
        let source = YAMLSource(file: name)
        if let data = FileManager.default.contents(atPath: path) {
            let bytes = [UInt8](data)
            if let root = source.parse(bytes) { take(source, root, digest(of: bytes)) }
        } else {
            source.fail(.unreadable, "文件不存在或无法读取")
        }
        problems += source.problems
    }

    private static func files(of directory: String, _ problems: inout [RuleFileProblem]) -> [String] {
        entries(of: directory, &problems).filter { $0.hasSuffix(".yaml") }
    }

    private static func folders(of directory: String, _ problems: inout [RuleFileProblem]) -> [String] {
        entries(of: directory, &problems).filter { !$0.hasPrefix("_") && !$0.contains(".") }
    }

    private static func entries(of directory: String, _ problems: inout [RuleFileProblem]) -> [String] {
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            problems.append(
                RuleFileProblem(file: directory, line: 0, column: 0, code: .unreadable, message: "目录不存在或无法读取"))
            return []
        }
        return entries.sorted()
    }

    static func digest(of bytes: [UInt8]) -> Kernel.Digest {
        Kernel.Digest(SHA256.hash(data: bytes)) ?? .zero
    }
}

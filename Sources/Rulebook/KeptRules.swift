import Casework
import Foundation
import Kernel

/// The rule files that are kept with the data (`<data>/rules`), by digest (ADR 0018).
///
/// Governing rule: a name says the SHA-256 of what is under it. What is not there is missed by whatever needs it; what
/// is there and is something else is refused.
public struct KeptRules: Sendable {
    /// The directory.
    public let directory: String

    /// The rules kept in a directory, which need not be there.
    public init(directory: String) {
        self.directory = directory
    }

    /// The kept files by name, sorted.
    public var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
            .filter { KeptRules.digest(named: $0) != nil }.sorted()
    }

    /// The digest in a kept file's name; nil for other files.
    public static func digest(named name: String) -> Digest? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty,
            parts[1].utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        else { return nil }
        return Digest(String(parts[0]))
    }

    /// A kept file; nil if it is not there.
    ///
    /// - Throws: `RuleFileError` if it is not what its name says.
    public func contents(_ name: String) throws(RuleFileError) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else { return nil }
        let bytes = [UInt8](data)
        guard RuleFiles.digest(of: bytes) == KeptRules.digest(named: name) else {
            throw RuleFileError(problems: [
                RuleFileProblem(
                    file: name, line: 0, column: 0, code: .contradiction,
                    message: "文件的内容与文件名上的摘要不符，可能已被改动。请从备份恢复")
            ])
        }
        return bytes
    }

    /// The kept editions, in order of their digests.
    public func editions() throws(RuleFileError) -> [RuleEdition] {
        var editions: [RuleEdition] = []
        for name in names where name.hasSuffix(RuleEdition.ending) {
            guard let bytes = try contents(name) else { continue }
            guard let edition = RuleEdition(bytes) else {
                throw RuleFileError(problems: [
                    RuleFileProblem(
                        file: name, line: 0, column: 0, code: .unreadable, message: "规则文件清单读不懂，可能由更新的程序写成")
                ])
            }
            editions.append(edition)
        }
        return editions
    }

    /// The library with what is kept and the program's own files no longer hold.
    ///
    /// Each kept text is read with the matters and kinds of an edition that it was in: those it was once read with. What
    /// is the newest stays the program's own.
    ///
    /// - Parameter own: the edition of the program's own files.
    public func adding(to library: RuleLibrary, own: RuleEdition) throws(RuleFileError) -> RuleLibrary {
        var reading = KeptReading(kept: self, library: library)
        reading.library.edition = own.digest
        reading.library.mattersOfEditions[own.digest] = library.matters
        var listed: Set<String> = []
        for edition in try editions() {
            listed.formUnion(edition.files.map(\.keptName))
            if edition.digest != own.digest { try reading.take(edition) }
        }
        // Texts that were kept before there were editions: read with the program's own words.
        for name in names where name.hasSuffix(".yaml") && !listed.contains(name) {
            guard let digest = KeptRules.digest(named: name) else { continue }
            try reading.takeText(
                name, digest: digest, kinds: library.kinds.mapValues(\.kind), matters: library.matters, edition: nil)
        }
        return reading.library
    }
}

/// Reads kept editions into a library, each file once.
private struct KeptReading {
    let kept: KeptRules
    var library: RuleLibrary
    private var matters: [Digest: [String: Matter]] = [:]

    init(kept: KeptRules, library: RuleLibrary) {
        self.kept = kept
        self.library = library
        for kind in library.kinds.values { self.library.keptKinds[kind.digest] = kind.kind }
    }

    mutating func take(_ edition: RuleEdition) throws(RuleFileError) {
        var kinds: [String: DocumentKind] = [:]
        for (folder, digest) in edition.kinds {
            if library.keptKinds[digest] == nil, let bytes = try kept.contents("\(digest).yaml") {
                library.keptKinds[digest] = try RuleFiles.kind(bytes, folder: folder)
            }
            kinds[folder] = library.keptKinds[digest]
        }
        var words: [String: Matter]?
        if let digest = edition.file("Regulations/matters.yaml") {
            if matters[digest] == nil, let bytes = try kept.contents("\(digest).yaml") {
                matters[digest] = try RuleFiles.matters(bytes)
            }
            words = matters[digest]
        }
        library.mattersOfEditions[edition.digest] = words
        for file in edition.texts(isCalendar: true)
        where !library.calendars.contains(where: { $0.digest == file.digest }) {
            guard let bytes = try kept.contents(file.keptName) else { continue }
            library.calendars.append(try RuleFiles.calendar(bytes, file: file.path))
        }
        for file in edition.texts(isCalendar: false) {
            try takeText(
                file.keptName, digest: file.digest, kinds: kinds, matters: words ?? library.matters,
                edition: edition.digest)
        }
    }

    mutating func takeText(
        _ name: String, digest: Digest, kinds: [String: DocumentKind], matters: [String: Matter], edition: Digest?
    ) throws(RuleFileError) {
        guard library.regulation(digest) == nil, let bytes = try kept.contents(name) else { return }
        let words = RuleLibrary(
            matters: matters, kinds: kinds.mapValues { LoadedKind(kind: $0, digest: .zero, templateDigest: nil) })
        var text = try RuleFiles.regulation(bytes, file: name, library: words, isKept: true)
        text.edition = edition
        library.regulations.append(text)
    }
}

import Casework
import Foundation
import Kernel

/// All rule files of one program (一套规则文件): texts, matters, calendars, document kinds with their templates, each by
/// path and SHA-256 (ADR 0018).
///
/// It is kept with the data as a list in canonical form, named by the digest of the list; the files that it names are
/// kept beside it, each once, named by its own digest.
public struct RuleEdition: Hashable, Sendable {
    /// One file of an edition.
    public struct File: Hashable, Sendable {
        /// Where it lies below the program's root, for example `Documents/rights-notice/kind.yaml`.
        public let path: String
        /// SHA-256 of its bytes.
        public let digest: Digest

        /// A file.
        public init(path: String, digest: Digest) {
            self.path = path
            self.digest = digest
        }

        /// The name under which it is kept: its digest and the ending of its own name.
        public var keptName: String {
            let name = path.split(separator: "/").last ?? ""
            let ending = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last ?? ""
            let isPlain =
                !ending.isEmpty && ending.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            return "\(digest).\(isPlain ? String(ending) : "file")"
        }
    }

    /// The files in byte order of their paths.
    public let files: [File]

    static let magic = "liuhen/edition/v1\n"
    /// The ending of a kept list.
    public static let ending = ".edition"

    /// The list: `liuhen/edition/v1` LF and one line `<sha256>  <path>` LF for each file.
    public var bytes: [UInt8] {
        Array((RuleEdition.magic + files.map { "\($0.digest)  \($0.path)\n" }.joined()).utf8)
    }

    /// SHA-256 of the list.
    public var digest: Digest { RuleFiles.digest(of: bytes) }

    /// The name under which the list is kept.
    public var keptName: String { "\(digest)\(RuleEdition.ending)" }

    /// The edition that lies in two directories.
    ///
    /// - Throws: `RuleFileError` if a file cannot be read.
    public init(regulations: String, documents: String) throws(RuleFileError) {
        var files: [File] = []
        var unreadable: [String] = []
        var linked: [String] = []
        for (given, name) in [(regulations, "Regulations"), (documents, "Documents")] {
            // A list of files does not go through links, and reading a kind does: what is read and what is kept would differ.
            let root = URL(fileURLWithPath: given).resolvingSymlinksInPath().path
            for path in (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? [] {
                if RuleEdition.isLinkedDirectory("\(root)/\(path)") { linked.append("\(name)/\(path)") }
                guard RuleEdition.belongs("\(name)/\(path)") else { continue }
                var isDirectory: ObjCBool = false
                _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isDirectory)
                if isDirectory.boolValue { continue }
                guard let bytes = FileManager.default.contents(atPath: "\(root)/\(path)") else {
                    unreadable.append("\(name)/\(path)")
                    continue
                }
                files.append(File(path: "\(name)/\(path)", digest: RuleFiles.digest(of: [UInt8](bytes))))
            }
        }
        guard unreadable.isEmpty, linked.isEmpty else {
            let problems =
                unreadable.map { ($0, "文件无法读取") }
                + linked.map { ($0, "这个目录是符号链接，其中的文件不会随数据留存。请换成真正的目录") }
            throw RuleFileError(
                problems: problems.map {
                    RuleFileProblem(file: $0.0, line: 0, column: 0, code: .unreadable, message: $0.1)
                })
        }
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Reads a list; nil unless it is one, in its one spelling.
    public init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix(RuleEdition.magic) else { return nil }
        var files: [File] = []
        for line in text.dropFirst(RuleEdition.magic.count).split(separator: "\n") {
            guard line.utf8.count > 66, let digest = Digest(String(line.prefix(64))) else { return nil }
            let path = String(line.dropFirst(66))
            // A path of ours: nothing in it leads out of the directory that it is put back into.
            guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { return nil }
            files.append(File(path: path, digest: digest))
        }
        self.files = files
        guard self.bytes == bytes else { return nil }
    }

    /// The file at a path.
    public func file(_ path: String) -> Digest? { files.first { $0.path.utf8.elementsEqual(path.utf8) }?.digest }

    /// The files that the template of a kind may read, by path below `Documents`.
    public func template(of kind: String) -> [(path: String, digest: Digest)] {
        files.compactMap { file in
            guard file.path.hasPrefix("Documents/_shared/") || file.path.hasPrefix("Documents/\(kind)/"),
                file.path != "Documents/\(kind)/kind.yaml"
            else { return nil }
            return (String(file.path.dropFirst("Documents/".count)), file.digest)
        }
    }

    /// The digest of a kind's template in this edition, as `document.fixed` names it.
    public func templateDigest(of kind: String) -> Digest { RuleFiles.templateDigest(of: template(of: kind)) }

    /// The kinds, by folder, with the digest of their `kind.yaml`.
    var kinds: [(folder: String, digest: Digest)] {
        files.compactMap { file in
            let parts = file.path.split(separator: "/")
            guard parts.count == 3, parts[0] == "Documents", parts[2] == "kind.yaml" else { return nil }
            return (String(parts[1]), file.digest)
        }
    }

    /// The files that are read as texts, or those of the calendars.
    func texts(isCalendar: Bool) -> [File] {
        files.filter { file in
            let parts = file.path.split(separator: "/")
            guard parts.first == "Regulations", file.path.hasSuffix(".yaml") else { return false }
            return isCalendar
                ? parts.count == 3 && parts[1] == "calendars"
                : parts.count == 2 && !RuleFiles.notTexts.contains(String(parts[1]))
        }
    }

    private static func isLinkedDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
            && FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// Whether a file is one that a case may be judged or a document printed by.
    private static func belongs(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard let name = parts.last, !name.hasPrefix("."), !name.hasSuffix(".new") else { return false }
        if parts[0] == "Documents" { return parts.count > 2 }
        return path == "Regulations/matters.yaml"
            || path.hasSuffix(".yaml")
                && (parts.count == 2 && !RuleFiles.notTexts.contains(String(name))
                    || parts.count == 3 && parts[1] == "calendars")
    }
}

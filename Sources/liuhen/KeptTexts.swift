import Application
import Casework
import Foundation
import Kernel
import Ledger
import Press
import Rulebook
import Store

/// The rule files that were ever in this installation's program, kept beside the data by digest (ADR 0018).
///
/// An adoption names a text and the edition that it was adopted among, a fixed document its kind and template. An upgrade
/// of the program may bring other files in their place; what was decided goes on under the files that it names.
struct KeptTexts {
    /// Where the program's own files lie.
    let root: String
    /// `<data>/rules`.
    let kept: KeptRules
    /// `<data>/printing`: templates that are laid out for one printing and taken away after it.
    let printing: String

    init(_ place: ServerPlace) {
        root = place.root
        kept = KeptRules(directory: place.data + "/rules")
        printing = place.data + "/printing"
    }

    /// The program's own rules and, where the data keep others, those too.
    ///
    /// - Parameter directory: where the kept rules are, if not with the data: a restore reads them before they are there.
    func library(keptAt directory: String? = nil) throws -> RuleLibrary {
        let own = try RuleFiles.load(regulations: root + "/Regulations", documents: root + "/Documents")
        let kept = directory.map { KeptRules(directory: $0) } ?? kept
        return try kept.adding(to: own, own: try edition)
    }

    /// Keeps every rule file of the program that is not kept yet, and last the list of them. Each is whole under its name
    /// or not there: if we die in between, the next start goes on.
    func keep() throws {
        let edition = try edition
        let names = Set(kept.names)
        guard !names.contains(edition.keptName) else { return }
        try FileManager.default.createDirectory(atPath: kept.directory, withIntermediateDirectories: true)
        var done: Set<String> = names
        for file in edition.files where done.insert(file.keptName).inserted {
            guard let data = FileManager.default.contents(atPath: "\(root)/\(file.path)"),
                Digest.sha256([UInt8](data)) == file.digest
            else { throw CommandFailure("规则文件 \(file.path) 在启动时变动，请再试一次。") }
            try RuleFile.keep([UInt8](data), at: "\(kept.directory)/\(file.keptName)")
        }
        try RuleFile.keep(edition.bytes, at: "\(kept.directory)/\(edition.keptName)")
    }

    /// What the press needs to print with a template that only the data keep. Takes away what a printing that was cut off
    /// has left.
    func press() -> PressInstallation {
        try? FileManager.default.removeItem(atPath: printing)
        var installation = PressInstallation(root: root)
        installation.withKept = { [kept, printing] template, body in
            guard let directory = KeptTexts.layOut(template, from: kept, in: printing) else { return false }
            defer { try? FileManager.default.removeItem(atPath: directory) }
            body(directory)
            return true
        }
        return installation
    }

    /// Every kept file that is not what its name says, and every file that a list names and that is not there.
    func problems() -> (editions: Int, files: Int, problems: [String]) {
        let names = kept.names
        var problems: [String] = []
        for name in names where (try? kept.contents(name)) == .none { problems.append("\(name) 与摘要不符") }
        let editions = (try? kept.editions()) ?? []
        for edition in editions {
            for file in edition.files where !names.contains(file.keptName) {
                problems.append("缺少 \(file.path)（\(file.digest.description.prefix(16))）")
            }
        }
        return (editions.count, names.count, problems)
    }

    private var edition: RuleEdition {
        get throws { try RuleEdition(regulations: root + "/Regulations", documents: root + "/Documents") }
    }

    /// A directory with a kept template, its own folder and what it shares; nil if it is not kept whole.
    private static func layOut(_ template: TemplateName, from kept: KeptRules, in printing: String) -> String? {
        guard let digest = template.kept,
            let edition = try? kept.editions().first(where: { $0.templateDigest(of: "\(template)") == digest })
        else { return nil }
        let directory = "\(printing)/\(UUID().uuidString)"
        for file in edition.template(of: "\(template)") {
            let whole = RuleEdition.File(path: file.path, digest: file.digest)
            guard let bytes = try? kept.contents(whole.keptName) else {
                try? FileManager.default.removeItem(atPath: directory)
                return nil
            }
            let path = "\(directory)/\(file.path)"
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            guard
                (try? FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])) != nil,
                FileManager.default.createFile(atPath: path, contents: Data(bytes))
            else {
                try? FileManager.default.removeItem(atPath: directory)
                return nil
            }
        }
        return directory
    }
}

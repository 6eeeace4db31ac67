import Casework
import Foundation
import Rulebook
import Store

/// The texts that were ever in this installation's program, kept beside the data by digest.
///
/// An adoption names a file by its digest. An upgrade of the program may bring a repaired file in its place; the bureau
/// goes on under the file that it adopted until it adopts or repairs.
struct KeptTexts {
    /// Where the program's own files lie.
    let regulations: String
    /// `<data>/rules`.
    let directory: String

    init(_ place: ServerPlace) {
        regulations = place.root + "/Regulations"
        directory = place.data + "/rules"
    }

    /// The library with the kept texts.
    func adding(to library: RuleLibrary) throws -> RuleLibrary {
        try RuleFiles.adding(keptAt: directory, to: library)
    }

    /// Keeps every text of the program that is not kept yet. Each is whole under its name or not there: if we die in
    /// between, the next start goes on.
    func keep(_ library: RuleLibrary) throws {
        for text in library.regulations {
            let path = "\(directory)/\(text.digest).yaml"
            guard !FileManager.default.fileExists(atPath: path),
                let bytes = FileManager.default.contents(atPath: "\(regulations)/\(text.file)")
            else { continue }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try RuleFile.keep([UInt8](bytes), at: path)
        }
    }
}

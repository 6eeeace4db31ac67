import Ledger
import TestKit

/// Makes the dossier that `liuhen-verify` is timed on: a case of 500 entries with its documents, no recordings.
enum MadeDossier {
    static func make(_ options: Options) throws {
        let count = try options.number("entries", or: 500)
        // What a two-page document of the press takes.
        let fixture = try DossierFixture(.long(entries: count, documentByteCount: 200_000), audience: .archive)
        guard fixture.entries.count >= count else { throw Failure("the dossier has \(fixture.entries.count) entries") }
        _ = try fixture.write(to: DirectorySink(path: try options.text("directory")))
        print(fixture.key.verifier)
    }
}

import Casework
import Kernel

/// The party of a case as papers name it: in another writing where no font has a character of the name.
///
/// The writing is the party's own, recorded once in its thread; the form and what is recorded keep the name as it is.
struct PrintedParty: Sendable {
    /// The name as it is registered with the case.
    let name: String
    /// The writing that is recorded for it; nil if none is.
    let written: WrittenName?

    /// What goes to the press for `data`.
    func printed(_ data: JSON) -> JSON { written?.written(for: name, in: data) ?? data }

    /// The writing that a paper uses and that is not recorded yet: whoever typed it once need not type it again.
    func learned(from data: JSON) -> WrittenName? {
        guard let typed = data["subjectName"]?.string?.trimmedWhitespace, !typed.utf8.elementsEqual(name.utf8),
            WrittenName(typed).stands(for: name), written?.text.utf8.elementsEqual(typed.utf8) != true
        else { return nil }
        return WrittenName(typed)
    }
}

extension Casebook {
    /// The party of a case as papers name it. Its thread is read only for a name that may need another writing.
    func printedParty(of work: Case) async throws(StepRefusal) -> PrintedParty {
        let name = (work.subjectName ?? "").trimmedWhitespace
        guard WrittenName.mayBeNeeded(for: name) else { return PrintedParty(name: name, written: nil) }
        let texts = try await history(of: work.subject).compactMap { $0.text("writtenName") }
        // A name may have changed since: what was written for another one stands for nobody.
        let written = texts.map { WrittenName($0) }.last { $0.stands(for: name) }
        return PrintedParty(name: name, written: written)
    }
}

import Casework
import Rulebook

/// The program's own texts and documents, read once for all tests: reading 83 kinds takes seconds in a debug build.
enum InstalledRules {
    private static let read = Result {
        try RuleFiles.load(regulations: "\(Project.root)/Regulations", documents: "\(Project.root)/Documents")
    }

    /// The library of what is installed.
    static var library: RuleLibrary {
        get throws { try read.get() }
    }
}

/// One thing that is wrong in a rule file: where, what was expected, and what was perhaps meant.
public struct RuleFileProblem: Hashable, Sendable {
    /// The file's name.
    public let file: String
    /// From 1; 0 where the whole file is meant.
    public let line: Int
    /// From 1, counted in Unicode scalars; 0 where the whole file is meant.
    public let column: Int
    /// What sort of problem.
    public let code: Code
    /// What is wrong and what was expected, in Chinese, because bureaus write these files.
    public let message: String

    /// Sorts of problems.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The file cannot be read, is too large or is not UTF-8.
        case unreadable
        /// It is not YAML, or uses what these files do not allow (anchors, several documents, duplicate keys).
        case syntax
        /// A list stands where a text is expected, or the like.
        case shape
        /// A key that is not known here.
        case unknownKey = "unknown-key"
        /// A key that must be there.
        case missingKey = "missing-key"
        /// A word that is not in the vocabulary.
        case unknownWord = "unknown-word"
        /// A number, day or path that cannot be read, or lies out of bounds.
        case value
        /// The same id twice.
        case duplicate
        /// Two parts of a file, or two files, that cannot both hold.
        case contradiction
    }

    /// A problem.
    public init(file: String, line: Int, column: Int, code: Code, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.code = code
        self.message = message
    }
}

extension RuleFileProblem: CustomStringConvertible {
    /// `zhaoxian-2017.yaml:12:9: [unknown-key] …`, as compilers write it.
    public var description: String {
        line == 0
            ? "\(file): [\(code.rawValue)] \(message)" : "\(file):\(line):\(column): [\(code.rawValue)] \(message)"
    }
}

/// Rule files that cannot be taken.
public struct RuleFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Everything found, in the order of files and lines; never empty.
    public let problems: [RuleFileProblem]

    /// Problems, a line each.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// What was found about a history's records: for each the words at paths and the conditions that hold, and the records that
/// match each pattern. Of what nobody asked, nothing is kept.
struct Findings: Sendable {
    /// By condition, then by position: 0 not asked yet, 1 does not hold, 2 holds.
    private var answers: FoundRows<UInt8>
    /// By path, then by position: the word that stands there.
    private var words: FoundRows<Int16>
    /// By pattern and by group of patterns: positions that match, apart from what reads the causing record.
    private var patterns: [[Int]?]
    private var groups: [[Int]?]
    /// By requirement of documents: the fixed entries of those that stand.
    private var documents: [[Int]?]
    /// Places of subjects in a list that is being made.
    var seen = SubjectPlaces()

    init(_ plan: PlanCore, records: Int) {
        answers = FoundRows(plan.conditions.count, records: records)
        words = FoundRows(plan.paths.count, records: records)
        patterns = Array(repeating: nil, count: plan.patterns.count)
        groups = Array(repeating: nil, count: plan.groups.count)
        documents = Array(repeating: nil, count: plan.documentCount)
    }

    /// No findings: what is left where they were taken out.
    init() {
        answers = FoundRows(0, records: 0)
        words = FoundRows(0, records: 0)
        patterns = []
        groups = []
        documents = []
    }

    // What stands at a path instead of a word of the plan's vocabulary.
    static let notAsked: Int16 = 0
    static let nothing: Int16 = -1
    /// A value that is there and says nothing.
    static let blank: Int16 = -5
    static let withheld: Int16 = -2
    /// Several values, or one that is no word.
    static let several: Int16 = -3
    static let unknownWord: Int16 = -4

    /// Whether a word says that there is no value.
    static func isEmpty(_ word: Int16) -> Bool { word == nothing || word == blank }

    func word(_ path: Int, at position: Int) -> Int16 { words[path, position] }

    mutating func keep(_ word: Int16, ofPath path: Int, at position: Int) { words.keep(word, path, position) }

    func answer(_ condition: Int, at position: Int) -> UInt8 { answers[condition, position] }

    mutating func keep(_ holds: Bool, of condition: Int, at position: Int) {
        answers.keep(holds ? 2 : 1, condition, position)
    }

    func positions(ofPattern id: Int) -> [Int]? { patterns[id] }
    mutating func keep(_ positions: [Int], ofPattern id: Int) { patterns[id] = positions }
    func positions(ofGroup id: Int) -> [Int]? { groups[id] }
    mutating func keep(_ positions: [Int], ofGroup id: Int) { groups[id] = positions }
    func documents(of id: Int) -> [Int]? { documents[id] }
    mutating func keep(_ fixed: [Int], ofDocument id: Int) { documents[id] = fixed }

    /// Makes room for a record that was added, and forgets what it can change of earlier ones.
    mutating func makeRoom(for type: EntryType, plan: PlanCore) {
        forget(type, plan)
        answers.addRecord()
        words.addRecord()
    }

    /// Takes the last record back, and forgets what it can have changed of earlier ones.
    mutating func takeBack(_ type: EntryType, plan: PlanCore) {
        answers.removeRecord()
        words.removeRecord()
        forget(type, plan)
    }

    private mutating func forget(_ type: EntryType, _ plan: PlanCore) {
        let unsettled = plan.unsettled[type.ordinal]
        for id in unsettled.conditions { answers.forget(id) }
        for place in unsettled.paths { words.forget(place) }
        for id in unsettled.patterns { patterns[id] = nil }
        for id in unsettled.groups { groups[id] = nil }
        if type == .documentFixed { for place in documents.indices { documents[place] = nil } }
    }
}

/// What was found of each of some questions about each record, 0 where nobody asked yet: one array for all questions that
/// were asked, with room for some records more.
///
/// The rule: a cell behind the last record is 0.
struct FoundRows<Cell: FixedWidthInteger & Sendable>: Sendable {
    private var cells: [Cell] = []
    /// Where the row of each question begins; -1 for one that nobody asked.
    private var starts: [Int]
    /// How long a row is, and how much of it is in use.
    private var length: Int
    private var records: Int

    /// How many records come before rows are made longer.
    private static var spare: Int { 32 }

    init(_ questions: Int, records: Int) {
        starts = Array(repeating: -1, count: questions)
        self.records = records
        length = records + FoundRows.spare
    }

    subscript(question: Int, position: Int) -> Cell {
        let start = starts[question]
        return start < 0 ? 0 : cells[start + position]
    }

    mutating func keep(_ cell: Cell, _ question: Int, _ position: Int) {
        var start = starts[question]
        if start < 0 {
            start = cells.count
            starts[question] = start
            cells.append(contentsOf: repeatElement(0, count: length))
        }
        cells[start + position] = cell
    }

    /// Forgets what was found of a question.
    mutating func forget(_ question: Int) {
        let start = starts[question]
        guard start >= 0 else { return }
        for place in start..<start + records { cells[place] = 0 }
    }

    /// Makes room for one more record.
    mutating func addRecord() {
        records += 1
        guard records > length else { return }
        let before = length
        length = records + records / 4 + FoundRows.spare
        var wider: [Cell] = []
        wider.reserveCapacity(cells.count / before * length)
        for question in starts.indices where starts[question] >= 0 {
            let start = wider.count
            wider += cells[starts[question]..<starts[question] + before]
            wider.append(contentsOf: repeatElement(0, count: length - before))
            starts[question] = start
        }
        cells = wider
    }

    /// Takes the last record back.
    mutating func removeRecord() {
        records -= 1
        for start in starts where start >= 0 { cells[start + records] = 0 }
    }
}

/// A table from subjects to places that is emptied in one step.
struct SubjectPlaces: Sendable {
    private var places: [Int] = []
    private var turns: [Int] = []
    private var turn = 0

    mutating func begin(_ subjects: Int) {
        turn += 1
        guard places.count < subjects else { return }
        places = Array(repeating: 0, count: subjects * 2)
        turns = Array(repeating: 0, count: subjects * 2)
    }

    subscript(subject: Int32) -> Int? {
        get { turns[Int(subject)] == turn ? places[Int(subject)] : nil }
        set {
            guard let newValue else { return }
            places[Int(subject)] = newValue
            turns[Int(subject)] = turn
        }
    }
}

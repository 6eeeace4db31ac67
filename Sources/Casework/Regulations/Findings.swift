/// What was found about a history's records: for each the words at paths and the conditions that hold, and the records that
/// match each pattern. Of what nobody asked, nothing is kept.
struct Findings: Sendable {
    private var records: Int
    /// By condition, then by position: 0 not asked yet, 1 does not hold, 2 holds.
    private var answers: [[UInt8]]
    /// By path, then by position: the word that stands there.
    private var words: [[Int16]]
    /// By pattern and by group of patterns: positions that match, apart from what reads the causing record.
    private var patterns: [[Int32]?]
    private var groups: [[Int32]?]
    /// By requirement of documents: the fixed entries of those that stand.
    private var documents: [[Int]?]
    /// Places of subjects in a list that is being made.
    var seen = SubjectPlaces()

    init(_ plan: PlanCore, records: Int) {
        self.records = records
        answers = Array(repeating: [], count: plan.conditions.count)
        words = Array(repeating: [], count: plan.paths.count)
        patterns = Array(repeating: nil, count: plan.patterns.count)
        groups = Array(repeating: nil, count: plan.groups.count)
        documents = Array(repeating: nil, count: plan.documentCount)
    }

    /// No findings: what is left where they were taken out.
    init() {
        records = 0
        answers = []
        words = []
        patterns = []
        groups = []
        documents = []
    }

    // What stands at a path instead of a word of the plan's vocabulary.
    static let notAsked: Int16 = 0
    static let nothing: Int16 = -1
    static let withheld: Int16 = -2
    /// Several values, or one that is no word.
    static let several: Int16 = -3
    static let unknownWord: Int16 = -4

    func word(_ path: Int, at position: Int) -> Int16 {
        words[path].isEmpty ? Findings.notAsked : words[path][position]
    }

    mutating func keep(_ word: Int16, ofPath path: Int, at position: Int) {
        if words[path].isEmpty { words[path] = [Int16](repeating: Findings.notAsked, count: records) }
        words[path][position] = word
    }

    func answer(_ condition: Int, at position: Int) -> UInt8 {
        answers[condition].isEmpty ? 0 : answers[condition][position]
    }

    mutating func keep(_ holds: Bool, of condition: Int, at position: Int) {
        if answers[condition].isEmpty { answers[condition] = [UInt8](repeating: 0, count: records) }
        answers[condition][position] = holds ? 2 : 1
    }

    func positions(ofPattern id: Int) -> [Int32]? { patterns[id] }
    mutating func keep(_ positions: [Int32], ofPattern id: Int) { patterns[id] = positions }
    func positions(ofGroup id: Int) -> [Int32]? { groups[id] }
    mutating func keep(_ positions: [Int32], ofGroup id: Int) { groups[id] = positions }
    func documents(of id: Int) -> [Int]? { documents[id] }
    mutating func keep(_ fixed: [Int], ofDocument id: Int) { documents[id] = fixed }

    /// Makes room for a record that was added, and forgets what it can change of earlier ones.
    mutating func makeRoom(for type: EntryType, plan: PlanCore) {
        forget(type, plan)
        records += 1
        for place in answers.indices where !answers[place].isEmpty { answers[place].append(0) }
        for place in words.indices where !words[place].isEmpty { words[place].append(Findings.notAsked) }
    }

    /// Takes the last record back, and forgets what it can have changed of earlier ones.
    mutating func takeBack(_ type: EntryType, plan: PlanCore) {
        records -= 1
        for place in answers.indices where !answers[place].isEmpty { answers[place].removeLast() }
        for place in words.indices where !words[place].isEmpty { words[place].removeLast() }
        forget(type, plan)
    }

    private mutating func forget(_ type: EntryType, _ plan: PlanCore) {
        let unsettled = plan.unsettled[type.ordinal]
        for id in unsettled.conditions { answers[id] = [] }
        for place in unsettled.paths { words[place] = [] }
        for id in unsettled.patterns { patterns[id] = nil }
        for id in unsettled.groups { groups[id] = nil }
        if type == .documentFixed { for place in documents.indices { documents[place] = nil } }
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

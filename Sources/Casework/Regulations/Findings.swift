/// What was found about a history's records: for each the conditions that hold, and the records that match each pattern.
struct Findings: Sendable {
    /// By position, then by condition: 0 not asked yet, 1 does not hold, 2 holds.
    private var answers: [UInt8]
    private let conditions: Int
    /// By position, then by path: the word that stands there.
    private var words: [Int32]
    private let paths: Int
    /// By pattern and by group of patterns: positions that match, apart from what reads the causing record.
    private var patterns: [[Int32]?]
    private var groups: [[Int32]?]
    /// By requirement of documents: the fixed entries of those that stand.
    private var documents: [[Int]?]
    /// Places of subjects in a list that is being made.
    var seen = SubjectPlaces()

    init(_ plan: PlanCore, records: Int) {
        conditions = plan.conditions.count
        answers = [UInt8](repeating: 0, count: conditions * records)
        paths = plan.paths.count
        words = [Int32](repeating: Findings.notAsked, count: paths * records)
        patterns = Array(repeating: nil, count: plan.patterns.count)
        groups = Array(repeating: nil, count: plan.groups.count)
        documents = Array(repeating: nil, count: plan.documentCount)
    }

    /// What stands at a path instead of a word of the plan's vocabulary.
    static let notAsked: Int32 = 0
    static let nothing: Int32 = -1
    static let withheld: Int32 = -2
    /// Several values, or one that is no word.
    static let several: Int32 = -3
    static let unknownWord: Int32 = -4

    func word(_ path: Int, at position: Int) -> Int32 { words[position * paths + path] }

    mutating func keep(_ word: Int32, ofPath path: Int, at position: Int) { words[position * paths + path] = word }

    func answer(_ condition: Int, at position: Int) -> UInt8 { answers[position * conditions + condition] }

    mutating func keep(_ holds: Bool, of condition: Int, at position: Int) {
        answers[position * conditions + condition] = holds ? 2 : 1
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
        answers.append(contentsOf: repeatElement(0, count: conditions))
        words.append(contentsOf: repeatElement(Findings.notAsked, count: paths))
    }

    /// Takes the last record back, and forgets what it can have changed of earlier ones.
    mutating func takeBack(_ type: EntryType, plan: PlanCore) {
        answers.removeLast(conditions)
        words.removeLast(paths)
        forget(type, plan)
    }

    private mutating func forget(_ type: EntryType, _ plan: PlanCore) {
        if conditions > 0 {
            for condition in plan.conditions where condition.unsettledBy.contains(type) {
                for row in stride(from: 0, to: answers.count, by: conditions) { answers[row + condition.id] = 0 }
            }
        }
        if paths > 0 {
            for (place, path) in plan.paths.enumerated() where path.unsettledBy.contains(type) {
                for row in stride(from: 0, to: words.count, by: paths) { words[row + place] = Findings.notAsked }
            }
        }
        for pattern in plan.patterns where pattern.typeSet.contains(type) || pattern.unsettledBy.contains(type) {
            patterns[pattern.id] = nil
        }
        for group in plan.groups where group.typeSet.contains(type) || group.unsettledBy.contains(type) {
            groups[group.id] = nil
        }
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

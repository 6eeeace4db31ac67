import Kernel

/// What stands at a path that leads to the same wherever it is seen from, with its words: lists of a whole history are
/// gone through once, not once for each record that is held against them.
struct FoundOfHistory {
    let found: Found
    let words: Set<String>

    init(_ found: Found) {
        self.found = found
        words = Set(found.values?.compactMap(\.word) ?? [])
    }
}

extension Ground {
    /// What stands at a path, seen from a record.
    func find(_ path: Path, at position: Int, trigger: Int?, activity: Int32? = nil) -> Found {
        index.find(path, from: position, trigger: trigger, kinds: plan.kinds, activity: activity)
    }

    /// The same of a path of the plan.
    ///
    /// - Parameter place: its place among all; -1 where it leads from the causing record.
    func find(_ path: Path, place: Int, at position: Int, trigger: Int?, activity: Int32? = nil) -> Found {
        place >= 0 && plan.paths[place].isOfHistory
            ? ofHistory(place).found : find(path, at: position, trigger: trigger, activity: activity)
    }

    /// What stands at a path of the history as a whole.
    func ofHistory(_ place: Int) -> FoundOfHistory {
        if let known = ofHistory[place] { return known }
        let found = FoundOfHistory(find(plan.paths[place].path, at: 0, trigger: nil))
        ofHistory[place] = found
        return found
    }
}

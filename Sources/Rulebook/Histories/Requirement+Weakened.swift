import Casework

extension Requirement {
    /// The requirement with one of its finer conditions taken out: of which records the last is taken, what is asked of
    /// several together, what takes a record back. Each with what was taken out, in Chinese.
    var weakened: [(what: String, requirement: Requirement)] {
        switch self {
        case .record(let wanted):
            var result: [(String, Requirement)] = []
            func without(_ what: String, _ change: (inout RecordRequirement) -> Void) {
                var copy = wanted
                change(&copy)
                result.append((what, .record(copy)))
            }
            if !wanted.latestOf.isEmpty { without("不问是哪些记录中的最近一条（latest）") { $0.latestOf = [] } }
            if !wanted.together.isEmpty { without("不问各条合起来（together）") { $0.together = [] } }
            if let unbroken = wanted.unbroken {
                without("不问各条之间有没有中断（unbroken）") { $0.unbroken = nil }
                if !unbroken.butFor.isEmpty { without("有中断依据的也算中断（but-for）") { $0.unbroken?.butFor = [] } }
                if !unbroken.between.isEmpty { without("活动前后的间隔也算中断（between）") { $0.unbroken?.between = [] } }
                without("不许各条之间有任何间隔（seconds）") { $0.unbroken?.seconds = 0 }
            }
            if wanted.fields.contains(where: { $0.rows > 1 }) {
                without("表格只要一行（rows）") { copy in
                    for place in copy.fields.indices { copy.fields[place].rows = 1 }
                }
            }
            if wanted.beforeCause { without("此后的也算（before-cause）") { $0.beforeCause = false } }
            if !wanted.undoneBy.isEmpty { without("不问此后是否撤回（undone-by）") { $0.undoneBy = [] } }
            return result
        case .all(let parts): return Requirement.each(parts) { .all($0) }
        case .any(let parts): return Requirement.each(parts) { .any($0) }
        case .document(let wanted):
            guard wanted.fields.contains(where: { $0.rows > 1 }) else { return [] }
            var copy = wanted
            for place in copy.fields.indices { copy.fields[place].rows = 1 }
            return [("表格只要一行（rows）", .document(copy))]
        case .elapsed, .never: return []
        }
    }

    private static func each(
        _ parts: [Requirement], _ whole: ([Requirement]) -> Requirement
    ) -> [(what: String, requirement: Requirement)] {
        parts.enumerated().flatMap { place, part in
            part.weakened.map { one in
                var copy = parts
                copy[place] = one.requirement
                return ("第\(place + 1)项\(one.what)", whole(copy))
            }
        }
    }
}

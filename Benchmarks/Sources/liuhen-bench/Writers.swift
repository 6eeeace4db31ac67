import Application
import Foundation
import Store

/// 32 writers at once, each with a case of its own, entries of 1 KiB with their rows.
enum Writers {
    static let rounds = 7
    static let writers = 32

    static func measure(_ options: Options) async throws {
        let count = try options.number("entries", or: 400)
        let place = try Place(try options.text("directory") + "/ledger")
        var courses = (0..<writers).map { _ in Course(bureau: place.bureau, byteCount: 1024) }
        courses = try await append(courses, to: place.ledger, count: 20)
        var rate = Samples(figure: "writers-32")
        var cost = Samples(figure: "writers-32-cost")
        var busiest = Samples(figure: "writers-32-thread")
        var byteCount = 0
        for _ in 0..<rounds {
            let (before, threads) = (Timing.process, Timing.threads)
            let time = try await Timing.wall { courses = try await append(courses, to: place.ledger, count: count) }
            rate.values.append(Double(count * writers) / time)
            cost.values.append((Timing.process - before) / Double(count * writers) * 1e6)
            let most = Timing.threads.map { $0.value - (threads[$0.key] ?? 0) }.max() ?? 0
            busiest.values.append(most / Double(count * writers) * 1e6)
        }
        byteCount = try courses[0].next().byteCount
        place.ledger.close()
        rate.say(note: "entries of \(byteCount) bytes, a case row and an obligation each; sealing included")
        cost.say(note: "for each entry, all threads")
        busiest.say(note: "for each entry, the thread that writes")
    }

    private static func append(_ courses: [Course], to ledger: LedgerDatabase, count: Int) async throws -> [Course] {
        try await withThrowingTaskGroup(of: Course.self) { group in
            for course in courses {
                group.addTask { @concurrent in
                    var course = course
                    for _ in 0..<count { _ = try await ledger.append(try course.next().request) }
                    return course
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

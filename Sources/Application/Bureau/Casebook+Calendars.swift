import Casework
import Kernel
import Ledger

extension Casebook {
    /// Refuses what `adopt` would refuse once the file lies in its place, so that a refused import leaves none there.
    public func requireAdoptable(_ calendar: LoadedCalendar, by performer: Performer) async throws(StepRefusal) {
        try performer.require(.administrator)
        try performer.requireSecret()
        let adopted = try await chambers.profile().calendars[calendar.year.year]
        try await requireNewer(calendar, than: adopted)
        _ = try await facts(adopting: calendar, replacing: adopted)
    }

    private func requireNewer(_ calendar: LoadedCalendar, than adopted: Digest?) async throws(StepRefusal) {
        guard let adopted else { return }
        let year = calendar.year.year
        guard adopted != calendar.digest else {
            throw StepRefusal(.taken, "本机关已经采用\(year)年的这份放假安排。")
        }
        let known = try await chambers.law().library.calendars
        let version = known.first { $0.digest == adopted }?.year.version ?? 0
        guard calendar.year.version > version else {
            throw StepRefusal(.outOfOrder, "本机关采用的\(year)年放假安排是第\(version)版，不能退回第\(calendar.year.version)版。")
        }
    }

    /// Adopts a year's public holidays for the bureau, or prepares it for a second person once the bureau works (`waits`
    /// in the answer): they move every term. Only the administrator may.
    ///
    /// The file must already lie among the installation's: every later look at the law asks for it by its digest.
    public func adopt(
        calendar: LoadedCalendar, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.require(.administrator)
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let profile = try await chambers.profile()
            let library = try await chambers.law().library
            let year = calendar.year.year
            guard library.calendars.contains(calendar) else {
                throw StepRefusal(.notFound, "\(year)年第\(calendar.year.version)版放假安排的文件不在程序的制度目录里，请用导入命令导入。")
            }
            try await requireNewer(calendar, than: profile.calendars[year])
            let change = try await facts(adopting: calendar, replacing: profile.calendars[year])
            return try await record(
                change.facts, by: .person(performer.tag), command: command, answer: ["waits": .boolean(change.waits)])
        }
    }
}

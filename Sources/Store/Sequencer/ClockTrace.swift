import Application
import Kernel

/// What is known of the clock over a new start of the program (design section 5, "Clock"): a machine that goes on running
/// knows how much time has passed, whatever somebody sets its clock to while no server runs.
///
/// A line of the lock file, without which no ledger is opened: kept when a ledger is opened for writing by a clock that fits,
/// when recording goes on after `clock.resumed`, every ten minutes and at the end. A new lock file, of a bureau that was
/// restored or moved, has none: then the clock is compared with the last entry alone.
struct ClockTrace: Hashable {
    /// The run of the machine in which the readings were taken.
    var machine: String
    /// What the clock is measured from, at most a day old while a server runs; `monotonic` is the machine's.
    var anchor: ClockRule.Reading
    /// The newest reading.
    var seen: ClockRule.Reading
    /// How long the machine has run under this program since `owed` was reckoned.
    var ran: Int64
    /// How far the clock ran ahead over times when the machine was off, and did not make good (`ClockRule.owed`).
    var owed: Int64

    /// How often the newest reading is kept: 10 min.
    static let keepEvery: Int64 = 600_000

    /// The first trace: at the beginning, on a new machine, after two persons have looked.
    init(_ run: MachineRun, wall: Instant) {
        machine = run.id
        anchor = ClockRule.Reading(wall: wall, monotonic: run.uptime)
        seen = anchor
        ran = 0
        owed = 0
    }

    /// What a start makes of the trace before: a verdict, and what is to be kept if it is fit.
    func started(_ run: MachineRun, wall: Instant) -> (verdict: ClockRule.Verdict, next: ClockTrace) {
        let now = ClockRule.Reading(wall: wall, monotonic: run.uptime)
        var next = self
        next.seen = now
        guard run.id == machine else {
            next = ClockTrace(run, wall: wall)
            next.owed = ClockRule.owed(owed, ran: ran, off: wall.milliseconds(since: seen.wall))
            return (next.owed > ClockRule.aheadTolerance ? .ahead(next.owed) : .fit, next)
        }
        let verdict = ClockRule.overStart(earlier: anchor, now: now)
        // What a time server took back while nobody ran is no reason to stop at the first commit.
        let isBehind = wall.milliseconds(since: anchor.wall) < now.monotonic - anchor.monotonic
        if isBehind || now.monotonic - anchor.monotonic > ClockRule.anchorAge { next.anchor = now }
        return (verdict, next)
    }

    /// The clock was read again by a server that runs.
    mutating func saw(_ run: MachineRun, wall: Instant, anchored: Bool) {
        let now = ClockRule.Reading(wall: wall, monotonic: run.uptime)
        ran += max(0, now.monotonic - seen.monotonic)
        seen = now
        if anchored { anchor = now }
    }

    /// The trace as it stands in a lock file: the machine, then six figures.
    var text: String {
        "\(machine) \(anchor.wall.milliseconds) \(anchor.monotonic) \(seen.wall.milliseconds) \(seen.monotonic) \(ran) \(owed)"
    }

    /// Reads a trace in its one spelling; nil for any other.
    init?(text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        let figures = words.dropFirst().compactMap { Int64($0) }
        guard words.count == 7, !words[0].isEmpty, figures.count == 6,
            figures.allSatisfy({ (0...Int64(1) << 48).contains($0) })
        else { return nil }
        machine = String(words[0])
        anchor = ClockRule.Reading(wall: Instant(milliseconds: figures[0]), monotonic: figures[1])
        seen = ClockRule.Reading(wall: Instant(milliseconds: figures[2]), monotonic: figures[3])
        ran = figures[4]
        owed = figures[5]
        guard self.text == text else { return nil }
    }
}

import Application
import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Store

/// A ledger that is opened again and again, by a clock that somebody sets while no server runs.
@Suite("The clock over a new start", .serialized)
struct ClockTraceTests {
    private static let hour: Int64 = 3_600_000

    /// Records one entry; nil if it was taken, else what stopped recording.
    private func stop(of fixture: Fixture) async throws -> String? {
        guard let reason = fixture.ledger.stopReason() else {
            try await fixture.append(fixture.tag())
            return nil
        }
        #expect(await storeError { try await fixture.append(fixture.tag()) }?.isStopped == true)
        return reason
    }

    @Test(
        "on a machine that went on running, a clock set ahead by hours is stopped at the next start, and right again it is fit"
    )
    func setAheadBetweenStarts() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        fixture.clock.advance(60_000)
        fixture.clock.leap(35 * Self.hour)
        try fixture.reopen()
        #expect(try await stop(of: fixture)?.contains("超前了35小时") == true)
        fixture.close()
        fixture.clock.leap(-35 * Self.hour)
        try fixture.reopen()
        #expect(try await stop(of: fixture) == nil)
    }

    @Test("two persons confirm a clock that was set ahead, and recording goes on from there")
    func confirmed() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        fixture.clock.leap(35 * Self.hour)
        try fixture.reopen()
        _ = try await fixture.ledger.append(try fixture.request([fixture.tag()], type: .clockResumed))
        try await fixture.append(fixture.tag())
        try fixture.reopen()
        #expect(try await stop(of: fixture) == nil)
    }

    @Test(
        "a clock that creeps by less than two minutes at each start is stopped at the second, or after a day it is let go on"
    )
    func creeping() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        fixture.clock.leap(ClockRule.leapTolerance - 1)
        try fixture.reopen()
        #expect(try await stop(of: fixture) == nil)
        fixture.close()
        fixture.clock.leap(2)
        try fixture.reopen()
        #expect(try await stop(of: fixture)?.contains("超前了2分钟") == true)
        fixture.close()
        fixture.clock.leap(-2)
        fixture.clock.advance(ClockRule.anchorAge + 1)
        try fixture.reopen()
        #expect(try await stop(of: fixture) == nil)
        fixture.close()
        fixture.clock.leap(ClockRule.leapTolerance - 1)
        try fixture.reopen()
        #expect(try await stop(of: fixture) == nil)
    }

    @Test("what a time server takes back while nobody runs stops nothing, however often")
    func takenBack() async throws {
        let fixture = try Fixture.made()
        for _ in 0..<5 {
            try await fixture.append(fixture.tag())
            fixture.close()
            fixture.clock.advance(Self.hour)
            fixture.clock.leap(-60_000)
            try fixture.reopen()
            #expect(try await stop(of: fixture) == nil)
        }
    }

    @Test("days without a server on a machine that runs stop nothing; the last entry's 36 hours do")
    func daysOff() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        fixture.clock.advance(ClockRule.aheadTolerance)
        try fixture.reopen()
        #expect(try await stop(of: fixture) == nil)
        fixture.close()
        fixture.clock.advance(ClockRule.aheadTolerance + 1)
        try fixture.reopen()
        #expect(try await stop(of: fixture)?.contains("超前了36小时") == true)
    }

    @Test("a machine that is switched on and off with a clock set ahead each time is stopped at the second start")
    func switchedOffAndOn() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        fixture.clock.switchOff(for: 35 * Self.hour)
        try fixture.reopen()
        #expect(try await stop(of: fixture) == nil)
        fixture.clock.advance(60_000)
        fixture.close()
        fixture.clock.switchOff(for: 35 * Self.hour)
        try fixture.reopen()
        #expect(try await stop(of: fixture)?.contains("超前了69小时") == true)
        // What was refused is not forgotten by another start.
        try fixture.reopen()
        #expect(try await stop(of: fixture)?.contains("超前了69小时") == true)
    }

    @Test(
        "a bureau that works nine hours a day and switches its machine off each evening is never stopped, for four weeks"
    )
    func everyEvening() async throws {
        let fixture = try Fixture.made()
        for day in 0..<28 {
            for _ in 0..<9 {
                try await fixture.append(fixture.tag())
                fixture.clock.advance(Self.hour)
            }
            fixture.close()
            fixture.clock.switchOff(for: 15 * Self.hour)
            try fixture.reopen()
            #expect(try await stop(of: fixture) == nil, "day \(day)")
        }
    }

    @Test("what is known of the clock has one spelling, and anything else is no slot of a lock file")
    func spelling() throws {
        let trace = try #require(ClockTrace(text: "run-1 1 2 3 4 5 6"))
        #expect(trace.text == "run-1 1 2 3 4 5 6" && trace.anchor.monotonic == 2 && trace.owed == 6)
        for text in [
            "", "none", "run-1", "run-1 1 2 3 4 5", "run-1 1 2 3 4 5 6 7", " 1 2 3 4 5 6", "run-1 1 2 3 4 5 -6",
            "run-1 1 2 3 4 5 06", "run-1 1 2 3 4 5 +6", "run-1  1 2 3 4 5 6", "run-1 1 2 3 4 5 9999999999999999",
        ] {
            #expect(ClockTrace(text: text) == nil, "\(text)")
        }
    }

    @Test(
        "nothing that lies beside the ledger can be taken away to make it forget the clock; without its lock file it is shut"
    )
    func takenAway() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        let directory = fixture.dataPath + "/bureaus/zhaoxian"
        for name in try FileManager.default.contentsOfDirectory(atPath: directory)
        where !name.hasPrefix("ledger.sqlite") {
            try? FileManager.default.removeItem(atPath: directory + "/" + name)
        }
        fixture.clock.leap(35 * Self.hour)
        try fixture.reopen()
        #expect(try await stop(of: fixture)?.contains("超前了35小时") == true)
        fixture.close()
        try FileManager.default.removeItem(atPath: fixture.lockPath)
        #expect(throws: LedgerStartError.self) { try fixture.open() }
    }

    @Test("the machine says which run it is and how long it has run, and the two clocks agree")
    func systemClock() throws {
        let clock = SystemClock()
        let run = try #require(clock.machineRun())
        #expect(run.id.count == 36)
        #expect(abs(run.uptime - clock.monotonicMilliseconds()) < 60_000)
    }
}

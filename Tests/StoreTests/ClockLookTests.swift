import Application
import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Store

/// The clock looked at where nobody records, and what is kept of a stop.
@Suite("A look at the clock", .serialized)
struct ClockLookTests {
    @Test(
        "a clock that leapt is found without a record, and how far it was off and what it said are kept over a new start"
    )
    func found() async throws {
        for (leap, verdict) in [
            (Int64(600_007), ClockRule.Verdict.ahead(600_007)), (-65_000, .back(65_000)),
        ] {
            let fixture = try Fixture.made()
            let thread = fixture.tag()
            try await fixture.append(thread)
            fixture.clock.advance(3_600_000)
            await fixture.ledger.checkClock()
            #expect(fixture.ledger.stopReason() == nil && fixture.ledger.clockStop() == nil)
            #expect(await fixture.ledger.clockObstacle() == nil)
            let last = fixture.known(thread)
            fixture.clock.leap(leap)
            let wrong = fixture.clock.now()
            let told = leap < 0 ? "倒退了1分钟5秒" : "超前了10分钟"
            #expect(await fixture.ledger.clockObstacle()?.contains(told) == true)
            // Right again, and started anew: what two persons are to confirm is what was wrong, not what is right by now.
            fixture.clock.leap(-leap)
            for _ in 0..<2 {
                fixture.clock.advance(5_000)
                let stop = try #require(fixture.ledger.clockStop())
                #expect(stop.verdict == verdict && stop.stoppedAt == wrong && stop.now == fixture.clock.now())
                #expect(fixture.ledger.stopReason()?.contains(told) == true)
                #expect(fixture.ledger.stopReason()?.contains(wrong.chinese) == true)
                #expect(await storeError { try await fixture.append(thread) }?.isStopped == true)
                fixture.forget(thread, last)
                try fixture.reopen()
            }
            _ = try await fixture.ledger.append(try fixture.request([fixture.tag()], type: .clockResumed))
            await fixture.ledger.checkClock()
            #expect(fixture.ledger.clockStop() == nil && fixture.ledger.stopReason() == nil)
            try await fixture.append(thread)
        }
    }

    @Test("a mark of an earlier program stops recording as before; what the clock said then is not known")
    func earlierMark() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        let mark = ClockStopMark.path(in: fixture.dataPath + "/bureaus/zhaoxian")
        try Data("1 1 ahead 600007\n".utf8).write(to: URL(fileURLWithPath: mark))
        try fixture.open()
        let stop = try #require(fixture.ledger.clockStop())
        #expect(stop.verdict == .ahead(600_007) && stop.stoppedAt == nil)
        // One that cannot be read says so instead of a number that nobody measured.
        try Data("1 1 ahead 600007 x\n".utf8).write(to: URL(fileURLWithPath: mark))
        try fixture.reopen()
        #expect(fixture.ledger.stopReason()?.contains("差多少已无法读出") == true)
        #expect(fixture.ledger.clockStop()?.verdict.milliseconds == 0)
    }

    @Test("a ledger that is closed answers a look at once")
    func closed() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        let ledger = try #require(fixture.ledger)
        fixture.close()
        await ledger.checkClock()
    }
}

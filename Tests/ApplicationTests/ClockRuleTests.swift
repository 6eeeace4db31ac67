import Application
import Kernel
import Testing

@Suite("The rule of the clock")
struct ClockRuleTests {
    private static let back = ClockRule.backTolerance
    private static let ahead = ClockRule.aheadTolerance
    private static let leap = ClockRule.leapTolerance
    private static let start = Instant(milliseconds: 1_795_000_000_000)

    /// Every distance at which a verdict can change, with its neighbours.
    private static let distances = [
        -ahead - 1, -ahead, -back - 1, -back, -back + 1, -1, 0, 1, back - 1, back, back + 1, leap - 1, leap,
        leap + 1, ahead - 1, ahead, ahead + 1,
    ]

    @Test("at start: two seconds back and 36 hours ahead are the last that are fit")
    func atStart() {
        #expect(ClockRule.atStart(lastEntry: nil, now: Self.start) == .fit)
        for distance in Self.distances {
            let verdict = ClockRule.atStart(
                lastEntry: Self.start, now: Self.start.advanced(byMilliseconds: distance))
            let expected: ClockRule.Verdict =
                distance < -Self.back ? .back(-distance) : distance > Self.ahead ? .ahead(distance) : .fit
            #expect(verdict == expected, "\(distance)")
        }
    }

    @Test("how far a clock is off is told in hours, minutes and seconds, and never as none")
    func chinese() {
        let rows: [(ClockRule.Verdict, String)] = [
            (.ahead(600_007), "超前了10分钟"), (.ahead(605_000), "超前了10分钟5秒"), (.back(2_001), "倒退了2秒"),
            (.back(65_000), "倒退了1分钟5秒"), (.ahead(40 * 3_600_000), "超前了40小时"),
            (.ahead(7_205_000), "超前了2小时5秒"), (.back(0), "不准，差多少已无法读出"),
        ]
        for (verdict, text) in rows { #expect(verdict.chinese == "服务器时钟\(text)") }
    }

    @Test("before a commit: against the last entry, then against the monotonic clock, for every pair of distances")
    func beforeCommit() {
        for entry in [nil] + Self.distances.map(Optional.some) {
            for drift in Self.distances {
                for elapsed in [Int64(0), 1, 90_000_000_000] {
                    let wall = Self.start.advanced(byMilliseconds: elapsed + drift)
                    let verdict = ClockRule.beforeCommit(
                        lastEntry: entry.map { wall.advanced(byMilliseconds: -$0) },
                        earlier: .init(wall: Self.start, monotonic: 5),
                        now: .init(wall: wall, monotonic: 5 + elapsed))
                    let expected: ClockRule.Verdict =
                        if let entry, entry < -Self.back {
                            .back(-entry)
                        } else if drift < -Self.back {
                            .back(-drift)
                        } else if drift > Self.leap {
                            .ahead(drift)
                        } else {
                            .fit
                        }
                    #expect(verdict == expected, "\(String(describing: entry)) \(drift) \(elapsed)")
                }
            }
        }
    }

    @Test("an entry may lie two seconds before the last one and two seconds after the clock, no further")
    func ofEntry() {
        for toLast in [nil] + Self.distances.map(Optional.some) {
            for toNow in Self.distances {
                let verdict = ClockRule.ofEntry(
                    recordedAt: Self.start, lastEntry: toLast.map { Self.start.advanced(byMilliseconds: -$0) },
                    now: Self.start.advanced(byMilliseconds: -toNow))
                let expected: ClockRule.Verdict =
                    if let toLast, toLast < -Self.back {
                        .back(-toLast)
                    } else if toNow > Self.back {
                        .ahead(toNow)
                    } else {
                        .fit
                    }
                #expect(verdict == expected, "\(String(describing: toLast)) \(toNow)")
            }
        }
    }
}

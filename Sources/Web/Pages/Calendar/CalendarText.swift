import Kernel

/// Writes an iCalendar object (RFC 5545): content lines that end with CR LF and are folded at 75 octets.
///
/// Everything in it is China's time. The zone is carried along, as section 3.6.5 asks of whoever names one: without
/// summer time it has one observance.
struct CalendarText {
    private(set) var bytes: [UInt8] = []

    /// The zone that times are given in.
    static let zone = "Asia/Shanghai"
    /// Octets of a line without its end (section 3.1).
    private static let lineLimit = 75

    /// A calendar that is read again every hour.
    init(name: String) {
        line("BEGIN", "VCALENDAR")
        line("VERSION", "2.0")
        line("PRODID", "-//Liuhen//Terms//ZH")
        line("CALSCALE", "GREGORIAN")
        line("METHOD", "PUBLISH")
        text("X-WR-CALNAME", name)
        line("X-WR-TIMEZONE", CalendarText.zone)
        line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
        line("X-PUBLISHED-TTL", "PT1H")
        line("BEGIN", "VTIMEZONE")
        line("TZID", CalendarText.zone)
        line("BEGIN", "STANDARD")
        line("DTSTART", "19700101T000000")
        line("TZOFFSETFROM", "+0800")
        line("TZOFFSETTO", "+0800")
        line("TZNAME", "CST")
        line("END", "STANDARD")
        line("END", "VTIMEZONE")
    }

    /// One term as an event that takes no time of the day away.
    mutating func add(_ event: CalendarEvent, stamp: Instant) {
        line("BEGIN", "VEVENT")
        line("UID", event.id)
        line("DTSTAMP", CalendarText.utc(stamp))
        switch event.term {
        case .day(let day):
            line("DTSTART;VALUE=DATE", CalendarText.basic(day))
            line("DTEND;VALUE=DATE", CalendarText.basic(day.advanced(by: 1)))
        case .instant(let instant):
            line("DTSTART;TZID=\(CalendarText.zone)", CalendarText.local(instant))
        }
        text("SUMMARY", event.summary)
        text("DESCRIPTION", event.description)
        if !event.url.isEmpty { line("URL;VALUE=URI", event.url) }
        line("TRANSP", "TRANSPARENT")
        line("CLASS", "PRIVATE")
        line("BEGIN", "VALARM")
        line("ACTION", "DISPLAY")
        text("DESCRIPTION", event.summary)
        // A day's term is called to mind at nine the morning before, one in hours two hours before.
        line("TRIGGER", event.term.isDay ? "-PT15H" : "-PT2H")
        line("END", "VALARM")
        line("END", "VEVENT")
    }

    /// The whole object.
    mutating func finished() -> [UInt8] {
        line("END", "VCALENDAR")
        return bytes
    }

    /// A value of type TEXT (section 3.3.11). Control characters have no place in one and are left out.
    mutating func text(_ name: String, _ value: String) {
        var escaped: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: ";"), UInt8(ascii: ","): escaped += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): escaped += Array("\\n".utf8)
            case 0..<0x20, 0x7f: break
            default: escaped.append(byte)
            }
        }
        fold(Array(name.utf8) + [UInt8(ascii: ":")] + escaped)
    }

    private mutating func line(_ name: String, _ value: String) {
        fold(Array("\(name):\(value)".utf8))
    }

    /// Folds between characters, never within one: section 3.1 allows the cut, and many readers cannot mend it.
    private mutating func fold(_ line: [UInt8]) {
        var rest = line[...]
        var room = CalendarText.lineLimit
        while rest.count > room {
            var cut = rest.startIndex + room
            while rest[cut] & 0xC0 == 0x80 { cut -= 1 }
            bytes += rest[..<cut] + [0x0D, 0x0A, UInt8(ascii: " ")]
            rest = rest[cut...]
            room = CalendarText.lineLimit - 1
        }
        bytes += rest + [0x0D, 0x0A]
    }

    private static func basic(_ day: CivilDay) -> String {
        let parts = day.parts
        return Decimal.padded(parts.year, to: 4) + Decimal.padded(parts.month, to: 2) + Decimal.padded(parts.day, to: 2)
    }

    private static func local(_ instant: Instant) -> String {
        let time = instant.timeOfDay
        let clock = [time.hour, time.minute, time.second].map { Decimal.padded($0, to: 2) }.joined()
        return "\(basic(instant.day))T\(clock)"
    }

    private static func utc(_ instant: Instant) -> String {
        "\(local(instant.advanced(byMilliseconds: -Instant.chinaOffset)))Z"
    }
}

/// A term as a calendar shows it.
struct CalendarEvent {
    /// The same for the same obligation in every reading, so that an event moves with its term.
    let id: String
    let term: Term
    let summary: String
    let description: String
    /// The page it stands on; empty where the server's own name is not known.
    let url: String

    /// When it ends: with a day, or at an instant.
    enum Term: Hashable {
        case day(CivilDay)
        case instant(Instant)

        /// Terms in days end at 24:00: their last instant lies on it or just before.
        init(_ due: Instant) {
            let time = due.timeOfDay
            if time == (0, 0, 0, 0) {
                self = .day(due.day.advanced(by: -1))
            } else if (time.hour, time.minute) == (23, 59) {
                self = .day(due.day)
            } else {
                self = .instant(due)
            }
        }

        var isDay: Bool { if case .day = self { true } else { false } }
    }
}

import Application
import Casework
import Kernel

/// One obligation (应办事项) with its article, its clock and the button that meets it.
struct ObligationCard: Sendable, Hashable {
    var title: String
    /// The articles, each with the page that explains it.
    var sources: [Source]
    var tone: Tag.Tone
    var tag: String
    /// `11月21日 09:12 前`; empty without a term.
    var due = ""
    /// The case, on the work list.
    var caseTitle: String?
    var caseHref: String?
    /// Who has to act, if it is somebody else.
    var who = ""
    var action: Action?
    /// The page that explains it.
    var detailHref: String?
    /// The document, visit or recording that it is about, where it is about one of several.
    var about = ""
    /// The higher rule that takes the place of a row here; empty where none does.
    var higherRule = ""
    /// The same duty about other things: what each is about, with the page that explains it.
    var folded: [Source] = []

    /// Whether nothing is left to do.
    var isSettled: Bool { tone == .done || tone == .quiet || tag == "逾期履行" }

    struct Source: Sendable, Hashable {
        let label: String
        let href: String?

        /// Rows of one paragraph are one article to a reader: each is named once, with the page of the first.
        static func distinct(_ sources: [Source]) -> [Source] {
            var seen: Set<String> = []
            return sources.filter { seen.insert($0.label).inserted }
        }
    }

    struct Action: Sendable, Hashable {
        let label: String
        let href: String
    }

    var html: HTML {
        """
        <article class="ob \(tone.rawValue)">\(caseTitle.map { title in
            "<p class=\"ob-case\">\(caseHref.map { "<a href=\"\($0)\">\(title)</a>" as HTML } ?? "\(title)")</p>" as HTML
        })<h3>\(detailHref.map { "<a href=\"\($0)\">\(title)</a>" as HTML } ?? "\(title)")\(folded.isEmpty ? "" : " <span class=\"times\">×\(folded.count)</span>" as HTML)</h3>
        \(about.isEmpty || !folded.isEmpty ? "" : "<p class=\"about\">\(about)</p>\n" as HTML)\(higherRule.isEmpty ? "" : "<p class=\"about\">\(higherRule)</p>\n" as HTML)<p class="src">\(cited)</p>
        <div class="clock"><span>\(Tag(text: tag, tone: tone).html)\(due.isEmpty ? "" : " <span class=\"due\">\(due)</span>" as HTML)</span>\(action.map { Button(label: $0.label, href: $0.href, style: .small).html })</div>
        \(folded.isEmpty ? "" : many)</article>

        """
    }

    /// The articles, and whose it is.
    var cited: HTML {
        """
        \(Source.distinct(sources).enumerated().html { index, source in
            "\(index == 0 ? "" : " · ")\(source.href.map { "<a href=\"\($0)\">\(source.label)</a>" as HTML } ?? "\(source.label)")"
        })\(who.isEmpty ? "" : "<span class=\"who\">由\(who)办理</span>" as HTML)
        """
    }

    private var many: HTML {
        """
        <details class="folded"><summary>分别是哪\(folded.count)项</summary><ul>\(folded.html { one in
            "<li>\(one.href.map { "<a href=\"\($0)\">\(one.label)</a>" as HTML } ?? "\(one.label)")</li>"
        })</ul></details>

        """
    }

    /// Cards that say the same of several things stand as one, which counts and names them, in the place of the first.
    static func folded(_ cards: [ObligationCard]) -> [ObligationCard] {
        var result: [ObligationCard] = []
        for card in cards {
            guard let place = result.firstIndex(where: { $0.saysTheSame(as: card) }) else {
                result.append(card)
                continue
            }
            if result[place].folded.isEmpty { result[place].folded = [result[place].item] }
            result[place].folded.append(card.item)
            result[place].detailHref = nil
        }
        return result
    }

    private var item: Source { Source(label: about.isEmpty ? title : about, href: detailHref) }

    private func saysTheSame(as other: ObligationCard) -> Bool {
        title.utf8.elementsEqual(other.title.utf8) && tone == other.tone && tag.utf8.elementsEqual(other.tag.utf8)
            && sources == other.sources && action == nil && other.action == nil
            && who.utf8.elementsEqual(other.who.utf8) && higherRule.utf8.elementsEqual(other.higherRule.utf8)
    }
}

/// Terms in words.
enum TermText {
    /// `剩 21 小时`, `剩 3 天`, `已逾期 2 小时`: whole units, rounded down, so that nobody believes to have more time.
    static func rest(until lateFrom: Instant, at now: Instant) -> String {
        let left = lateFrom.milliseconds(since: now)
        return left > 0 ? "剩 \(span(left))" : "已逾期 \(span(-left))"
    }

    /// A length of time in its largest whole unit.
    static func span(_ milliseconds: Int64) -> String {
        let minutes = milliseconds / 60_000
        if minutes < 1 { return "不到 1 分钟" }
        if minutes < 120 { return "\(minutes) 分钟" }
        if minutes < 48 * 60 { return "\(minutes / 60) 小时" }
        return "\(minutes / 1440) 天"
    }

    /// The end of a term; or the day of a reminder, by which nobody is late.
    static func due(_ instant: Instant, isReminder: Bool, at now: Instant) -> String {
        isReminder ? "提醒日\(short(instant.day, at: now))" : due(instant, at: now)
    }

    /// `11月21日 09:12 前`; a term that ends with a day says the day alone, and another year is named.
    static func due(_ instant: Instant, at now: Instant) -> String {
        // A term in days ends at 24:00; the end itself is in time, so the last instant is just before it or on it.
        let time = instant.timeOfDay
        let isMidnight = time == (0, 0, 0, 0)
        let isDay = isMidnight || (time.hour, time.minute) == (23, 59)
        let day = short(isMidnight ? instant.day.advanced(by: -1) : instant.day, at: now)
        return isDay ? "\(day)止" : "\(day) \(instant.clock) 前"
    }

    /// `11月20日 星期五`, with the year when it is another.
    static func day(_ day: CivilDay, at now: Instant) -> String {
        let parts = day.parts
        let year = parts.year == now.day.parts.year ? "" : "\(parts.year)年"
        let weekday = ["一", "二", "三", "四", "五", "六", "日"][day.weekday - 1]
        return "\(year)\(parts.month)月\(parts.day)日 星期\(weekday)"
    }

    /// `11月20日`, with the year when it is another.
    static func short(_ day: CivilDay, at now: Instant) -> String {
        let parts = day.parts
        return "\(parts.year == now.day.parts.year ? "" : "\(parts.year)年")\(parts.month)月\(parts.day)日"
    }
}

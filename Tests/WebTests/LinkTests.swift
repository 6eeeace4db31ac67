import Casework
import Foundation
import Kernel
import Testing

@testable import Application
@testable import Web

/// Whoever is signed in can follow every link that a page shows: none is dead, none leads where they have no right.
@Suite("Links of the pages", .serialized)
struct LinkTests {
    /// A link without its ids and its query, so that one page of each sort is opened a few times and no more.
    private static func sort(_ link: String) -> String {
        link.replacingOccurrences(of: "[0-9a-f]{32,64}", with: "*", options: .regularExpression)
            .replacingOccurrences(of: "(row|left|right|from|q)=[^&]*", with: "$1=*", options: .regularExpression)
            .replacingOccurrences(of: "(provisions|obligations)/[^?]*", with: "$1/*", options: .regularExpression)
    }

    private static func links(_ page: String, from path: String) -> [String] {
        let place = path.prefix { $0 != "?" }
        return page.components(separatedBy: " href=\"").dropFirst().compactMap { rest in
            let link = String(rest.prefix { $0 != "\"" && $0 != "#" }).replacingOccurrences(of: "&amp;", with: "&")
            return link.hasPrefix("?") ? place + link : link.hasPrefix("/") && !link.hasPrefix("/assets/") ? link : nil
        }
    }

    @Test("every link that a person sees answers", arguments: Role.allCases)
    func followed(role: Role) async throws {
        let world = try await WebWorld(library: try InstalledRules.library)
        let person = try #require(world.people[role]?.account)
        try await world.serve { browser in
            _ = try await browser.signedIn("lin").inspection(in: world)
            let reader = try await browser.signedIn(person)
            var opened: [String: Int] = [:]
            var waiting = [(link: reader.address.home, from: "the start")]
            var seen: Set<String> = []
            while let (link, from) = waiting.popLast() {
                let sort = Self.sort(link)
                guard seen.insert(link).inserted, opened[sort, default: 0] < 2 else { continue }
                opened[sort, default: 0] += 1
                let answer = try await reader.get(link)
                #expect(answer.status < 400, "\(link) on \(from) was answered \(answer.status)")
                if role == .administrator {
                    #expect(!answer.body.contains("星河纸品厂"), "\(link) names a party to the administrator")
                }
                // A redirection is a link too.
                let next = answer.location.isEmpty ? Self.links(answer.body, from: link) : [answer.location]
                waiting += next.map { ($0, link) }
            }
            #expect(opened.count > 8, "\(opened.keys.sorted())")
        }
    }

    @Test("what a change of the rules does to open cases names no case to whoever has no right to them")
    func effect() throws {
        var forecast = RuleForecast(open: 1)
        let change = RuleForecast.Change(
            kind: .appears, demand: "办结登记", provisions: ["第八条"], dueBefore: nil, dueAfter: nil, who: nil)
        forecast.add(
            [change],
            row: CaseRow(
                thread: ThreadTag(high: 7, low: 7), kind: "inspection", title: "星河纸品厂检查",
                subject: ThreadTag(high: 7, low: 8), subjectName: "清禾县星河纸品厂", handlers: [], stage: .investigation,
                state: .open, openedAt: Instant(milliseconds: 0), endedAt: nil, filedAt: nil,
                lastAt: Instant(milliseconds: 0), entries: 1), at: Instant(milliseconds: 0))
        var effect = RuleEffect(address: Address(try #require(BureauTag("qinghe"))), act: .adopt, forecast: forecast)
        #expect(effect.html.string.contains("第 1 件（行政检查）") && effect.html.string.contains("办结登记"))
        #expect(!effect.html.string.contains("星河") && !effect.html.string.contains("/cases/"))
        // What would be late at once is said before it is.
        #expect(!effect.html.string.contains("已经逾期"))
        forecast.add(
            [
                .init(
                    kind: .appears, demand: "补录", provisions: [], dueBefore: nil, dueAfter: Instant(milliseconds: 5),
                    who: nil)
            ],
            row: effect.forecast?.cases.first?.row, at: Instant(milliseconds: 6))
        var late = effect
        (late.forecast, late.now) = (forecast, Instant(milliseconds: 6))
        #expect(late.html.string.contains("其中 1 项一生效就已经逾期"))
        effect.namesCases = true
        #expect(effect.html.string.contains("清禾县星河纸品厂") && effect.html.string.contains("/cases/"))
    }
}

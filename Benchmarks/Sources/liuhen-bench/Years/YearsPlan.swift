import Application
import Casework
import Kernel
import Ledger
import TestKit

/// What is drawn before anything is written: who works at the bureau, who its parties are, when each case begins.
struct YearsPlan: Sendable {
    static let tag = "qinghe"
    static let origin = "demo.liuhen.invalid/log/qinghe-years"
    /// Days that the cases are spread over.
    static let days = 1095

    let cases: Int
    let seed: UInt64
    /// The ledger's last moment.
    let end: Instant
    let people: People
    let parties: [Party]
    let kinds: [String: DocumentKind]

    struct Party: Sendable {
        let name: String
        let kind: String
        let thread: ThreadTag
    }

    /// Everybody who acts; the accounts of some are open to the load.
    struct People: Sendable {
        let officers: [NewPerson]
        let unitHeads: [NewPerson]
        let reviewers: [NewPerson]
        let custodians: [NewPerson]
        let head: NewPerson
        let administrator: NewPerson

        var all: [NewPerson] { officers + unitHeads + reviewers + custodians + [head] }
        /// Those who have a secret: signing in costs a tenth of a second for each when it is set.
        var withSecrets: [NewPerson] {
            Array(officers.prefix(18)) + unitHeads.prefix(4) + reviewers.prefix(3) + custodians.prefix(3)
                + [head, administrator]
        }
    }

    init(cases: Int, seed: UInt64, end: Instant, kinds: [String: DocumentKind]) {
        self.cases = cases
        self.seed = seed
        self.end = end
        self.kinds = kinds
        var names = FictionalNames(seed: seed)
        var ids = SeededRandom(seed &+ 1)
        let until = end.day.advanced(by: 400)
        func person(_ account: String, _ section: String, _ roles: [Role], certificate: String = "") -> NewPerson {
            NewPerson(
                thread: ThreadTag(high: ids.next(), low: ids.next()), name: names.person(), section: section,
                certificateKind: certificate.isEmpty ? "" : "统计执法证", certificateNumber: certificate,
                certificateUntil: certificate.isEmpty ? nil : until, roles: roles, account: account)
        }
        // A bureau of a dozen officers has forty cases a year; as many as these are a province's.
        let officers = max(6, cases / 330)
        people = People(
            officers: (0..<officers).map { number in
                person("officer\(number)", "检查\(number % 12 + 1)科", [.officer], certificate: "QH-T-\(10_000 + number)")
            },
            unitHeads: (0..<6).map { person("unit\($0)", "检查\($0 + 1)科", [.unitHead]) },
            reviewers: (0..<5).map { person("legal\($0)", "法规科", [.legalReviewer]) },
            custodians: (0..<3).map { person("archive\($0)", "办公室", [.custodian]) },
            head: person("head", "局领导", [.agencyHead, .departmentHead]),
            administrator: person("admin", "办公室", [.administrator]))
        parties = (0..<max(4, cases / 2)).map { _ in
            let (name, kind) = names.next()
            return Party(name: name, kind: kind, thread: ThreadTag(high: ids.next(), low: ids.next()))
        }
    }

    /// When a case begins: cases come evenly, in order, on working hours.
    func start(of index: Int) -> Instant {
        var random = SeededRandom(seed &+ 7 &+ UInt64(index))
        let span = Int64(Self.days) * 86_400_000
        let from = end.advanced(byMilliseconds: -span)
        let begin = from.advanced(byMilliseconds: Int64(Double(span) * Double(index) / Double(cases)))
        // Within the day the order of cases is kept: only the hours are squeezed into those of work.
        _ = random.next()
        return begin
    }

    /// The largest case is in the middle of the years, so that it is closed.
    var largest: Int { cases / 2 }
    /// Entries of the largest case.
    var largestEntries: Int { cases >= 10_000 ? 5000 : 500 }

    /// The secret of an account, as the demonstration's accounts have them.
    static func secret(of account: String) -> String { "demo-\(account)-2026" }
}

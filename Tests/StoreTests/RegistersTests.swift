import Application
import Casework
import Kernel
import TestKit
import Testing

@testable import Store

@Suite("The registers", .serialized)
struct RegistersTests {
    /// Puts rows into a ledger, each with an entry of its thread.
    private func put(_ fixture: Fixture, _ rows: [ProjectionRow]) async throws {
        for row in rows { try await fixture.append(row.key.owner, upserting: [row]) }
    }

    @Test("every kind of row comes back as it was put, changed, and gone when it is removed")
    func roundTrip() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        let at = TestClock.start
        var person = PersonRow(
            thread: thread, name: "王测试", section: "执法股", certificateNumber: "冀01-1",
            certificateUntil: CivilDay("2027-01-31"), roles: [.officer, .unitHead], account: "wang", accountState: .open
        )
        var subject = SubjectRow(thread: thread, kind: "organisation", name: "测试厂", code: "91130000TEST000001")
        var caseFile = fixture.caseRow(thread, handlers: [fixture.tag(), fixture.tag()])
        var document = DocumentRow(
            id: DocumentID(high: 1, low: 2), caseThread: thread, kind: "decision", state: .fixed, fixedAt: at,
            issuedAt: nil, year: nil, number: nil, numberText: "", openSlots: ["party", "officer \"1\""])
        var obligation = ObligationRow(
            caseThread: thread, key: "serve/1", matter: "serve", state: .open, title: "送达",
            provisions: ["zhaoxian-2017:8"],
            gate: "CLOSE", who: "handler", due: at, lateFrom: at.advanced(byMilliseconds: 1))
        var recording = RecordingRow(
            thread: thread, object: ObjectID(high: 3, low: 4), form: "video", fileName: "一.mp4", mediaType: "video/mp4",
            byteCount: 1 << 40, importedAt: at, inspected: false)
        let claim = ClaimRow(thread: thread, kind: .accountName, key: "wang li")

        func rows() -> [ProjectionRow] {
            [
                .person(person), .subject(subject), .caseFile(caseFile), .document(document), .obligation(obligation),
                .recording(recording), .claim(claim),
            ]
        }
        try await fixture.append(thread, upserting: rows())
        #expect(try await fixture.ledger.compareProjections(with: rows(), of: thread) == [])
        #expect(try await fixture.ledger.person(thread) == person)
        #expect(try await fixture.ledger.person(account: "wang") == person)
        #expect(try await fixture.ledger.subject(thread) == subject)
        #expect(try await fixture.ledger.caseFile(thread) == caseFile)
        #expect(try await fixture.ledger.documents(DocumentFilter()) == [document])
        #expect(try await fixture.ledger.obligations(of: thread) == [obligation])
        #expect(try await fixture.ledger.recording(thread) == recording)

        let before = rows()
        person.account = nil
        person.certificateUntil = nil
        subject.name = "另一个厂"
        caseFile.title = "改了名"
        caseFile.handlers.removeFirst()
        caseFile.endedAt = at
        document.state = .issued
        document.year = 2026
        document.number = 7
        obligation.state = .metLate
        obligation.due = nil
        recording.inspected = true
        #expect(try await fixture.ledger.compareProjections(with: rows(), of: thread).count == 6)
        try await fixture.append(thread, upserting: Array(rows().dropLast()))
        #expect(try await fixture.ledger.compareProjections(with: rows(), of: thread) == [])
        #expect(try await fixture.ledger.compareProjections(with: before, of: thread).count == 6)

        let request = try fixture.request([thread], removing: rows().map(\.key))
        _ = try await fixture.ledger.append(request)
        #expect(try await fixture.ledger.compareProjections(with: [], of: thread) == [])
        #expect(try await fixture.ledger.compareProjections(with: rows(), of: thread).allSatisfy { $0.stored == nil })
        let faults = try await fixture.ledger.read { try SearchIndex(connection: $0).faults() }
        #expect(faults == [])
    }

    @Test("every substring of a title or a party of any length is found, and nothing else is")
    func search() async throws {
        let fixture = try Fixture.made()
        let texts = ["对赵县“测试”面粉厂(一分厂)的检查", "A公司 100%控股", "赵县面粉", "粉面县赵", "𠮷野家<b>的案", "a%b_c*\"d"]
        let rows = texts.enumerated().map { index, text in
            fixture.caseRow(
                fixture.tag(), title: text, party: index == 2 ? "县测" : "某某",
                openedAt: TestClock.start.advanced(byMilliseconds: Int64(index)))
        }
        try await put(fixture, rows.map { .caseFile($0) })
        var words: Set<String> = ["县测", "某", "不存在", "粉县", "赵面", "检一", "**", "%", "_", "\"\"", "厂某"]
        for text in texts {
            let scalars = Array(text.unicodeScalars)
            for start in scalars.indices {
                for end in start..<min(start + 6, scalars.count) {
                    var word = String.UnicodeScalarView()
                    word.append(contentsOf: scalars[start...end])
                    words.insert(String(word))
                }
            }
        }
        for word in words where word.unicodeScalars.allSatisfy({ !$0.properties.isWhitespace }) {
            var filter = CaseFilter()
            filter.text = word
            filter.sort = .oldest
            let page = try await fixture.ledger.cases(filter)
            let expected = rows.filter { row in
                contains(row.title, word) || contains(row.subjectName, word)
            }
            #expect(page.rows == expected && page.total == expected.count, "\(word)")
        }
        var filter = CaseFilter()
        filter.text = "赵县　面粉 厂"
        #expect(try await fixture.ledger.cases(filter).rows.map(\.title) == [texts[0]])
        #expect(try await fixture.ledger.cases(CaseFilter()).total == texts.count)
    }

    private func contains(_ text: String, _ word: String) -> Bool {
        // Latin letters are found in either case.
        let text = Array(text.lowercased().unicodeScalars)
        let word = Array(word.lowercased().unicodeScalars)
        guard text.count >= word.count else { return false }
        return (0...text.count - word.count).contains { text[$0..<$0 + word.count].elementsEqual(word) }
    }

    @Test("every combination of filter, order and page gives what a plain filter of all rows gives")
    func caseFilters() async throws {
        let fixture = try Fixture.made()
        var random = SeededRandom(5)
        let people = [fixture.tag(), fixture.tag()]
        var rows: [CaseRow] = []
        for index in 0..<40 {
            let party = index % 3 == 0 ? "面粉厂" : "副食店"
            let kind = index % 2 == 0 ? "inspection" : "penalty"
            let handlers = people.filter { _ in Bool.random(using: &random) }
            rows.append(
                fixture.caseRow(
                    fixture.tag(), title: "案\(index % 7)", party: party, kind: kind, handlers: handlers,
                    stage: Stage.allCases[index % 5], state: CaseRow.State.allCases[index % 3],
                    openedAt: TestClock.start.advanced(byMilliseconds: Int64(index / 2)),
                    lastAt: TestClock.start.advanced(byMilliseconds: Int64(100 - index))))
        }
        try await put(fixture, rows.map { .caseFile($0) })
        for text in ["", "粉厂"] {
            for kind in [nil, "penalty"] {
                for state in [nil, CaseRow.State.ended] {
                    for stage in [nil, Stage.decision] {
                        for handler in [nil, people[0]] {
                            for sort in CaseFilter.Sort.allCases {
                                var filter = CaseFilter()
                                (filter.text, filter.kind, filter.state, filter.stage) = (text, kind, state, stage)
                                (filter.handler, filter.sort, filter.pageSize) = (handler, sort, 7)
                                let expected = Self.sorted(rows, filter)
                                for page in 1...3 {
                                    filter.page = page
                                    let found = try await fixture.ledger.cases(filter)
                                    #expect(found.total == expected.count)
                                    #expect(found.rows == Array(expected.dropFirst((page - 1) * 7).prefix(7)))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("inspections that led to a penalty case are found by the claim, with every other condition")
    func ledInspections() async throws {
        let fixture = try Fixture.made()
        let people = [fixture.tag(), fixture.tag()]
        var led: Set<ThreadTag> = []
        for index in 0..<12 {
            let thread = fixture.tag()
            try await put(fixture, [.caseFile(fixture.caseRow(thread, handlers: [people[index % 2]]))])
            guard index % 3 == 0 else { continue }
            led.insert(thread)
            try await put(
                fixture, [.claim(ClaimRow(thread: fixture.tag(), kind: .findingLed, key: "\(thread)/\(index + 9)"))])
        }
        // The same key under another kind says nothing.
        let other = fixture.tag()
        try await put(fixture, [.caseFile(fixture.caseRow(other, handlers: people))])
        try await put(fixture, [.claim(ClaimRow(thread: other, kind: .result, key: "\(other)/1"))])
        var filter = CaseFilter()
        filter.isLed = true
        let found = try await fixture.ledger.cases(filter)
        #expect(found.total == 4 && Set(found.rows.map(\.thread)) == led)
        filter.handler = people[0]
        let own = try await fixture.ledger.cases(filter)
        #expect(own.total == 2 && own.rows.allSatisfy { led.contains($0.thread) && $0.handlers == [people[0]] })
        filter.state = .filed
        #expect(try await fixture.ledger.cases(filter).total == 0)
    }

    /// The rows of a filter without words of the index: rows of one time stand in the order in which they came.
    private static func sorted(_ rows: [CaseRow], _ filter: CaseFilter) -> [CaseRow] {
        var found: [(number: Int, row: CaseRow)] = []
        for (number, row) in rows.enumerated() {
            if !filter.text.isEmpty, !row.subjectName.contains(filter.text) { continue }
            if let kind = filter.kind, row.kind != kind { continue }
            if let state = filter.state, row.state != state { continue }
            if let stage = filter.stage, row.stage != stage { continue }
            if let handler = filter.handler, !row.handlers.contains(handler) { continue }
            found.append((number, row))
        }
        found.sort { left, right in
            switch filter.sort {
            case .newest: (right.row.openedAt, right.number) < (left.row.openedAt, left.number)
            case .oldest: (left.row.openedAt, left.number) < (right.row.openedAt, right.number)
            case .title: (left.row.title, left.number) < (right.row.title, right.number)
            case .lastChange: (right.row.lastAt, right.number) < (left.row.lastAt, left.number)
            }
        }
        return found.map(\.row)
    }

    @Test("open obligations come nearest term first, without term last, by person, by role, and late ones alone")
    func obligations() async throws {
        let fixture = try Fixture.made()
        let (mine, other) = (fixture.tag(), fixture.tag())
        let me = fixture.tag()
        try await put(
            fixture, [.caseFile(fixture.caseRow(mine, handlers: [me])), .caseFile(fixture.caseRow(other))])
        func row(_ thread: ThreadTag, _ key: String, _ who: String, due: Int64?, state: ObligationRow.State = .open)
            -> ObligationRow
        {
            ObligationRow(
                caseThread: thread, key: key, matter: key, state: state, title: key, provisions: [], gate: "CLOSE",
                who: who, due: due.map { TestClock.start.advanced(byMilliseconds: $0) },
                lateFrom: due.map { TestClock.start.advanced(byMilliseconds: $0 + 1) })
        }
        let rows = [
            row(mine, "a", "handler", due: 30), row(mine, "b", "agencyHead", due: nil),
            row(mine, "c", "handler", due: 10),
            row(other, "d", "handler", due: 20), row(other, "e", "handler", due: 5, state: .met),
            row(other, "f", "agencyHead", due: 40),
        ]
        try await put(fixture, rows.map { .obligation($0) })
        func keys(_ change: (inout ObligationFilter) -> Void) async throws -> String {
            var filter = ObligationFilter()
            change(&filter)
            return try await fixture.ledger.openObligations(filter).map(\.key).joined()
        }
        #expect(try await keys { _ in } == "cdafb")
        #expect(try await keys { $0.handler = me } == "cab")
        #expect(try await keys { $0.who = ["agencyHead"] } == "fb")
        #expect(try await keys { $0.who = ["agencyHead", "handler"] } == "cdafb")
        #expect(
            try await keys {
                $0.handler = me
                $0.who = ["handler"]
            } == "ca")
        #expect(try await keys { $0.limit = 2 } == "cd")
        for (at, expected) in [(Int64(10), ""), (11, "c"), (21, "cd"), (100, "cdaf")] {
            #expect(try await keys { $0.lateAt = TestClock.start.advanced(byMilliseconds: at) } == expected)
        }
        #expect(try await fixture.ledger.obligations(of: other).map(\.key) == ["e", "d", "f"])
        func at(_ milliseconds: Int64) -> Instant { TestClock.start.advanced(byMilliseconds: milliseconds) }
        #expect(try await keys { $0.hasTerm = true } == "cdaf")
        #expect(try await keys { $0.hasTerm = false } == "b")
        #expect(try await keys { $0.dueUntil = at(30) } == "cda")
        #expect(try await keys { ($0.dueFrom, $0.dueUntil) = (at(20), at(30)) } == "da")
        // Two pages of two and a rest, whatever narrows the list; the count is of all pages.
        let party = fixture.caseRow(mine).subjectName
        for change in [
            { _ in }, { $0.text = String(party.prefix(2)) }, { $0.handler = me },
            {
                $0.text = party
                $0.handler = me
            },
        ] as [(inout ObligationFilter) -> Void] {
            let whole = try await keys(change)
            var pages = ""
            for page in 1...4 {
                pages += try await keys {
                    change(&$0)
                    ($0.limit, $0.page) = (2, page)
                }
            }
            #expect(pages == whole)
            var filter = ObligationFilter()
            change(&filter)
            #expect(try await fixture.ledger.countOpenObligations(filter) == whole.count)
        }
        #expect(try await keys { $0.text = "没有这样的当事人" } == "")
    }

    @Test(
        "open obligations are counted and their cases listed under each row of the law, also after a change of either")
    func underRows() async throws {
        let fixture = try Fixture.made()
        let (mine, other, me) = (fixture.tag(), fixture.tag(), fixture.tag())
        try await put(
            fixture, [.caseFile(fixture.caseRow(mine, handlers: [me])), .caseFile(fixture.caseRow(other))])
        func row(_ thread: ThreadTag, _ key: String, _ rows: [String], late: Int64? = nil, isOpen: Bool = true)
            -> ProjectionRow
        {
            .obligation(
                ObligationRow(
                    caseThread: thread, key: key, matter: key, state: isOpen ? .open : .met, title: key,
                    provisions: rows, gate: "CLOSE", who: "handler", due: nil,
                    lateFrom: late.map { TestClock.start.advanced(byMilliseconds: $0) }))
        }
        try await put(
            fixture,
            [
                row(mine, "a", ["p:1", "p:2", "q:1"], late: 10), row(mine, "b", ["p:1"], late: 30),
                row(mine, "c", ["p:1"]),
                row(other, "a", ["p:1", "p:1"], late: 20), row(other, "d", ["p:2"], isOpen: false),
                row(other, "e", ["px:1"]),
            ])
        func standings(_ matters: [String], _ at: Int64) async throws -> [String: [ObligationStanding: Int]] {
            try await fixture.ledger.standings(of: matters, at: TestClock.start.advanced(byMilliseconds: at))
        }
        #expect(
            try await standings(["a", "b", "d"], 15) == [
                "a": [.open: 1, .overdue: 1], "b": [.open: 1], "d": [.met: 1],
            ])
        #expect(try await standings(["a"], 9) == ["a": [.open: 2]])
        #expect(try await standings(["c", "nothing"], 99) == ["c": [.open: 1]], "without a term nothing is late")
        #expect(try await standings([], 99) == [:])
        func counts(_ text: String, _ handler: ThreadTag?, _ late: Int64) async throws -> [String] {
            let found = try await fixture.ledger.openCounts(
                of: text, handler: handler, at: TestClock.start.advanced(byMilliseconds: late))
            return found.map { "\($0.key) \($0.value.open) \($0.value.late)" }.sorted()
        }
        #expect(try await counts("p", nil, 9) == ["p:1 4 0", "p:2 1 0"])
        #expect(try await counts("p", nil, 20) == ["p:1 4 2", "p:2 1 1"])
        #expect(try await counts("p", me, 20) == ["p:1 3 1", "p:2 1 1"])
        #expect(try await counts("q", nil, 10) == ["q:1 1 1"])
        #expect(try await counts("p:1", nil, 99) == [])
        #expect(try await counts("nothing", nil, 99) == [])
        func cases(_ row: String, _ late: Int64?, _ change: (inout CaseFilter) -> Void = { _ in }) async throws
            -> Set<ThreadTag>
        {
            var filter = CaseFilter()
            filter.provision = row
            filter.lateAt = late.map { TestClock.start.advanced(byMilliseconds: $0) }
            change(&filter)
            let page = try await fixture.ledger.cases(filter)
            #expect(page.total == page.rows.count && Set(page.rows.map(\.thread)).count == page.total)
            return Set(page.rows.map(\.thread))
        }
        let party = fixture.caseRow(mine).subjectName
        #expect(try await cases("p:1", nil) == [mine, other])
        #expect(try await cases("p:2", nil) == [mine])
        #expect(try await cases("p:1", 19) == [mine])
        #expect(try await cases("p:1", 9) == [])
        #expect(try await cases("p:3", nil) == [])
        #expect(try await cases("p:1", 20) { $0.handler = me } == [mine])
        #expect(try await cases("p:1", 20) { $0.text = party } == [mine, other])
        #expect(try await cases("p:1", nil) { $0.state = .filed } == [])
        // Met, taken away, put anew under another row: nothing stays behind.
        try await put(fixture, [row(mine, "a", ["p:1", "p:2", "q:1"], isOpen: false), row(mine, "b", ["p:9"])])
        let removal = try fixture.request([mine], removing: [.init(table: .obligation, owner: mine, local: "c")])
        _ = try await fixture.ledger.append(removal)
        #expect(try await counts("p", nil, 99) == ["p:1 1 1", "p:9 1 0"])
        #expect(try await counts("q", nil, 99) == [])
    }

    @Test(
        "documents that wait for a place are found by kind and place, filed or not, by who handles the case, oldest first"
    )
    func signatures() async throws {
        let fixture = try Fixture.made()
        let (mine, other, filed) = (fixture.tag(), fixture.tag(), fixture.tag())
        let me = fixture.tag()
        var closed = fixture.caseRow(filed)
        closed.state = .filed
        try await put(
            fixture,
            [.caseFile(fixture.caseRow(mine, handlers: [me])), .caseFile(fixture.caseRow(other)), .caseFile(closed)])
        func row(
            _ id: UInt64, _ thread: ThreadTag, _ kind: String, _ slots: [String], _ state: DocumentRow.State = .fixed
        ) -> DocumentRow {
            DocumentRow(
                id: DocumentID(high: 1, low: id), caseThread: thread, kind: kind, state: state,
                fixedAt: TestClock.start.advanced(byMilliseconds: -Int64(id)), issuedAt: nil, year: nil, number: nil,
                numberText: "", openSlots: slots)
        }
        let rows = [
            row(1, mine, "form", ["agencyHead"]), row(2, other, "form", ["handler", "agencyHead"]),
            row(3, other, "notice", ["officer2"]), row(4, mine, "notice", ["officer1", "party"]),
            row(5, other, "form", ["agencyHead"], .void), row(6, filed, "form", ["agencyHead"]),
            row(7, other, "form", ["agencyHeadOffice"]),
        ]
        try await put(fixture, rows.map { .document($0) })
        func found(_ filter: SignatureFilter) async throws -> [UInt64] {
            let ids = try await fixture.ledger.documentsToSign(filter).map(\.id)
            #expect(try await fixture.ledger.countDocumentsToSign(filter) == ids.count)
            return ids.compactMap { id in rows.first { $0.id == id } }.compactMap { row in
                (1...7).first { DocumentID(high: 1, low: $0) == row.id }
            }
        }
        let head = SignatureFilter(places: [.init(kind: "form", slot: "agencyHead")])
        #expect(try await found(head) == [6, 2, 1])
        var others = head
        others.notHandledBy = me
        #expect(try await found(others) == [6, 2])
        var officers = SignatureFilter(places: [.init(kind: "notice", slot: "officer*")])
        #expect(try await found(officers) == [4, 3])
        officers.handler = me
        #expect(try await found(officers) == [4])
        #expect(try await found(SignatureFilter(places: [])) == [])
        (officers.handler, officers.limit, officers.page) = (nil, 1, 2)
        #expect(try await fixture.ledger.documentsToSign(officers).map(\.id) == [rows[2].id])
    }

    @Test("the holder of what may exist once is found by its key")
    func holders() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await put(fixture, [.claim(ClaimRow(thread: thread, kind: .findingLed, key: "a/1"))])
        #expect(try await fixture.ledger.holder(of: .findingLed, key: "a/1") == thread)
        #expect(try await fixture.ledger.holder(of: .findingLed, key: "a/2") == nil)
        #expect(try await fixture.ledger.holder(of: .result, key: "a/1") == nil)
    }

    @Test("what waits for a person is found under that person alone, in the order of the keys, a page at a time")
    func waiting() async throws {
        let fixture = try Fixture.made()
        let (owner, other) = (ThreadTag(high: 7, low: 15), ThreadTag(high: 7, low: 16))
        let threads = (1...4).map { ThreadTag(high: 9, low: UInt64($0)) }
        for (index, thread) in threads.enumerated() {
            let key = "\(index == 2 ? other : owner)/\(thread)"
            try await put(fixture, [.claim(ClaimRow(thread: thread, kind: .unitReview, key: key))])
        }
        try await put(fixture, [.claim(ClaimRow(thread: other, kind: .result, key: "\(owner)/x"))])
        func found(_ person: ThreadTag, _ limit: Int) async throws -> [ThreadTag] {
            try await fixture.ledger.holders(of: .unitReview, under: person, limit: limit)
        }
        #expect(try await found(owner, 10) == [threads[0], threads[1], threads[3]])
        #expect(try await found(owner, 2) == [threads[0], threads[1]])
        #expect(try await found(other, 10) == [threads[2]])
        #expect(try await found(ThreadTag(high: 7, low: 14), 10).isEmpty)
        #expect(try await found(owner, 0).isEmpty)
    }

    @Test("claims of one owner are found in order, without those that a part of their key excludes, a page at a time")
    func claims() async throws {
        let fixture = try Fixture.made()
        let thread = ThreadTag(high: 9, low: 1)
        for key in ["heads/2/-b", "heads/1/-a-c", "heads/3/", "heads0/0/", "head/0/", "superiors/0/"] {
            try await put(fixture, [.claim(ClaimRow(thread: thread, kind: .pendingWord, key: key))])
        }
        try await put(fixture, [.claim(ClaimRow(thread: thread, kind: .result, key: "heads/0/"))])
        func found(_ owner: String, without part: String, _ limit: Int = 10) async throws -> [String] {
            try await fixture.ledger.claims(of: .pendingWord, under: owner, without: part, limit: limit).map(\.key)
        }
        #expect(try await found("heads", without: "-x") == ["heads/1/-a-c", "heads/2/-b", "heads/3/"])
        #expect(try await found("heads", without: "-c") == ["heads/2/-b", "heads/3/"])
        #expect(try await found("heads", without: "-b", 1) == ["heads/1/-a-c"])
        #expect(try await found("head", without: "-x") == ["head/0/"])
        #expect(try await found("nobody", without: "-x").isEmpty)
    }

    @Test("documents by case, kind, state and year, newest first; the last number counts void ones")
    func documents() async throws {
        let fixture = try Fixture.made()
        let threads = [fixture.tag(), fixture.tag()]
        var rows: [DocumentRow] = []
        for index in 0..<24 {
            let kind = index % 3 == 0 ? "decision" : "notice"
            let numbered = index % 4 >= 2
            rows.append(
                DocumentRow(
                    id: DocumentID(high: 1, low: UInt64(index)), caseThread: threads[index % 2], kind: kind,
                    state: DocumentRow.State.allCases[index % 4],
                    fixedAt: TestClock.start.advanced(byMilliseconds: Int64(index)), issuedAt: nil,
                    year: numbered ? 2026 + index % 2 : nil, number: numbered ? index : nil, numberText: "",
                    openSlots: []))
        }
        try await put(fixture, rows.map { .document($0) })
        for thread in [nil, threads[1]] {
            for kind in [nil, "decision"] {
                for state in [nil, DocumentRow.State.void] {
                    for year in [nil, 2027] {
                        var filter = DocumentFilter()
                        (filter.caseThread, filter.kind, filter.state, filter.year) = (thread, kind, state, year)
                        let expected = rows.reversed().filter {
                            (thread == nil || $0.caseThread == thread) && (kind == nil || $0.kind == kind)
                                && (state == nil || $0.state == state) && (year == nil || $0.year == year)
                        }
                        #expect(try await fixture.ledger.documents(filter) == expected)
                        (filter.pageSize, filter.page) = (5, 2)
                        #expect(try await fixture.ledger.documents(filter) == Array(expected.dropFirst(5).prefix(5)))
                    }
                }
            }
        }
        // Of 2027 the numbers with kind `decision` are those of void documents alone.
        #expect(rows.last { $0.kind == "decision" && $0.year == 2027 }?.state == .void)
        #expect(try await fixture.ledger.lastNumber(kind: "decision", year: 2027) == 15)
        #expect(try await fixture.ledger.lastNumber(kind: "decision", year: 2025) == 0)
    }

    @Test("people by name, recordings to inspect oldest first, parties by name or code")
    func others() async throws {
        let fixture = try Fixture.made()
        let names = ["李测试", "王测试", "丁测试"]
        try await put(fixture, names.map { .person(PersonRow(thread: fixture.tag(), name: $0)) })
        #expect(try await fixture.ledger.persons().map(\.name) == ["丁测试", "李测试", "王测试"])
        #expect(try await fixture.ledger.person(account: "nobody") == nil)

        let recordings = (0..<6).map { index in
            RecordingRow(
                thread: fixture.tag(), object: ObjectID(high: 0, low: UInt64(index)), form: "photo", fileName: "f",
                mediaType: "image/jpeg", byteCount: 1,
                importedAt: TestClock.start.advanced(byMilliseconds: Int64(-index)), inspected: index % 2 == 0)
        }
        try await put(fixture, recordings.map { .recording($0) })
        let waiting = try await fixture.ledger.recordingsToInspect(after: nil, limit: 2)
        #expect(waiting == [recordings[5], recordings[3]])
        #expect(try await fixture.ledger.recordingsToInspect(after: waiting[1], limit: 2) == [recordings[1]])
        #expect(try await fixture.ledger.recordingsToInspect(after: recordings[1], limit: 2) == [])

        let parties = [("面粉厂", "9113A"), ("粉条厂", "9114b")].map {
            SubjectRow(thread: fixture.tag(), kind: "organisation", name: $0, code: $1)
        }
        try await put(fixture, parties.map { .subject($0) })
        #expect(try await fixture.ledger.subjects(matching: "粉条", limit: 9) == [parties[1]])
        #expect(try await fixture.ledger.subjects(matching: "9113a", limit: 9) == [parties[0]])
        #expect(try await fixture.ledger.subjects(matching: "厂 911", limit: 9).count == 2)
        #expect(try await fixture.ledger.subjects(matching: "厂 911", limit: 1).count == 1)
        #expect(try await fixture.ledger.subjects(matching: "", limit: 9).count == 2)
        #expect(try await fixture.ledger.subjects(matching: "粉面", limit: 9) == [])
    }
}

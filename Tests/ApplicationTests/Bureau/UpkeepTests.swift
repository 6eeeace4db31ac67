import Application
import Casework
import Kernel
import Ledger
import TestKit
import Testing

@Suite("Setting up and keeping a bureau")
struct UpkeepTests {
    private func tasks(_ world: BureauWorld) async throws -> [SetupTask] {
        SetupTask.all(
            profile: try await world.chambers.profile(), upkeep: try await world.chambers.upkeep(),
            law: try await world.chambers.law(), persons: try await world.registers.persons(), at: world.clock.now())
    }

    private func state(_ subject: SetupTask.Subject, _ world: BureauWorld) async throws -> SetupTask.State? {
        try await tasks(world).first { $0.subject == subject }?.state
    }

    @Test("each task of a new bureau turns to done by the very act that does it, and no other task with it")
    func tasks() async throws {
        let world = try await BureauWorld()
        let by = try await world.performer(world.administrator)
        let head = try await world.performer(world.head)
        let year = world.clock.now().day.parts.year
        let parent = try #require(world.library.newest("parent-law"))
        func person(_ name: String, _ role: Role, _ number: String = "") async throws {
            let person = NewPerson(
                thread: .random(), name: name, section: "", certificateNumber: number,
                certificateUntil: number.isEmpty ? nil : CivilDay("2030-12-31"), roles: [role],
                account: "a\(role.rawValue.lowercased())")
            _ = try await world.casebook.register(person, command: .random(), by: by)
        }
        func record(_ fact: Fact) async throws {
            _ = try await world.casebook.record([fact], by: .system, command: .random())
        }
        let acts: [(SetupTask.Subject, () async throws -> Void)] = [
            (
                .numbers,
                {
                    var settings = BureauSettings(try await world.chambers.profile())
                    settings.mark = "清禾统"
                    let seq = try await world.chambers.records().count
                    _ = try await world.casebook.change(settings, expecting: seq, command: .random(), by: by)
                }
            ),
            (.role(.officer), { try await person("林小满", .officer, "统执2") }),
            (.role(.unitHead), { try await person("许知秋", .unitHead) }),
            (.role(.legalReviewer), { try await person("方砚", .legalReviewer) }),
            (.role(.departmentHead), { try await person("顾南风", .departmentHead) }),
            (.role(.custodian), { try await person("江念", .custodian) }),
            (
                .regulation(world.adopted, title: try #require(world.library.regulation(world.adopted)).title),
                {
                    _ = try await world.casebook.confirmRegulation(
                        world.adopted, approver: .agencyHead, custodian: .custodian, reason: "依据", command: .random(),
                        by: head)
                }
            ),
            (
                .regulation(parent.digest, title: parent.regulation.title),
                {
                    _ = try await world.casebook.confirmRegulation(
                        parent.digest, approver: nil, custodian: nil, reason: "依据", command: .random(), by: head)
                }
            ),
            (
                .calendar(year),
                {
                    let table = try #require(world.library.calendars.first { $0.year.year == year })
                    _ = try await world.casebook.adopt(calendar: table, command: .random(), by: by)
                    // The bureau works by now: what the administrator prepared waits for the head.
                    let waiting = try await world.chambers.upkeep().settingProposals
                    #expect(try await tasks(world).contains { $0.subject == .settingProposals })
                    for proposal in waiting {
                        _ = try await world.casebook.confirmSettings(proposal.seq, command: .random(), by: head)
                    }
                }
            ),
            (
                .backup,
                {
                    try await record(
                        Fact(
                            .backupMade, in: world.thread,
                            plain: ["entries": 1, "objects": 0, "root": .string(Digest.zero.description), "size": 1]))
                }
            ),
            (.recoverySheet, { try await record(Fact(.recoveryConfirmed, in: world.thread, plain: ["group": 3])) }),
            (
                .checkpoint,
                { _ = try await world.casebook.keepCheckpoint(at: "市局", command: .random(), by: by) }
            ),
        ]
        for (subject, act) in acts {
            let before = try await tasks(world).filter { $0.state != .done }.map(\.subject)
            #expect(before.contains(subject), "\(subject) was not asked for")
            try await act()
            let after = try await tasks(world).filter { $0.state != .done }.map(\.subject)
            #expect(after == before.filter { $0 != subject }, "\(subject)")
        }
        #expect(try await tasks(world).filter { $0.state != .done }.map(\.subject) == [.calendar(year + 1)])
    }

    @Test("backups, checkpoints and certificates come up again when their day comes, and not a day before")
    func ageing() async throws {
        let world = try await BureauWorld()
        let by = try await world.performer(world.administrator)
        _ = try await world.casebook.record(
            [
                Fact(
                    .backupMade, in: world.thread,
                    plain: ["entries": 1, "objects": 0, "root": .string(Digest.zero.description), "size": 1])
            ], by: .system, command: .random())
        _ = try await world.casebook.keepCheckpoint(at: "市局", command: .random(), by: by)
        let start = world.clock.now()
        func after(_ days: Int) { world.clock.set(start.advanced(byMilliseconds: Int64(days) * 86_400_000)) }
        for (subject, days, late) in [
            (SetupTask.Subject.backup, 7, SetupTask.State.late), (.checkpoint, 30, .due), (.certificates, 339, .due),
            (.certificates, 400, .late),
        ] {
            after(days)
            let before = try await state(subject, world)
            #expect(before != late, "\(subject) after \(days) days is \(String(describing: before))")
            after(days + 1)
            #expect(try await state(subject, world) == late, "\(subject)")
        }
    }

    @Test("a backup that was recorded late counts from the day on which it was made")
    func recordedLate() async throws {
        let world = try await BureauWorld()
        let made = world.clock.now().advanced(byMilliseconds: -8 * 86_400_000)
        _ = try await world.casebook.record(
            [
                Fact(
                    .backupMade, in: world.thread,
                    plain: [
                        "entries": 1, "generationBegan": .integer(made.milliseconds),
                        "madeAt": .integer(made.milliseconds), "medium": "aa", "objects": 0,
                        "root": .string(Digest.zero.description), "size": 1,
                    ])
            ], by: .system, command: .random())
        let upkeep = try await world.casebook.chambers.upkeep()
        #expect(upkeep.lastBackup?.at == made && upkeep.media.map(\.writtenAt) == [made])
        #expect(try await state(.backup, world) == .late)
    }

    @Test(
        "a medium is asked for from day 28 on, is late from day 35 on, and is forgotten when it is destroyed or written"
    )
    func media() async throws {
        let world = try await BureauWorld()
        let by = try await world.performer(world.administrator)
        let start = world.clock.now()
        func after(_ days: Int) { world.clock.set(start.advanced(byMilliseconds: Int64(days) * 86_400_000)) }
        func back(_ medium: String, _ place: String, began: Int) async throws {
            _ = try await world.casebook.record(
                [
                    Fact(
                        .backupMade, in: world.thread,
                        plain: [
                            "entries": 1,
                            "generationBegan": .integer(
                                start.advanced(byMilliseconds: Int64(began) * 86_400_000).milliseconds),
                            "medium": .string(medium), "objects": 0, "root": .string(Digest.zero.description),
                            "size": 1,
                        ], fields: [.init("place", .string(place), .officer)])
                ], by: .system, command: .random())
        }
        func told() async throws -> [String: SetupTask.State] {
            try await tasks(world).reduce(into: [:]) { found, task in
                if case .medium(_, let place) = task.subject { found[place] = task.state }
            }
        }
        try await back("aa", "一号盘", began: 0)
        try await back("bb", "二号盘", began: 0)
        for (day, state) in [
            (0, nil), (27, nil), (28, SetupTask.State.due), (34, .due), (35, .late), (36, .late), (400, .late),
        ] {
            after(day)
            #expect(try await told() == (state.map { ["一号盘": $0, "二号盘": $0] } ?? [:]), "day \(day)")
        }
        after(36)
        // The other medium is written: its keys are new.
        try await back("bb", "二号盘", began: 36)
        #expect(try await told() == ["一号盘": .late])
        func retire(_ medium: String, _ reason: String, _ performer: Performer) async throws {
            _ = try await world.casebook.retire(medium: medium, reason: reason, command: .random(), by: performer)
        }
        let officer = try await world.performer(world.officer)
        for (what, medium, reason, performer, code) in [
            ("an officer", "aa", "砸毁", officer, StepRefusal.Code.notAllowed), ("no reason", "aa", " ", by, .invalid),
            ("unknown", "cc", "砸毁", by, .notFound),
        ] {
            let refusal = try await world.refusal(what) { try await retire(medium, reason, performer) }
            #expect(refusal?.code == code, "\(what)")
        }
        try await retire("aa", "物理销毁", by)
        #expect(try await told().isEmpty)
        let twice = try await world.refusal("twice") { try await retire("aa", "物理销毁", by) }
        #expect(twice?.code == .notFound)
    }

    @Test("the roles that the texts demand are told with the provisions and documents that ask for them")
    func demanded() async throws {
        let world = try await BureauWorld()
        let roles = DemandedRole.all(
            in: try await world.chambers.law().rules, kinds: world.library.drawnKinds, on: world.clock.now().day)
        // The deputy in charge is asked for by other texts.
        #expect(roles.map(\.role) == Role.allCases.filter { $0 != .deputyHead })
        for demanded in roles {
            #expect(!demanded.provisions.isEmpty || !demanded.documents.isEmpty, "\(demanded.role)")
            for id in demanded.provisions { #expect(world.library.provision(id) != nil, "\(id)") }
        }
        #expect(roles.first { $0.role == .officer }?.atLeast == 2)
        #expect(roles.first { $0.role == .agencyHead }?.provisions.contains("zhaoxian-2017:19") == true)
        let never = DemandedRole.all(
            in: try await world.chambers.law().rules, kinds: world.library.drawnKinds,
            on: try #require(CivilDay("1980-01-01")))
        #expect(never.allSatisfy { $0.provisions.isEmpty })
    }

    @Test("settings are refused when they are stale, empty or wrong, and only what differs is recorded")
    func settings() async throws {
        let world = try await BureauWorld()
        let by = try await world.performer(world.administrator)
        let year = world.clock.now().day.parts.year
        let seq = try await world.chambers.records().count
        func change(_ edit: (inout BureauSettings) -> Void, expecting: Int? = nil) async throws {
            var settings = BureauSettings(try await world.chambers.profile())
            settings.mark = "清禾统"
            edit(&settings)
            _ = try await world.casebook.change(settings, expecting: expecting ?? seq, command: .random(), by: by)
        }
        let rows: [(String, (inout BureauSettings) -> Void, [String])] = [
            ("no name", { $0.name = "" }, ["name"]), ("no mark", { $0.mark = " " }, ["documentMark"]),
            ("a mark with a year", { $0.mark = "清禾统〔2026〕" }, ["documentMark"]),
            ("a mark with a placeholder", { $0.mark = "{year}" }, ["documentMark"]),
            ("a long name", { $0.name = String(repeating: "长", count: 61) }, ["name"]),
            (
                "a number of zero", { $0.firstNumbers = [.init(kind: "penalty-decision", year: year, number: 0)] },
                ["firstNumber/penalty-decision/\(year)"]
            ),
        ]
        for (what, edit, fields) in rows {
            let refusal = try await world.refusal(what) { try await change(edit) }
            #expect(refusal?.fields.map(\.name) == fields, "\(what)")
        }
        let stale = try await world.refusal("stale") { try await change({ _ in }, expecting: seq - 1) }
        #expect(stale?.code == .stale)
        try await change {
            $0.firstNumbers = [.init(kind: "penalty-decision", year: year, number: 38)]
        }
        let last = try #require(try await world.chambers.records().last)
        #expect(
            last.fields["settings"]?.members?.map(\.key) == ["documentMark", "firstNumber/penalty-decision/\(year)"])
        #expect(try await world.chambers.profile().firstNumber(of: "penalty-decision", in: year) == 38)
        #expect(try await world.chambers.profile().firstNumber(of: "penalty-decision", in: year + 1) == 1)
        let nothing = try await world.refusal("nothing changed") { try await change({ _ in }, expecting: seq + 1) }
        #expect(nothing?.code == .invalid)
    }

    @Test("a checkpoint from outside is told apart: of this log, of a longer one, of another history, of nothing")
    func outside() async throws {
        let world = try await BureauWorld()
        let by = try await world.performer(world.administrator)
        let note = try await world.casebook.keepCheckpoint(at: "市局", command: .random(), by: by)
        let size = try await world.size() - 1
        #expect(try await world.casebook.compare(checkpoint: note) == .anchored(size: size, now: size + 1))
        let key = try #require(SigningKey(name: "test.example/log", seed: Array(repeating: 7, count: 32)))
        func signed(_ size: Int, _ root: Digest) throws -> [UInt8] {
            try #require(Checkpoint(origin: "test.example/log", size: size, root: root)).signed(by: key)
        }
        let wrong = Digest.sha256("wrong".utf8)
        #expect(
            try await world.casebook.compare(checkpoint: try signed(Int(size), wrong)) == .rewritten(size: size))
        #expect(
            try await world.casebook.compare(checkpoint: try signed(Int(size) + 2, wrong))
                == .ahead(size: size + 2, now: size + 1))
        for index in note.indices {
            var changed = note
            changed[index] ^= 1
            #expect(try await world.casebook.compare(checkpoint: changed) == .foreign, "byte \(index)")
        }
        #expect(try await world.casebook.compare(checkpoint: []) == .foreign)
        let officer = try await world.performer(world.officer)
        let refusal = try await world.refusal("an officer takes a checkpoint") {
            _ = try await world.casebook.keepCheckpoint(at: "家里", command: .random(), by: officer)
        }
        #expect(refusal?.code == .notAllowed)
    }
}

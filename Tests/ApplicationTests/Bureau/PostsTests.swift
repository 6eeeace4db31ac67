import Casework
import Kernel
import TestKit
import Testing

@testable import Application

/// Who holds which post, and what the texts make of it.
@Suite("Posts")
struct PostsTests {
    private func assign(
        _ world: BureauWorld, _ post: String, section: String = "legalAffairs", from: CivilDay? = nil,
        by performer: Performer? = nil, seq: Int? = nil, command: CommandID = .random()
    ) async throws {
        let count = try await world.chambers.records().count
        let administrator = try await world.performer(world.administrator)
        _ = try await world.casebook.assign(
            PostAssignment(
                post: post, person: world.officer, section: section, scope: "审核重大执法决定",
                from: from ?? world.clock.now().day),
            expecting: seq ?? count, command: command, by: performer ?? administrator)
    }

    private func end(
        _ world: BureauWorld, _ post: String, on day: CivilDay? = nil, reason: String = "调离",
        by performer: Performer? = nil
    ) async throws {
        let count = try await world.chambers.records().count
        let administrator = try await world.performer(world.administrator)
        _ = try await world.casebook.endPost(
            post, of: world.officer, on: day ?? world.clock.now().day, reason: reason, expecting: count,
            command: .random(), by: performer ?? administrator)
    }

    /// What hejin-2019:2.3.1a says of who reviews, where the text was adopted before.
    private func reviewer(_ world: BureauWorld) async throws -> ObligationRow.State? {
        let text = try #require(world.library.newest("hejin-2019"))
        let day = try #require(CivilDay("2020-01-01"))
        let rules = try RulesInForce(
            spans: [.init(regulation: text.regulation, digest: text.digest, from: day)],
            matters: world.library.matters, kinds: world.library.kinds.mapValues(\.kind))
        var history = try await world.chambers.records()
        var adopted = try #require(history.first { $0.type == .regulationAdopted })
        adopted = Record(
            thread: adopted.thread, seq: adopted.seq, type: adopted.type, recordedAt: adopted.recordedAt,
            actor: adopted.actor,
            plain: [
                "digest": .string(text.digest.description), "inForceFrom": .string(day.description),
                "regulation": "hejin-2019",
            ])
        history = history.map { $0.seq == adopted.seq ? adopted : $0 }
        let evaluation = Evaluator.evaluate(history: history, rules: rules, calendar: world.library.workingDays)
        return evaluation.obligations(of: "reviewer-office")
            .first { $0.parts.contains { $0.causedBy.seq == adopted.seq } }?.state
    }

    @Test("somebody is put into a post and relieved of it; the text that asks for the post is met, and open again")
    func course() async throws {
        let world = try await BureauWorld()
        #expect(try await reviewer(world) == .open)
        try await assign(world, "legalReviewer")
        #expect(try await reviewer(world) == .met)
        var posts = Posts(try await world.chambers.records())
        let held = try #require(posts.held.first)
        #expect(held.person == world.officer && held.section == "legalAffairs" && held.scope == "审核重大执法决定")
        try await end(world, "legalReviewer")
        #expect(try await reviewer(world) == .open)
        posts = Posts(try await world.chambers.records())
        #expect(posts.held.isEmpty && posts.all.first?.reason == "调离")
        #expect(posts.all.first?.until == world.clock.now().day)
        // Whoever left can be put into it again.
        try await assign(world, "legalReviewer")
        #expect(try await reviewer(world) == .met)
        #expect(Posts(try await world.chambers.records()).all.count == 2)
    }

    @Test("only the administrator, with the secret, on the page as it stands; the same form twice is one entry")
    func rights() async throws {
        let world = try await BureauWorld()
        let command = CommandID.random()
        let today = world.clock.now().day
        for (what, performer) in [
            ("by the head", try await world.performer(world.head)),
            ("by an officer", try await world.performer(world.officer)),
        ] {
            let refused = try await world.refusal(what) { try await assign(world, "deviceManager", by: performer) }
            #expect(refused?.code == .notAllowed, "\(what)")
        }
        let unconfirmed = try await world.performer(world.administrator, confirmed: false)
        #expect(
            try await world.refusal("without the secret") { try await assign(world, "deviceManager", by: unconfirmed) }?
                .code == .secretNeeded)
        #expect(
            try await world.refusal("on an old page") { try await assign(world, "deviceManager", seq: 1) }?.code
                == .stale)
        try await assign(world, "deviceManager", command: command)
        try await assign(world, "deviceManager", command: command)
        #expect(Posts(try await world.chambers.records()).all.count == 1)
        func fields(_ what: String, _ act: () async throws -> Void) async throws -> [String]? {
            try await world.refusal(what, act)?.fields.map(\.name)
        }
        #expect(try await fields("twice") { try await assign(world, "deviceManager") } == ["person"])
        #expect(try await fields("no such post") { try await assign(world, "king") } == ["post"])
        #expect(
            try await fields("no such section") { try await assign(world, "other", section: "roof") } == ["section"])
        #expect(
            try await fields("tomorrow") { try await assign(world, "other", from: today.advanced(by: 1)) } == ["day"])
        #expect(try await fields("another post") { try await end(world, "deviceKeeper") } == ["held"])
        #expect(
            try await fields("without a reason") { try await end(world, "deviceManager", reason: " ") } == ["reason"])
        #expect(
            try await fields("before it began") { try await end(world, "deviceManager", on: today.advanced(by: -1)) }
                == ["day"])
        let refused = try await world.refusal("ended by the head") {
            try await end(world, "deviceManager", by: try await world.performer(world.head))
        }
        #expect(refused?.code == .notAllowed)
    }
}

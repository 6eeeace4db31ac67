import Casework
import Demo
import Foundation
import Kernel
import Store
import TestKit
import Testing

@testable import Application

/// A number that stands on a paper stands on no other one, whoever changed the registers (ADR 0070).
@Suite("Numbers are given from the log", .serialized)
struct GivenNumberTests {
    /// Somebody with the file, while the server runs.
    private func tamper(_ world: CaseWorld, _ sql: String) throws -> String {
        try Program.run(
            "/usr/bin/sqlite3", ["-cmd", ".timeout 5000", world.place.data.ledger(of: world.place.bureau), sql],
            errors: .dropped
        ).output
    }

    @Test(
        "with claim and row taken away under a running server the next paper gets the next number, and so after voiding"
    )
    func rowsTakenAway() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let kind = DocumentKindName.rightsNotice
        let year = CaseWorld.today.parts.year
        var numbers: [Int] = []
        for place in 0..<4 {
            let thread = try await world.penalty()
            try await world.approveStart(in: thread)
            let notice = try await world.signedNotice(in: thread)
            if place == 2 {
                let changed = try tamper(
                    world,
                    "DELETE FROM claim WHERE kind = 'documentNumber'; SELECT changes(); "
                        + "UPDATE document SET number = NULL WHERE kind = '\(kind)'; SELECT changes();")
                #expect(changed.hasPrefix("2\n"), "\(changed)")
                #expect(try await world.ledger.lastNumber(kind: kind, year: year) == 0)
            }
            try await world.demo.issue(notice, in: thread, by: people.officer1)
            numbers.append(try #require(try await world.load(thread).work.document(notice)?.issue?.number))
            // A void number stays given.
            if place == 1 {
                try await world.take(VoidDocument(document: notice, reason: "写错了。"), in: thread, by: people.head)
            }
            if place == 3 { _ = try tamper(world, "DELETE FROM claim; DELETE FROM document;") }
        }
        #expect(numbers == [1, 2, 3, 4])
        #expect(try await world.ledger.freeNumber(kind: kind, year: year, from: 1) == 5)
        #expect(
            try await world.office.casebook.numbersAfterLoss(room: 7, since: world.clock.now())
                .first { $0.kind == kind && $0.year == year }?.number == 12)
    }
}

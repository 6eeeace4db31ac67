import Application
import Casework
import Foundation
import Kernel
import Synchronization
import TestKit
import Testing

@testable import Store

/// Reading on threads of its own: without a hop where the task is there already, one moment for a whole read, nothing after
/// the end.
@Suite("Reading threads", .serialized)
struct ReadersTests {
    @Test("a task that prefers the reading threads reads without leaving its own")
    func staysOnThread() async throws {
        let fixture = try Fixture.made()
        let ledger = try #require(fixture.ledger)
        let tag = fixture.tag()
        for _ in 0..<20 {
            try await withTaskExecutorPreference(ReadingThreads.shared) {
                let before = try #require(ReadingThreads.shared.current)
                let during = try await ledger.read { _ in ReadingThreads.shared.current }
                #expect(during == before)
                #expect(try await ledger.caseFile(tag) == nil)
                #expect(ReadingThreads.shared.current == before)
            }
        }
    }

    @Test("any other task hands its read over and never runs it itself")
    func handsOver() async throws {
        let fixture = try Fixture.made()
        #expect(ReadingThreads.shared.current == nil)
        let place = try await fixture.ledger.read { _ in ReadingThreads.shared.current }
        #expect(place != nil)
        #expect(ReadingThreads.shared.current == nil)
    }

    @Test("two looks within one read see the same moment, whatever is written between them")
    func oneMoment() async throws {
        let fixture = try Fixture.made()
        let ledger = try #require(fixture.ledger)
        let tag = fixture.tag()
        try await fixture.append(tag)
        let request = try fixture.request([tag])
        let seen = try await ledger.read { connection in
            let first = try EntryReader(connection: connection).head(of: tag)?.seq
            // The write is another thread's: this one waits here until it is durable.
            let written = DispatchSemaphore(value: 0)
            let failure = Mutex<(any Error)?>(nil)
            Task {
                do { _ = try await ledger.append(request) } catch { failure.withLock { $0 = error } }
                written.signal()
            }
            written.wait()
            if let error = failure.withLock({ $0 }) { throw error }
            return (first, try EntryReader(connection: connection).head(of: tag)?.seq)
        }
        #expect(seen.0 == 1 && seen.1 == 1)
        #expect(try await ledger.head(of: tag)?.seq == 2)
    }

    @Test("a read that fails leaves its connection fit for the next")
    func failedRead() async throws {
        let fixture = try Fixture.made()
        for _ in 0..<2 * ReadingThreads.shared.count {
            await #expect(throws: StoreError.self) {
                try await fixture.ledger.read { try $0.run("SELECT * FROM no_such_table") }
            }
            await #expect(throws: StoreError.self) {
                try await fixture.ledger.read { try $0.run("DELETE FROM person") }
            }
            #expect(try await fixture.ledger.signedHead().size == 0)
        }
    }

    @Test("statements that nobody asks again are let go")
    func bound() async throws {
        let fixture = try Fixture.made()
        try await withTaskExecutorPreference(ReadingThreads.shared) {
            let most = try await fixture.ledger.read { connection in
                var most = 0
                for number in 0..<1200 {
                    let found = try connection.first("SELECT \(number)", row: { Int($0.integer(0)) })
                    #expect(found == number)
                    most = max(most, connection.statementCount)
                }
                return most
            }
            #expect((400...510).contains(most))
        }
    }

    @Test("after the end nothing is read any more, and closing twice does nothing")
    func afterClose() async throws {
        let fixture = try Fixture.made()
        let ledger = try #require(fixture.ledger)
        #expect(try await ledger.signedHead().size == 0)
        ledger.close()
        ledger.close()
        for _ in 0..<ReadingThreads.shared.count {
            await #expect(throws: StoreError.self) { try await ledger.signedHead() }
        }
    }
}

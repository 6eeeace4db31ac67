import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import TestKit
import Testing

@testable import Web

/// Which requests are answered on the threads of the ports.
@Suite("Pages on reading threads")
struct PageThreadsTests {
    /// Counts what it is asked to run, and runs it elsewhere.
    private final class Counting: TaskExecutor {
        let jobs = Mutex(0)

        func enqueue(_ job: consuming ExecutorJob) {
            jobs.withLock { $0 += 1 }
            let job = UnownedJob(job)
            Task { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    private func request(_ method: HTTPRequest.Method, _ type: String? = nil) -> Request {
        var head = HTTPRequest(method: method, scheme: "http", authority: "a", path: "/")
        if let type { head.headerFields[.contentType] = type }
        return Request(head: head, body: .init(buffer: ByteBuffer()))
    }

    @Test("pages and plain forms are drawn there; files, uploads and removals are not")
    func short() {
        #expect(PageThreads.isShort(request(.get)))
        #expect(PageThreads.isShort(request(.head)))
        #expect(PageThreads.isShort(request(.post, "application/x-www-form-urlencoded")))
        #expect(PageThreads.isShort(request(.post, "application/x-www-form-urlencoded; charset=utf-8")))
        #expect(!PageThreads.isShort(request(.post, "multipart/form-data; boundary=x")))
        #expect(!PageThreads.isShort(request(.post)))
        #expect(!PageThreads.isShort(request(.patch, "application/offset+octet-stream")))
        #expect(!PageThreads.isShort(request(.delete)))
    }

    @Test("a page is drawn on the threads that the services name, and is the same page")
    func drawn() async throws {
        var world = try await WebWorld()
        let path = world.address.signIn(next: nil)
        let plain = try await world.serve { try await $0.get(path) }
        let executor = Counting()
        world.services.pageThreads = executor
        let drawn = try await world.serve { try await $0.get(path) }
        #expect(drawn.status == 200 && plain.status == 200)
        #expect(drawn.body.utf8.count == plain.body.utf8.count)
        #expect(executor.jobs.withLock { $0 } > 0)
    }
}

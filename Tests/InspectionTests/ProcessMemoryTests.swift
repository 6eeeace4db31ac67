import CLinux
import Foundation
import Glibc
import Testing

/// What a server that runs for months asks of the allocator. In a process of many tests others allocate meanwhile, so
/// the differences that are asked for are large.
@Suite("Memory of the process", .serialized)
struct ProcessMemoryTests {
    @Test("however many threads allocate at once, no arena is made beyond the bound")
    func arenas() throws {
        #expect(liuhen_bound_memory() == 0)
        let before = liuhen_count_arenas()
        #expect(before >= 1)
        let ready = DispatchSemaphore(value: 0)
        let group = DispatchGroup()
        for _ in 0..<48 {
            group.enter()
            Thread {
                // All are there at once, each with a block of its own.
                let block = malloc(10_000)
                ready.signal()
                Thread.sleep(forTimeInterval: 0.05)
                free(block)
                group.leave()
            }.start()
        }
        for _ in 0..<48 { ready.wait() }
        // A process that had more than eight arenas before it was told has its bound for good (glibc, arena_get2): eight for
        // each processor. The server says its bound before it makes a thread; here other tests may have been first.
        let fixed = before > 8 ? Int32(8 * ProcessInfo.processInfo.processorCount) : Int32(LIUHEN_ARENAS)
        #expect(liuhen_count_arenas() <= max(before, fixed))
        group.wait()
    }

    @Test("freed memory between what is kept goes back to the system when it is given back")
    func givenBack() throws {
        #expect(liuhen_bound_memory() == 0)
        // 96 MiB in blocks of 12 KiB; each hundredth stays, so that nothing is freed from the end.
        let blocks = (0..<8192).map { _ in malloc(12_288) }
        for block in blocks { memset(try #require(block), 1, 12_288) }
        for (number, block) in blocks.enumerated() where number % 100 != 0 { free(block) }
        let full = try resident()
        liuhen_give_back_memory()
        let rest = try resident()
        #expect(full - rest > 48 << 20, "\(full >> 20) MiB before, \(rest >> 20) MiB after")
        for (number, block) in blocks.enumerated() where number % 100 == 0 { free(block) }
    }

    /// Bytes of this process in memory.
    private func resident() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .ascii)
        let pages = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return pages * 4096
    }
}

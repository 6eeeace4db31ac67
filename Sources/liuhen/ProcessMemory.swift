import CLinux
import Foundation

/// How the program keeps its memory from growing for months (ADR 0027): few arenas, and what was freed goes back.
enum ProcessMemory {
    /// Bounds the allocator. The first thing of all: an arena that a thread has got stays.
    static func bound() {
        // Refused, the program only grows more.
        _ = liuhen_bound_memory()
    }

    /// Gives freed pages back to the system, on a thread of its own: it takes milliseconds, and nobody waits for it.
    static func giveBack() {
        let thread = Thread { liuhen_give_back_memory() }
        thread.name = "giving back"
        thread.start()
    }
}

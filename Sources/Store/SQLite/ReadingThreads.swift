import Glibc

/// The threads on which databases are read: a few for the whole process, so that a read may wait for the disk and nobody
/// else does.
///
/// A task that prefers them (`withTaskExecutorPreference`) runs on one from its first line to its last, and each read in
/// it is a plain call: no thread is woken for a query. Other tasks hand their reads over and wait.
///
/// Safe because `items`, `next` and `waiting` are only touched with `mutex` held.
public final class ReadingThreads: TaskExecutor, @unchecked Sendable {
    /// Those of this process. As many as two processors keep busy while two more wait for a disk.
    public static let shared = ReadingThreads(count: 4)

    private enum Work {
        case job(UnownedJob)
        case call(@Sendable () -> Void)
    }

    /// How many there are.
    public let count: Int
    private let number: pthread_key_t
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var items: [Work?] = []
    private var next = 0
    private var waiting = 0

    /// Starts the threads. They end with the process.
    private init(count: Int) {
        self.count = count
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        number = key
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
        for place in 0..<count {
            let start = Unmanaged.passRetained(Start(threads: self, number: place))
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { pointer in
                    guard let pointer else { return nil }
                    let start = Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue()
                    start.threads.run(as: start.number)
                    return nil
                }, start.toOpaque())
            pthread_detach(thread)
        }
    }

    private final class Start: Sendable {
        let threads: ReadingThreads
        let number: Int

        init(threads: ReadingThreads, number: Int) {
            self.threads = threads
            self.number = number
        }
    }

    /// Which of the threads this is, from 0; nil on any other thread.
    var current: Int? {
        pthread_getspecific(number).map { Int(bitPattern: $0) - 1 }
    }

    /// Takes a part of a task: it runs on the first thread that is free.
    public func enqueue(_ job: consuming ExecutorJob) {
        put(.job(UnownedJob(job)))
    }

    /// Runs something on one of the threads.
    func call(_ body: @escaping @Sendable () -> Void) {
        put(.call(body))
    }

    private func put(_ work: Work) {
        pthread_mutex_lock(mutex)
        items.append(work)
        // A thread that is at work looks for more before it waits: only one that waits needs to be woken.
        if waiting > 0 { pthread_cond_signal(condition) }
        pthread_mutex_unlock(mutex)
    }

    private func take() -> Work {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if next < items.count, let work = items[next] {
                items[next] = nil
                next += 1
                if next == items.count {
                    items.removeAll(keepingCapacity: true)
                    next = 0
                } else if next > 1024 {
                    items.removeFirst(next)
                    next = 0
                }
                return work
            }
            waiting += 1
            pthread_cond_wait(condition, mutex)
            waiting -= 1
        }
    }

    private func run(as place: Int) {
        pthread_setspecific(number, UnsafeRawPointer(bitPattern: place + 1))
        while true {
            switch take() {
            case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
            case .call(let body): body()
            }
        }
    }
}

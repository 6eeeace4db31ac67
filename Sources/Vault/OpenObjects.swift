import Application
import Crypto
import Kernel
import Synchronization

/// An object open for reading: descriptor, key, and facts that were authenticated.
final class OpenObject: Sendable {
    let descriptor: Int32
    let cipher: ObjectCipher
    let facts: ObjectFacts
    private let operations: any FileOperations

    init(descriptor: Int32, cipher: ObjectCipher, facts: ObjectFacts, operations: any FileOperations) {
        self.descriptor = descriptor
        self.cipher = cipher
        self.facts = facts
        self.operations = operations
    }

    deinit {
        operations.close(descriptor)
    }
}

/// The objects read last, so that playing a video does not open and unwrap for each range.
final class OpenObjects: Sendable {
    private struct State {
        var objects: [ObjectID: (object: OpenObject, use: UInt64)] = [:]
        var clock: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    subscript(id: ObjectID) -> OpenObject? {
        state.withLock { state in
            guard let object = state.objects[id]?.object else { return nil }
            state.clock += 1
            state.objects[id]?.use = state.clock
            return object
        }
    }

    func insert(_ object: OpenObject) {
        let evicted: OpenObject? = state.withLock { state in
            state.clock += 1
            state.objects[object.facts.id] = (object, state.clock)
            guard state.objects.count > limit else { return nil }
            let oldest = state.objects.min { $0.value.use < $1.value.use }
            return oldest.flatMap { state.objects.removeValue(forKey: $0.key)?.object }
        }
        // Outside the lock: the last reference closes a file.
        _ = evicted
    }

    func remove(_ id: ObjectID) {
        let removed = state.withLock { $0.objects.removeValue(forKey: id)?.object }
        _ = removed
    }

    func removeAll() {
        let removed = state.withLock { state in
            defer { state.objects = [:] }
            return Array(state.objects.values.map(\.object))
        }
        _ = removed
    }
}

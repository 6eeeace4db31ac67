import Casework
import Kernel
import Ledger
import Synchronization

/// The persons of a bureau as their entries tell them (ADR 0055): the register is believed where it says the same.
///
/// Roles, the state of an account and a certificate give powers, and each of them is an entry. The row of the register is
/// a view of those entries that whoever can write the file can change; what it says more is no power. The fold is kept
/// with the head of its thread and made anew when that has moved.
public final class PersonRoll: PersonLookup {
    private let store: any LedgerStore
    private let registers: any Registers
    private let threads: ProvedThreads
    private let kept = Mutex<[ThreadTag: Fold]>([:])

    /// What the entries of a thread say up to one of them.
    private struct Fold {
        let head: ThreadHead
        let row: PersonRow?
    }

    /// The roll of one bureau.
    public init(store: any LedgerStore, threads: ProvedThreads, registers: any Registers) {
        self.store = store
        self.threads = threads
        self.registers = registers
    }

    /// One person; nil where neither the register nor the entries know one.
    ///
    /// - Throws: `StoreError.disagreeing` where the two differ.
    public func person(_ thread: ThreadTag) async throws(StoreError) -> PersonRow? {
        // Row and entries are two reads: between them somebody may have been given a role.
        for _ in 0..<Self.readings {
            let before = try await store.head(of: thread)
            let row = try await registers.person(thread)
            if try await told(thread) == row { return row }
            if try await store.head(of: thread) == before { break }
        }
        throw .disagreeing("person \(thread)")
    }

    /// The person whose account has this sign-in name.
    ///
    /// - Throws: `StoreError.disagreeing` where the register says something else of this person than the entries.
    public func person(account: String) async throws(StoreError) -> PersonRow? {
        guard let row = try await registers.person(account: account), let person = try await person(row.thread),
            person.account.map({ $0.utf8.elementsEqual(account.utf8) }) ?? false
        else { return nil }
        return person
    }

    /// Every person of whom the register says something else than the entries.
    public func disagreements() async throws(StoreError) -> [PersonDisagreement] {
        var found: [PersonDisagreement] = []
        for row in try await registers.persons() {
            do {
                _ = try await person(row.thread)
            } catch {
                guard case .disagreeing = error else { throw error }
                let stored = try await registers.person(row.thread) ?? row
                // Where the entries are not those of the log there is nothing to compare with.
                let told = try? await told(row.thread)
                found.append(PersonDisagreement(stored: stored, told: told ?? nil))
            }
        }
        return found
    }

    /// How often row and entries are read while the person's thread grows.
    private static let readings = 8

    /// The person as the entries tell them; nil where none registers a person under this thread.
    private func told(_ thread: ThreadTag) async throws(StoreError) -> PersonRow? {
        let known = kept.withLock { $0[thread] }
        guard let head = try await store.head(of: thread) else {
            // Entries do not go away.
            if known != nil { throw .disagreeing("person \(thread): the entries are gone") }
            return nil
        }
        if let known {
            if known.head == head { return known.row }
            // A thread that is shorter than it was lost what took a power away.
            guard known.head.seq < head.seq else { throw .disagreeing("person \(thread): the thread went back") }
        }
        let entries: [LoggedEntry]
        do { entries = try await threads.entries(of: thread) } catch {
            guard case .damaged(let what) = error else { throw error }
            throw .disagreeing("person \(thread): \(what)")
        }
        var records: [Record] = []
        for logged in entries {
            guard let record = Record(logged.entry) else { throw .disagreeing("person \(thread): an entry is unknown") }
            records.append(record)
        }
        let last = entries.last?.entry.commitment ?? .zero
        let fold = Fold(head: ThreadHead(seq: entries.count, commitment: last), row: PersonRow(records))
        kept.withLock { kept in
            if let other = kept[thread], other.head.seq > fold.head.seq { return }
            kept[thread] = fold
        }
        return fold.row
    }
}

/// What the register says of a person, and what the entries say.
public struct PersonDisagreement: Hashable, Sendable {
    /// The row of the register.
    public let stored: PersonRow
    /// The person by the entries; nil where they register none, or are not those of the log.
    public let told: PersonRow?

    /// In Chinese: who, and what differs.
    public var chinese: String {
        let who = stored.account.map { "\(stored.name)（\($0)）" } ?? stored.name
        guard let told else { return "\(who)：没有相应的记录，或者记录本身被改动" }
        var parts: [String] = []
        func compare(_ what: String, _ path: (PersonRow) -> String) {
            let (now, right) = (path(stored), path(told))
            if now != right { parts.append("\(what)登记为“\(now.shownBack)”，记录是“\(right.shownBack)”") }
        }
        compare("姓名") { $0.name }
        compare("科室") { $0.section }
        compare("职责") { $0.roles.map(\.chinese).joined(separator: "、") }
        compare("登录名") { $0.account ?? "" }
        compare("账号状态") { $0.accountState.chinese }
        compare("执法证件号码") { $0.certificateNumber }
        compare("证件有效期") { $0.certificateUntil?.description ?? "" }
        return "\(who)：\(parts.joined(separator: "；"))"
    }
}

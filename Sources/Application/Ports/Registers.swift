import Casework
import Kernel

/// Reading the projections of one bureau. Every list is bounded; every query has a plan that uses an index.
public protocol Registers: PersonLookup {
    /// People, by name.
    func persons() async throws(StoreError) -> [PersonRow]
    /// People whose account is in one state, by name.
    func persons(in state: PersonRow.AccountState) async throws(StoreError) -> [PersonRow]
    /// Names of all people by thread.
    func names() async throws(StoreError) -> [ThreadTag: String]
    /// One person.
    func person(_ thread: ThreadTag) async throws(StoreError) -> PersonRow?
    /// One party.
    func subject(_ thread: ThreadTag) async throws(StoreError) -> SubjectRow?
    /// Parties whose name or code contains `text`, at most `limit`.
    func subjects(matching text: String, limit: Int) async throws(StoreError) -> [SubjectRow]
    /// One case.
    func caseFile(_ thread: ThreadTag) async throws(StoreError) -> CaseRow?
    /// Cases by thread, as many of these as there are; at most 1,000.
    func caseFiles(_ threads: [ThreadTag]) async throws(StoreError) -> [CaseRow]
    /// Names of persons by thread, of as many of these as there are; at most 1,000.
    func names(of threads: [ThreadTag]) async throws(StoreError) -> [ThreadTag: String]
    /// Case numbers (案号) by thread, as they are compared, of as many of these cases as have one; of a case whose number
    /// was corrected all that it had. At most 1,000 threads.
    func caseNumbers(of threads: [ThreadTag]) async throws(StoreError) -> [ThreadTag: String]
    /// Cases by filter, newest first, one page; those of a number in the order of their numbers.
    func cases(_ filter: CaseFilter) async throws(StoreError) -> CasePage
    /// Documents by filter, newest first, one page.
    func documents(_ filter: DocumentFilter) async throws(StoreError) -> [DocumentRow]
    /// One document, of whatever case.
    func document(_ id: DocumentID) async throws(StoreError) -> DocumentRow?
    /// The register of documents (文书台账): documents with their cases, newest first, one page.
    func documentRegister(_ filter: DocumentRegisterFilter) async throws(StoreError) -> DocumentRegisterPage
    /// The greatest number given to a kind in a year, as the register has it; 0 if none. Void numbers count.
    func lastNumber(kind: String, year: Int) async throws(StoreError) -> Int
    /// The next number of a kind in a year: none below `first`, none that the register has or has left behind, and none
    /// that any issued document of this kind and year bears in the log, whatever the register says.
    func freeNumber(kind: String, year: Int, from first: Int) async throws(StoreError) -> Int
    /// The first case that was opened from an entry of another, as the log has it, whatever the register says; nil if none.
    func openedCase(from thread: ThreadTag, seq: Int) async throws(StoreError) -> ThreadTag?
    /// Open obligations of the cases a person handles, or of all cases for a role, nearest term first.
    func openObligations(_ filter: ObligationFilter) async throws(StoreError) -> [ObligationRow]
    /// How many open obligations a filter finds in all.
    func countOpenObligations(_ filter: ObligationFilter) async throws(StoreError) -> Int
    /// One page of a work list with all that is counted on it, as they are at one moment.
    ///
    /// - Parameters:
    ///   - own: whose obligations are this person's own, as words of rows.
    ///   - now: when lateness is asked.
    func duties(_ filter: ObligationFilter, own: [String], at now: Instant) async throws(StoreError) -> DutyPage
    /// How many obligations are open under each row of a text, and how many of them are late at `at`: of the cases a
    /// person handles, or of all cases. Rows under which none is open are left out.
    func openCounts(
        of regulation: String, handler: ThreadTag?, at: Instant
    ) async throws(StoreError) -> [String: OpenCount]
    /// How many obligations of each of these matters stand how at an instant, in all cases together; at most 100 matters.
    /// What none stands is left out.
    func standings(
        of matters: [String], at now: Instant
    ) async throws(StoreError) -> [String: [ObligationStanding: Int]]
    /// Documents with a place of the filter still open, those fixed first in front, one page.
    func documentsToSign(_ filter: SignatureFilter) async throws(StoreError) -> [DocumentRow]
    /// How many documents such a filter finds in all.
    func countDocumentsToSign(_ filter: SignatureFilter) async throws(StoreError) -> Int
    /// The thread that holds a fact which may exist once; nil if nobody does.
    func holder(of kind: ClaimRow.Kind, key: String) async throws(StoreError) -> ThreadTag?
    /// The threads whose claims of a kind have keys `<owner>/…`, in the order of the keys, at most `limit`.
    func holders(of kind: ClaimRow.Kind, under owner: ThreadTag, limit: Int) async throws(StoreError) -> [ThreadTag]
    /// Claims of a kind with keys `<owner>/…` in which `part` does not stand, in the order of the keys, at most `limit`.
    func claims(
        of kind: ClaimRow.Kind, under owner: String, without part: String, limit: Int
    ) async throws(StoreError) -> [ClaimRow]
    /// Obligations of one case, all states.
    func obligations(of caseThread: ThreadTag) async throws(StoreError) -> [ObligationRow]
    /// One recording.
    func recording(_ thread: ThreadTag) async throws(StoreError) -> RecordingRow?
    /// Recordings whose file was not inspected with any tool yet, oldest first, at most `limit`; those after `mark`, where
    /// there is one.
    func recordingsToInspect(after mark: RecordingRow?, limit: Int) async throws(StoreError) -> [RecordingRow]
}

/// Which cases to list.
public struct CaseFilter: Hashable, Sendable {
    /// Words in title or party, each at least two characters; empty for all.
    public var text = ""
    /// The beginning of a case number (`CaseNumber.searched`): then `text` is not looked for.
    public var number: String?
    /// One kind; nil for all kinds of cases. Leads and requests are found only by their own kind.
    public var kind: String?
    public var state: CaseRow.State?
    public var stage: Stage?
    public var handler: ThreadTag?
    /// Only cases opened at this instant or later.
    public var openedFrom: Instant?
    /// Only cases opened before this instant.
    public var openedBefore: Instant?
    /// Only cases in which an obligation under this row is open.
    public var provision: String?
    /// With `provision`: only cases in which one of them is late at this instant.
    public var lateAt: Instant?
    /// Only inspections from whose finding a penalty case was opened.
    public var isLed = false
    /// Page from 1.
    public var page = 1
    /// Rows a page, 1 to 1,000; a screen takes at most 100.
    public var pageSize = 25
    public var sort = Sort.newest

    /// Orders of the list. With words, those by title and by last change are of the newest `countedHits` cases.
    public enum Sort: String, Hashable, Sendable, CaseIterable { case newest, oldest, title, lastChange }

    /// As many hits of words are counted; more are listed, and not counted.
    public static let countedHits = 1000

    /// All cases.
    public init() {}
}

/// One page of cases.
public struct CasePage: Hashable, Sendable {
    public let rows: [CaseRow]
    /// How many cases the filter finds in all, as far as they were counted.
    public let total: Int
    /// Whether there are more than were counted.
    public let hasMore: Bool

    /// A page.
    public init(rows: [CaseRow], total: Int, hasMore: Bool = false) {
        self.rows = rows
        self.total = total
        self.hasMore = hasMore
    }
}

/// Which documents to list.
public struct DocumentFilter: Hashable, Sendable {
    public var caseThread: ThreadTag?
    public var kind: String?
    public var state: DocumentRow.State?
    public var year: Int?
    public var page = 1
    public var pageSize = 50

    /// All documents.
    public init() {}
}

/// Which open obligations to list.
public struct ObligationFilter: Hashable, Sendable {
    /// Only cases that this person handles.
    public var handler: ThreadTag?
    /// Only obligations that these roles or actors have to meet.
    public var who: [String] = []
    /// Only those late at this instant.
    public var lateAt: Instant?
    /// Only those with a term that is not over at this instant.
    public var dueFrom: Instant?
    /// Only those with a term that ends at this instant at the latest.
    public var dueUntil: Instant?
    /// Only those with a term, or only those without.
    public var hasTerm: Bool?
    /// Words in title or party of the case, each at least two characters; empty for all.
    public var text = ""
    /// Rows a page.
    public var limit = 100
    /// Page from 1.
    public var page = 1

    /// All open obligations.
    public init() {}
}

/// One page of a work list, and its totals.
public struct DutyPage: Hashable, Sendable {
    /// The page.
    public var rows: [ObligationRow] = []
    /// All that the filter finds.
    public var total: Int
    /// What of that is the person's own.
    public var own: Int
    /// What is the person's own whatever its term.
    public var ownOpen: Int
    /// What of that is late.
    public var ownLate: Int

    /// Totals; nothing without any.
    public init(total: Int = 0, own: Int = 0, ownOpen: Int = 0, ownLate: Int = 0) {
        self.total = total
        self.own = own
        self.ownOpen = ownOpen
        self.ownLate = ownLate
    }
}

extension ObligationFilter {
    /// The filters of a work list's totals: what is the person's own of what this filter finds; all that is their own; what
    /// of that is late.
    public func counted(
        own words: [String], at now: Instant
    ) -> (own: ObligationFilter, open: ObligationFilter, late: ObligationFilter) {
        var own = self
        own.who = words
        var open = own
        (open.lateAt, open.dueFrom, open.dueUntil, open.hasTerm) = (nil, nil, nil, nil)
        var late = open
        late.lateAt = now
        return (own, open, late)
    }
}

/// Obligations under one row.
public struct OpenCount: Hashable, Sendable {
    /// How many are open, late ones among them.
    public let open: Int
    /// How many are late.
    public let late: Int

    /// A count.
    public init(open: Int, late: Int) {
        self.open = open
        self.late = late
    }
}

/// Which documents wait for somebody's signature.
public struct SignatureFilter: Hashable, Sendable {
    /// Places by kind and name; a name that ends in `*` means every place that begins with it.
    public var places: [Place]
    /// Only cases that this person handles.
    public var handler: ThreadTag?
    /// Only cases that this person does not handle.
    public var notHandledBy: ThreadTag?
    /// Rows a page.
    public var limit = 25
    /// Page from 1.
    public var page = 1

    /// A place for a signature in documents of a kind.
    public struct Place: Hashable, Sendable {
        public let kind: String
        public let slot: String

        /// A place.
        public init(kind: String, slot: String) {
            self.kind = kind
            self.slot = slot
        }
    }

    /// Documents in which one of these places is open.
    public init(places: [Place]) {
        self.places = places
    }
}

import Casework
import Kernel

/// The addresses of a bureau's pages. No view writes an address by hand.
struct Address: Sendable, Hashable {
    let base: String

    /// Addresses under `/b/<bureau>`.
    init(_ bureau: BureauTag) {
        base = "/b/\(bureau)"
    }

    static let start = "/"
    static let components = "/components"

    var home: String { "\(base)/" }
    /// All documents that wait for the person's own signature.
    var pendingWords: String { "\(home)?list=\(HomePage.pendingList)" }
    var signatures: String { "\(home)?list=\(HomePage.signatureList)" }
    var signIn: String { "\(base)/sign-in" }
    var signOut: String { "\(base)/sign-out" }
    var account: String { "\(base)/account" }
    var cases: String { "\(base)/cases" }

    /// The sign-in page that leads back to `next` afterwards.
    func signIn(next: String?) -> String {
        guard let next, isLocal(next), next != home else { return signIn }
        return "\(signIn)?next=\(Percent.encode(next))"
    }

    /// Whether an address given from outside leads to a page of this bureau on this server, and nowhere else.
    func isLocal(_ address: String) -> Bool {
        let bytes = Array(address.utf8)
        // Printable ASCII without a backslash: browsers take `\` for `/`, and `//` for another server.
        guard bytes.count <= 2000, bytes.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }),
            !bytes.contains(sequence: "//".utf8), !bytes.contains(sequence: "/../".utf8)
        else { return false }
        return bytes.starts(with: "\(base)/".utf8)
    }

    func cases(query: String) -> String { query.isEmpty ? cases : "\(cases)?\(query)" }
    /// The cases of a list as a table to download.
    func caseTable(query: String) -> String { query.isEmpty ? "\(base)/tables/cases" : "\(base)/tables/cases?\(query)" }
    /// The register of documents.
    var documents: String { "\(base)/documents" }
    func documents(query: String) -> String { query.isEmpty ? documents : "\(documents)?\(query)" }
    func documentTable(query: String) -> String {
        query.isEmpty ? "\(base)/tables/documents" : "\(base)/tables/documents?\(query)"
    }
    /// Where scans of printed sheets are sent in.
    var scans: String { "\(base)/scans" }
    /// A stack of scanned sheets; `alongside` were sent in with it.
    func scan(_ upload: UploadID, alongside: [UploadID] = [], done: Bool = false) -> String {
        let also = alongside.isEmpty ? "" : "also=\(alongside.map(\.description).joined(separator: ","))"
        let query = [done ? "done=1" : "", also].filter { !$0.isEmpty }.joined(separator: "&")
        return "\(scans)/\(upload)\(query.isEmpty ? "" : "?\(query)")"
    }
    /// What of a case is on paper.
    func paperList(of thread: ThreadTag) -> String { "\(caseFile(thread))/paper" }
    /// The form that says where the paper of a document is kept from now on.
    func paperPlace(_ document: DocumentID, in thread: ThreadTag) -> String {
        "\(self.document(document, in: thread))/paper"
    }
    /// Cases in which something is open, or late, under a row of a text.
    func cases(under row: String, late: Bool = false) -> String {
        cases(query: "row=\(Percent.encode(row))\(late ? "&late=yes" : "")")
    }
    /// The form that opens an inspection case.
    var newInspection: String { "\(cases)/new" }
    /// The open log, for anybody.
    var ledger: String { "/ledger/\(base.dropFirst("/b/".count))" }
    var checkpoint: String { "\(ledger)/checkpoint" }
    func caseFile(_ thread: ThreadTag) -> String { "\(cases)/\(thread)" }
    /// The case after a step was carried out.
    func caseFile(_ thread: ThreadTag, done: String) -> String { "\(caseFile(thread))?done=\(done)" }
    /// A step's form; `about` names what the step is about within the case.
    func step(_ name: String, in thread: ThreadTag, about: (name: String, value: String)? = nil) -> String {
        "\(caseFile(thread))/steps/\(name)\(about.map { "?\($0.name)=\(Percent.encode($0.value))" } ?? "")"
    }
    /// The form that asks for the correction of one member of an entry.
    func correction(of seq: Int, member: String, in thread: ThreadTag) -> String {
        "\(caseFile(thread))/steps/correction?entry=\(seq)&member=\(Percent.encode(member))"
    }
    func penalty(of inspection: ThreadTag) -> String { "\(caseFile(inspection))/penalty" }
    func newRecording(in thread: ThreadTag, activity: ActivityID? = nil) -> String {
        "\(caseFile(thread))/recordings/new\(activity.map { "?activity=\($0)" } ?? "")"
    }
    func newDocument(
        _ kind: String, in thread: ThreadTag, activity: ActivityID? = nil, about: DocumentID? = nil
    ) -> String {
        "\(caseFile(thread))/documents/new?kind=\(Percent.encode(kind))\(activity.map { "&activity=\($0)" } ?? "")"
            + "\(about.map { "&about=\($0)" } ?? "")"
    }
    /// Where papers that others made are taken into a case.
    func outsidePapers(in thread: ThreadTag) -> String { "\(caseFile(thread))/documents/outside" }
    /// The form of one kind of them; `answers` is the place of the entry that it answers.
    func outsidePaper(_ kind: String, in thread: ThreadTag, about: DocumentID? = nil, answers: Int? = nil) -> String {
        "\(outsidePapers(in: thread))?kind=\(Percent.encode(kind))\(about.map { "&about=\($0)" } ?? "")"
            + "\(answers.map { "&answers=\($0)" } ?? "")"
    }
    func draft(_ id: DocumentID, in thread: ThreadTag) -> String { "\(caseFile(thread))/drafts/\(id)" }
    func draftDiscard(_ id: DocumentID, in thread: ThreadTag) -> String { "\(draft(id, in: thread))/discard" }
    func draftCheck(_ id: DocumentID, in thread: ThreadTag) -> String { "\(draft(id, in: thread))/check" }
    func draftSheet(_ id: DocumentID, in thread: ThreadTag, page: Int, version: Int) -> String {
        "\(draft(id, in: thread))/sheets/\(page)?version=\(version)"
    }
    func document(_ id: DocumentID, in thread: ThreadTag) -> String { "\(caseFile(thread))/documents/\(id)" }
    func slot(_ name: String, of id: DocumentID, in thread: ThreadTag, manner: String? = nil) -> String {
        "\(document(id, in: thread))/slots/\(name)\(manner.map { "?manner=\($0)" } ?? "")"
    }
    /// Opens a view session; asked for with POST, because a look is recorded.
    func look(in thread: ThreadTag) -> String { "\(caseFile(thread))/looks" }
    func look(_ session: ViewSessionID, in thread: ThreadTag) -> String { "\(caseFile(thread))/looks/\(session)" }
    func bytes(_ session: ViewSessionID, in thread: ThreadTag) -> String { "\(look(session, in: thread))/content" }
    func obligation(_ key: String, in thread: ThreadTag) -> String {
        "\(caseFile(thread))/obligations/\(Self.segment(of: key))"
    }
    /// An obligation's key as one path segment: the slash within it would divide the path, also when it is encoded.
    static func segment(of key: String) -> String { Percent.encode(key.replacing("/", with: "~")) }
    /// One entry on the page of its case.
    func record(_ id: RecordID, in thread: ThreadTag) -> String { "\(caseFile(thread))#\(Self.anchor(of: id))" }
    static func anchor(of id: RecordID) -> String { "entry-\(id.description)" }
    func dossier(of thread: ThreadTag) -> String { "\(caseFile(thread))/dossier" }
    /// Where the volumes of a case are bound to be printed.
    func volume(of thread: ThreadTag) -> String { "\(caseFile(thread))/volume" }
    /// Where one page of an issued document is printed again.
    func reprint(_ id: DocumentID, in thread: ThreadTag) -> String { "\(document(id, in: thread))/sheets" }
    func score(of thread: ThreadTag) -> String { "\(caseFile(thread))/score" }
    func provision(_ id: String) -> String { "\(base)/provisions/\(Percent.encode(id))" }
    /// What the bureau still needs; the administrator's first page.
    var setup: String { "\(base)/setup" }
    var people: String { "\(base)/people" }
    func people(query: String) -> String { query.isEmpty ? people : "\(people)?\(query)" }
    var newPerson: String { "\(people)/new" }
    var peopleImport: String { "\(people)/import" }
    var peopleTemplate: String { "\(people)/template" }
    func person(_ thread: ThreadTag) -> String { "\(people)/\(thread)" }
    func personDetails(_ thread: ThreadTag) -> String { "\(person(thread))/details" }
    func personRoles(_ thread: ThreadTag) -> String { "\(person(thread))/roles" }
    func personAccount(_ thread: ThreadTag) -> String { "\(person(thread))/account" }
    func personReset(_ thread: ThreadTag) -> String { "\(person(thread))/reset" }
    func personClose(_ thread: ThreadTag) -> String { "\(person(thread))/close" }
    /// What waits for a second person.
    var seconds: String { "\(base)/seconds" }
    func roleChange(_ seq: Int) -> String { "\(seconds)/roles/\(seq)" }
    func vouching(for person: ThreadTag) -> String { "\(seconds)/accounts/\(person)" }
    var settings: String { "\(base)/settings" }
    var calendars: String { "\(base)/calendars" }
    var regulations: String { "\(base)/regulations" }
    /// One text to be read; with `row`, at that row.
    func regulation(_ id: String, row: String? = nil) -> String {
        "\(regulations)/\(Percent.encode(id))\(row.map { "#\(Self.anchor(of: $0))" } ?? "")"
    }
    /// Where a row stands on the page of its text.
    static func anchor(of row: String) -> String { "row-\(row.split(separator: ":").last ?? "")" }
    var comparison: String { "\(regulations)/comparison" }
    func comparison(left: String) -> String { "\(comparison)?left=\(Percent.encode(left))" }
    /// - Parameter day: the day for which its effect on open cases was shown.
    func newRuleChange(_ act: String, _ digest: String, replacing old: String? = nil, from day: CivilDay? = nil)
        -> String
    {
        "\(regulations)/changes/new?act=\(act)&digest=\(digest)\(old.map { "&replaces=\($0)" } ?? "")\(day.map { "&shown=\($0)" } ?? "")"
    }
    func ruleChange(_ seq: Int) -> String { "\(regulations)/changes/\(seq)" }
    func confirmation(of digest: String) -> String { "\(regulations)/\(digest)/confirmation" }
    /// The state of the log, for those who keep it.
    var ledgerBook: String { "\(base)/ledger" }
    var keptCheckpoint: String { "\(ledgerBook)/checkpoint" }
    var ledgerComparison: String { "\(ledgerBook)/comparison" }
    var retiredMedium: String { "\(ledgerBook)/media" }
    var notices: String { "\(base)/notices" }
    var accountSessions: String { "\(account)/sessions" }
    /// Where uploads are created (tus).
    var uploads: String { "\(base)/uploads" }
}

/// Percent coding of RFC 3986 on bytes.
enum Percent {
    /// Every byte but the unreserved ones as `%XX`; fit for a query value or a path segment.
    static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Collection<UInt8> {
    /// Whether `part` occurs in these bytes.
    func contains(sequence part: some Collection<UInt8>) -> Bool {
        var rest = self[...]
        while rest.count >= part.count {
            if rest.starts(with: part) { return true }
            if rest.isEmpty { return false }
            rest = rest.dropFirst()
        }
        return false
    }
}

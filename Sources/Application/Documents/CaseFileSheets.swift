import Casework
import Kernel

/// The sheets of a case file (案卷封面、卷内目录、备考表), filled from what was recorded: nothing is typed twice.
public struct CaseFileSheets: Sendable {
    let view: CaseView
    let law: Law
    private let archivist: PersonRow
    let persons: [ThreadTag: PersonRow]
    let now: Instant

    /// Sheets of an ended case.
    public init(view: CaseView, law: Law, archivist: PersonRow, persons: [PersonRow], now: Instant) {
        self.view = view
        self.law = law
        self.archivist = archivist
        self.persons = Dictionary(persons.map { ($0.thread, $0) }) { first, _ in first }
        self.now = now
    }

    /// Sheets as a step sees them, made up by who takes it.
    init(_ scene: Scene) {
        self.init(
            view: scene.view, law: scene.law, archivist: scene.performer.person, persons: scene.persons,
            now: scene.now)
    }

    /// The values of a sheet's form; nil for a kind that is none of them.
    public func data(for kind: String) -> JSON? {
        switch kind {
        case "case-file-cover": cover
        case "case-file-catalogue": catalogue
        case "closing-sheet": closingSheet
        default: nil
        }
    }

    /// Documents that are filed, in order of being fixed, with where their pages lie in the volume.
    var items: [(document: CaseDocument, title: String, pages: ClosedRange<Int>)] {
        var next = 1
        return view.work.documents.compactMap { document in
            guard !document.isVoid, !FileCase.sheets.contains(document.kind) else { return nil }
            let count = max(1, document.pages ?? 1)
            defer { next += count }
            return (document, law.library.kind(of: document)?.title ?? document.kind, next...next + count - 1)
        }
    }

    var pages: Int { items.last?.pages.upperBound ?? 0 }

    /// The case's number (案号): its own, else that of its decision, else of its first numbered document, else its
    /// thread's tag.
    var caseNumber: String {
        if let own = view.work.caseNumber { return own }
        let numbered = view.work.documents.filter { !$0.isVoid && $0.issue?.numberText != nil }
        let decision = numbered.first { $0.kind == DocumentKindName.penaltyDecision }
        return (decision ?? numbered.first)?.issue?.numberText ?? "内部编号 \(view.work.thread.description.prefix(8))"
    }

    var title: JSON.Member { .init("caseName", .string(view.work.title ?? "")) }

    var counts: [JSON.Member] {
        [
            .init("pieces", .integer(Int64(pieces))),
            .init("pages", .integer(Int64(pages))), .init("recordings", .integer(Int64(view.work.recordings.count))),
        ]
    }

    private var cover: JSON {
        let handlers = view.work.handlers.map { persons[$0] }
        return .object(
            [
                .init("caseNumber", .string(caseNumber)), title,
                .init("subjectName", .string(view.work.subjectName ?? "")),
                .init("volume", "open"), .init("outcome", .string(view.work.ending?.ground.chinese ?? "")),
                .init(
                    "officers",
                    .array(
                        handlers.map { person in
                            [
                                "certificate": .string(person?.certificateNumber ?? ""),
                                "name": .string(person?.name ?? ""),
                            ]
                        })),
                .init("startedAt", .string(view.work.startedAt.day.description)),
                .init("endedAt", .string((view.work.ending?.at ?? now).day.description)),
                .init("filedAt", .string(now.day.description)), .init("archivist", .string(archivist.name)),
                .init("retention", "years30"),
            ] + counts)
    }

    private var catalogue: JSON {
        let rows = items.enumerated().map { number, item -> JSON in
            let author = item.document.author.flatMap { persons[$0]?.name } ?? ""
            let internalVolume = law.library.kind(of: item.document)?.volume == .internal
            return [
                "author": .string(author),
                "date": .string((item.document.issue?.at ?? item.document.fixedAt).day.description),
                "number": .string(item.document.issue?.numberText ?? ""),
                "pages": .string(
                    item.pages.count == 1
                        ? "\(item.pages.lowerBound)" : "\(item.pages.lowerBound)-\(item.pages.upperBound)"),
                "piece": .string("\(number + 1)"), "remarks": .string(internalVolume ? "副卷" : ""),
                "title": .string(item.title),
            ]
        }
        // A case that was broken off before anything was written is filed too: its catalogue says that it is empty.
        let listed: [JSON] = rows.isEmpty ? [["piece": "—", "title": "本案没有形成文书"]] : rows
        return .object(
            [
                .init("caseNumber", .string(caseNumber)), title, .init("volume", "open"),
                .init("items", .array(listed)),
            ] + counts.filter { $0.key != "recordings" })
    }
}

import Casework
import Kernel
import Ledger

/// The sheets of a case file (案卷封面、卷内目录、备考表), filled from what was recorded: nothing is typed twice.
public struct CaseFileSheets: Sendable {
    let view: CaseView
    let law: Law
    private let archivist: PersonRow
    let persons: [ThreadTag: PersonRow]
    let now: Instant
    /// The inspection that the case was opened from; nil where there was none.
    let source: CaseView?
    /// Originals that were found to be lost.
    let losses: FoundLosses

    /// Sheets of an ended case.
    public init(
        view: CaseView, source: CaseView?, law: Law, archivist: PersonRow, persons: [PersonRow],
        losses: FoundLosses = [:], now: Instant
    ) {
        self.losses = losses
        self.view = view
        self.source = source
        self.law = law
        self.archivist = archivist
        self.persons = Dictionary(persons.map { ($0.thread, $0) }) { first, _ in first }
        self.now = now
    }

    /// Sheets as a step sees them, made up by who takes it.
    init(_ scene: Scene) async throws(StepRefusal) {
        self.init(
            view: scene.view, source: try await scene.source(), law: scene.law, archivist: scene.performer.person,
            persons: scene.persons, losses: try await scene.casebook?.losses() ?? [:], now: scene.now)
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

    /// A document that is filed, with where its pages lie in the volume.
    struct Item {
        let document: CaseDocument
        let title: String
        let pages: ClosedRange<Int>
        /// Whether it comes from the inspection that the case was opened from.
        let isOfSource: Bool

        /// Its pages as the catalogue and the sheets say them.
        func range(_ dash: String = "-") -> String {
            pages.count == 1 ? "\(pages.lowerBound)" : "\(pages.lowerBound)\(dash)\(pages.upperBound)"
        }
    }

    /// Documents that are filed: the evidence of the inspection that the case was opened from, then its own, each in order
    /// of being fixed. An inspection that was filed before lies in a volume of its own, which the catalogue names.
    var items: [Item] { items(asOf: nil) }

    /// The same as a sheet of the case file counted them: what was filed apart or made void after it was fixed lay in the
    /// volume then, and what was fixed after it comes last.
    ///
    /// - Parameter sheet: nil for how it is now.
    func items(asOf sheet: CaseDocument?) -> [Item] {
        func had(_ at: Instant?) -> Bool { at.map { at in sheet.map { at <= $0.fixedAt } ?? true } ?? false }
        var next = 1
        let inspection = had(source?.work.filedAt) ? [] : source?.work.documents ?? []
        let all = inspection.map { ($0, true) } + view.work.documents.map { ($0, false) }
        return all.compactMap { document, isOfSource in
            // A paper that went out stays in the file when it was made void: its number is in somebody's hands.
            guard !had(document.voidedAt) || document.issue != nil, !FileCase.sheets.contains(document.kind) else {
                return nil
            }
            let count = max(1, document.pages ?? 1)
            defer { next += count }
            return Item(
                document: document, title: law.library.kind(of: document)?.title ?? document.kind,
                pages: next...next + count - 1, isOfSource: isOfSource)
        }
    }

    var isSourceFiled: Bool { source?.work.isFiled == true }

    /// The row of the volume in which the inspection lies; nil where its pieces lie in this one.
    private var sourceVolume: JSON? {
        guard isSourceFiled, let source, let filed = source.work.filedAt else { return nil }
        let record = source.records.last { $0.type == .caseFiled }
        let size = [("pieces", "件"), ("pages", "页")].compactMap { member, unit in
            record?.number(member).map { "\($0)\(unit)" }
        }.joined()
        return [
            "date": .string(filed.day.description),
            "number": .string(CaseFileSheets.caseNumber(of: source.work)), "piece": "—",
            "remarks": .string("另卷归档\(size.isEmpty ? "" : "，\(size)")"),
            "title": .string("来源行政检查案卷：\(source.work.title ?? "")"),
        ]
    }

    var pages: Int { items.last?.pages.upperBound ?? 0 }

    /// The case's number (案号): its own, else that of its decision, else of its first numbered document, else its
    /// thread's tag.
    var caseNumber: String {
        CaseFileSheets.caseNumber(of: view.work)
    }

    private static func caseNumber(of work: Case) -> String {
        if let own = work.caseNumber { return own }
        let numbered = work.documents.filter { !$0.isVoid && $0.issue?.numberText != nil }
        let decisions = numbered.filter { $0.kind == DocumentKindName.penaltyDecision }
        let decision = decisions.first { !work.remade.contains($0.id) } ?? decisions.first
        return (decision ?? numbered.first)?.issue?.numberText ?? "未编案号（记录线 \(work.thread.description.prefix(8))）"
    }

    var title: JSON.Member { .init("caseName", .string(view.work.title ?? "")) }

    /// Which volumes the sheets are of: pieces of both are bound together and listed once.
    var volume: JSON.Member {
        let isMixed = items.contains { law.library.kind(of: $0.document)?.volume == .internal }
        return .init("volume", isMixed ? "both" : "open")
    }

    var counts: [JSON.Member] {
        [
            .init("pieces", .integer(Int64(pieces))),
            .init("pages", .integer(Int64(pages))), .init("recordings", .integer(Int64(audioVideoCount))),
            .init("otherFiles", .integer(Int64(otherFileCount))),
        ]
    }

    /// How the case ended. An investigation that was broken off leaves no paper: the sheets say who did it, when and why.
    var outcome: String {
        guard let ending = view.work.ending else { return "" }
        let ended = Corrections.reading(view.records).last { $0.type == .caseEnded && $0.seq == ending.seq }
        let before = changedDecisions.map { "\($0)；" } ?? ""
        guard ending.ground == .terminated, let ended else { return "\(before)\(ending.ground.chinese)\(standing)" }
        let reason = Sight(view).hidden(ended).contains("reason") ? CaseFileSheets.veil : ended.text("reason") ?? ""
        let who = ended.actor.flatMap { persons[$0]?.name } ?? ""
        let words = "\(ending.ground.chinese)：\(reason)（\(who)决定，\(ending.at.day.chinese)）"
        // Under the number of a penalty that was issued the reader is told first what became of that penalty.
        guard let decision = view.work.documents.last(where: { $0.isCaseDecision && $0.issue != nil }) else {
            return words
        }
        // A change that is told says it; one that a remedy alone brought is not registered as such.
        guard change(of: decision) == nil else { return "\(before)\(words)" }
        let what = view.work.isUndone ? "已经撤销" : decision.isVoid ? "已经作废" : "没有全部履行"
        return "\(before)\(numbered(decision))\(what)；\(words)"
    }

    private var cover: JSON {
        let handlers = view.work.handlers.map { persons[$0] }
        return .object(
            [
                .init("caseNumber", .string(caseNumber)), title,
                .init("subjectName", .string(view.work.subjectName ?? "")),
                volume, .init("outcome", .string(outcome)),
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

    /// Who made a document (责任者): of a paper from outside whose seal or name stands on it first, not who took it in.
    private func made(_ document: CaseDocument) -> String {
        let taken = document.author.flatMap { persons[$0]?.name } ?? ""
        guard document.isOutside, let kind = law.library.kind(of: document), let data = document.data,
            !OpeningRule.veiled.contains(kind.openingClass(of: data))
        else { return taken }
        return kind.places(for: data).lazy.compactMap { document.slots[$0.name]?.name }.first ?? taken
    }

    /// What the catalogue of a case without a single paper says.
    static let nothing = "本案没有形成文书"

    private var catalogue: JSON {
        let rows = items.enumerated().map { number, item -> JSON in
            let author = made(item.document)
            let internalVolume = law.library.kind(of: item.document)?.volume == .internal
            return [
                "author": .string(author),
                "date": .string((item.document.issue?.at ?? item.document.fixedAt).day.description),
                "number": .string(item.document.issue?.numberText ?? ""),
                "pages": .string(item.range()),
                "piece": .string("\(number + 1)"),
                "remarks": .string(
                    [
                        item.isOfSource ? "来源检查" : "", internalVolume ? "副卷" : "", item.document.isVoid ? "已作废" : "",
                        item.isOfSource ? "" : change(of: item.document) ?? "",
                    ].filter { !$0.isEmpty }
                        .joined(separator: "，")),
                "title": .string(item.title),
            ]
        }
        // A case that was broken off before anything was written is filed too: its catalogue says that it is empty.
        let all = (sourceVolume.map { [$0] } ?? []) + rows + recordingRows(after: rows.count)
        let listed: [JSON] = all.isEmpty ? [["piece": "—", "title": .string(CaseFileSheets.nothing)]] : all
        return .object(
            [
                .init("caseNumber", .string(caseNumber)), title, volume,
                .init("items", .array(listed)),
            ] + counts.filter { $0.key != "recordings" && $0.key != "otherFiles" })
    }
}

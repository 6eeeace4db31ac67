import Casework
import Kernel
import Ledger

/// Fixes a document: from here on what was shown for reading is recorded and stored (ADR 0002).
public struct FixDocument: CaseStep {
    public static let name = "document"

    public var document: DocumentID
    public var kind: String
    /// The form's values, persons already with name and certificate as they are today.
    public var data: JSON
    /// Rendition A, printed and stored.
    public var rendition: ObjectFacts
    /// Its pages.
    public var pages: Int
    /// The press that printed it: `Printer.installationDigest`.
    public var press: Digest
    public var activity: ActivityID?
    /// Another document that this one serves or supports.
    public var about: DocumentID?
    /// How the party's name is written from here on, where this paper is the first to say so.
    var learned: WrittenName?

    /// A document to fix.
    public init(
        document: DocumentID, kind: String, data: JSON, rendition: ObjectFacts, pages: Int, press: Digest,
        activity: ActivityID?, about: DocumentID?
    ) {
        self.document = document
        self.kind = kind
        self.data = data
        self.rendition = rendition
        self.pages = pages
        self.press = press
        self.activity = activity
        self.about = about
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        let (inForce, templateDigest) = try scene.law.drawnKind(kind)
        try DocumentRights.requireAuthor(of: inForce.kind, in: scene)
        try DecisionCheck.requireProcedure(of: kind, data: data, in: scene.work)
        if let refusal = scene.law.refusal(of: inForce.kind, in: scene.work, on: scene.now.day) { throw refusal }
        if inForce.kind.category != .caseFile { try await scene.requireUnbound() }
        guard scene.work.document(document) == nil else { throw StepRefusal(.taken, "这份文书已经定稿。") }
        if let activity, !scene.work.activities.contains(where: { $0.id == activity }) {
            throw StepRefusal(.notFound, "本案没有这次执法活动。")
        }
        if let about, scene.work.document(about)?.isVoid != false {
            throw StepRefusal(.notFound, "本案没有所指的文书，或者它已作废。")
        }
        let problems = inForce.kind.problems(in: data)
        guard problems.isEmpty else {
            throw StepRefusal(fields: problems.map { .init($0.field, $0.message) })
        }
        let untrue =
            scene.problems(ofTimesIn: data, kind: inForce.kind)
            + IssueDay.problems(in: data, kind: inForce.kind, scene: scene)
            + OfficerPlaces.problems(in: data, kind: inForce.kind, persons: scene.persons)
            + AttendingHeads.problems(in: data, kind: inForce.kind, work: scene.work, persons: scene.persons)
        guard untrue.isEmpty else { throw StepRefusal(fields: untrue) }
        try PartyPaper.requireTold(inForce.kind, data, in: scene)
        try requireServedAfterIssue(in: scene)
        try await requireComputed(of: inForce.kind, in: scene)
        let differences =
            DecisionCheck.differences(in: data, kind: kind, scene: scene)
            + FineAmount.problems(in: data, of: inForce.kind)
            + PunishingPaper.problems(in: data, kind: inForce.kind, work: scene.work)
            + OtherDecision.problems(in: data, kind: kind, about: about, work: scene.work)
            + PublicNotice.problems(in: data, kind: kind, about: about, work: scene.work)
        guard differences.isEmpty else { throw StepRefusal(fields: differences) }
        var plain: [JSON.Member] = [
            .init("document", .string(document.description)), .init("kind", .string(kind)),
            .init("kindDigest", .string(inForce.digest.description)),
            .init("object", .string(rendition.id.description)), .init("pages", .integer(Int64(pages))),
            .init("pressDigest", .string(press.description)),
            .init("templateDigest", .string(templateDigest.description)),
        ]
        if let activity { plain.append(.init("activity", .string(activity.description))) }
        if let about { plain.append(.init("about", .string(about.description))) }
        var open = inForce.kind.fields.filter(\.plain).compactMap { field in
            data[field.name].map { JSON.Member(field.name, $0) }
        }
        if let fine = FineAmount.told(in: data, of: inForce.kind) {
            open.append(.init(FineAmount.field, .integer(fine)))
        }
        if !open.isEmpty { plain.append(.init("data", .object(open))) }
        let learned = self.learned.map { written in
            Fact(
                .subjectChanged, in: scene.work.subject,
                fields: [.init("writtenName", .string(written.text), .party)])
        }
        return [
            Fact(
                .documentFixed, in: scene.work.thread, plain: .object(plain),
                fields: [
                    .init("data", data, inForce.kind.openingClass(of: data)),
                    .init("digest", rendition.json, inForce.kind.openingClass(of: data)),
                ])
        ] + (learned.map { [$0] } ?? [])
    }
}

/// Who may make, sign and issue documents of a kind.
enum DocumentRights {
    /// The persons who author: the reviewer writes the review, the custodian the sheets of the case file, handlers the
    /// rest. An ended case takes only sheets of the case file, and what a remedy leads to (`AfterEnd`).
    ///
    /// - Parameter isSigned: it is only to be issued: see `AfterEnd.mayComplete`.
    static func requireAuthor(
        of kind: DocumentKind, in scene: Scene, isSigned: Bool = false
    ) throws(StepRefusal) {
        let isCompleted = isSigned && AfterEnd.mayComplete(kind, in: scene.work)
        switch kind.category {
        case .caseFile:
            try scene.performer.require(.custodian)
            guard scene.work.ending != nil else {
                throw StepRefusal(.outOfOrder, "本案尚未终结，终结之后才制作案卷封面、目录和备考表。")
            }
            guard !scene.work.isFiled else { throw StepRefusal(.outOfOrder, "本案已归档，不能再增加文书。") }
        case .review:
            try requireReviewer(in: scene)
            if !isCompleted { try scene.require(.running) }
        default:
            try scene.performer.requireHandler(of: scene.work)
            if !isCompleted, let refusal = AfterEnd.refusal(of: kind, in: scene.work) { throw refusal }
        }
    }

    /// Invariant 8: the legal reviewer took no part in the case.
    static func requireReviewer(in scene: Scene) throws(StepRefusal) {
        try scene.performer.require(.legalReviewer)
        guard !scene.work.investigators.contains(scene.performer.tag) else {
            throw StepRefusal(.notAllowed, "您参与过本案的调查、起草或者制作文书，不能担任本案的法制审查人员。")
        }
    }
}

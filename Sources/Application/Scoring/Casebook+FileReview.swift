import Casework
import Kernel
import Ledger

/// A review of the file of a case (案卷评查) as somebody recorded it.
public struct FileReview: Hashable, Sendable {
    /// When it was recorded.
    public let at: Instant
    /// Who reviewed it.
    public let reviewer: ThreadTag
    /// The points that were given.
    public let points: Int
    /// What was found, in the reviewer's words; nil once destroyed.
    public let defects: String?
}

extension FileReview {
    /// The roles that review files of others: those that look over a case and do not make it.
    public static let reviewers: [Role] = [
        .legalReviewer, .custodian, .unitHead, .departmentHead, .deputyHead, .agencyHead,
    ]

    /// Why a person may not review this file; nil if they may.
    public static func refusal(of person: PersonRow, in work: Case) -> String? {
        guard person.roles.contains(where: reviewers.contains) else {
            return "评查结果由法制审查人员、档案管理人员或者各级负责人登记。"
        }
        guard !work.handlers.contains(person.thread), !work.formerHandlers.contains(person.thread) else {
            return "承办过本案的人不能评查本案的案卷。"
        }
        return nil
    }
}

extension CaseView {
    /// What a sheet says of the case at an instant. A file that was closed is scored by what was asked of it then, and what was
    /// settled stays settled; what a remedy asks for later stands beside it.
    public func score(_ evaluation: Evaluation, by sheet: ScoreSheet, law: Law, at now: Instant) -> CaseScore {
        guard let atFiling else { return CaseScore(evaluation, by: sheet, isEnded: work.isOver, at: now) }
        let then = Dictionary(law.evaluate(atFiling).obligations.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
        var counted = evaluation
        counted.obligations = evaluation.obligations.map { later in
            then[later.key].flatMap { $0.state == .open ? nil : $0 } ?? later
        }
        return CaseScore(counted, by: sheet, isEnded: work.isOver, filed: Set(then.keys), at: now)
    }

    /// The history up to the filing; nil where nothing of the file came afterwards.
    private var atFiling: [Record]? {
        guard let filed = work.filedSeq, work.isContested || work.documents.contains(where: { $0.fixedSeq > filed }),
            let place = history.firstIndex(where: { $0.thread == work.thread && $0.seq == filed })
        else { return nil }
        return Array(history[...place])
    }
}

extension Casebook {
    /// Reviews of a case's file, in order.
    public func fileReviews(of thread: ThreadTag) async throws(StepRefusal) -> [FileReview] {
        try await chambers.records().compactMap { record in
            guard record.type == .casefileReviewed, record.thread("case") == thread,
                let reviewer = record.thread("reviewer"), let points = record.number("score")
            else { return nil }
            return FileReview(
                at: record.recordedAt, reviewer: reviewer, points: Int(points), defects: record.text("defects"))
        }
    }

    /// Records what a reviewer found in the file of a case (hejin-2019:3.2b).
    ///
    /// - Parameter points: from 0 to the sheet's full points; the reviewer's own word, whatever the sheet counted.
    public func reviewFile(
        of thread: ThreadTag, points: Int?, defects: String, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try performer.requireOwnAccount()
            let view = try await load(thread)
            guard view.work.viewRight(of: performer.person) != nil else {
                throw StepRefusal(.notFound, "没有找到这个案件。")
            }
            if let refusal = FileReview.refusal(of: performer.person, in: view.work) {
                throw StepRefusal(.notAllowed, refusal)
            }
            guard let sheet = try await chambers.law().library.scoreSheet else {
                throw StepRefusal(.unavailable, "没有评分表，请管理员检查规则文件。")
            }
            var form = FormText()
            let found = form.required(defects, "defects", "评查意见", limit: 2000)
            if points.map({ (0...sheet.full).contains($0) }) != true {
                form.fail("score", "请填写0到\(sheet.full)的整数。")
            }
            try form.finish()
            return try await record(
                [
                    Fact(
                        .casefileReviewed, in: try await chambers.profile().thread,
                        plain: [
                            "case": .string(thread.description), "reviewer": .string(performer.tag.description),
                            "score": .integer(Int64(points ?? 0)),
                        ], fields: [.init("defects", .string(found), .internal)])
                ], by: .person(performer.tag), command: command)
        }
    }
}

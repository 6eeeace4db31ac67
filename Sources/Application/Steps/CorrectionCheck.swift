import Casework
import Kernel

/// What a corrected record must keep: the bounds of the step that recorded it, and agreement with the rest of the case.
///
/// A correction is read in the place of what was recorded, so it could undo every check that was asked then: who was
/// served, and when the party spoke. The case is folded once more with the correction in it; what contradicts itself in
/// there and did not before is refused. Asked when a correction is proposed, and again when it is approved.
struct CorrectionCheck {
    /// The case's own records, as recorded, with the correction behind them.
    private let read: [Record]
    private let work: Case
    private let course: CaseCourse
    private let scene: Scene
    /// When what the case was opened from began; nil where it was opened from nothing.
    private let sourceBegan: Instant?

    private init?(_ records: [Record], in scene: Scene, since sourceBegan: Instant?) {
        self.sourceBegan = sourceBegan
        guard let work = Case(records) else { return nil }
        read = Corrections.reading(records)
        self.work = work
        course = CaseCourse(work: work, records: read)
        self.scene = scene
    }

    /// What is wrong with a correction; nil if nothing.
    ///
    /// - Parameters:
    ///   - value: what shall stand in `member` of the record at `target`.
    static func problem(
        of value: CorrectedValue, in member: EntryType.Correctable, target: Int, scene: Scene,
        since sourceBegan: Instant?
    ) -> String? {
        let records = scene.view.records
        guard records.indices.contains(target - 1) else { return nil }
        let correction = record(value, member.name, records[target - 1], after: records.count, at: scene.now)
        guard let before = CorrectionCheck(records, in: scene, since: sourceBegan),
            let after = CorrectionCheck(records + [correction], in: scene, since: sourceBegan)
        else { return nil }
        let old = before.read[target - 1]
        if case .instant = value, old.plain[member.name] == nil, old.statedAt == nil {
            return "原记录没有写这个时间，没有可以更正的。"
        }
        let corrected = after.read[target - 1]
        if let problem = after.problems(of: corrected).first(where: { $0.member == member.name }) {
            return problem.text
        }
        for record in after.read where record.seq != target && !record.type.correctable.isEmpty {
            let known = before.problems(of: before.read[record.seq - 1])
            if let new = after.problems(of: record).first(where: { !known.contains($0) }) {
                return "更正以后，本案第 \(record.seq) 条“\(record.type.chinese)”不再成立：\(new.text)"
            }
        }
        return nil
    }

    /// The correction as it would be recorded.
    private static func record(
        _ value: CorrectedValue, _ member: String, _ target: Record, after last: Int, at now: Instant
    ) -> Record {
        var plain: [JSON.Member] = [.init("member", .string(member))]
        var fields: [String: JSON] = [:]
        switch value {
        case .text(let text): fields["value"] = .string(text)
        case .instant(let at): plain.append(.init("instant", .integer(at.milliseconds)))
        case .word(let word): plain.append(.init("word", .string(word)))
        }
        return Record(
            thread: target.thread, seq: last + 1, type: .entryCorrected, recordedAt: now, plain: .object(plain),
            fields: fields, references: [.init(role: "corrects", thread: target.thread, seq: target.seq)])
    }

    /// What is wrong with one member of a record.
    struct Problem: Hashable {
        let member: String
        let text: String
    }

    /// Types whose records are bound by nothing but the length of their words: notes and reasons of who wrote them.
    static let free: Set<EntryType> = [.recordingLinked, .caseEnded]
    /// Types with bounds of their own, in `problems(of:)`.
    static let bound: Set<EntryType> = [
        .caseOpened, .activityBegan, .activityEnded, .findingRecorded, .statementRecorded, .statementReviewed,
        .documentServed, .performanceRecorded,
    ]

    /// The most characters of a member, where the step that asks for it allows fewer than a line has.
    static func limit(of member: String, in type: EntryType) -> Int? {
        switch (type, member) {
        case (.statementRecorded, "name"), (.documentServed, "signatory"): 60
        case (.documentServed, "recipient"), (.findingRecorded, "recipient"): 120
        case (.documentServed, "relation"), (.documentServed, "place"), (.activityBegan, "place"): 200
        default: nil
        }
    }

    func problems(of record: Record) -> [Problem] {
        var problems: [Problem] = []
        for member in record.type.correctable where member.form == .instant {
            guard let at = record.instant(member.name) ?? record.statedAt else { continue }
            // The step was taken then, and nobody states a time to come.
            if at > record.recordedAt {
                problems.append(.init(member: member.name, text: "时间不能晚于登记的时间（\(record.recordedAt.chinese)）。"))
            }
        }
        switch record.type {
        case .caseOpened: problems += opening(record)
        case .activityBegan, .activityEnded: problems += activity(record)
        case .findingRecorded: problems += finding(record)
        case .statementRecorded: problems += statement(record)
        case .statementReviewed: problems += review(record)
        case .documentServed: problems += service(record)
        case .performanceRecorded: problems += performance(record)
        default: break
        }
        return problems
    }

    /// When the case began in the world: nothing of it was said, served or performed before.
    private var began: Instant {
        ([work.startedAt, work.openedAt] + work.activities.map(\.startAt)).min() ?? work.openedAt
    }

    private func notBeforeCase(_ at: Instant, _ member: String, _ label: String) -> [Problem] {
        guard at.milliseconds(since: began) < -60_000 else { return [] }
        return [.init(member: member, text: "\(label)不能早于本案开始的时间（\(began.chinese)）。")]
    }

    /// The case is called what its decision calls it, and numbered in its own year.
    private func named(_ record: Record) -> [Problem] {
        var problems: [Problem] = []
        if let decision = decided(after: record), let told = decision.data?["caseName"]?.string?.trimmedWhitespace,
            let title = record.text("title")?.trimmedWhitespace, !title.utf8.elementsEqual(told.utf8)
        {
            problems.append(.init(member: "title", text: "处罚决定书写的案由是“\(told)”，案由不能更正成别的。"))
        }
        let parts = record.text("caseNumber")?.split(whereSeparator: { "〔〕[]【】".contains($0) }) ?? []
        let years = parts.compactMap { Int($0) }.filter { (1900...2999).contains($0) }
        let own = [work.startedAt, work.openedAt].map(\.day.parts.year)
        if !years.isEmpty, !years.contains(where: own.contains) {
            problems.append(.init(member: "caseNumber", text: "案号的年份与立案的年份（\(own[0])年）不一致。"))
        }
        return problems
    }

    /// The decision of the case that was issued after a record and stands.
    private func decided(after record: Record) -> CaseDocument? {
        work.documents.last { decision in
            decision.isCaseDecision && decision.isInForce && decision.issue.map { $0.seq > record.seq } == true
        }
    }

    /// What the bureau found of the party's statement is what it decided upon.
    private func review(_ record: Record) -> [Problem] {
        guard decided(after: record) != nil else { return [] }
        return record.type.correctable.map {
            .init(member: $0.name, text: "处罚决定已经根据这次复核作出，不能更正。需要说明的，另行登记。")
        }
    }

    private func opening(_ record: Record) -> [Problem] { named(record) + started(record) }

    private func started(_ record: Record) -> [Problem] {
        guard record.plain["startedAt"] != nil, let first = work.activities.map(\.startAt).min(),
            work.startedAt > first
        else { return [] }
        return [.init(member: "startedAt", text: "启动时间不能晚于本案最早的执法活动（\(first.chinese)）。")]
    }

    private func activity(_ record: Record) -> [Problem] {
        guard let id = record.word("activity").flatMap({ ActivityID($0) }),
            let activity = work.activities.first(where: { $0.id == id })
        else { return [] }
        if record.type == .activityEnded {
            guard let end = activity.endAt, end < activity.startAt else { return [] }
            return [.init(member: "endAt", text: "结束时间不能早于开始时间（\(activity.startAt.chinese)）。")]
        }
        var problems: [Problem] = []
        if work.kind == .penalty, let sourceBegan, activity.startAt < sourceBegan {
            problems.append(.init(member: "startAt", text: "本案的执法活动不能早于来源检查开始的时间（\(sourceBegan.chinese)）。"))
        }
        if let end = activity.endAt, activity.startAt > end {
            problems.append(.init(member: "startAt", text: "开始时间不能晚于结束时间（\(end.chinese)）。"))
        }
        if work.isEmergency, activity.startAt < work.startedAt {
            problems.append(
                .init(member: "startAt", text: "调查活动不能早于紧急启动的时间（\(work.startedAt.chinese)）。"))
        }
        return problems
    }

    private func finding(_ record: Record) -> [Problem] {
        guard record.word("outcome") == Finding.Outcome.handedOn.rawValue,
            record.text("recipient")?.trimmedWhitespace.isEmpty != false
        else { return [] }
        return [.init(member: "outcome", text: "移送的检查结果须写明接收机关。请先申请更正“接收机关”。")]
    }

    private func statement(_ record: Record) -> [Problem] {
        var problems: [Problem] = []
        if record.word("manner") == "silent" {
            return EntryType.statementRecorded.correctable.map {
                .init(member: $0.name, text: "逾期未陈述由期限决定，没有可以更正的内容。当事人陈述过的，另行登记。")
            }
        }
        if record.word("manner") == "waived" {
            for member in ["reasons", "evidence"] where record.text(member) != nil {
                problems.append(.init(member: member, text: "当事人放弃陈述申辩的，没有申辩的理由和证据。"))
            }
        }
        problems += signedStatement(record)
        let at = record.happenedAt
        if course.asksTelling, let told = course.toldAt, at.milliseconds(since: told) < -60_000 {
            problems.append(.init(member: "statedAt", text: "陈述申辩不能早于告知（\(told.chinese)）。"))
        }
        return problems + notBeforeCase(at, "statedAt", "陈述时间")
    }

    /// What a party said stands in the paper that it signed; what was decided upon is not said otherwise later.
    private func signedStatement(_ record: Record) -> [Problem] {
        let paper = record.word("document").flatMap { DocumentID($0) }.flatMap { work.document($0) }
        if let signed = paper?.slots["party"]?.name?.trimmedWhitespace,
            let name = record.text("name")?.trimmedWhitespace,
            !signed.utf8.elementsEqual(name.utf8)
        {
            return words("当事人的陈述写在他签名的材料里，不能更正。") + [.init(member: "name", text: "陈述人是在材料上签名的人。请照材料填写。")]
        }
        if paper != nil { return words("当事人的陈述写在他签名的材料里，不能更正。需要说明的，写在复核意见里，或者由当事人另行陈述。") }
        guard decided(after: record) != nil, record.word("phase") != "afterDemand" else { return [] }
        return words("处罚决定已经根据这次陈述作出，不能更正。需要说明的，另行登记。")
            + [.init(member: "name", text: "处罚决定已经根据这次陈述作出，陈述人不能更正。")]
    }

    private func words(_ text: String) -> [Problem] {
        ["facts", "reasons", "evidence"].map { .init(member: $0, text: text) }
    }

    private func service(_ record: Record) -> [Problem] {
        guard let document = record.word("document").flatMap({ DocumentID($0) }).flatMap({ work.document($0) }) else {
            return []
        }
        var problems: [Problem] = []
        let servedAt = record.instant("servedAt") ?? record.happenedAt
        // Minutes on a receipt are whole; the issue has milliseconds.
        if let issued = document.issue?.at, servedAt.milliseconds(since: issued) < -60_000 {
            problems.append(.init(member: "servedAt", text: "送达时间不能早于文书制发时间（\(issued.chinese)）。"))
        } else {
            problems += notBeforeCase(servedAt, "servedAt", "送达时间")
        }
        if let mailed = record.instant("mailedAt"), servedAt < mailed {
            problems.append(.init(member: "servedAt", text: "签收时间不能早于交寄时间（\(mailed.chinese)）。"))
        }
        if let recipient = record.text("recipient"), !ServiceCheck.isFor(recipient, document, in: work) {
            problems.append(
                .init(member: "recipient", text: "“\(recipient)”不是这份文书写明的当事人或者收件的单位。由别人代收的，受送达人仍写当事人。"))
        }
        guard let receipt = record.word("receipt").flatMap({ DocumentID($0) }).flatMap({ work.document($0) }),
            let said = receipt.data
        else { return problems }
        // Who signed the receipt received the paper, whatever else its form says.
        if let relation = receipt.slots["recipient"]?.relationText, let text = record.text("relation"),
            !relation.contains(text.trimmedWhitespace)
        {
            problems.append(.init(member: "relation", text: "与送达回证签收栏登记的关系不一致，不能更正成别的。"))
        }
        if let signed = receipt.slots["recipient"]?.name?.trimmedWhitespace, !signed.isEmpty,
            let signatory = record.text("signatory")?.trimmedWhitespace, !signed.utf8.elementsEqual(signatory.utf8)
        {
            problems.append(.init(member: "signatory", text: "送达回证由“\(signed)”签收，签收人不能更正成别人。"))
        }
        for (member, label) in [
            ("recipient", "受送达人"), ("place", "送达地点"), ("signatory", "签收人"), ("relation", "签收人与受送达人的关系"),
        ] {
            guard let word = said[member]?.string, let text = record.text(member),
                !word.trimmedWhitespace.utf8.elementsEqual(text.trimmedWhitespace.utf8)
            else { continue }
            problems.append(.init(member: member, text: "与送达回证写的\(label)不一致。回证写错了的，作废后重新制作。"))
        }
        if let word = said["servedAt"]?.string.flatMap({ Instant($0) }),
            word.milliseconds / 60_000 != servedAt.milliseconds / 60_000
        {
            problems.append(.init(member: "servedAt", text: "与送达回证写的送达时间不一致。回证写错了的，作废后重新制作。"))
        }
        return problems
    }

    private func performance(_ record: Record) -> [Problem] {
        guard let at = record.instant("performedAt") else { return [] }
        if let decision = record.word("document").flatMap({ DocumentID($0) }).flatMap({ work.document($0) }),
            let first = PerformanceCheck.earliest(decision, in: work), at.milliseconds(since: first) < -60_000
        {
            return [.init(member: "performedAt", text: "履行时间不能早于决定书送达的时间（\(first.chinese)）。")]
        }
        return notBeforeCase(at, "performedAt", "履行时间")
    }
}

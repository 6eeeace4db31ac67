import Casework
import Kernel

/// The form of request and approval (查阅（复制）申请及审批表) as a release prints it: who asked for what, who checked and
/// who approved, and the list of files with their digests, which the recipient signs.
///
/// Of what is withheld it says how many items and on what grounds. Neither their names nor the words of the check stand
/// on it: whoever signs it reads it.
struct RequestSheet {
    let view: RequestView
    let kind: DocumentKind
    let bureau: BureauProfile
    let files: [RequestFile.Release.File]
    let persons: [PersonRow]
    let library: RuleLibrary
    let now: Instant

    private var file: RequestFile { view.file }

    /// What the press is given: the unsigned form with the places that were met in the request's own steps.
    var json: JSON {
        let sheet = DocumentSheet(kind: kind, data: .object(data), bureau: bureau, id: .random())
        return sheet.rendition(met: met)
    }

    private var data: [JSON.Member] {
        let type = EntryType.requestMade
        let made = view.records[0]
        var members: [JSON.Member] = [
            .init("applicant", .string(file.applicant ?? "")),
            .init("relation", .string(type.chinese(file.capacity, of: "capacity"))),
            .init("caseName", .string(view.source.work.title ?? "")),
            .init("requestKind", .array([.string(file.kind)])),
            .init("purpose", .string(made.text("purpose") ?? "")),
            .init("items", .array((made.text("items") ?? "").split(separator: "\n").map { .string(String($0)) })),
            .init("appliedAt", .string(file.madeAt.description)), .init("secrecyCheck", .string(checkText)),
            .init("releasedAt", .string(now.description)), .init("released", .array(files.map { .string(line($0)) })),
        ]
        for (name, member) in [("applicantCode", "identity"), ("applicantPhone", "phone")] {
            if let text = made.text(member) { members.append(.init(name, .string(text))) }
        }
        return members
    }

    /// The digest in four groups: paper breaks lines only where there is a space, and cuts what does not fit.
    private func line(_ file: RequestFile.Release.File) -> String {
        let digits = Array(file.sha256.description)
        let groups = stride(from: 0, to: digits.count, by: 16).map { String(digits[$0..<min($0 + 16, digits.count)]) }
        return "\(file.name)，\(file.byteCount)字节，SHA-256：\(groups.joined(separator: " "))"
    }

    /// The check in numbers and grounds.
    private var checkText: String {
        guard let check = file.check else { return "" }
        let record = view.records[check.seq - 1]
        let grounds = record.plain["grounds"]?.elements?.compactMap(\.string) ?? []
        func told(_ words: some Sequence<String>) -> String {
            words.map { EntryType.requestChecked.chinese($0, of: "grounds") }.uniqued().joined(separator: "、")
        }
        var parts = ["审查\(file.wanted.count)件，可以提供\(check.cleared.count)件"]
        if !check.redacted.isEmpty {
            parts.append("遮盖后提供\(check.redacted.count)件（\(told(grounds.prefix(check.redacted.count)))）")
        }
        if !check.withheld.isEmpty {
            parts.append("不予提供\(check.withheld.count)件（\(told(grounds.dropFirst(check.redacted.count)))）")
        }
        return parts.joined(separator: "，") + "。"
    }

    private var met: [String: DocumentSheet.Met] {
        var met: [String: DocumentSheet.Met] = [:]
        if let check = file.check {
            met["custodian"] = .init(
                who: name(check.by), at: view.records[check.seq - 1].recordedAt, opinion: "已作保密审查。")
        }
        if let decision = file.decision {
            let record = view.records[decision.seq - 1]
            met["approver"] = .init(
                who: name(decision.by), at: record.recordedAt, opinion: "同意。\(record.text("opinion") ?? "")")
        }
        return met
    }

    private func name(_ person: ThreadTag?) -> String {
        persons.first { $0.thread == person }?.name ?? ""
    }
}

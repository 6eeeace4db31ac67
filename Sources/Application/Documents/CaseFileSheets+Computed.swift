import Casework
import Kernel
import Ledger

/// What the system says in the sheets of a case file, and nobody edits: pieces and pages, the catalogue's rows, defects,
/// corrections, the account of the volume, the state of the ledger. What a person states (retention, a remark on the volume)
/// is theirs, and is printed under a heading that says so.
extension CaseFileSheets {
    /// Fields of a sheet that are computed from the record; empty for kinds that are no sheets.
    public static func computedFields(of kind: String) -> [String] {
        switch kind {
        case "case-file-cover":
            [
                "caseNumber", "caseName", "subjectName", "volume", "outcome", "officers", "startedAt", "endedAt",
                "filedAt", "archivist", "pieces", "pages", "recordings", "otherFiles",
            ]
        case "case-file-catalogue": ["caseNumber", "caseName", "volume", "items", "pieces", "pages"]
        case "closing-sheet":
            [
                "caseNumber", "caseName", "volume", "situation", "pieces", "pages", "recordings", "otherFiles",
                "defects", "overrides", "corrections", "matters", "ledger", "filedAt",
            ]
        default: []
        }
    }

    /// The computed values of a sheet as they are now, by field; a field without a value has none.
    public func computed(for kind: String) -> [JSON.Member] {
        let names = Set(CaseFileSheets.computedFields(of: kind))
        return (data(for: kind)?.members ?? []).filter { names.contains($0.key) }
    }

    /// What of a form's values is not what the record says, by field.
    ///
    /// - Parameter sheet: the sheet, if it is fixed already: who made it, when, and after which entry is then its own.
    public func differences(in values: JSON, of kind: String, fixed sheet: CaseDocument? = nil) -> [String] {
        let expected = JSON.object(computed(for: kind))
        return CaseFileSheets.computedFields(of: kind).filter { name in
            switch name {
            case "filedAt" where sheet != nil, "archivist" where sheet != nil: return false
            // It tells how far the record had come when the sheet was fixed; what it counts is compared below.
            case "situation" where sheet != nil: return false
            case "filedAt": return !isPossible(filedAt: values[name]?.string ?? "")
            case "ledger":
                let place = sheet.map { $0.fixedSeq - 1 } ?? view.work.entries
                return !CaseFileSheets.same(values[name], ledger(after: place))
            default: return !CaseFileSheets.same(values[name], expected[name])
            }
        }
    }

    /// The file is made up after the act ended and not in the future; drawn a moment ago is soon enough.
    private func isPossible(filedAt text: String) -> Bool {
        let first = view.work.ending?.at ?? view.work.openedAt
        if let day = CivilDay(text) { return day >= first.day && day <= now.day }
        guard let at = Instant(text) else { return false }
        return at >= first.advanced(byMilliseconds: -60_000) && at <= now
    }

    private static func same(_ one: JSON?, _ other: JSON?) -> Bool {
        one?.canonicalBytes == other?.canonicalBytes
    }

    /// The state of the case's thread after one of its entries.
    func ledger(after seq: Int) -> JSON {
        let commitment = view.entries.indices.contains(seq - 1) ? view.entries[seq - 1].entry.commitment : .zero
        return [
            ["label": "本案记录线", "value": .string(view.work.thread.description)],
            ["label": "条目数", "value": .string("\(seq)")],
            ["label": "最后一条的承诺值", "value": .string(commitment.description)],
        ]
    }

    /// Pieces that are filed: documents but the sheets, and recordings. The cover says the same.
    var pieces: Int { items.count + recordings.count }
}

extension FixDocument {
    /// Refuses a sheet that says otherwise than the record.
    func requireComputed(of kind: DocumentKind, in scene: Scene) async throws(StepRefusal) {
        guard !CaseFileSheets.computedFields(of: kind.name).isEmpty else { return }
        let sheets = try await CaseFileSheets(scene)
        let wrong = sheets.differences(in: data, of: kind.name)
        guard !wrong.isEmpty else {
            // Who makes up the file says why there is none: nobody else is asked any more.
            let unrecorded = kind.name == "closing-sheet" ? sheets.unrecorded : []
            guard !unrecorded.isEmpty, data["unrecorded"]?.string?.trimmedWhitespace.isEmpty != false else { return }
            throw StepRefusal(
                fields: [
                    .init(
                        "unrecorded",
                        "\(unrecorded.joined(separator: "、"))按现行制度应当录音录像，没有音像资料，也没有经批准不录音录像的记录。请由检查的承办人补传；确实没有的，写明原因和经过。"
                    )
                ])
        }
        throw StepRefusal(
            fields: wrong.map { name in
                .init(name, "“\(kind.field(name)?.label ?? name)”由系统按本案的记录填写，不能改动。请重新打开这份草稿，按系统填写的内容定稿。")
            })
    }
}

extension FileCase {
    /// Refuses to file with a sheet that no longer fits the case, or that one person made and checked.
    static func requireFitting(_ scene: Scene) async throws(StepRefusal) {
        let sheets = try await CaseFileSheets(scene)
        for name in FileCase.sheets {
            guard let sheet = scene.work.document(ofKind: name), let data = sheet.data else { continue }
            let kind = try scene.law.kind(of: sheet)
            let wrong = sheets.differences(in: data, of: name, fixed: sheet)
            guard wrong.isEmpty else {
                let labels = wrong.map { "“\(kind.field($0)?.label ?? $0)”" }.joined(separator: "、")
                throw StepRefusal(
                    .outOfOrder, "《\(kind.title)》的\(labels)与本案现在的记录不符：它制作之后案卷又有变化，或者填写有误。请作废后重新制作《\(kind.title)》。")
            }
            if let archivist = sheet.slots["archivist"]?.by, archivist == sheet.slots["checker"]?.by {
                throw StepRefusal(.outOfOrder, "《\(kind.title)》的立卷人和检查人是同一人。请重新制作，由另一名档案管理人员检查。")
            }
        }
    }
}

extension SignSlot {
    /// Who made up a file does not check it: places of custodians on one sheet belong to different persons.
    func requireOtherCustodian(_ place: SlotPlace, on fixed: CaseDocument, in scene: Scene) throws(StepRefusal) {
        guard place.slot.who == .custodian else { return }
        guard !fixed.slots.contains(where: { $0.key != place.name && $0.value.by == scene.performer.tag }) else {
            throw StepRefusal(.notAllowed, "您已在这份文书上签名。立卷人和检查人不能是同一人，“\(place.slot.label)”栏由另一名档案管理人员本人登录签名。")
        }
    }
}

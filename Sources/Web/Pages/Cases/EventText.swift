import Application
import Casework
import Kernel

/// What an entry says to people: one sentence as title, what matters as lines. Every type of a case has its words.
struct EventText {
    /// The record as its reader may read it.
    let record: Record
    /// The case; nil for entries of threads that are no case.
    let work: Case?
    let names: [ThreadTag: String]
    let address: Address
    let library: RuleLibrary
    /// The entry that a correction is about.
    let target: Record?
    /// Entries of the same thread that it names.
    let named: [Record]
    /// The form of the file that it is about: `video`, `document`; nil where it is about none.
    let fileForm: String?
    /// Names of fields that the reader may not read now.
    let hidden: Set<String>
    /// The papers of a lead, whose entries have no case.
    var papers: [CaseDocument] = []

    /// What stands in the place of a value that the reader may not read now.
    static let veil = "（依法保密，查看须登记）"

    /// The text of a record for a reader.
    init(
        record: Record, work: Case?, names: [ThreadTag: String], address: Address, library: RuleLibrary,
        target: Record? = nil, named: [Record] = [], fileForm: String? = nil, sight: Sight
    ) {
        self.fileForm = fileForm
        self.record = sight.readable(record)
        self.work = work
        self.names = names
        self.address = address
        self.library = library
        self.target = target
        self.named = named
        hidden = sight.hidden(record)
    }

    /// Nil for entries that say nothing in the course of a case.
    var event: CasePage.Event? {
        switch record.type {
        case .caseOpened, .caseHandlersChanged, .findingRecorded, .caseEnded, .caseFiled: caseEvent
        case .activityBegan, .activityEnded, .avExempted: activityEvent
        case .documentFixed, .documentSigned, .documentIssued, .documentVoided, .documentCorrected, .documentServed,
            .documentScanned, .paperMoved:
            documentEvent
        case .recordingImported, .recordingLinked, .recordingInspected: recordingEvent
        case .statementRecorded, .statementReviewed, .decisionDrafted, .decisionApproved, .performanceRecorded,
            .overrideGiven, .correctionProposed, .entryCorrected, .correctionRefused:
            procedureEvent
        case .accessOpened:
            CasePage.Event(
                time: "",
                title: record.word("what") == "case"
                    ? record.word("volume").flatMap { VolumePlan.Part(rawValue: $0) }?.binding ?? "查看案卷"
                    : "查看\(word("what", ["object": "音像记录", "document": "文书"]))")
        case .accessClosed:
            CasePage.Event(
                time: "", title: "结束查看",
                lines: [record.number("bytes").map { "读取了 \(ByteText.chinese($0))" } ?? "当时服务中断，读取了多少没有记下来"])
        case .dossierExported: exportEvent
        default: recordedEvent
        }
    }

    private func made(_ title: String, _ lines: [String?] = [], _ tone: CasePage.Event.Tone = .plain) -> CasePage.Event
    {
        CasePage.Event(time: "", title: title, lines: lines.compactMap { $0 }, tone: tone)
    }

    private func word(_ name: String, _ words: [String: String]) -> String {
        record.word(name).map { words[$0] ?? $0 } ?? ""
    }

    private func people(_ name: String) -> String {
        record.threads(name).map { names[$0] ?? "（不详）" }.joined(separator: "、")
    }

    /// A field's text; says so when the value was destroyed, because silence would be read as never there.
    private func text(_ name: String, _ label: String) -> String? {
        if hidden.contains(name) { return "\(label)：\(Self.veil)" }
        if let text = record.text(name) { return "\(label)：\(text)" }
        return record.fieldNames.contains(name) ? "\(label)：（内容已依法销毁）" : nil
    }

    private var caseEvent: CasePage.Event {
        switch record.type {
        case .caseOpened:
            made(
                work?.kind == .penalty ? "立案" : "开展行政检查",
                [
                    "来源：\(work?.source.chinese ?? "")；承办：\(people("handlers"))", work?.isMajor == true ? "重大执法行为" : nil,
                    text("caseNumber", "案号"), work?.isEmergency == true ? "紧急情况先行启动，24小时内补报审批表" : nil,
                    text("emergencyReason", "紧急情况"),
                ], .key)
        case .caseHandlersChanged: made("变更承办人", ["现承办：\(people("handlers"))", text("reason", "理由")])
        case .findingRecorded:
            made(
                "检查结果：\(record.word("outcome").flatMap { Finding.Outcome(rawValue: $0)?.chinese } ?? "")",
                [text("summary", "摘要"), text("recipient", "移交")], .key)
        case .caseEnded:
            made(
                "终结：\(record.word("ground").flatMap { Ending.Ground(rawValue: $0)?.chinese } ?? "")",
                [text("reason", "说明")], .key)
        default:
            made(
                record.plain["withDefects"]?.boolean == true ? "带缺陷归档" : "归档",
                ["共 \(record.number("pieces") ?? 0) 件 \(record.number("pages") ?? 0) 页", text("defects", "缺陷")],
                record.plain["withDefects"]?.boolean == true ? .bad : .key)
        }
    }

    /// Kinds of activity by word; what is none of the others is called an act of enforcement.
    static let activityKinds: [String: String] = EntryType.activityBegan.options(of: "kind")
        .reduce(into: ["other": "执法活动"]) { names, option in
            if option.word != "other" { names[option.word] = option.chinese }
        }
    private static let exemptions = [
        "stateSecret": "涉及国家秘密", "tradeSecret": "涉及商业秘密", "privacy": "涉及个人隐私", "danger": "现场有危险", "fault": "设备故障",
        "other": "其他情形",
    ]

    private var activityEvent: CasePage.Event {
        let kind = record.word("kind") ?? work?.activities.first { $0.id.description == record.word("activity") }?.kind
        let name = kind.flatMap { Self.activityKinds[$0] } ?? "执法活动"
        switch record.type {
        case .activityBegan:
            return made("\(name)开始", ["执法人员：\(people("officers"))", text("place", "地点"), text("persons", "在场人员")])
        case .activityEnded: return made("\(name)结束", [text("note", "备注")])
        default:
            return made("批准不作音像记录", ["理由：\(word("reason", Self.exemptions))", text("explanation", "说明")], .bad)
        }
    }

    private var exportEvent: CasePage.Event {
        let withheld = record.number("withheld") ?? 0
        return made(
            "导出案卷",
            [
                "用途：\(word("audience", ["archive": "移交档案馆", "court": "提供法院", "party": "提供当事人"]))；导出人：\(record.actor.flatMap { names[$0] } ?? "（不详）")",
                record.thread("approvedBy") == nil ? nil : "批准：\(person("approvedBy"))",
                text("recipient", "接收人"),
                withheld == 0 ? "没有留空的内容" : "依法留空 \(withheld) 处，理由列在案卷内",
                text("secrecyCheck", "保密审查"),
            ], .key)
    }

    private var procedureEvent: CasePage.Event {
        switch record.type {
        case .statementRecorded:
            made(
                statementTitle,
                [text("name", "陈述人"), text("facts", "事实"), text("reasons", "理由"), text("evidence", "证据")], .key)
        case .statementReviewed:
            made(
                "复核陈述申辩：\(word("accepted", ["yes": "采纳", "partly": "部分采纳", "no": "不采纳"]))",
                [text("review", "复核"), text("handling", "处理意见"), text("reason", "理由")])
        case .decisionDrafted:
            made(
                "草拟处理意见：\(record.word("outcome").flatMap { Drafting.Outcome(rawValue: $0)?.chinese } ?? "")",
                ["草拟：\(person("drafter"))；送\(person("unitReviewer"))审查"])
        case .decisionApproved:
            record.word("decision") == "approve"
                ? made("负责人批准", [text("opinion", "意见")], .key) : made("负责人未批准", [text("opinion", "意见")], .bad)
        case .performanceRecorded:
            made(
                "履行情况：\(word("status", ["complete": "已全部履行", "partly": "部分履行", "none": "未履行"]))",
                [
                    text("obligation", "义务"), record.number("amount").map { "已缴金额：\(MoneyText.plain(fen: $0))元" },
                    text("taken", "没收的财物"), text("evidence", "凭证"),
                ], record.word("status") == "complete" ? .key : .plain)
        case .overrideGiven:
            made(
                record.word("step") == EntryType.caseFiled.rawValue ? "批准带缺陷归档" : "经批准越过关口",
                [
                    cited, record.thread("person") == nil ? nil : "责任人：\(person("person"))",
                    text("violation", "没有履行的事项"), text("reason", "理由"), text("legalBasis", "依据"),
                ], .bad)
        case .correctionProposed:
            made(
                "申请更正：\(correctedName)",
                ["更正为：\(hidden.contains("value") ? Self.veil : record.correctedText)", text("reason", "理由")])
        case .correctionRefused: made("不同意更正：\(correctedName)", [text("opinion", "意见")])
        default:
            made(
                "更正：\(correctedName)",
                [
                    "更正为：\(hidden.contains("value") ? Self.veil : record.correctedText)", text("reason", "理由"),
                    text("opinion", "批准意见"),
                    "申请：\(person("proposedBy"))；批准：\(person("approvedBy"))",
                ], .bad)
        }
    }

    private var statementTitle: String {
        let after = record.word("phase") == "afterDemand" ? "催告后" : ""
        return switch record.word("manner") {
        case "waived": "当事人放弃陈述申辩"
        case "silent": "当事人逾期没有陈述申辩"
        default: "\(after)当事人陈述申辩（\(word("manner", ["oral": "口头", "written": "书面"]))）"
        }
    }

    /// The provision of an override, as a reader cites it.
    private var cited: String? {
        record.word("provision").flatMap { library.provision($0) }.map { "条款：\($0.article)，\($0.summary)" }
    }

    /// Which member of which entry a correction is about.
    private var correctedName: String {
        guard let target = record.number("target") else { return "" }
        guard let type = self.target?.type else { return "第 \(target) 条记录" }
        let label = type.correctable.first { $0.name == record.word("member") }?.label
        return "“\(type.chinese)”的\(label ?? "内容")（本案第 \(target) 条）"
    }

    private func person(_ name: String) -> String {
        record.thread(name).flatMap { names[$0] } ?? "（不详）"
    }

    private var recordingEvent: CasePage.Event {
        switch record.type {
        case .recordingImported:
            made(
                "音像记录入库",
                [
                    "\(word("form", ["video": "录像", "audio": "录音", "photo": "照片", "screenshot": "截图", "document": "扫描件"]))，\(word("device", ["recorder": "执法记录仪", "camera": "照相机、摄像机", "phone": "手机", "scanner": "扫描仪", "other": "其他设备"]))",
                    hidden.contains("fileName") ? "文件名\(Self.veil)" : record.text("fileName"),
                ], .key)
        case .recordingLinked: made("音像记录归入本案", [text("note", "备注")])
        // What was never said to be a film or a sound was claimed for nothing: no player has to read it.
        case .recordingInspected
        where record.word("result") != "facts" && fileForm.map { !["video", "audio"].contains($0) } == true:
            made("已检查文件", ["这个文件是\(fileForm == "document" ? "扫描件、文档" : "照片、截图")，不是录音录像，没有时长等信息可读。"])
        case .recordingInspected where record.word("result") != "facts":
            made(
                "无法读取音像文件信息",
                [
                    record.inspectionDoubt.flatMap { MediaDoubt.Reason(rawValue: $0) }
                        .map { MediaDoubt($0).chinese },
                    record.inspectionDoubt.map { UnreadableRecordings.doubts.contains($0) } == true
                        ? "这个文件不算录音录像，相应的音像记录仍须完成：请重新上传设备里的原始文件；设备用专用格式的，请连同转换成通用格式（如 MP4）的文件一并上传。" : nil,
                ])
        default: made("已读取音像文件信息")
        }
    }

    private static let slotManners = ["screen": "当面签名", "paper": "在纸上签名并扫描", "refused": "拒绝签名", "unable": "不能签名"]

    private var documentEvent: CasePage.Event {
        let document = record.word("document").flatMap { DocumentID($0) }.flatMap { id in
            work?.document(id) ?? papers.first { $0.id == id }
        }
        let title = document.map { library.kind(of: $0)?.title ?? $0.kind } ?? "文书"
        switch record.type {
        case .documentFixed where record.plain["outside"] == true:
            return made("\(title) 归入", ["由外单位或者个人出具，照纸质原件登记。扫描件已存档，此后不能改动。"])
        case .documentFixed: return made("\(title) 定稿", ["交付阅读、签名的文本已存档，此后不能改动。"])
        case .documentSigned:
            let manner = record.word("manner") ?? ""
            let isSeen = document?.isOutside == true && record.word("scan") == nil
            // One person may sign in two places of a paper.
            let slot = document.flatMap { library.kind(of: $0) }.flatMap { kind in
                record.word("slot").flatMap { kind.slot($0) }
            }
            let place = slot?.label
            let seen =
                switch slot?.kind {
                case .seal: "在原件上盖章"
                case .signature: "在原件上签名"
                case .signatureAndSeal, nil: "在原件上签名、盖章"
                }
            return made(
                "\(title)：\(record.text("name") ?? (hidden.contains("name") ? Self.veil : ""))\(manner == "screen" && record.word("by") != nil ? "签署" : isSeen ? seen : Self.slotManners[manner] ?? manner)\(place.map { "（\($0)）" } ?? "")",
                [
                    word("decision", ["agree": "同意", "refuse": "不同意", "passed": "通过", "returned": "退回"]).nonEmpty.map {
                        "结论：\($0)"
                    },
                    record.plain["sealed"]?.boolean == true ? isSeen ? "已加盖印章" : "已加盖公章" : nil,
                    isSeen ? "由登记人对照纸质原件看过。" : nil,
                    record.word("capacity").map { "与当事人的关系：\(record.type.chinese($0, of: "capacity"))" },
                    text("relation", record.word("capacity") == nil ? "与当事人的关系" : "关系的说明"),
                    text("authority", "授权委托书"),
                    text("opinion", "意见"), text("reason", "理由"), text("reader", "宣读人"), text("witness", "见证人"),
                ],
                manner == "refused" || record.word("decision") == "refuse" || record.word("decision") == "returned"
                    ? .bad : .plain)
        case .documentIssued: return made("\(title) 制发", [record.text("numberText").map { "文号：\($0)" }], .key)
        case .documentScanned:
            let pages = (record.fields["making"]?["sheets"]?.elements ?? []).compactMap { $0["sheet"]?.integer }
            let named =
                pages.isEmpty
                ? "共\(record.number("sheets") ?? 0)页" : "第\(pages.map { "\($0)" }.joined(separator: "、"))页"
            return made(
                "\(title) 扫描归件",
                [
                    "\(named)\(record.plain["isWhole"]?.boolean == true ? "，各页齐全" : "，还不齐全")",
                    text("place", "纸质原件存放在"),
                ])
        case .paperMoved: return made("\(title) 纸质原件换了存放处", [text("place", "现在存放在"), text("reason", "原因")])
        case .documentVoided: return made("\(title) 作废", [text("reason", "理由")], .bad)
        case .documentCorrected:
            let later = record.word("by").flatMap { DocumentID($0) }.flatMap { work?.document($0) }
            let isSuperseded = record.word("manner") == DocumentCorrection.Manner.supersedes.rawValue
            return made(
                "\(title) \(isSuperseded ? "被替代" : "补正")",
                [
                    later.map {
                        "\(isSuperseded ? "以后一份为准" : "补正文书")：《\(library.kind(of: $0)?.title ?? $0.kind)》\($0.issue?.numberText ?? "")"
                    }, text("reason", "理由"),
                ], .bad)
        default:
            let isReturned = record.plain["returned"]?.boolean == true
            var event = made(
                isReturned ? "\(title) 邮寄送达未成：邮件退回" : "\(title) 送达",
                [
                    "方式：\(record.word("method").map { record.type.chinese($0, of: "method") } ?? "")",
                    text("recipient", "受送达人"), text("signatory", "签收人"), text("relation", "与受送达人的关系"),
                    text("place", "地点"),
                ], isReturned ? .bad : .key)
            event.lines += recordedLines(without: [
                "document", "method", "servedAt", "receipt", "returned", "recipient", "signatory", "relation", "place",
                Confirmations.member,
            ])
            return event
        }
    }
}

extension String {
    /// Nil when empty.
    var nonEmpty: String? { isEmpty ? nil : self }
}

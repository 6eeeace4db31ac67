/// Chinese names of members and words of records, for sentences made from rules: those of the vocabulary of records
/// (`Wording`), of document kinds, roles and stages, and a few that only rules use. A test holds that no sentence of an
/// installed text shows a word of the rule file.
enum Glossary {
    /// A member's name.
    ///
    /// - Parameter types: the types of the records that the path starts from, where it starts from a record.
    static func member(_ path: Path, of types: [EntryType] = [], kinds: [DocumentKind]) -> String {
        let (owner, name) = parts(path, of: types, kinds: kinds)
        return owner.isEmpty ? name : "\(owner)的\(name)"
    }

    /// Whose member it is, empty for the record's own, and the member's name.
    static func parts(_ path: Path, of types: [EntryType] = [], kinds: [DocumentKind]) -> (owner: String, name: String)
    {
        let owner =
            switch path.scope {
            case .own, .trigger: ""
            case .document: "文书"
            case .activity: "活动"
            case .recording: "音像资料"
            case .caseFile: "案件"
            case .reference(let role): "所依据的\(references[role] ?? "“\(role)”")"
            case .all(let type, let chosen): "各条“\(type.chinese)”\(told(chosen, of: type, kinds))"
            case .last(let type, let chosen): "此前最近一条“\(type.chinese)”\(told(chosen, of: type, kinds))"
            case .first(let kind): thread(kind)
            }
        var members = path.members[...]
        if members == ["data"] { return (owner, "表中") }
        if members.first == "data", let name = members.dropFirst().first {
            if let label = kinds.compactMap({ $0.field(name)?.label }).first { return (owner, "“\(label)”") }
            members = members.dropFirst()
        }
        let name = members.joined(separator: ".")
        return (owner, label(name, of: named(path, types)) ?? "“\(name)”")
    }

    /// Which records are chosen: `（种类为“音像记录事项”，依据不为…）`.
    private static func told(_ chosen: [Path.Selection], of type: EntryType, _ kinds: [DocumentKind]) -> String {
        guard !chosen.isEmpty else { return "" }
        let named = Dictionary(kinds.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let parts = chosen.map { one in
            let path = Path(.own, [one.member])
            let words = one.words.map { word($0, of: path, in: [type], kinds: named) }.joined(separator: "或")
            return "\(member(path, of: [type], kinds: kinds))\(one.excludes ? "不为" : "为")\(words)"
        }
        return "（\(parts.joined(separator: "，"))）"
    }

    /// A word of a vocabulary.
    static func word(
        _ word: String, of path: Path, in types: [EntryType] = [], kinds: [String: DocumentKind]
    ) -> String {
        let member = path.members.last ?? ""
        // Texts speak of their own dates of force and of their own provisions only.
        if member == "regulation" { return "本制度" }
        if member == "provision" { return "本制度的条款（\(word.drop { $0 != ":" }.dropFirst())）" }
        if member == "kind", let kind = kinds[word] { return "《\(kind.title)》" }
        if member == "type", let type = EntryType(rawValue: word) { return "“\(type.chinese)”" }
        if member == "stage", let stage = Stage(rawValue: word) { return stage.chinese }
        if member == "category", let category = DocumentKind.Category(rawValue: word) { return category.chinese }
        if member == "slot", let slot = kinds.values.compactMap({ $0.slot(word)?.label }).min() { return "“\(slot)”" }
        for kind in kinds.values.sorted(by: { $0.name < $1.name }) where path.members.first == "data" {
            switch kind.field(member)?.type {
            case .choice(let options), .choices(let options):
                if let option = options.first(where: { $0.word == word }) { return option.label }
            default: continue
            }
        }
        let known = named(path, types)
        for type in known where type.members[member] != nil && type.chinese(word, of: member) != word {
            return type.chinese(word, of: member)
        }
        let own = "\(member).\(word)"
        return words[own] ?? Wording.words[own] ?? words[word] ?? Role(rawValue: word)?.chinese ?? Wording.words[word]
            ?? "“\(word)”"
    }

    private static func label(_ name: String, of types: [EntryType]) -> String? {
        for type in types where type.members[name] != nil && type.label(of: name) != name {
            return type.label(of: name)
        }
        return names[name] ?? Wording.labels[name]
    }

    /// The types of the records whose member a path names.
    private static func named(_ path: Path, _ types: [EntryType]) -> [EntryType] {
        switch path.scope {
        case .own: types
        case .trigger: []
        case .document: [.documentFixed, .documentSigned, .documentIssued]
        case .activity: [.activityBegan, .activityEnded]
        case .recording: [.recordingImported]
        case .caseFile: [.caseOpened]
        case .reference("draft"): [.decisionDrafted]
        case .reference: []
        case .all(let type, _), .last(let type, _): [type]
        case .first(let kind): EntryType.allCases.filter { $0.home == kind }
        }
    }

    private static let references = [
        "application": "申请", "collection": "收缴", "commission": "委托", "draft": "决定草案", "error": "更正的信息", "fault": "故障",
        "fixed": "定稿", "grant": "授权", "hold": "保留决定", "issued": "制发的文书", "measure": "强制措施", "order": "责令改正",
        "preservation": "证据保全", "proposal": "拟办意见", "remedy": "复议诉讼", "request": "申请", "statement": "陈述申辩",
        "submission": "送审", "violation": "违规记录",
    ]

    private static func thread(_ kind: ThreadKind) -> String {
        switch kind {
        case .caseFile: "案件"
        case .lead: "线索"
        case .subject: "当事人"
        case .person: "人员"
        case .recorder: "执法装备"
        case .recording: "音像资料"
        case .publication: "公示事项"
        case .draw: "抽取"
        case .request: "查阅申请"
        case .bureau: "机关"
        }
    }

    private static let names = [
        "type": "记录类型", "record": "记录", "kind": "种类", "procedure": "程序", "source": "来源", "isMajor": "重大执法行为",
        "isEmergency": "情况紧急",
        "subjectKind": "当事人类型", "handlers": "承办人", "officers": "执法人员", "manner": "方式", "method": "方式",
        "decision": "决定", "outcome": "结果", "result": "结果", "ground": "终结理由", "form": "资料形式", "device": "设备",
        "slot": "签名栏", "status": "履行情况", "audience": "提供对象", "role": "职责", "actor": "记录人", "by": "签名人",
        "category": "类别", "stage": "阶段", "standard": "标准文书", "approvedBy": "批准人", "reason": "理由",
        "explanation": "说明", "accepted": "是否采纳", "sealed": "加盖公章", "sheetRead": "读到页脚编码", "outside": "外来文书",
        "purpose": "用途",
        "right": "依据的权限",
        "drafter": "起草人", "unitReviewer": "起草机构审查人", "legalBasis": "法律依据", "evidence": "证据材料",
        "factors": "应考虑的有关因素", "opinion": "意见", "facts": "事实", "reasons": "理由", "content": "内容",
        "recipient": "接收人", "place": "地点", "archivist": "归档人", "level": "程度", "channel": "来源渠道",
        "isRealName": "实名", "battery": "电量", "period": "期间", "person": "人员", "happened": "发生时间",
        "recorded": "记录时间", "completedAt": "制作完成时间", "servedAt": "送达时间", "performedAt": "履行时间",
        "av": "音像记录的要求", "measure": "强制措施种类", "approvalRequiredBy": "要求批准的法律规定", "hasDeclaration": "已作声明",
        "holder": "持有人", "inForceFrom": "施行日期",
        "isOnRequest": "依申请公开", "isOriginal": "原始资料", "isTrial": "试行", "isVerified": "已核验", "isWatermarked": "已加水印",
        "largestGap": "最长间断（毫秒）", "notificationDoneAt": "告知完成时间", "number": "编号", "ruleRequires": "制度规定应当记录",
        "signedAt": "签名时间", "site": "地点类别", "startedLate": "迟于活动开始", "storage": "保存方式", "subjectName": "当事人名称",
        "subjectTakesPart": "当事人参加", "thread": "事项", "usesRecorder": "使用执法记录仪", "verdict": "判定结果",
        "withDefects": "带缺陷归档", "arrivedAt": "到达时间", "regulation": "制度", "provision": "条款",
        "startedAt": "启动时间", "secrecyCheck": "保密审查", "scopeReason": "适用理由", "name": "姓名",
    ]

    private static let words = [
        "true": "是", "false": "否", "inspection": "行政检查", "penalty": "行政处罚", "licensing": "行政许可",
        "coercion": "行政强制", "levy": "行政征收", "fee": "行政收费", "general": "一般程序", "summary": "简易程序",
        "organisation": "单位", "individual": "个人", "siteInspection": "现场检查", "dailyInspection": "日常检查",
        "questioning": "调查询问", "sampling": "抽样调查", "hearing": "听证", "service": "送达", "direct": "直接送达",
        "post": "邮寄送达", "lien": "留置送达", "entrusted": "委托送达", "forwarded": "转交送达", "public": "公告送达",
        "video": "视频", "audio": "录音", "photo": "照片", "screenshot": "截屏", "document": "扫描件", "screen": "屏幕签名",
        "paper": "纸质签名", "refused": "拒绝", "unable": "无法签名", "agree": "同意", "refuse": "不同意",
        "approve": "批准", "passed": "通过", "returned": "退回", "noPenalty": "不予处罚", "withdraw": "撤销案件",
        "transfer": "移送", "performed": "已履行", "withdrawn": "撤销", "transferred": "移送", "terminated": "终止",
        "nothingFound": "未发现违法", "suspected": "涉嫌违法", "handedOn": "移交", "oral": "口头", "written": "书面",
        "waived": "放弃", "silent": "逾期未提出", "complete": "全部履行", "partly": "部分履行", "none": "未履行",
        "party": "当事人", "court": "法院", "archive": "档案", "yes": "是", "no": "否", "other": "其他",
        "fault": "设备故障", "fixedCamera": "固定摄像设备", "what.object": "资料文件", "source.plan": "检查计划",
        "source.complaint": "投诉",
        "source.report": "举报", "source.transfer": "移送", "source.discovery": "检查中发现", "source.inspection": "行政检查",
        "source.application": "依申请", "danger": "有人身危险", "source.draw": "随机抽取", "verdict.gap": "有间断",
        "right.grant": "经批准",
        "right.head": "机关负责人", "right.request": "经批准的申请", "monitoring": "监控设备", "offsite": "非现场",
        "basis.part": "分段", "premises": "生产经营场所", "phone": "手机", "recordingPhone": "录音电话", "scanner": "扫描仪",
        "storage.officer": "由执法人员自行保存", "matter.party-performance": "当事人履行期限", "tradeSecret": "涉及商业秘密",
        "stateSecret": "涉及国家秘密", "supervision": "监督检查",
        "interview": "调查（询问）笔录", "site-record": "现场检查（勘验）笔录", "statement": "陈述", "defence": "申辩",
    ]
}

/// Chinese names of members and words of records, for sentences made from rules. What is not here is shown as it is
/// written in the rule, in quotation marks.
enum Glossary {
    /// A member's name.
    static func member(_ path: Path, kinds: [DocumentKind]) -> String {
        let owner =
            switch path.scope {
            case .own, .trigger: ""
            case .document: "文书的"
            case .activity: "活动的"
            case .recording: "音像资料的"
            case .caseFile: "案件的"
            case .reference(let role): "所依据的“\(role)”的"
            case .all(let type): "各条“\(type.chinese)”的"
            case .first(let kind): "\(thread(kind))的"
            }
        var members = path.members[...]
        if members.first == "data", let name = members.dropFirst().first {
            if let label = kinds.compactMap({ $0.field(name)?.label }).first { return "\(owner)“\(label)”" }
            members = members.dropFirst()
        }
        let name = members.joined(separator: ".")
        return owner + (names[name] ?? "“\(name)”")
    }

    /// A word of a vocabulary.
    static func word(_ word: String, of path: Path, kinds: [String: DocumentKind]) -> String {
        if path.members == ["kind"], let kind = kinds[word] { return "《\(kind.title)》" }
        if path.members == ["type"], let type = EntryType(rawValue: word) { return "“\(type.chinese)”" }
        if path.members == ["stage"], let stage = Stage(rawValue: word) { return stage.chinese }
        for kind in kinds.values {
            guard path.members.first == "data", let name = path.members.dropFirst().first else { break }
            if case .choice(let options)? = kind.field(name)?.type,
                let option = options.first(where: { $0.word == word })
            {
                return option.label
            }
        }
        return words[word] ?? "“\(word)”"
    }

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
        "type": "记录类型", "kind": "种类", "procedure": "程序", "source": "来源", "isMajor": "重大执法行为", "isEmergency": "情况紧急",
        "subjectKind": "当事人类型", "handlers": "承办人", "officers": "执法人员", "manner": "方式", "method": "方式",
        "decision": "决定", "outcome": "结果", "result": "结果", "ground": "终结理由", "form": "资料形式", "device": "设备",
        "slot": "签名栏", "status": "履行情况", "audience": "提供对象", "role": "职责", "actor": "记录人", "by": "签名人",
        "category": "类别", "stage": "阶段", "standard": "标准文书", "approvedBy": "批准人", "reason": "理由",
        "explanation": "说明", "accepted": "是否采纳", "sealed": "加盖公章", "purpose": "用途", "right": "依据的权限",
        "drafter": "起草人", "unitReviewer": "起草机构审查人", "legalBasis": "法律依据", "evidence": "证据材料",
        "factors": "应考虑的有关因素", "opinion": "意见", "facts": "事实", "reasons": "理由", "content": "内容",
        "recipient": "接收人", "place": "地点", "archivist": "归档人", "level": "程度", "channel": "来源渠道",
        "isRealName": "实名", "battery": "电量", "period": "期间", "person": "人员", "happened": "发生时间",
        "recorded": "记录时间", "completedAt": "制作完成时间", "servedAt": "送达时间", "performedAt": "履行时间",
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
        "interview": "调查（询问）笔录", "site-record": "现场检查（勘验）笔录", "statement": "陈述", "defence": "申辩",
    ]
}

import Application
import Casework
import Kernel

/// What the form of an activity offers: the kinds that fit the case, and the circumstances on which the law turns.
enum ActivityChoices {
    /// Kinds in the order in which they are likely.
    static func kinds(of scene: StepScene) -> [(word: String, chinese: String)] {
        let work = scene.work
        var words = ["siteInspection", "dailyInspection", "questioning", "sampling", "evidenceTaking", "preservation"]
        if work.kind == .penalty {
            words += ["statement", "hearing", "expertArgument", "collectiveDiscussion"]
            if work.procedure == .summary { words.insert("summaryAct", at: 0) }
            words += ["correctionCheck", "talk", "courtExecution"]
        }
        words += ["nonCooperation", "service", "acceptance", "telephoneReport"]
        if let power = BeginActivity.power(of: "coerciveMeasure"),
            scene.law.refusal(lacking: power, for: "", on: scene.now.day) == nil
        {
            words.append("coerciveMeasure")
        }
        words.append("other")
        if work.isOver { words = words.filter(BeginActivity.afterEnd.contains) }
        return words.map { word in
            (word, word == "other" ? "其他" : EntryType.activityBegan.chinese(word, of: "kind"))
        }
    }

    /// Every kind that some case is offered.
    static let offered: Set<String> = [
        "siteInspection", "dailyInspection", "questioning", "sampling", "evidenceTaking", "preservation", "statement",
        "hearing", "expertArgument", "collectiveDiscussion", "summaryAct", "correctionCheck", "talk", "courtExecution",
        "nonCooperation", "service", "acceptance", "telephoneReport", "coerciveMeasure", "other",
    ]

    /// The kind that the address asks for, else the first.
    static func first(of scene: StepScene) -> String {
        let kinds = kinds(of: scene).map(\.word)
        return scene.query["kind"].flatMap { kinds.contains($0) ? $0 : nil } ?? kinds.first ?? "other"
    }

    /// Each box stands for one member and its value.
    private static let boxes: [(word: String, label: String, member: String, value: JSON)] = [
        ("subjectTakesPart", "当事人参加", "subjectTakesPart", true),
        ("usesRecorder", "使用执法记录仪", "usesRecorder", true),
        ("isDisputeProne", "容易引起争议", "isDisputeProne", true),
        ("onSite", "在被检查对象的现场", "site", "onSite"),
        ("afterDemand", "催告后的陈述申辩", "phase", "afterDemand"),
        ("state", "涉及国家秘密", "secrecy", "state"), ("trade", "涉及商业秘密", "secrecy", "trade"),
        ("privacy", "涉及个人隐私", "secrecy", "privacy"),
        ("lien", "留置送达", "method", "lien"), ("public", "公告送达", "method", "public"),
    ]

    /// The question.
    static func circumstances(of work: Case) -> FieldModel {
        let hidden: Set<String> = work.kind == .penalty ? [] : ["afterDemand", "isDisputeProne"]
        return FieldModel(
            name: "circumstances", label: "特别情形",
            control: .choices(boxes.filter { !hidden.contains($0.word) }.map { .init(word: $0.word, label: $0.label) }),
            help: "有下列情形的勾选，系统据此判断应当怎样音像记录。")
    }

    /// The members that the ticked boxes stand for; a word that is no box is kept, so that the step refuses it.
    static func members(_ words: [String]) -> [String: JSON] {
        var members: [String: JSON] = [:]
        for word in words {
            if let box = boxes.first(where: { $0.word == word }) {
                members[box.member] = box.value
            } else {
                members[word] = .string(word)
            }
        }
        return members
    }
}

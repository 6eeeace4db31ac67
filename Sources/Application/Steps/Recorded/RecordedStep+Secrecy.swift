import Casework

extension RecordedStep {
    /// Marking what holds a secret or touches privacy, and lifting the mark (`SecrecyMark`, ADR 0077).
    public static let secrecy: [RecordedStep] = [
        RecordedStep(
            "secrecy", .secrecyMarked, "标明秘密事项",
            "本案的文书或者音像资料涉及国家秘密、商业秘密或者个人隐私的，标明种类和可以接触的范围。登记以后立即生效：不在范围内的人看不到内容，每次查看都有记录；不能原样提供给当事人。重新标明的，以最后一次为准。",
            in: .internalChain, by: .keeper, lasts: .always,
            when: { course in !course.work.documents.isEmpty || !course.work.recordings.isEmpty },
            inputs: [
                RecordedInput(
                    "document", .piece(.document, isMarked: false), label: "哪一份文书", help: "文书和音像资料一次选一份。",
                    need: .never),
                RecordedInput(
                    "recording", .piece(.recording, isMarked: false), label: "哪一份音像资料", need: .never),
                .word("class", ["state", "trade", "privacy"]),
                RecordedInput(
                    "clearance", .clearance, label: "可以接触的职责和人员",
                    help: "应当有本部门负责人或者行政机关负责人。“承办人员”是本案现在的承办人员；没有选的，就看不到。"),
                .text("reason", "写明涉及什么秘密、为什么，不要写出秘密的内容。"),
            ]),
        RecordedStep(
            "secrecy-lift", .secrecyMarked, "解除秘密事项的标明",
            "已经标明的文书或者音像资料不再涉密，或者标明不当的，由可以接触的负责人解除。解除以后按材料原来的类别查看和提供。",
            in: .internalChain, by: .head, lasts: .always, given: ["class": "none"],
            when: { course in !course.work.secrecyMarks.isEmpty },
            inputs: [
                RecordedInput(
                    "document", .piece(.document, isMarked: true), label: "哪一份文书", help: "文书和音像资料一次选一份。",
                    need: .never),
                RecordedInput("recording", .piece(.recording, isMarked: true), label: "哪一份音像资料", need: .never),
                .text("reason", "写明为什么不再涉密，或者为什么标明不当。"),
            ]),
    ]
}

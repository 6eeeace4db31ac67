import Application
import Casework
import Kernel

/// Steps of the people in charge that let something pass: gates, defects, other handlers.
extension StepForm {
    private static func leads(_ person: PersonRow, _ work: Case, _ roles: Role...) -> Bool {
        roles.contains(where: person.roles.contains) && !work.handlers.contains(person.thread)
    }

    static let override = StepForm(
        name: GiveOverride.name, title: "批准越过关口", lead: "只在确有必要并且有法律依据时使用。越过只准一次，会印在案卷里，并计入统计。", button: "批准",
        needsSecret: true,
        // Whether a gate stands there that this person may lift is told by the law: the case page asks `Foresight`.
        lasts: .contested,
        isOffered: { work, person in leads(person, work, .agencyHead, .departmentHead) },
        fields: { scene in
            var gate = FieldModel.choice(
                "gate", "准予越过的关口", StepForm.gates(scene).map { ($0.word, $0.label) },
                help: StepForm.gates(scene).isEmpty ? "目前没有可以由您批准越过的关口。" : "")
            gate.input = .text(scene.query["gate"] ?? "")
            let help = "至少 \(GiveOverride.shortest) 个字。"
            return [
                gate, .paragraphs("reason", "理由", help: "\(help)写明为什么等不到补齐。"),
                .paragraphs("legalBasis", "法律依据", help: "\(help)写到哪部规定的哪一条。"),
            ]
        },
        perform: { scene, input in
            let parts = input.text("gate").utf8.split(separator: UInt8(ascii: " ")).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard parts.count == 2, let step = EntryType(rawValue: parts[1]) else {
                throw StepRefusal(fields: [.init("gate", "请选择准予越过的关口。")])
            }
            try await input.run(
                GiveOverride(
                    provisions: parts[0].utf8.split(separator: UInt8(ascii: "+")).map {
                        String(decoding: $0, as: UTF8.self)
                    },
                    step: step, reason: input.text("reason"),
                    legalBasis: input.text("legalBasis")), scene)
        })

    /// The gates that stand now and that this person may lift; the word names provision and step.
    static func gates(_ scene: StepScene) -> [(word: String, label: String)] {
        Foresight(view: scene.view, law: scene.law, person: scene.person, now: scene.now)
            .liftable(among: scene.persons).map { lift in
                let gates = lift.refusals.map {
                    "\($0.citations.map(\.chinese).joined(separator: "、"))：\($0.sentence)。"
                }
                return (gate(lift), "\(gates.joined())准予先办“\(lift.step.chinese)”")
            }
    }

    /// What names a gate in an address and in the form: every provision that refuses, and the step.
    static func gate(_ lift: Foresight.Lift) -> String {
        "\(lift.provisions.joined(separator: "+")) \(lift.step.rawValue)"
    }

    static let defect = StepForm(
        name: AcceptDefect.name, title: "批准带缺陷归档", lead: "只用于确实不能补办的内容。批准的事项印在备考表里，由您签名，并计入统计。", button: "批准",
        needsSecret: true,
        lasts: .unfiled,
        isOffered: { work, person in work.ending != nil && leads(person, work, .agencyHead) },
        fields: { scene in
            let open = AcceptDefect.open(in: scene.work, history: scene.view.history, law: scene.law, at: scene.now)
            var provision = FieldModel.choice(
                "provision", "缺少的内容", open.map { ($0.provision, "\($0.cited)：\($0.missing)") },
                help: open.isEmpty ? "目前没有缺少的内容需要批准。" : "")
            provision.input = .text(open.count == 1 ? open[0].provision : scene.query["provision"] ?? "")
            return [
                provision,
                FieldModel(
                    name: "person", label: "责任人",
                    control: .choice(
                        scene.options { person in
                            scene.work.participants.contains(person.thread) && !person.roles.contains(.agencyHead)
                                || scene.work.handlers.contains(person.thread)
                        }), isRequired: true),
                .line("violation", "没有履行的事项", help: "例如：现场检查没有同步录音录像。"), .paragraphs("reason", "原因"),
                .line("legalBasis", "依据", help: "例如：执法记录仪故障，有维修单。"),
            ]
        },
        perform: { scene, input in
            guard let person = ThreadTag(input.text("person")) else {
                throw StepRefusal(fields: [.init("person", "请选择责任人。")])
            }
            try await input.run(
                AcceptDefect(
                    provision: input.text("provision"), person: person, violation: input.text("violation"),
                    reason: input.text("reason"), legalBasis: input.text("legalBasis")), scene)
        })

    static let handlers = StepForm(
        name: ChangeHandlers.name, title: "变更承办人", lead: "原承办人写的草稿、登记的活动和未办完的签名，由新的承办人接着办。以前的记录都不改变。", button: "变更",
        needsSecret: true,
        isOffered: { work, person in leads(person, work, .unitHead, .departmentHead, .agencyHead) },
        fields: { scene in
            var handlers = FieldModel(
                name: "handlers", label: "今后的承办人", control: .choices(scene.officers), isRequired: true,
                help: "不得少于两人，执法证件应当在有效期内；继续承办的也要勾选。")
            handlers.input = .words(scene.work.handlers.map(\.description))
            return [handlers, .paragraphs("reason", "变更的理由")]
        },
        perform: { scene, input in
            try await input.run(
                ChangeHandlers(handlers: input.persons("handlers"), reason: input.text("reason")), scene)
        })
}

import Application
import Casework
import Kernel

extension StepForm {
    /// Every step with a form of this shape.
    static let all: [StepForm] = [
        beginActivity, endActivity, exemptRecording, finding, statement, statementReview, draft, draftReview, approval,
        service,
        performance, ending, issue, voiding, override, filing, handlers, correction, correctionDecision,
        documentCorrection, defect,
    ]

    private static func handles(_ work: Case, _ person: PersonRow, _ lasts: StepSpan = .running) -> Bool {
        work.handlers.contains(person.thread) && lasts.refusal(in: work) == nil
    }

    static let beginActivity = StepForm(
        name: BeginActivity.name, title: "登记执法活动开始", lead: "到场检查、询问、抽样、送达等，每次活动先在这里登记，随后的文书和音像资料都归到这次活动。",
        lasts: .contested,
        isOffered: { handles($0, $1, .contested) },
        fields: { scene in
            var officers = FieldModel(
                name: "officers", label: "执法人员", control: .choices(scene.officers), isRequired: true, help: "不得少于两人。")
            officers.input = .words(scene.work.handlers.map(\.description))
            var kind = FieldModel.choice("kind", "活动类型", ActivityChoices.kinds(of: scene))
            kind.input = .text(ActivityChoices.first(of: scene))
            return [
                kind, officers, .now("startAt", "开始时间", scene.now), .line("place", "地点", help: "写到楼层或者房间。"),
                .line("persons", "在场人员", help: "被检查单位在场的人和身份。", isRequired: false),
                ActivityChoices.circumstances(of: scene.work),
            ]
        },
        perform: { scene, input in
            let start = input.instant("startAt", "开始时间")
            // The activity is named by the step's own id: the same form sent twice names the same activity.
            try await input.run(
                BeginActivity(
                    activity: try input.form.drawn.unchecked(as: OfActivity.self), kind: input.text("kind"),
                    officers: input.persons("officers"), startAt: start, place: input.text("place"),
                    persons: input.optional("persons"),
                    circumstances: ActivityChoices.members(input.form.all("circumstances"))), scene)
        })

    static let endActivity = StepForm(
        name: EndActivity.name, title: "登记执法活动结束",
        lasts: .contested,
        isOffered: { handles($0, $1, .contested) && $0.activities.contains { $0.endAt == nil } },
        fields: { scene in
            let open = scene.work.activities.filter { $0.endAt == nil }
            var activity = FieldModel.choice(
                "activity", "哪一次活动",
                open.map { ($0.id.description, "\(EventText.activityKinds[$0.kind] ?? "执法活动") \($0.startAt.chinese)") })
            activity.input = .text(scene.query["activity"] ?? open.last?.id.description ?? "")
            return [activity, .now("endAt", "结束时间", scene.now), .paragraphs("note", "备注", isRequired: false)]
        },
        perform: { scene, input in
            guard let activity = ActivityID(input.text("activity")) else {
                throw StepRefusal(fields: [.init("activity", "请选择要结束的活动。")])
            }
            let end = input.instant("endAt", "结束时间")
            try await input.run(EndActivity(activity: activity, endAt: end, note: input.optional("note")), scene)
        })

    static let exemptRecording = StepForm(
        name: ExemptRecording.name, title: "批准不作音像记录",
        lead: "只有下列情形可以不作音像记录。批准人不能是参加这次活动的人员。执法记录仪管理制度只认行政机关负责人的批准：采用该制度的机关，由行政机关负责人办理。",
        button: "批准",
        needsSecret: true,
        lasts: .contested,
        isOffered: { work, person in
            StepSpan.contested.refusal(in: work) == nil && work.activities.contains { !$0.isExempted }
                && (person.roles.contains(.departmentHead) || person.roles.contains(.agencyHead))
                && !work.handlers.contains(person.thread)
        },
        fields: { scene in
            let open = scene.work.activities.filter { !$0.isExempted }
            var activity = FieldModel.choice(
                "activity", "哪一次活动",
                open.map {
                    ($0.id.description, "\(EventText.activityKinds[$0.kind] ?? "执法活动") \($0.startAt.chinese)")
                })
            if open.count == 1 { activity.input = .text(open[0].id.description) }
            var proof = FieldModel.line(
                "proof", "证明", help: "写明证明的名称和编号，例如：执法记录仪维修单 2026-031。原件扫描后上传到本案。", isRequired: false)
            proof.requiredFor = "设备故障的必须填写"
            return [
                activity, .choice("reason", "情形", ExemptRecording.reasons),
                .paragraphs("explanation", "理由说明", help: "写明这次活动为什么不能或者不宜录音录像。"), proof,
            ]
        },
        perform: { scene, input in
            guard let activity = ActivityID(input.text("activity")) else {
                throw StepRefusal(fields: [.init("activity", "请选择活动。")])
            }
            try await input.run(
                ExemptRecording(
                    activity: activity, reason: input.text("reason"), explanation: input.text("explanation"),
                    proof: input.optional("proof")),
                scene)
        })

    static let finding = StepForm(
        name: RecordFinding.name, title: "登记检查结果", lead: "涉嫌违法的，登记后可以启动行政处罚程序。",
        lasts: .running,
        isOffered: { handles($0, $1) && $0.kind == .inspection && $0.finding == nil },
        fields: { _ in
            [
                .choice("outcome", "检查结果", Finding.Outcome.allCases.map { ($0.rawValue, $0.chinese) }),
                .paragraphs("summary", "检查结果说明"),
                .line("recipient", "接收机关", help: "移交其他机关处理的，填写接收机关。", isRequired: false),
            ]
        },
        perform: { scene, input in
            guard let outcome = Finding.Outcome(rawValue: input.text("outcome")) else {
                throw StepRefusal(fields: [.init("outcome", "请选择检查结果。")])
            }
            try await input.run(
                RecordFinding(outcome: outcome, summary: input.text("summary"), recipient: input.optional("recipient")),
                scene)
        })

    static let statement = StepForm(
        name: RecordStatement.name, title: "登记陈述申辩", lead: "当事人陈述、申辩的，如实记录；放弃的也要记录。",
        // What is said after the decision answers a demand, and has a step of its own.
        lasts: .running,
        isOffered: { handles($0, $1) && $0.kind == .penalty && $0.decision == nil },
        fields: { scene in
            [
                .choice("manner", "方式", [("oral", "口头"), ("written", "书面"), ("waived", "放弃陈述申辩")]),
                .choice("speaker", "陈述人身份", [("party", "当事人（法定代表人、负责人）"), ("agent", "委托代理人")]),
                .line("speakerName", "陈述人姓名"), .now("statedAt", "陈述时间", scene.now),
                .paragraphs("facts", "陈述的事实", help: "口头、书面陈述的必须填写；放弃的，写明放弃的情况，可以不填。", isRequired: false),
                .paragraphs("reasons", "申辩的理由", help: "口头、书面陈述的必须填写。", isRequired: false),
                .paragraphs("evidence", "提出的证据", isRequired: false),
                FieldModel(
                    name: "document", label: "当事人签名的凭据",
                    control: .choice(
                        RecordStatement.papers(in: scene.work).map { paper in
                            let kind = scene.law.library.kind(of: paper)
                            var sort: String?
                            if case .choice(let options)? = kind?.field("submissionKind")?.type {
                                sort = options.first { $0.word == paper.data?["submissionKind"]?.string }?.label
                            }
                            return .init(
                                word: paper.id.description,
                                label:
                                    "\(kind?.title ?? paper.kind)\(sort.map { "（\($0)）" } ?? "") \(paper.fixedAt.chinese)"
                            )
                        }), isRequired: true,
                    help: "口头的选陈述申辩笔录，书面的选当事人书面材料，放弃的选口头放弃记录或者书面材料；都要有当事人的签名。没有的，先制作、收取。"),
            ]
        },
        perform: { scene, input in
            let at = input.instant("statedAt", "陈述时间")
            try await input.run(
                RecordStatement(
                    manner: input.text("manner"), speaker: input.text("speaker"),
                    speakerName: input.text("speakerName"),
                    facts: input.optional("facts"), reasons: input.optional("reasons"),
                    evidence: input.optional("evidence"), statedAt: at,
                    document: input.optional("document").flatMap { DocumentID($0) }), scene)
        })

    static let statementReview = StepForm(
        name: ReviewStatement.name, title: "复核陈述申辩", lead: "对当事人提出的事实、理由和证据进行复核；成立的应当采纳。",
        lasts: .running,
        isOffered: { handles($0, $1) && $0.statements.contains { !$0.isReviewed && $0.phase != "afterDemand" } },
        fields: { scene in
            let open = scene.work.statements.filter { !$0.isReviewed && $0.phase != "afterDemand" }
            var statement = FieldModel.choice(
                "statement", "哪一次陈述申辩", open.map { (String($0.seq), $0.at.chinese) })
            statement.input = .text(open.last.map { String($0.seq) } ?? "")
            return [
                statement, .choice("accepted", "是否采纳", [("yes", "采纳"), ("partly", "部分采纳"), ("no", "不采纳")]),
                .paragraphs("review", "复核情况"), .paragraphs("reason", "采纳或者不采纳的理由"),
            ]
        },
        perform: { scene, input in
            guard let statement = Decimal.strict(Array(input.text("statement").utf8)) else {
                throw StepRefusal(fields: [.init("statement", "请选择要复核的陈述申辩。")])
            }
            try await input.run(
                ReviewStatement(
                    statement: statement, accepted: input.text("accepted"), review: input.text("review"),
                    reason: input.text("reason")), scene)
        })

    static let draft = StepForm(
        name: DraftDecision.name, title: "草拟处理意见", lead: "草拟之后由承办机构审查人审查，再送法制审查，最后由负责人审批。重新草拟的，以前的审查和审批不再有效。",
        lasts: .running,
        isOffered: { work, person in
            handles(work, person) && work.kind == .penalty && work.procedure == .general
                && !work.documents.contains { $0.kind == DocumentKindName.penaltyDecision && $0.isInForce }
        },
        fields: { scene in
            [
                .choice("outcome", "拟作出的处理", Drafting.Outcome.allCases.map { ($0.rawValue, $0.chinese) }),
                .paragraphs("legalBasis", "法律依据"), .paragraphs("evidence", "证据材料"),
                .paragraphs("factors", "应考虑的有关因素", help: "情节、后果、改正情况、裁量基准。"), .paragraphs("draft", "拟作出的决定"),
                FieldModel(
                    name: "unitReviewer", label: "承办机构审查人",
                    control: .choice(
                        DraftDecision.reviewers(
                            among: scene.persons, drafter: scene.person.thread, in: scene.work, on: scene.now.day
                        ).map(FieldModel.Option.init(person:))),
                    isRequired: true, help: "由其本人登录审查，通过以后才能审批。"),
            ]
        },
        perform: { scene, input in
            guard let outcome = Drafting.Outcome(rawValue: input.text("outcome")) else {
                throw StepRefusal(fields: [.init("outcome", "请选择拟作出的处理。")])
            }
            guard let reviewer = ThreadTag(input.text("unitReviewer")) else {
                throw StepRefusal(fields: [.init("unitReviewer", "请选择承办机构审查人。")])
            }
            try await input.run(
                DraftDecision(
                    unitReviewer: reviewer, outcome: outcome, legalBasis: input.text("legalBasis"),
                    evidence: input.text("evidence"), factors: input.text("factors"), draft: input.text("draft")), scene
            )
        })

    static let draftReview = StepForm(
        name: ReviewDraft.name, title: "审查草拟的处理意见", lead: "请核对草拟的事实、依据、证据和裁量。您的意见以本人密码确认，记入您的名下。",
        button: "提交审查意见", needsSecret: true,
        lasts: .running,
        isOffered: { work, person in work.awaitsUnitReview && work.drafting?.unitReviewer == person.thread },
        fields: { _ in
            [
                .choice("result", "审查意见", [("passed", "通过"), ("returned", "退回，由承办人重新草拟")]),
                .paragraphs("opinion", "具体意见"),
            ]
        },
        perform: { scene, input in
            let result = input.text("result")
            guard ["passed", "returned"].contains(result) else {
                throw StepRefusal(fields: [.init("result", "请选择审查意见。")])
            }
            try await input.run(ReviewDraft(isPassed: result == "passed", opinion: input.text("opinion")), scene)
        })

    static let approval = StepForm(
        name: ApproveDecision.name, title: "审批处理意见", lead: "您的意见以本人密码确认，记入您的名下。", button: "提交审批意见", needsSecret: true,
        lasts: .running,
        isOffered: { work, person in
            work.ending == nil && work.drafting != nil && work.approval == nil && person.roles.contains(.agencyHead)
                && !work.handlers.contains(person.thread)
        },
        fields: { _ in
            [
                .choice("decision", "审批意见", [("approve", "同意"), ("refuse", "不同意，退回重新草拟")]),
                .paragraphs("opinion", "具体意见"),
            ]
        },
        perform: { scene, input in
            let decision = input.text("decision")
            guard ["approve", "refuse"].contains(decision) else {
                throw StepRefusal(fields: [.init("decision", "请选择审批意见。")])
            }
            try await input.run(
                ApproveDecision(isApproved: decision == "approve", opinion: input.text("opinion")), scene)
        })

    static let service = StepForm(
        name: RecordService.name, title: "登记送达", lead: "送达回证签收之后，在这里登记送达。",
        lasts: .served,
        isOffered: { handles($0, $1, .served) && !StepForm.servable($0).isEmpty },
        fields: { scene in
            let servable = StepForm.servable(scene.work)
            var receipt = FieldModel.choice(
                "receipt", "送达回证",
                servable.map { receipt, document in
                    (
                        receipt.id.description,
                        "\(scene.law.library.kind(of: document)?.title ?? document.kind) \(document.issue?.numberText ?? "")"
                    )
                })
            receipt.input = .text(servable.last?.receipt.id.description ?? "")
            if servable.isEmpty {
                receipt.help = "还没有可以登记的送达回证。请先为已经制发的文书制作送达回证，由受送达人和送达人签名。"
            }
            // The receipt for a notice to a reporter names them: the form repeats it only within a look.
            let newest = servable.last?.receipt
            let isVeiled = newest.map { !scene.sight.mayRead($0) } ?? false
            let data = isVeiled ? nil : newest?.data
            let usual = isVeiled ? "" : scene.work.subjectName ?? ""
            let help = isVeiled ? "这份送达回证的内容依法保密：请打开文书照着填写，查看会登记。" : ""
            let signed = isVeiled ? nil : newest?.slots["recipient"]
            let signer = signed?.capacity == .principal ? nil : signed?.name
            var at = FieldModel.now("servedAt", "送达时间", scene.now)
            if let stated = data?["servedAt"]?.string.flatMap({ Instant($0) }) {
                at.input = .text(FieldReading.local(stated))
            }
            return [
                receipt, at, .line("recipient", "受送达人", data?["recipient"]?.string ?? usual, help: help),
                .line("place", "送达地点", data?["place"]?.string ?? ""),
                .line(
                    "signatory", "签收人", data?["signatory"]?.string ?? signer ?? "", help: "签收人不是受送达人本人时填写。",
                    isRequired: false),
                .line(
                    "relation", "签收人与受送达人的关系",
                    data?["signatoryRelation"]?.string ?? signer.flatMap { _ in signed?.relationText } ?? "",
                    isRequired: false),
            ]
        },
        perform: { scene, input in
            guard let receipt = DocumentID(input.text("receipt")), let about = scene.work.document(receipt)?.about
            else {
                throw StepRefusal(fields: [.init("receipt", "请选择送达回证。")])
            }
            let at = input.instant("servedAt", "送达时间")
            try await input.run(
                RecordService(
                    document: about, receipt: receipt, servedAt: at, recipient: input.text("recipient"),
                    signatory: input.optional("signatory"), relation: input.optional("relation"),
                    place: input.text("place")), scene)
        })

    /// Receipts of direct service of documents in force whose service is not recorded yet.
    static func servable(_ work: Case) -> [(receipt: CaseDocument, document: CaseDocument)] {
        unserved(work).filter { ServiceMethod(of: $0.receipt).step == RecordService.name }
    }

    /// Receipts of documents in force whose service is not recorded yet, whatever way they name.
    static func unserved(_ work: Case) -> [(receipt: CaseDocument, document: CaseDocument)] {
        work.documents.compactMap { receipt in
            guard receipt.kind == DocumentKindName.serviceReceipt, !receipt.isVoid,
                let document = receipt.about.flatMap({ work.document($0) }), document.isInForce,
                // Mail that came back reached nobody.
                !work.isServed(document.id),
                !work.isOver || work.isAfterEnd(document.fixedSeq)
            else { return nil }
            return (receipt, document)
        }
    }

    static let performance = StepForm(
        name: RecordPerformance.name, title: "登记履行情况",
        lasts: .owed,
        isOffered: { work, person in
            handles(work, person, .owed) && work.decision != nil
        },
        fields: { scene in
            let money = KnownMoney(scene.work, scene.view.records)
            let mayRead = scene.work.decision.map(scene.sight.mayRead) ?? false
            let paid = FieldModel.Input.text(money.paid.map(FieldReading.moneyText) ?? "")
            return [
                .choice("status", "履行情况", [("complete", "已全部履行"), ("partly", "部分履行"), ("none", "没有履行")]),
                .line("obligation", "应履行的内容", mayRead ? money.ordered : "", help: "例如：缴纳罚款人民币5,000元。"),
                FieldModel(
                    name: "amount", label: "已缴金额", control: .money, input: paid, help: "罚款和没收的款项一并计算；分次缴纳的，填写累计已缴金额。"),
                .line("taken", "没收的财物", help: "决定书没收财物的，写明名称、数量和怎样处置。", isRequired: false),
                .now("performedAt", "履行时间", scene.now),
                .line("evidence", "履行凭证", money.receipts, help: "已全部履行的必须填写，例如：缴款书编号。", isRequired: false),
                voucher(scene),
            ]
        },
        perform: { scene, input in
            let status = input.text("status")
            let at = status == "none" ? nil : input.optionalInstant("performedAt", "履行时间")
            let amount = input.money("amount", "已缴金额")
            try await input.run(
                RecordPerformance(
                    status: status, performedAt: at, amount: amount, obligation: input.text("obligation"),
                    evidence: input.optional("evidence"), taken: input.optional("taken"),
                    proofFile: Decimal.strict(Array(input.text("proofFile").utf8)).map { Int($0) }), scene)
        })

    /// Whether a question is answered with a file of the case that has to be there first.
    func asksForFile(in field: FieldModel) -> Bool {
        if name == RecordPerformance.name { return field.name == "proofFile" }
        guard field.isRequired, case .reference(let types, _)? = course?.input(field.name)?.control else {
            return false
        }
        return types.contains(.recordingLinked)
    }

    /// The files of the case that may be the voucher, newest first; which one it is nobody knows but who made it.
    private static func voucher(_ scene: StepScene) -> FieldModel {
        let sight = Sight(scene.view, by: scene.person, at: scene.now)
        let names = scene.view.history.filter {
            $0.type == .recordingImported && !sight.hidden($0).contains("fileName")
        }
        .reduce(into: [:]) { $0[$1.thread] = $1.text("fileName") }
        let decided = scene.work.decision?.issue?.at
        let links = scene.view.records.filter { link in
            link.type == .recordingLinked && decided.map { link.recordedAt >= $0 } ?? true
        }
        var field = FieldModel.choice(
            "proofFile", "凭证的扫描件或者照片",
            links.reversed().map { link in
                (
                    String(link.seq),
                    "\(link.thread("recording").flatMap { names[$0] } ?? "依法保密的资料")（\(link.recordedAt.chinese)归入）"
                )
            })
        field.isRequired = false
        field.requiredFor = "“履行情况”为“已全部履行”的必填，只给予警告、通报批评的除外"
        field.help = "先在案件页“上传音像资料”（照片、扫描件也可以），再回到这里选择。登记以后由另一名承办人或者负责人打开它核对。"
        return field
    }

    static let ending = StepForm(
        name: EndCase.name, title: "终结案件", lead: "终结之后不能再增加调查记录，只能归档；复议、诉讼等以后发生的事项，可以补充登记。", button: "终结",
        // A handler ends what is done; only the head breaks off, and that is an approval.
        needsSecretHere: { !$0.work.handlers.contains($0.person.thread) },
        lasts: .running,
        isOffered: { work, person in
            work.ending == nil && (work.handlers.contains(person.thread) || person.roles.contains(.agencyHead))
        },
        fields: { scene in
            let grounds = StepForm.endings(of: scene.work, by: scene.person.thread)
            var ground = FieldModel.choice("ground", "终结方式", grounds.map { ($0.rawValue, $0.chinese) })
            if grounds.count == 1 || scene.work.finding != nil, grounds.contains(StepForm.likelyGround(of: scene.work))
            {
                ground.input = .text(StepForm.likelyGround(of: scene.work).rawValue)
            }
            var fields: [FieldModel] = [ground]
            // The others say by themselves why the case ends.
            if grounds == [.terminated] {
                var reason = FieldModel.paragraphs("reason", "说明")
                reason.help = "写明终止的理由。"
                fields.append(reason)
            }
            if !StepForm.lost(by: scene).isEmpty {
                var gaps = FieldModel(
                    name: "acceptsGaps", label: "终结以后不能再补办的内容",
                    control: .choices([.init(word: "yes", label: "上面列出的内容确实不能补办，归档之前由负责人逐项批准带缺陷归档")]))
                gaps.requiredFor = "没有补办的必须勾选"
                fields.append(gaps)
            }
            return fields
        },
        perform: { scene, input in
            guard let ground = Ending.Ground(rawValue: input.text("ground")) else {
                throw StepRefusal(fields: [.init("ground", "请选择终结方式。")])
            }
            try await input.run(
                EndCase(ground: ground, reason: input.optional("reason"), acceptsGaps: input.form.isOn("acceptsGaps")),
                scene)
        })

    /// The endings that somebody may choose as the case stands: those that what was found, drafted or decided leads to. Where
    /// nothing leads anywhere yet, all of them: each says what it waits for.
    static func endings(of work: Case, by person: ThreadTag) -> [Ending.Ground] {
        let all = Ending.Ground.allCases.filter { $0.fits(work.kind) }
            .filter { ($0 == .terminated) == !work.handlers.contains(person) }
        let possible = all.filter { ground in
            switch ground {
            case .nothingFound: work.finding?.outcome == .nothingFound
            case .handedOn: work.finding?.outcome == .handedOn
            case .ledOn: work.finding?.outcome == .suspected
            case .performed: work.decision != nil
            case .noPenalty: work.drafting?.outcome == .noPenalty
            case .withdrawn: work.drafting?.outcome == .withdraw
            case .transferred: work.drafting?.outcome == .transfer
            case .terminated: true
            }
        }
        return possible.isEmpty ? all : possible
    }

    /// The ending that is most likely as the case stands.
    static func likelyGround(of work: Case) -> Ending.Ground {
        if work.kind == .penalty { return work.performance?.status == "complete" ? .performed : .terminated }
        return switch work.finding?.outcome {
        case .suspected: .ledOn
        case .handedOn: .handedOn
        case .nothingFound, nil: .nothingFound
        }
    }

    /// What could not be supplied any more after the ending that is most likely here.
    static func lost(by scene: StepScene) -> [Refusal] {
        let ground = likelyGround(of: scene.work)
        let ending = Record(
            thread: scene.work.thread, seq: scene.work.entries + 1, type: .caseEnded, recordedAt: scene.now,
            actor: scene.person.thread, plain: ["ground": .string(ground.rawValue)])
        return ClosingGaps(ending: ending, after: scene.view.history, law: scene.law).lost
    }

    static let issue = StepForm(
        name: IssueDocument.name, title: "制发文书", lead: "制发时编定文号，生成正式文书，并在页边印上记录链中的位置。制发之后不能改动。", button: "制发",
        needsSecret: true, hasSubject: { $0.document != nil }, isOffered: { _, _ in false },
        fields: { _ in
            []
        },
        perform: { scene, input in
            guard let document = scene.document else { throw WebRefusal.notFound }
            _ = try await scene.context.bureau.office.desk.issue(
                document.id, in: scene.work.thread, expecting: input.form.seq, command: input.command,
                by: input.performer)
        })

    static let voiding = StepForm(
        name: VoidDocument.name, title: "作废文书", lead: "作废的文书保留在案卷里，文号不再使用。它所完成的事项重新变为待办。", button: "作废",
        needsSecret: true, hasSubject: { $0.document != nil }, isOffered: { _, _ in false },
        fields: { _ in
            [.paragraphs("reason", "作废的理由")]
        },
        perform: { scene, input in
            guard let document = scene.document else { throw WebRefusal.notFound }
            try await input.run(VoidDocument(document: document.id, reason: input.text("reason")), scene)
        })

    static let filing = StepForm(
        name: FileCase.name, title: "归档", lead: "归档之前系统按现行制度逐条检查案卷是否齐全。归档之后只能查阅；复议、诉讼等以后发生的事项，可以补充登记。", button: "归档",
        needsSecret: true,
        lasts: .unfiled,
        isOffered: { work, person in work.ending != nil && person.roles.contains(.custodian) },
        fields: { _ in
            []
        },
        perform: { scene, input in
            try await input.run(FileCase(), scene)
        })
}

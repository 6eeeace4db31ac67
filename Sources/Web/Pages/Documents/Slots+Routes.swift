import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension WebServices {
    /// The page of one signature place in one manner.
    func slotPage(
        _ wanted: SigningManner?, _ context: SignedInContext, refusal: StepRefusal?, secretError: String? = nil
    ) async throws -> Response {
        let scene = try await documentScene(context)
        let address = Address(context.bureau.tag)
        guard let name = context.parameters.get("slot"), let place = scene.places.first(where: { $0.name == name })
        else { throw WebRefusal.notFound }
        let form = context.visit.form
        let isOwn = place.isSignedInOwnSession
        // Whoever holds an office enters in their own session what they signed, on screen or on paper.
        var manners = place.slot.manners
        // A firm's seal is on paper: that way comes first where an article asks for it, and the only one once a
        // signature was drawn.
        let seal = scene.seal(place, at: clock.now())
        let addsSeal = scene.document.mayAddSeal(to: place)
        if seal != nil { manners = manners.filter { $0 == .paper } + manners.filter { $0 != .paper } }
        if addsSeal || place.slot.who == .bureau { manners = [.paper] }
        let manner = wanted ?? form["manner"].flatMap { SigningManner(rawValue: $0) } ?? manners.first ?? .screen
        var page = SlotPage(
            address: address,
            form: FormFrame(
                action: address.slot(name, of: scene.document.id, in: scene.work.thread),
                token: context.visit.formToken,
                command: form[FormFrame.commandField].flatMap { CommandID($0) } ?? .random(), seq: scene.work.entries,
                hasFiles: manner == .paper),
            thread: scene.work.thread, caseTitle: scene.work.title ?? "", documentTitle: scene.kind.title,
            document: scene.document.id, slot: name, label: place.slot.label, manner: manner, manners: manners,
            isOwn: isOwn && manner == .screen, ownName: context.identity.person.name, needsSecret: place.isOffice,
            looks: scene.looks(context),
            fields: fields(of: place, manner: manner, scene: scene, form: form, by: context.identity.person))
        if place.slot.decision != .none {
            page.before = DraftText(beside: scene.kind, view: scene.view, scene.names, address).html
        }
        if SigningCheck.asksLook(at: place, of: scene.kind) {
            let comparison =
                scene.sight.mayRead(scene.document)
                ? DecisionText(scene.document.data, kind: scene.kind, work: scene.work) : nil
            page.before = comparison?.html ?? page.before
            page.looks = page.looks.filter { $0.object == scene.document.fixedObject }
            if !(await hasRead(scene, context)) {
                page.advice = Notice(
                    title: "请先打开文书看过",
                    paragraphs: [
                        "您还没有打开过这份定稿文本，或者只读取了一小部分。请点下面的“查看文书”，再点“打开 PDF”，看完再回到这一栏签署；没有看过的，系统不接受签署。"
                    ], tone: .warning)
            }
        }
        if let seal { page.advice = self.advice(seal, manner, scene, addsSeal: addsSeal, address) }
        if let refusal {
            page.refusal = RefusalView(
                refusal, law: scene.law, work: scene.work, names: scene.names, address: address)
            page.errors = refusal.fields.map { ($0.name, $0.message) }
        }
        if let secretError { page.errors.append((ConfirmSecret.field, secretError)) }
        return answer(page.page, context)
    }

    /// What an article asks of a firm at this place, and what each way can do about it.
    private func advice(
        _ seal: SealDemand, _ manner: SigningManner, _ scene: DocumentScene, addsSeal: Bool, _ address: Address
    ) -> Notice {
        let article = "\(seal.articles)要求单位签名并加盖公章。"
        let kept: [String] =
            switch manner {
            case .paper where addsSeal: [article, "这一栏已经登记，还差公章。请打印文书，由单位签名并盖章后扫描上传，勾选“已加盖公章”。"]
            case .paper: [article, "请打印文书，签名并盖章后扫描上传，勾选“已加盖公章”；没有盖章的，这一条仍然欠着。"]
            case .screen:
                [
                    article,
                    "屏幕上只能签名，不能盖章：签完之后公章仍然欠着，《\(scene.kind.title)》制发之前须打印盖章，再从这一栏登记盖章后的扫描件；制发之后就不能再补。",
                    "能当场盖章的，请改选“在纸上签名”。",
                ]
            case .refused: [article, "拒绝签名、盖章的，在这里写明原因，即符合这一条。"]
            case .unable:
                [
                    article,
                    "不能签名的，在这里写明；公章仍然欠着，《\(scene.kind.title)》制发之前须打印盖章，再从这一栏登记盖章后的扫描件。单位拒绝盖章的，请改选“拒绝签名”，写明原因。",
                ]
            }
        return Notice(
            title: "单位要加盖公章", paragraphs: kept, tone: manner == .screen || manner == .unable ? .warning : .info,
            actions: seal.provisions.prefix(1).map {
                Button(label: "看条文", href: address.provision($0.id), style: .link)
            })
    }

    /// Whether the person has read the fixed text, in a look that is over or in one that runs.
    private func hasRead(_ scene: DocumentScene, _ context: SignedInContext) async -> Bool {
        let person = context.identity.person.thread
        if SigningCheck.hasLooked(person, at: scene.document, in: scene.view) { return true }
        guard let object = scene.document.fixedObject else { return false }
        return await context.bureau.office.views.hasRead(object, by: person)
    }

    private func fields(
        of place: SlotPlace, manner: SigningManner, scene: DocumentScene, form: Form, by person: PersonRow
    ) -> [FieldModel] {
        let isOwn = place.isSignedInOwnSession
        var fields: [FieldModel] = []
        let open = OfficerPlaces.candidates(
            for: place, of: scene.document, kind: scene.kind, in: scene.work, persons: scene.persons)
        if isOwn, !place.isOffice, manner != .screen, !open.contains(where: { $0.thread == person.thread }) {
            fields.append(
                FieldModel(
                    name: "signer", label: "签名的执法人员",
                    control: .choice(
                        open.filter { !$0.isActive }.map {
                            .init(word: $0.thread.description, label: $0.name, hint: $0.certificateNumber)
                        }),
                    isRequired: true, help: "在纸上签了名的执法人员由本人登录登记；这里只列出账号已经停用、不能登录的人员。"))
        } else if !isOwn {
            var signer = FieldModel(name: "signer", label: "签名人姓名", control: .line(), isRequired: true)
            if let known = scene.signer(at: place) { signer.input = .text(known) }
            fields.append(signer)
            if PartySigner.isAsked(at: place, of: scene.kind) {
                fields += capacityFields(
                    of: place, on: scene.document, kind: scene.kind, in: scene.work, manner: manner)
            } else if [.party, .recipient].contains(place.slot.who) {
                fields.append(
                    FieldModel(name: "relation", label: "与当事人的关系", control: .line(), help: "例如：法定代表人、现场负责人、受委托人。"))
            }
        }
        if place.slot.decision != .none {
            fields.append(
                FieldModel(
                    name: "decision", label: "意见",
                    control: .choice(place.slot.decision.words.map { .init(word: $0.rawValue, label: $0.chinese) }),
                    isRequired: true))
            fields.append(FieldModel(name: "opinion", label: "具体意见", control: .paragraphs(rows: 3), isRequired: true))
        }
        if SigningCheck.asksLook(at: place, of: scene.kind),
            DecisionComparison(scene.document, kind: scene.kind, in: scene.work)?.isDifferent == true
        {
            fields.append(
                FieldModel(
                    name: "compared", label: "与批准的处理意见不同的字句",
                    control: .choices([.init(word: "yes", label: "已逐处看过，同意按决定书的文本签发")]), isRequired: true,
                    help: "不同意的不要签署，请承办人作废这一份，改正后重做。"))
        }
        switch manner {
        case .screen: break
        case .paper:
            let filed = scene.document.scans
            if let last = filed.last {
                var choice = FieldModel(
                    name: Self.filedField, label: "签名在哪份扫描件上",
                    control: .choice(
                        filed.reversed().map { scan in
                            .init(
                                word: scan.object.description,
                                label:
                                    "已归件的扫描件\(scan.sheets.isEmpty ? "" : "，第\(scan.sheets.map { "\($0)" }.joined(separator: "、"))页")",
                                hint: "\(scan.at.chinese)归件")
                        } + [.init(word: "", label: "另外上传签名页")]), help: "请先在文书页面打开扫描件，看到确已签名再登记。")
                choice.input = .text(last.object.description)
                fields.append(choice)
            }
            fields.append(
                FieldModel(
                    name: "scan", label: filed.isEmpty ? "签名页的扫描件或者照片" : "另外上传的签名页",
                    control: .file(accept: "image/jpeg,image/png,application/pdf"), isRequired: filed.isEmpty,
                    help: "整页拍全，长边至少\(ScannedSheet.leastLongSide)像素、短边至少\(ScannedSheet.leastShortSide)像素。"))
            var kept = FieldModel(
                name: "place", label: "纸质原件存放在", control: .line(), isRequired: true, help: "例如：检查科档案柜二层。")
            if let last = scene.document.places.last?.text { kept.input = .text(last) }
            fields.append(kept)
            if place.slot.kind != .signature || PartySigner.isAsked(at: place, of: scene.kind) {
                // zhaoxian-2017:10b asks for the seal of a unit beside the signature; it can only be on paper.
                fields.append(
                    FieldModel(
                        name: "sealed", label: "公章", control: .choices([.init(word: "yes", label: "已加盖公章")]),
                        help: "单位应当签名并加盖公章；个人或者没有公章的，不勾选。"))
            }
        case .refused:
            fields.append(FieldModel(name: "reason", label: "拒绝签名的原因", control: .paragraphs(rows: 3), isRequired: true))
            fields.append(FieldModel(name: "witness", label: "见证人", control: .line()))
        case .unable:
            fields.append(
                FieldModel(name: "reason", label: "不能签名的原因和宣读情况", control: .paragraphs(rows: 3), isRequired: true))
            fields.append(
                FieldModel(
                    name: "reader", label: "宣读人", control: .line(), isRequired: true, help: "谁向不能签名的人宣读了全文，例如在场的执法人员。"))
            fields.append(FieldModel(name: "witness", label: "见证人", control: .line(), isRequired: true))
        }
        if manner != .screen {
            var at = FieldModel(
                name: "signedAt", label: manner == .paper ? "签名时间" : "发生时间", control: .instant, isRequired: true)
            at.input = .text(FieldReading.local(clock.now()))
            fields.append(at)
        }
        return fields.map { field in
            let isBox = if case .choices = field.control { true } else { false }
            guard form["manner"] != nil || form[FormFrame.commandField] != nil, form[field.name] != nil || isBox else {
                return field
            }
            var field = field
            field.read(form)
            return field
        }
    }

    /// How whoever signs stands to the party, and by what authority an agent does.
    private func capacityFields(
        of place: SlotPlace, on document: CaseDocument, kind: DocumentKind, in work: Case, manner: SigningManner
    ) -> [FieldModel] {
        let isReceipt = kind.name == DocumentKindName.serviceReceipt
        let isNotice = kind.name == DocumentKindName.rightsNotice
        // A receipt may be for another than the party: what that is, the register does not say.
        let isOrganisation = isReceipt ? nil : work.subjectKind.map { $0 != "individual" }
        let offered = SignerCapacity.allCases.filter { capacity in
            switch capacity {
            case .family where isOrganisation == true, .receiver where isOrganisation == false: return false
            case .principal where isOrganisation == true && manner == .screen: return false
            default: break
            }
            guard isReceipt || isNotice else { return true }
            return capacity.mayReceive(for: nil) || (isNotice && capacity == .interested)
        }
        var authority = FieldModel(
            name: "authority", label: "授权委托书", control: .line(), help: "写明授权委托书的日期和代理权限。")
        authority.requiredFor = "委托代理人必须填写"
        var relation = FieldModel(name: "relation", label: "关系的说明", control: .line(), help: "例如：证人。")
        relation.requiredFor = "选“其他”的必须填写"
        var fields = [
            FieldModel(
                name: "capacity", label: isReceipt ? "签名人与受送达人的关系" : "签名人与当事人的关系",
                control: .choice(offered.map { .init(word: $0.rawValue, label: $0.chinese) }), isRequired: true,
                help: isReceipt || isNotice
                    ? "只列出依法可以签收的人。其他人签收的，不算送达。" : "照实选择，打印在签名旁边。"),
            authority,
        ]
        if !isReceipt, !isNotice { fields.append(relation) }
        return fields
    }

    /// The scan, filed with the document before, on which the signature is.
    static let filedField = "filed"

    func sign(_ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let scene = try await documentScene(context)
        let address = Address(context.bureau.tag)
        guard let name = context.parameters.get("slot"), let place = scene.places.first(where: { $0.name == name })
        else { throw WebRefusal.notFound }
        let manner = form["manner"].flatMap { SigningManner(rawValue: $0) } ?? .screen
        let command = try form.command
        do {
            let performer = try await confirmed(place.isOffice, command, context)
            // The scan goes into the vault first: an object that no entry names does no harm.
            var scan: ObjectFacts?
            var isSheetRead: Bool?
            if manner == .paper, let file = form.file("scan"), !file.bytes.isEmpty {
                if let problem = ScannedSheet.problem(file.bytes) {
                    throw StepRefusal(fields: [.init("scan", problem)])
                }
                let stored = try await unwrapped { try await context.bureau.office.vault.store(file.bytes) }
                isSheetRead = try await context.bureau.office.scans?.recognises(
                    stored, asSheetOf: scene.document.id, in: scene.work)
                scan = stored
            } else if manner == .paper, let filed = form[Self.filedField].flatMap({ ObjectID($0) }),
                scene.document.scans.contains(where: { $0.object == filed })
            {
                // What was filed with this very document, and nothing else, can be named instead.
                scan = try await unwrapped { try await context.bureau.office.vault.facts(of: filed) }
                // It was filed by its code.
                isSheetRead = true
            }
            let now = clock.now()
            var signedAt = now
            if manner != .screen {
                guard let stated = Instant(form.text("signedAt")) else {
                    throw StepRefusal(fields: [.init("signedAt", "请填写时间。")])
                }
                signedAt = stated
            }
            let step = SignSlot(
                document: scene.document.id, slot: name, manner: manner,
                decision: form["decision"].flatMap { SigningDecision(rawValue: $0) }, signedAt: signedAt,
                signer: form.text("signer"), relation: form["relation"],
                capacity: form["capacity"].flatMap { SignerCapacity(rawValue: $0) }, authority: form["authority"],
                opinion: form["opinion"],
                reason: form["reason"], reader: form["reader"], witness: form["witness"], place: form["place"],
                drawing: form["drawing"]?.nonEmpty, scan: scan, isSheetRead: isSheetRead,
                isSealed: manner == .paper && form.isOn("sealed"),
                isCompared: form.isOn("compared"))
            if SigningCheck.asksLook(at: place, of: scene.kind), let object = scene.document.fixedObject {
                try await context.bureau.office.views.endRead(object, by: performer.tag)
            }
            _ = try await context.bureau.casebook.perform(
                step, on: scene.work.thread, expecting: form.seq, command: command, by: performer)
            return .seeOther("\(address.document(scene.document.id, in: scene.work.thread))?done=sign")
        } catch let refusal as StepRefusal {
            return try await slotPage(manner, context, refusal: refusal)
        } catch let error as SignInError {
            return try await slotPage(manner, context, refusal: nil, secretError: try error.secretText)
        }
    }

    /// The person, with the secret given again where the step needs it.
    func confirmed(_ needsSecret: Bool, _ command: CommandID, _ context: SignedInContext) async throws -> Performer {
        guard needsSecret else { return context.performer }
        let proof = try await signIn.confirm(
            context.visit.form[ConfirmSecret.field] ?? "", by: context.identity, for: command,
            source: context.visit.source)
        return context.performer(proof, for: command, at: clock.now())
    }
}

extension SignInError {
    /// What to say beside the secret's field.
    ///
    /// - Throws: itself, when it is not about the secret that was given.
    var secretText: String {
        get throws {
            switch self {
            case .wrong: "密码不对，请重新输入"
            case .locked(let until): "密码连续输错多次，请在\(until.clock)以后再试"
            case .busy: "服务器正忙，请过几秒钟再试"
            case .weak, .failed, .damaged, .disagreeing: throw self
            }
        }
    }
}

extension SlotPlace {
    /// Whether an office signs here: its holder, in their own session, with the secret given again.
    var isOffice: Bool { slot.who == .attendingHead || slot.who.role != nil && slot.who != .officer }

    /// Whether the signer is a registered person whose own session stands for the signature.
    var isSignedInOwnSession: Bool {
        isOffice || [.handler, .drafter, .server, .officer].contains(slot.who)
    }
}

extension SigningDecision {
    /// The word on screens.
    var chinese: String {
        switch self {
        case .agree: "同意"
        case .refuse: "不同意"
        case .passed: "审查通过"
        case .returned: "退回"
        }
    }
}

import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// Fixed documents: signing, issuing, voiding.
    func addDocuments(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/{case}/documents/{document}", .casework) { request, context in
            try await services.documentPage(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/cases/{case}/documents/{document}/slots/{slot}", .casework) { request, context in
            let manner = Form(query: request.uri.query)["manner"].flatMap { SigningManner(rawValue: $0) }
            return try await services.slotPage(
                manner, context, refusal: try await services.changesSinceKept(context))
        }
        on(.get, "/b/{bureau}/cases/{case}/documents/{document}/paper", .casework) { _, context in
            try await services.paperPlacePage(context, errors: [])
        }
        on(.post, "/b/{bureau}/cases/{case}/documents/{document}/paper", .casework) { _, context in
            try await services.movePaper(context)
        }
        on(.post, "/b/{bureau}/cases/{case}/documents/{document}/slots/{slot}", .casework) { _, context in
            try await services.sign(context)
        }
    }
}

/// A fixed document with its case.
struct DocumentScene {
    let view: CaseView
    let law: Law
    let document: CaseDocument
    let kind: DocumentKind
    let names: [ThreadTag: String]
    /// What of the case this person may read now.
    let sight: Sight
    var persons: [PersonRow] = []

    var work: Case { view.work }
    var places: [SlotPlace] { kind.places(for: document.data ?? .object([])) }

    /// Whether a place can be dealt with by this person now.
    func mayMeet(_ place: SlotPlace, _ person: PersonRow) -> Bool {
        guard document.slots[place.name] == nil || document.mayAddSeal(to: place), !document.isVoid
        else { return false }
        // The bureau's own seal goes on what was printed with its number.
        if place.slot.who == .bureau {
            return document.issue != nil && document.slots[place.name] == nil && work.handlers.contains(person.thread)
                && !work.isFiled
        }
        guard document.issue == nil else { return false }
        if place.slot.who == .attendingHead {
            return AttendingHeads.mayMeet(place, of: document, by: person, in: work)
        }
        if let role = place.slot.who.role, place.slot.who != .officer {
            return person.roles.contains(role)
                && SlotSeparation.refusal(of: person.thread, at: place, on: document, kind: kind, in: work) == nil
        }
        if OfficerPlaces.appointed(to: place, of: document, kind: kind, persons: persons)?.thread == person.thread {
            return true
        }
        guard work.handlers.contains(person.thread) else {
            // Whom the form names signs it, whether or not they handle the case.
            return place.isSignedInOwnSession
                && OfficerPlaces.candidates(for: place, of: document, kind: kind, in: work, persons: persons)
                    .contains { $0.thread == person.thread }
        }
        // Each officer signs a place of a repeated slot once, in their own session.
        return
            !(place.slot.repeats && [.officer, .handler, .drafter, .server].contains(place.slot.who)
            && document.slots.contains { $0.key.hasPrefix(place.slot.name) && $0.value.by == person.thread })
    }
}

extension WebServices {
    func documentScene(_ context: SignedInContext) async throws -> DocumentScene {
        let view = try await context.bureau.visibleCase(context)
        let law = try await context.bureau.casebook.chambers.law()
        guard let id = context.parameters.get("document").flatMap({ DocumentID($0) }),
            let document = view.work.document(id)
        else { throw WebRefusal.notFound }
        return DocumentScene(
            view: view, law: law, document: document, kind: law.library.kind(of: document) ?? .unknown,
            names: try await context.bureau.names(),
            sight: Sight(view, by: context.identity.person, at: clock.now()),
            persons: try await context.bureau.registers.persons())
    }

    func documentPage(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let scene = try await documentScene(context)
        let address = Address(context.bureau.tag)
        let document = scene.document
        let thread = scene.work.thread
        let open = Set(scene.law.openSlots(of: document, in: scene.work))
        let person = context.identity.person
        var page = DocumentPage(
            address: address, thread: thread, caseTitle: scene.work.title ?? "", title: scene.kind.title,
            number: document.issue?.numberText ?? "", tag: scene.tag(isComplete: open.isEmpty),
            meta: [(document.isOutside ? "归入" : "定稿", document.fixedAt.chinese)], looks: scene.looks(context),
            places: [], actions: [],
            notice: query["done"] != nil && scene.hasJustActed(person, at: clock.now())
                ? Notice(title: "已办理", tone: .done) : nil,
            rows: scene.contents)
        if let author = document.author.flatMap({ scene.names[$0] }) {
            page.meta.append((document.isOutside ? "归入人" : "制作", author))
        }
        if let issue = document.issue { page.meta.append(("制发", issue.at.chinese)) }
        if let correction = document.correction, let later = scene.work.document(correction.by) {
            let title = scene.law.library.kind(of: later)?.title ?? later.kind
            page.notice = Notice(
                title: correction.manner == .supersedes ? "这份文书已被替代" : "这份文书已补正",
                paragraphs: ["见《\(title)》\(later.issue?.numberText ?? "")，\(correction.at.chinese) 由负责人确认。"],
                tone: .warning,
                actions: [Button(label: "打开后一份文书", href: address.document(later.id, in: thread), style: .small)])
        }
        if document.isVoid, let at = document.voidedAt {
            let record = scene.view.records.last {
                $0.type == .documentVoided && $0.word("document") == document.id.description
            }
            let who = record?.actor.flatMap { scene.names[$0] }.map { "由\($0)" } ?? ""
            let why = scene.sight.mayRead(document) ? record?.text("reason").map { "理由：\($0)" } : nil
            let number = document.issue?.numberText == nil ? "" : "文号保留在登记中，不再使用；"
            page.notice = Notice(
                title: "这份文书已作废",
                paragraphs: ["\(at.chinese) \(who)作废。\(number)它所完成的事项重新变为待办。", why].compactMap { $0 }, tone: .warning)
        }
        page.paper = scene.paper(person, address)
        page.reprint = scene.reprint(person, address, token: context.visit.formToken)
        if document.kind == "case-file-catalogue", !document.isVoid {
            page.actions.append(Button(label: "照目录合订案卷", href: address.volume(of: thread), style: .secondary))
        }
        if document.data == nil { page.rows = [.init(label: "内容", value: "已依法销毁")] }
        page.places = scene.places.map { place in
            var row = scene.row(
                place, isOpen: open.contains(place.name),
                href: scene.mayMeet(place, person) ? address.slot(place.name, of: document.id, in: thread) : nil)
            if document.mayAddSeal(to: place), let seal = scene.seal(place, at: clock.now()) {
                row.details.append("公章还没有盖：\(seal.articles)要求单位签名并加盖公章。制发之前可以打印盖章后补登记。")
            }
            return row
        }
        if !document.isVoid,
            !scene.work.isOver || scene.work.isAfterEnd(document.fixedSeq)
                || AfterEnd.mayComplete(scene.kind, in: scene.work),
            !scene.work.isFiled || scene.work.isContested
        {
            let isAuthor = scene.isAuthor(person)
            if document.issue == nil, !document.isOutside, open.isEmpty, isAuthor {
                page.actions.append(
                    Button(
                        label: "制发",
                        href: address.step("issue", in: thread, about: ("document", document.id.description))))
            }
            let isServed =
                scene.work.isServed(document.id)
                || scene.work.heldServices.contains { $0.document == document.id && !$0.isReturned }
            if document.isInForce, scene.kind.inBureausName, scene.work.handlers.contains(person.thread), !isServed {
                page.actions.append(
                    Button(
                        label: "制作送达回证",
                        href: address.newDocument(DocumentKindName.serviceReceipt, in: thread, about: document.id)))
            }
            if document.isInForce, document.correction == nil, person.roles.contains(.agencyHead),
                !scene.work.handlers.contains(person.thread),
                !StepForm.later(than: document, in: scene.work, law: scene.law).isEmpty
            {
                page.actions.append(
                    Button(
                        label: "补正或者替代",
                        href: address.step(
                            CorrectDocument.name, in: thread, about: ("document", document.id.description)),
                        style: .secondary))
            }
            let led = try await context.bureau.casebook.led(from: scene.work)
            if VoidDocument.refusal(of: document, kind: scene.kind, to: person, in: scene.work, led: led) == nil {
                page.actions.append(
                    Button(
                        label: "作废",
                        href: address.step("void", in: thread, about: ("document", document.id.description)),
                        style: .danger))
            }
        }
        return answer(page.page, context)
    }
}

extension SealDemand {
    /// The articles as a sentence names them.
    var articles: String { provisions.map(\.article).joined(separator: "、") }
}

extension DocumentScene {
    /// Who most likely signs for the party, as the document names them: its representative, or a person themselves. Whoever
    /// records another signature writes their name.
    func signer(at place: SlotPlace) -> String? {
        guard place.slot.who == .party, sight.mayRead(document) else { return nil }
        let name = work.subjectKind == "individual" ? "subjectName" : "subjectRepresentative"
        return document.data?[name]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Who met a place, as this person may read it now: an officer always, anybody else as the document itself.
    private func name(_ met: CaseDocument.MetSlot) -> String? {
        met.by != nil || sight.mayRead(document) ? met.name : EventText.veil
    }

    /// What asks for the party's seal at this place.
    func seal(_ place: SlotPlace, at now: Instant) -> SealDemand? {
        SealDemand(of: place, on: kind, in: work, law: law, on: now.day)
    }

    func tag(isComplete: Bool) -> Tag {
        if document.isVoid { return Tag(text: "已作废", tone: .late) }
        if let correction = document.correction {
            return correction.manner == .supersedes ? Tag(text: "已被替代", tone: .late) : Tag(text: "已补正", tone: .soon)
        }
        if document.issue != nil { return Tag(text: "✓ 已制发", tone: .done) }
        if document.isOutside {
            return isComplete ? Tag(text: "✓ 外来文书，已归入", tone: .done) : Tag(text: "外来文书，签章未登记齐", tone: .wait)
        }
        return isComplete ? Tag(text: "签名齐备，待制发", tone: .soon) : Tag(text: "待签名", tone: .wait)
    }

    /// Whether this person writes documents of this kind in this case (as `DocumentRights` judges it).
    func isAuthor(_ person: PersonRow) -> Bool {
        switch kind.category {
        case .caseFile: person.roles.contains(.custodian)
        case .review: person.roles.contains(.legalReviewer)
        default: work.handlers.contains(person.thread)
        }
    }

    func looks(_ context: SignedInContext) -> [LookForm] {
        guard !sight.isBarred(from: .document(document.id)) else { return [] }
        let action = Address(context.bureau.tag).look(in: work.thread)
        var looks: [LookForm] = []
        if let object = document.issue?.object {
            looks.append(
                LookForm(
                    label: "查看正式文书", note: "PDF", action: action, token: context.visit.formToken, object: object,
                    document: document.id))
        }
        if let object = document.fixedObject {
            looks.append(
                LookForm(
                    label: document.isOutside ? "查看扫描件" : document.issue == nil ? "查看文书" : "查看定稿文本", note: "PDF",
                    action: action,
                    token: context.visit.formToken, object: object, document: document.id))
        }
        // Of a paper from outside the scan is the document.
        for scan in document.scans where scan.object != document.fixedObject {
            looks.append(
                LookForm(
                    label:
                        "查看扫描件\(scan.sheets.isEmpty ? "" : "（第\(scan.sheets.map { "\($0)" }.joined(separator: "、"))页）")",
                    note: "PDF", action: action, token: context.visit.formToken, object: scan.object))
        }
        for (_, slot) in document.slots.sorted(by: { $0.value.seq < $1.value.seq }) {
            // One that was met from a filed scan shows that scan.
            guard let scan = slot.scan, !document.scans.contains(where: { $0.object == scan }) else { continue }
            looks.append(
                LookForm(
                    label:
                        "查看签名页扫描件\(slot.by == nil && !sight.mayRead(document) ? "" : slot.name.map { "（\($0)）" } ?? "")",
                    action: action,
                    token: context.visit.formToken, object: scan))
        }
        return looks
    }

    func row(_ place: SlotPlace, isOpen: Bool, href: String?) -> DocumentPage.Place {
        guard let met = document.slots[place.name] else {
            if place.slot.who == .bureau {
                return .init(
                    label: place.slot.label, tag: Tag(text: "印制后加盖", tone: .quiet),
                    text: href == nil ? "公章盖在印制的文书上。" : "公章盖在印制的文书上；盖好以后在这里登记。", details: [],
                    href: href, drawing: nil)
            }
            return .init(
                label: place.slot.label, tag: isOpen ? Tag(text: "待办", tone: .wait) : Tag(text: "可以不签", tone: .quiet),
                text: "由\(place.slot.who.chinese)签名\(place.slot.kind == .signature ? "" : "、盖章")",
                details: [waiting(place)].compactMap { $0 }, href: href, drawing: nil)
        }
        let isOpen = sight.mayRead(document)
        let against = met.manner == "refused" || met.decision == "refuse" || met.decision == "returned"
        let word = ["agree": "同意", "refuse": "不同意", "passed": "通过", "returned": "退回"][met.decision ?? ""]
        return .init(
            label: place.slot.label,
            tag: Tag(
                text: word ?? ["screen": "✓ 已签", "paper": "✓ 纸质已签", "refused": "拒绝签名", "unable": "不能签名"][met.manner]
                    ?? met.manner,
                tone: against ? .late : .done),
            text:
                "\(name(met) ?? "（姓名已销毁）") · \(met.signedAt.chinese)\(document.isOutside && met.scan == nil ? "登记" : "")",
            details: [met.isSheetRead == false ? "签名页上没有读到这份文书的页脚编码，请对照纸质原件核对。" : nil].compactMap { $0 }
                + (isOpen
                    ? [
                        met.opinion, met.reason.map { "原因：\($0)" }, met.reader.map { "宣读人：\($0)" },
                        met.witness.map { "见证人：\($0)" },
                    ].compactMap { $0 } : []),
            href: href, drawing: isOpen ? met.drawing : nil)
    }

    /// Which officers a place still waits for.
    private func waiting(_ place: SlotPlace) -> String? {
        if place.slot.who == .attendingHead, document.issue == nil, !document.isVoid {
            let heads = AttendingHeads.candidates(for: place, of: document, in: work, persons: persons).map(\.name)
            return heads.isEmpty ? nil : "等待\(heads.joined(separator: "、"))本人登录签署。"
        }
        guard place.slot.repeats, [.officer, .handler, .drafter, .server].contains(place.slot.who),
            document.issue == nil,
            !document.isVoid
        else { return nil }
        let names = OfficerPlaces.candidates(for: place, of: document, kind: kind, in: work, persons: persons)
            .map(\.name)
        guard !names.isEmpty else { return nil }
        return "等待\(names.joined(separator: "、"))本人登录签署；在纸上签名的，也由本人登录登记。"
    }
}

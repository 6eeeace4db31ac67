import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension DocumentScene {
    /// What is known of the document's paper: which pages are scanned, where it is and was kept, and the next step.
    func paper(_ person: PersonRow, _ address: Address) -> HTML {
        let files = FileScan.obstacle(to: person, filing: document, in: work) == nil
        let moves = MovePaper.obstacle(to: person, in: work) == nil
        guard document.isOnPaper || files else { return "" }
        let missing = document.unscannedPages
        let scanned: String =
            document.scans.isEmpty
            ? document.isOnPaper
                ? "签名页已上传，整份还没有扫描归件。" : "还没有扫描件。全部在屏幕上办理的，不用扫描；打印出来签名、盖章的，签好后扫描归件。"
            : missing.isEmpty ? "各页都已扫描归件。" : "已扫描归件，还缺第\(missing.map { "\($0)" }.joined(separator: "、"))页。"
        let isOpen = sight.mayRead(document)
        let places: HTML =
            document.places.isEmpty
            ? ""
            : """
            <dl class="summary">\(document.places.reversed().enumerated().html { index, place in
                """
                <div><dt>\(index == 0 ? "现在存放在" : "以前存放在")</dt><dd>\(isOpen ? place.text ?? "（已依法销毁）" : EventText.veil)<br><small>\(place.at.chinese) \(place.by.flatMap { names[$0] } ?? "")登记\(place.reason.map { isOpen ? "，\($0)" : "" } ?? "")</small></dd></div>

                """
            })</dl>

            """
        let scan = files ? Button(label: "扫描归件", href: address.scans, style: .secondary).html : "" as HTML
        let move =
            moves && !document.places.isEmpty
            ? Button(label: "换了存放处", href: address.paperPlace(document.id, in: work.thread), style: .secondary).html
            : "" as HTML
        let list = Button(label: "本案纸质件清单", href: address.paperList(of: work.thread), style: .link).html
        let actions: HTML = "<p class=\"actions\">\(scan) \(move) \(list)</p>\n"
        return """
            <h2>纸质件</h2>
            <p>\(scanned)</p>
            \(places)\(actions)
            """
    }
}

extension WebServices {
    /// The form that says where the paper is kept from now on.
    func paperPlacePage(
        _ context: SignedInContext, errors: [(field: String, text: String)], refusal: StepRefusal? = nil
    ) async throws -> Response {
        let scene = try await documentScene(context)
        let address = Address(context.bureau.tag)
        if let obstacle = MovePaper.obstacle(to: context.identity.person, in: scene.work) {
            throw WebRefusal.forbidden(what: obstacle.message, whoCan: "本案承办人、档案管理人员")
        }
        let typed = context.visit.form
        var place = FieldModel(
            name: "place", label: "现在存放在", control: .line(), isRequired: true, help: "写到柜子、架子的哪一层，别人照着能找到。")
        place.input = .text(typed["place"] ?? "")
        place.error = errors.first { $0.field == "place" }?.text
        var reason = FieldModel(name: "reason", label: "为什么搬动", control: .line(), help: "例如：结案后集中移交档案室。可以不填。")
        reason.input = .text(typed["reason"] ?? "")
        reason.error = errors.first { $0.field == "reason" }?.text
        let form = FormFrame(
            action: address.paperPlace(scene.document.id, in: scene.work.thread), token: context.visit.formToken,
            command: typed[FormFrame.commandField].flatMap { CommandID($0) } ?? .random(), seq: scene.work.entries)
        let view = try await refusal.asyncMap { refusal in
            RefusalView(refusal, law: scene.law, work: scene.work, names: scene.names, address: address)?.html ?? ""
        }
        let now = scene.document.places.last.map { $0.text ?? "（已依法销毁）" }
        let shown = scene.sight.mayRead(scene.document) ? now : EventText.veil
        let back = Button(
            label: "返回文书", href: address.document(scene.document.id, in: scene.work.thread), style: .link)
        return answer(
            Page(
                title: "纸质原件换了存放处", section: .cases,
                crumbs: [
                    .init(label: "案件", href: address.cases),
                    .init(label: scene.work.title ?? "", href: address.caseFile(scene.work.thread)),
                    .init(
                        label: scene.kind.title, href: address.document(scene.document.id, in: scene.work.thread)),
                ],
                body: """
                    \(view)\(ErrorSummary(errors: errors).html)<p class="eyebrow">\(scene.kind.title)</p>
                    <h1>纸质原件换了存放处</h1>
                    <p class="lead">\(shown.map { "登记的存放处：\($0)。" } ?? "还没有登记过存放处。")以前登记的都保留，不会改掉。</p>
                    \(form.html("\(place.html)\(reason.html)<p class=\"actions\">\(Button(label: "登记").html)\(back.html)</p>\n"))
                    """,
                isNarrow: true, status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent), context)
    }

    func movePaper(_ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let scene = try await documentScene(context)
        do throws(StepRefusal) {
            let command = try await unwrapped { try form.command }
            _ = try await context.bureau.casebook.perform(
                MovePaper(document: scene.document.id, place: form.text("place"), reason: form["reason"]),
                on: scene.work.thread, expecting: form.seq, command: command, by: context.performer)
        } catch {
            return try await paperPlacePage(
                context, errors: error.fields.map { ($0.name, $0.message) },
                refusal: error.fields.isEmpty ? error : nil)
        }
        return .seeOther(
            "\(Address(context.bureau.tag).document(scene.document.id, in: scene.work.thread))?done=paper")
    }
}

extension Optional where Wrapped == StepRefusal {
    /// The refusal as it is shown; nothing where there is none.
    fileprivate func asyncMap(_ body: (StepRefusal) async throws -> HTML) async rethrows -> HTML {
        guard let self else { return "" }
        return try await body(self)
    }
}

import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger

extension Routes {
    /// Scans of printed sheets: sent in, looked over, filed with their documents (扫描归件).
    func addScans(_ services: WebServices) {
        on(.get, "/b/{bureau}/scans", .casework) { _, context in services.scanUpload(context, errors: []) }
        on(.post, "/b/{bureau}/scans", .casework) { _, context in try await services.takeScan(context) }
        on(.get, "/b/{bureau}/scans/{upload}", .casework) { request, context in
            try await services.scanStack(Form(query: request.uri.query), context)
        }
        on(.post, "/b/{bureau}/scans/{upload}", .casework) { request, context in
            try await services.fileStack(Form(query: request.uri.query), context)
        }
    }
}

/// A stack as it was sent in and read.
private struct ReadStack {
    let bureau: BureauTag
    let upload: UploadStatus
    let facts: ObjectFacts
    let pages: [ScannedPage]
    let sorted: SortedStack

    var name: String { Form.trimmed(upload.declaration.metadata.fileName ?? "未命名").shownBack }

    /// How a page lies, in words.
    func lay(_ place: Int) -> String {
        guard pages.indices.contains(place - 1) else { return "" }
        let turn = pages[place - 1].turn
        let quarter = Int((Double(turn) / 9000).rounded()) * 9000
        let rest = abs(turn - quarter)
        let words = [
            abs(quarter) == 18_000 ? "倒放" : abs(quarter) == 9000 ? "横放" : "",
            rest >= 50 ? "歪\(rest / 100)度" : "",
        ].filter { !$0.isEmpty }
        return words.isEmpty ? "" : "（\(words.joined(separator: "、"))，已扶正）"
    }
}

extension WebServices {
    func scanUpload(_ context: SignedInContext, errors: [(field: String, text: String)]) -> Response {
        let address = Address(context.bureau.tag)
        return answer(
            ScanUploadPage(
                address: address,
                form: FormFrame(action: address.scans, token: context.visit.formToken, hasFiles: true),
                token: context.visit.formToken, errors: errors
            ).page, context)
    }

    /// Takes what was uploaded, or came with the form where there is no script, and goes on to what it is.
    func takeScan(_ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let vault = context.bureau.office.vault
        let field = ScanUploadPage.uploadField
        var seen: Set<UploadID> = []
        // One that is sent twice is one stack.
        var ids = form.all(field).compactMap { UploadID($0) }.filter { seen.insert($0).inserted }
        if ids.isEmpty, let reason = await context.bureau.store.clockObstacle() {
            return scanUpload(context, errors: [(field, reason)])
        }
        do throws(VaultError) {
            if ids.isEmpty, let file = form.file(ScanUploadPage.fileField), !file.bytes.isEmpty {
                ids = [try await keep(file, in: vault, for: context.identity.person.thread)]
            }
        } catch {
            return scanUpload(context, errors: [(field, StepRefusal(error).message)])
        }
        guard let first = ids.first else {
            return scanUpload(context, errors: [(field, "请选择要归件的扫描件，等上传完成后再点“识别”。")])
        }
        return .seeOther(Address(context.bureau.tag).scan(first, alongside: Array(ids.dropFirst())))
    }

    /// A file of the form as an upload like any other: what is not filed in time is removed like any other.
    func keep(
        _ file: Form.File, in vault: any EvidenceVault, for owner: ThreadTag
    ) async throws(VaultError) -> UploadID {
        let name = Base64.encode(Array(file.fileName.utf8))
        let now = clock.now()
        let status = try await vault.createUpload(
            UploadDeclaration(
                byteCount: Int64(file.bytes.count), owner: owner, metadata: UploadMetadata("filename \(name)") ?? .none,
                created: now, expires: now.advanced(byMilliseconds: UploadDeclaration.shortestLife)))
        let append = try await vault.append(
            to: status.id, at: 0, byteCount: Int64(file.bytes.count), checksum: nil)
        do throws(VaultError) { try await append.append(file.bytes) } catch {
            await append.discard()
            throw error
        }
        _ = try await append.commit()
        return status.id
    }

    /// The upload in the address; another person's is none.
    private func stackUpload(_ context: SignedInContext) async throws -> UploadStatus {
        guard let id = context.parameters.get("upload").flatMap({ UploadID($0) }) else { throw WebRefusal.notFound }
        do {
            let status = try await context.bureau.office.vault.upload(id)
            guard status.declaration.owner == context.identity.person.thread else { throw WebRefusal.notFound }
            return status
        } catch let error as VaultError {
            guard error.code == .notFound else { throw error }
            throw WebRefusal.notFound
        }
    }

    /// What is on a stack; nil while it is being read.
    private func readStack(
        _ context: SignedInContext, patience: Int
    ) async throws -> Result<ReadStack?, StepRefusal> {
        let upload = try await stackUpload(context)
        guard let desk = context.bureau.office.scans else {
            return .failure(StepRefusal(.unavailable, "这台服务器没有安装扫描识别组件。请联系系统管理员。"))
        }
        do throws(StepRefusal) {
            let facts = try await finished(upload, context)
            let pages: [ScannedPage]?
            do throws(ScanRefusal) { pages = try await desk.pages(of: facts, patience: patience) } catch {
                throw StepRefusal(error)
            }
            guard let pages else { return .success(nil) }
            let sorted = try await desk.sort(pages, of: facts, for: context.identity.person)
            return .success(
                ReadStack(bureau: context.bureau.tag, upload: upload, facts: facts, pages: pages, sorted: sorted))
        } catch {
            return .failure(error)
        }
    }

    func finished(
        _ upload: UploadStatus, _ context: SignedInContext
    ) async throws(StepRefusal) -> ObjectFacts {
        do throws(VaultError) { return try await context.bureau.office.vault.finish(upload.id) } catch {
            guard error.code == .incomplete else { throw StepRefusal(error) }
            throw StepRefusal(.invalid, "这个文件还没有传完。请回到上一页重新选择同一个文件，会从断点继续。")
        }
    }

    /// How long an answer waits for a stack to be read before it says that it is being read, in milliseconds.
    private static let patience = 4000

    func scanStack(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let address = Address(context.bureau.tag)
        switch try await readStack(context, patience: Self.patience) {
        case .failure(let refusal):
            return answer(
                ScanStatePage(address: address, href: address.scans, refusal: refusal.message).page, context)
        case .success(nil):
            let upload = try await stackUpload(context)
            let href = address.scan(upload.id, alongside: Self.alongside(query))
            var response = answer(ScanStatePage(address: address, href: href).page, context)
            if let name = HTTPField.Name("Refresh") { response.headers[name] = "3" }
            return response
        case .success(let stack?): return try await stackPage(stack, query, context)
        }
    }

    private static func alongside(_ query: Form) -> [UploadID] {
        (query["also"] ?? "").utf8.split(separator: UInt8(ascii: ",")).prefix(50)
            .compactMap { UploadID(String(decoding: $0, as: UTF8.self)) }
    }

    private func stackPage(
        _ stack: ReadStack, _ query: Form, _ context: SignedInContext, refusals: [StepRefusal] = [],
        errors: [(field: String, text: String)] = []
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let typed = context.visit.form
        let law = try await context.bureau.casebook.chambers.law()
        let persons = try await context.bureau.registers.persons()
        let names = try await context.bureau.names()
        var views: [ThreadTag: CaseView] = [:]
        for thread in Set(stack.sorted.piles.map(\.thread)) {
            views[thread] = try await context.bureau.casebook.load(thread)
        }
        var groups: [ScanStackPage.CaseGroup] = []
        for thread in stack.sorted.threads {
            guard let view = views[thread] else { continue }
            let piles = stack.sorted.piles.filter { $0.thread == thread }
            groups.append(
                .init(
                    thread: thread, title: view.work.title ?? "", seq: view.work.entries,
                    piles: piles.map { pile in
                        shown(
                            pile, stack,
                            DocumentScene(
                                view: view, law: law, document: pile.document,
                                kind: law.library.kind(of: pile.document) ?? .unknown, names: names,
                                sight: Sight(view, by: context.identity.person, at: clock.now()),
                                persons: persons), context.identity.person, typed)
                    }))
        }
        var place = FieldModel(
            name: ScanStackPage.placeField, label: "纸质原件存放在", control: .line(), isRequired: true,
            help: "例如：检查科档案柜二层。以后搬动了，在文书页面登记新的地方。")
        place.input = .text(typed[ScanStackPage.placeField] ?? "")
        let alongside = Self.alongside(query)
        let command = typed[FormFrame.commandField].flatMap { CommandID($0) } ?? .random()
        var page = ScanStackPage(
            address: address,
            form: FormFrame(
                action: address.scan(stack.upload.id, alongside: alongside), token: context.visit.formToken,
                command: refusals.isEmpty && errors.isEmpty ? .random() : command),
            fileName: stack.name, pageCount: stack.pages.count, size: ByteText.chinese(stack.facts.byteCount),
            cases: groups, others: stack.sorted.others.map { leftover($0, stack, typed) }, place: place,
            alongside: alongside.enumerated().map { index, id in
                ("第\(index + 2)个文件", address.scan(id, alongside: alongside.filter { $0 != id }))
            })
        page.notice = notice(stack, isDone: query["done"] != nil)
        page.errors = errors
        page.refusals = refusals.compactMap { refusal in
            RefusalView(
                refusal, law: law, work: views.values.first?.work, names: names, address: address
            )?.html
        }
        return answer(page.page, context)
    }

    /// The one next step.
    private func notice(_ stack: ReadStack, isDone: Bool) -> Notice? {
        let piles = stack.sorted.piles
        let open = piles.filter { $0.obstacle == nil && !$0.isFiled }
        if isDone, piles.contains(where: \.isFiled) {
            return Notice(
                title: "已归件",
                paragraphs: [
                    open.isEmpty ? "扫描件已归到文书下面。纸上还有签名没有登记的，请接着登记；都登记了，就可以回到案件。" : "还有\(open.count)份文书没有归件，请核对后再点“归件”。"
                ], tone: .done)
        }
        guard !open.isEmpty else { return nil }
        return Notice(
            title: "认出\(piles.count)份文书",
            paragraphs: ["请对照纸质件看一遍下面的结果，写明纸质原件放在哪里，再点“归件”。归件之前没有产生任何记录。"])
    }

    private func shown(
        _ pile: SortedStack.Pile, _ stack: ReadStack, _ scene: DocumentScene, _ person: PersonRow, _ typed: Form
    ) -> ScanStackPage.Pile {
        let address = Address(stack.bureau)
        var remarks: [String] = []
        func list(_ pages: [Int]) -> String { "第\(pages.map { "\($0)" }.joined(separator: "、"))页" }
        if let obstacle = pile.obstacle { remarks.append(obstacle) }
        if pile.isFiled {
            remarks.append("这个文件已经归到这份文书，不用再归一次。")
        } else {
            if !pile.missing.isEmpty {
                remarks.append("缺\(list(pile.missing))。可以先归这几页，找到以后再扫描归件。")
            }
            if !pile.beyond.isEmpty, let count = pile.document.paperPages {
                remarks.append("这份文书只有\(count)页，\(list(pile.beyond))不会归件。请核对是不是作废的另一次打印。")
            }
            let again = pile.pages.map(\.page).filter(pile.document.scannedPages.contains)
            if !again.isEmpty, pile.obstacle == nil {
                remarks.append("\(list(again))以前归过件，再归一次两份都保留。")
            }
        }
        let isOpen = pile.obstacle == nil && !pile.isFiled && pile.beyond.count < pile.pages.count
        let tag: Tag =
            pile.document.isVoid
            ? Tag(text: "已作废", tone: .late)
            : pile.isFiled
                ? Tag(text: "✓ 已归件", tone: .done)
                : pile.obstacle != nil
                    ? Tag(text: "不能归件", tone: .late)
                    : !pile.missing.isEmpty || !pile.beyond.isEmpty
                        ? Tag(text: "缺页", tone: .soon)
                        : pile.doubled.isEmpty ? Tag(text: "齐全", tone: .done) : Tag(text: "有重复", tone: .soon)
        // Only what is filed can show that somebody signed.
        let slots =
            pile.isFiled
            ? scene.places.filter { scene.mayMeet($0, person) && $0.slot.manners.contains(.paper) }.map {
                (
                    $0.slot.label,
                    address.slot($0.name, of: pile.document.id, in: pile.thread, manner: SigningManner.paper.rawValue)
                )
            } : []
        return .init(
            document: pile.document.id, title: pile.title, number: pile.document.issue?.numberText ?? "", tag: tag,
            pages: pile.pages.map { page, places in
                let chosen = Int(typed.text(ScanStackPage.takeField(pile.document.id, page)))
                return .init(
                    page: page, places: places.map { ($0, stack.lay($0)) },
                    chosen: chosen.flatMap { places.contains($0) ? $0 : nil })
            }, remarks: remarks, isOpen: isOpen,
            // A page that comes back keeps what was unticked.
            isTicked: typed[FormFrame.commandField] == nil
                || typed.all(ScanStackPage.includeField).contains(pile.document.id.description),
            slots: slots)
    }

    private func leftover(
        _ other: SortedStack.Other, _ stack: ReadStack, _ typed: Form
    ) -> ScanStackPage.Leftover {
        var choices: [FieldModel.Option] = []
        if other.mayBeNamed {
            choices = stack.sorted.piles.filter { $0.obstacle == nil && !$0.isFiled }.flatMap { pile in
                pile.missing.map {
                    FieldModel.Option(word: "\(pile.document.id):\($0)", label: "\(pile.title) 第\($0)页")
                }
            }
            if !choices.isEmpty { choices.insert(FieldModel.Option(word: "", label: "不归件"), at: 0) }
        }
        return .init(
            place: other.place,
            text: other.chinese + (choices.isEmpty || !other.mayBeNamed ? "" : "认得出是哪一页的，请在下面选择。"), choices: choices,
            chosen: typed[ScanStackPage.handField(other.place)] ?? "")
    }

    /// Files what was confirmed: one write for each case, one entry for each document.
    func fileStack(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let command = try form.command
        let address = Address(context.bureau.tag)
        let stack: ReadStack
        // It was read when the page was drawn; after a restart it is read again.
        switch try await readStack(context, patience: 120_000) {
        case .failure(let refusal):
            return answer(
                ScanStatePage(address: address, href: address.scans, refusal: refusal.message).page, context)
        case .success(nil):
            return .seeOther(address.scan(try await stackUpload(context).id, alongside: Self.alongside(query)))
        case .success(let read?): stack = read
        }
        guard let desk = context.bureau.office.scans else { throw WebRefusal.notFound }
        let done = "\(address.scan(stack.upload.id, alongside: Self.alongside(query), done: true))"
        let choice = StackChoice(form, stack.sorted, stack.pages)
        // The same form again finds everything filed: it is answered like the first.
        guard !stack.sorted.piles.contains(where: \.isFiled) || !choice.portions.isEmpty else { return .seeOther(done) }
        guard choice.errors.isEmpty else {
            return try await stackPage(stack, query, context, errors: choice.errors)
        }
        let threads = stack.sorted.threads
        let isShared = threads.count > 1 || stack.sorted.others.contains { $0.what == .stranger }
        var refusals: [StepRefusal] = []
        for (number, thread) in threads.enumerated() {
            guard let portions = choice.portions[thread], !portions.isEmpty else { continue }
            do throws(StepRefusal) {
                guard let seq = Int(form.text(ScanStackPage.seqField(thread))) else {
                    throw StepRefusal(.invalid, "表单不完整，请重新打开这一页。")
                }
                _ = try await desk.file(
                    portions, of: stack.facts, in: thread, expecting: seq, place: form.text(ScanStackPage.placeField),
                    isShared: isShared, ownsOriginal: number == 0, command: Self.derived(command, thread),
                    by: context.performer)
            } catch {
                refusals.append(error)
            }
        }
        guard refusals.isEmpty else {
            let errors = refusals.flatMap(\.fields).map { ($0.name, $0.message) }
            // Some cases may be filed all the same: the stack is sorted anew.
            guard case .success(let again?) = try await readStack(context, patience: 0) else {
                return .seeOther(done)
            }
            return try await stackPage(
                again, query, context, refusals: refusals.filter { $0.fields.isEmpty },
                errors: errors.isEmpty ? [] : [errors[0]])
        }
        return .seeOther(done)
    }

    /// Each case has a command of its own that the form's determines: the same form sent twice files nothing twice.
    private static func derived(_ command: CommandID, _ thread: ThreadTag) -> CommandID {
        let digest = Digest.sha256(Array("liuhen/scan/".utf8) + command.bytes + thread.bytes)
        return CommandID(digest.bytes.prefix(16)) ?? command
    }
}

/// What a person chose on the page of a stack.
struct StackChoice: Sendable {
    /// What goes to each document, by case.
    private(set) var portions: [ThreadTag: [ScanDesk.Portion]] = [:]
    private(set) var errors: [(field: String, text: String)] = []

    /// Reads the form against what was recognised: nothing can be chosen that is not there.
    init(_ form: Form, _ stack: SortedStack, _ pages: [ScannedPage]) {
        let wanted = Set(form.all(ScanStackPage.includeField))
        var hands: [DocumentID: [Int: Int]] = [:]
        for other in stack.others where other.mayBeNamed {
            let field = ScanStackPage.handField(other.place)
            let parts = form.text(field).utf8.split(separator: UInt8(ascii: ":"))
            guard parts.count == 2, let document = DocumentID(String(decoding: parts[0], as: UTF8.self)),
                let page = Int(String(decoding: parts[1], as: UTF8.self)),
                let pile = stack.piles.first(where: { $0.document.id == document })
            else { continue }
            guard pile.missing.contains(page), hands[document]?[page] == nil else {
                errors.append((field, "《\(pile.title)》第\(page)页已经有了，请重新选择。"))
                continue
            }
            hands[document, default: [:]][page] = other.place
        }
        for pile in stack.piles where pile.obstacle == nil && !pile.isFiled {
            guard wanted.contains(pile.document.id.description) else { continue }
            var sheets: [FileScan.Sheet] = []
            func take(_ page: Int, _ place: Int, byHand: Bool = false) {
                let turn = pages.indices.contains(place - 1) ? pages[place - 1].turn : 0
                sheets.append(.init(page: page, taken: ScanTurn(page: place, turn: turn), byHand: byHand))
            }
            for (page, places) in pile.pages where !pile.beyond.contains(page) {
                let chosen = Int(form.text(ScanStackPage.takeField(pile.document.id, page)))
                if let place = chosen.flatMap({ places.contains($0) ? $0 : nil }) ?? places.first { take(page, place) }
            }
            for (page, place) in hands[pile.document.id] ?? [:] { take(page, place, byHand: true) }
            guard !sheets.isEmpty else { continue }
            portions[pile.thread, default: []].append(
                .init(document: pile.document.id, sheets: sheets.sorted { $0.page < $1.page }))
        }
        if portions.isEmpty, stack.piles.contains(where: { $0.obstacle == nil && !$0.isFiled }) {
            errors.append((ScanStackPage.includeField, "请至少勾选一份要归件的文书。"))
        }
    }
}

extension SortedStack.Other {
    /// Whether a person who holds the paper may say which page it is.
    var mayBeNamed: Bool { what == .uncoded || what == .unnumbered || what == .several }

    /// What it is, and what to do about it.
    var chinese: String {
        switch what {
        case .blank: "空白页，跳过。"
        case .unreadable: "图像损坏，看不了。请重新扫描这一页。"
        case .uncoded: "没有认出二维码：可能折了、盖住了，或者不是本系统打印的。"
        case .several: "同时有两张纸的二维码，可能叠在一起了。请分开重新扫描。"
        case .stranger: "二维码上的编号，在您可以查看的案件里没有。请核对是不是别人承办的案件。"
        case .unnumbered: "早先打印的文书，二维码上没有页码。"
        }
    }
}

import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

extension Routes {
    /// Volumes to be printed and bound, and single pages to be printed again. Both are asked for with POST: each is a look,
    /// which is recorded.
    func addVolumes(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/{case}/volume", .casework) { _, context in
            try await services.volumePage(context, refusal: nil)
        }
        on(.post, "/b/{bureau}/cases/{case}/volume", .casework) { _, context in
            try await services.bindVolume(context)
        }
        on(.post, "/b/{bureau}/cases/{case}/documents/{document}/sheets", .casework) { _, context in
            try await services.reprintPage(context)
        }
    }
}

extension DocumentScene {
    /// The form that prints one page of the issued document again; empty where this person gets none.
    func reprint(_ person: PersonRow, _ address: Address, token: String) -> HTML {
        guard document.issue?.object != nil, !sight.isBarred(from: .document(document.id)) else { return "" }
        let pages = max(1, document.pages ?? 1)
        let form = FormFrame(action: address.reprint(document.id, in: work.thread), token: token)
        let choice: HTML =
            pages == 1
            ? "<input type=\"hidden\" name=\"page\" value=\"1\">"
            : """
            <label for="reprint-page" class="vh">第几页</label><select id="reprint-page" name="page">\((1...pages).html { "<option value=\"\(String($0))\">第\(String($0))页</option>" })</select>
            """
        return """
            <details class="help"><summary>重印一页</summary><div>缺了、污损了一页纸的，单独重印这一页，内容和制发时一样。重印作为查看记入记录链。\(form.html("<p class=\"actions\">\(choice) \(Button(label: "重印", style: .small).html)</p>\n"))</div></details>

            """
    }
}

extension WebServices {
    func volumePage(_ context: SignedInContext, refusal: StepRefusal?) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let desk = context.bureau.office.volumes
        var volumes: [VolumePage.Volume] = []
        for part in VolumePlan.Part.allCases {
            do throws(StepRefusal) {
                volumes.append(.init(part, plan: try await desk.plan(part, of: view, for: context.identity.person)))
            } catch {
                volumes.append(.init(part, obstacle: error.message))
            }
        }
        return answer(
            VolumePage(
                address: Address(context.bureau.tag), thread: view.work.thread, caseTitle: view.work.title ?? "",
                token: context.visit.formToken, isFiled: view.work.isFiled, volumes: volumes,
                refusal: refusal.map { Notice(title: "没有合订", paragraphs: [$0.message], tone: .refused) }
            ).page, context)
    }

    func bindVolume(_ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        guard let part = VolumePlan.Part(rawValue: context.visit.form.text(VolumePage.partField)) else {
            return try await volumePage(context, refusal: StepRefusal(.invalid, "请选择合订正卷还是副卷。"))
        }
        do throws(StepRefusal) {
            let pdf = try await context.bureau.office.volumes.bind(
                part, of: view.work.thread, by: context.performer)
            return printable(pdf, named: "\(part.chinese) \(view.work.title ?? "").pdf")
        } catch {
            return try await volumePage(context, refusal: error)
        }
    }

    func reprintPage(_ context: SignedInContext) async throws -> Response {
        let scene = try await documentScene(context)
        let page = Decimal.strict(Array(context.visit.form.text("page").utf8)) ?? 0
        do throws(StepRefusal) {
            let pdf = try await context.bureau.office.volumes.reprint(
                page, of: scene.document.id, in: scene.view, by: context.performer)
            return printable(pdf, named: "\(scene.kind.title) 第\(page)页.pdf")
        } catch {
            throw WebRefusal(error.fields.first.map { StepRefusal(.invalid, $0.message) } ?? error)
        }
    }

    /// A PDF that was made for this answer alone.
    private func printable(_ pdf: [UInt8], named name: String) -> Response {
        let headers: HTTPFields = [
            .cacheControl: "private, no-store", .contentType: "application/pdf",
            .contentDisposition: "attachment; filename*=UTF-8''\(Percent.encode(name))",
            .contentLength: String(pdf.count), .xContentTypeOptions: "nosniff",
        ]
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: pdf)))
    }
}

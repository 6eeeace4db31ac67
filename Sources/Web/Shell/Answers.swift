import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

extension WebServices {
    /// A page as an answer, drawn with what stands around it.
    func answer(_ page: Page, _ context: some PageContext) -> Response {
        var page = page
        if context.visit.isKept {
            page.body =
                Notice(
                    title: "刚才填写的内容已经带回", paragraphs: ["上次提交没有产生记录。请核对后再提交；密码和文件须重新填写、选择。"],
                    tone: .warning
                ).html + page.body
        }
        var headers = HTTPFields()
        headers[.contentType] = "text/html; charset=utf-8"
        return Response(
            status: page.status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: chrome(context).html(page).bytes)))
    }

    /// What stands around every page of this request.
    func chrome(_ context: some PageContext) -> Chrome {
        let bureau = context.currentBureau
        return Chrome(
            bureauName: bureau?.name, address: bureau.map { Address($0.tag) },
            person: context.currentIdentity.map { identity in
                Chrome.Person(
                    name: identity.person.name, section: identity.person.section,
                    roles: identity.person.roles.map(\.chinese).joined(separator: "、"),
                    worksOnCases: Right.casework.roles.map { identity.has(anyOf: $0) } ?? false,
                    administers: identity.has(anyOf: [.administrator]),
                    keepsLedger: identity.has(anyOf: [.custodian, .agencyHead, .departmentHead, .unitHead]))
            },
            isDemo: bureau?.isDemo ?? bureaus.contains(where: \.isDemo), stopReason: bureau?.store.stopReason(),
            damage: bureau?.office.casebook.threads.damage?.chinese,
            formToken: context.visit.formToken, assets: assets)
    }
}

extension Response {
    /// Plain text in UTF-8.
    static func text(_ bytes: [UInt8], cacheControl: String = "no-store") -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/plain; charset=utf-8"
        headers[.cacheControl] = cacheControl
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The answer to a step that was carried out: look at the result with GET, so that a reload sends nothing again.
    static func seeOther(_ address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address])
    }
}

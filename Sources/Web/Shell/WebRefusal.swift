import Application
import HTTPTypes
import Kernel

/// Why a request is not answered with what it asked for. Mapped in one place (`ErrorPages`) to a page or problem+json.
enum WebRefusal: Error, Sendable {
    /// There is no such page, or none for this person: the two are not told apart.
    case notFound
    /// Somebody has to sign in at this bureau first.
    case signIn(BureauTag)
    /// Somebody has to sign in again; what was typed is kept and comes back at this address.
    case signInToGoOn(BureauTag, next: String)
    /// The one-time secret has to be changed first.
    case changeSecret(BureauTag)
    /// The person has no right to it.
    case forbidden(what: String, whoCan: String)
    /// The step is not possible; the text says why and what to do (Chinese).
    case refused(String)
    /// A part of the system does not answer now; the text says what to do (Chinese).
    case unavailable(String)
    /// The form did not come from a page of ours, or from one of a session that is over.
    case forged(String)
    /// The request cannot be read; the text says what is wrong with it (English, for the log).
    case unreadable(String)
    /// The body is larger than this many bytes.
    case tooLarge(Int)
    /// Too much at once; try again in some seconds.
    case busy
    /// Recording has stopped; the text says why and what to do (Chinese).
    case stopped(String)
    /// The disk is full; nothing was changed.
    case full
    /// What is stored cannot be read; the text is for the log (English).
    case damaged(String)
    /// The register of persons says something else than the entries; the text is for the log.
    case disagreeing(String)
    /// Something of ours is broken; the text is for the log (English).
    case broken(String)
    /// One of the others, of a form that is kept for its person and comes back filled at this address.
    indirect case kept(WebRefusal, next: String)
}

extension WebRefusal {
    /// What HTTP says.
    var status: HTTPResponse.Status {
        switch self {
        case .notFound: .notFound
        case .signIn, .signInToGoOn: .unauthorized
        case .changeSecret, .forbidden, .forged: .forbidden
        case .unreadable: .badRequest
        case .tooLarge: .contentTooLarge
        case .refused: .conflict
        case .busy, .stopped, .unavailable, .damaged, .disagreeing: .serviceUnavailable
        case .full: .init(code: 507, reasonPhrase: "Insufficient Storage")
        case .broken: .internalServerError
        case .kept(let cause, _): cause.status
        }
    }

    /// A word for programs.
    var code: String {
        switch self {
        case .notFound: "not-found"
        case .signIn, .signInToGoOn: "sign-in"
        case .changeSecret: "change-secret"
        case .forbidden: "forbidden"
        case .refused: "refused"
        case .unavailable: "unavailable"
        case .forged: "forged"
        case .unreadable: "unreadable"
        case .tooLarge: "too-large"
        case .busy: "busy"
        case .stopped: "stopped"
        case .full: "full"
        case .damaged: "damaged"
        case .disagreeing: "disagreeing"
        case .broken: "broken"
        case .kept(let cause, _): cause.code
        }
    }

    /// What happened.
    var title: String {
        switch self {
        case .notFound: "没有找到这个页面"
        case .signIn: "请先登录"
        case .signInToGoOn: "登录已超时，填写的内容还在"
        case .changeSecret: "请先修改一次性密码"
        case .forbidden: "您没有办理这件事的权限"
        case .refused: "现在还不能办理"
        case .unavailable: "暂时不能办理"
        case .forged: "这次提交没有被接受"
        case .unreadable: "提交的内容无法读取"
        case .tooLarge: "提交的内容太大"
        case .busy: "现在登录的人太多"
        case .stopped: "系统已停止记录"
        case .full: "服务器磁盘空间不足"
        case .damaged: "账本文件有损坏，这一页暂时打不开"
        case .disagreeing: "人员登记与记录不一致"
        case .broken: "系统出了问题"
        case .kept(let cause, _): cause.title
        }
    }

    /// What it means, and what to do next. Nothing personal and nothing secret is in it.
    var advice: [String] {
        switch self {
        case .notFound:
            ["地址可能写错了，或者这项内容不在您的权限之内。", "请返回工作台，从列表中重新打开。"]
        case .signIn:
            ["您还没有登录，或者登录已经超时（30分钟没有操作，或者满12小时）。", "请登录后再办理。"]
        case .signInToGoOn:
            ["这次提交没有产生任何记录，您填写的内容已暂时保存。", "请由同一人重新登录，登录后会回到刚才的页面，内容都在，核对后再提交。密码和选择的文件须重新填写。"]
        case .changeSecret:
            ["您现在用的是一次性密码。", "请先设置自己的密码，然后继续办理。"]
        case .forbidden(let what, let whoCan):
            [what, whoCan].map { $0.hasSuffix("。") ? $0 : "\($0)。" }
        case .refused(let text), .unavailable(let text): [text]
        case .forged:
            ["页面放得太久，或者登录状态已经改变，提交的凭据对不上。内容没有保存，也没有产生任何记录。", "请返回上一页，刷新后重新提交。"]
        case .unreadable:
            ["浏览器送来的内容不完整，或者编码不对。没有产生任何记录。", "请返回上一页重新提交；如果仍然出现，请联系系统管理员。"]
        case .tooLarge(let limit):
            ["一次最多提交\(ByteText.chinese(Int64(limit)))。没有产生任何记录。", "录像、照片等大文件，请在案件页面用“上传音像资料”办理，可以断点续传。"]
        case .busy:
            ["服务器正在处理其他人的登录。", "请过几秒钟再试。"]
        case .stopped(let text):
            [StoreError.reason(of: text), "已有的记录仍可查阅。刚才提交的内容没有产生记录。请联系系统管理员。"]
        case .full:
            ["刚才提交的内容没有保存，也没有产生记录。", "请联系系统管理员清理或者扩充磁盘，然后重新提交。"]
        case .damaged:
            [
                "服务器上存放列表和台账的部分读不出来。这次没有产生任何记录。别的页面能打开的，可以照常查看。",
                "请马上告诉系统管理员：停止服务，把数据目录整个复制留底，运行 liuhen ledger verify。它说明记录本身是不是完整：完整的，运行 liuhen ledger rebuild --repair 由记录重新做成；不完整的，用备份恢复。",
            ]
        case .disagreeing: [StoreError.disagreement]
        case .broken:
            ["刚才的操作没有完成。已经保存的记录不受影响。", "请稍后再试；如果仍然出现，请把下面的编号告诉系统管理员。"]
        case .kept(let cause, _):
            cause.advice + ["您填写的文字已暂时保存，点“回到刚才的表单”就能接着填。密码和选择的文件须重新填写、选择。"]
        }
    }

    /// Where the form that was refused comes back filled, if it was kept.
    var keptAddress: String? {
        if case .kept(_, let next) = self { next } else { nil }
    }

    /// Whether what was typed may be sent again later, so that it is worth keeping.
    var isPassing: Bool {
        switch self {
        case .refused, .unavailable, .unreadable, .tooLarge, .busy, .stopped, .full, .damaged, .disagreeing, .broken:
            true
        case .notFound, .signIn, .signInToGoOn, .changeSecret, .forbidden, .forged, .kept: false
        }
    }

    /// What goes to the operational log, if anything.
    var logText: String? {
        switch self {
        case .broken(let text), .damaged(let text), .disagreeing(let text), .unreadable(let text), .forged(let text):
            text
        case .kept(let cause, _): cause.logText
        case .stopped: "recording has stopped"
        case .full: "the disk is full"
        default: nil
        }
    }

    /// The refusal that a failure of the store becomes. Stale and taken facts have pages of their own before this.
    init(_ error: StoreError) {
        switch error {
        case .stopped(let text): self = .stopped(text)
        case .full: self = .full
        case .damaged(let what): self = .damaged(what)
        case .disagreeing(let whom): self = .disagreeing(whom)
        case .stale, .overtaken, .taken, .failed: self = .broken("\(error)")
        }
    }

    /// The refusal of a step where there is no form to show it in.
    init(_ refusal: StepRefusal) {
        switch refusal.code {
        case .notFound: self = .notFound
        case .notAllowed, .secretNeeded, .stale, .invalid, .outOfOrder, .gate, .taken:
            self = .refused(refusal.message)
        case .stopped: self = .stopped(refusal.message)
        case .unavailable: self = .unavailable(refusal.message)
        case .fault: self = .broken(refusal.message)
        }
    }

    /// The refusal that a failure of signing in becomes where there is no form to show it in.
    init(_ error: SignInError) {
        switch error {
        case .busy: self = .busy
        case .failed(let text): self = .broken(text)
        case .damaged(let text): self = .damaged(text)
        case .disagreeing(let text): self = .disagreeing(text)
        case .wrong, .locked, .weak: self = .broken("a sign-in error without a form: \(error)")
        }
    }
}

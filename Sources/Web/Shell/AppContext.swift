import Application
import Casework
import Hummingbird
import Kernel
import NIOCore

/// What is known of a request before anybody is known to be signed in.
public struct AppContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The network address that the request comes from.
    let peer: String
    /// What the middleware found out; see `Visit`.
    var visit = Visit()
    /// Tells a sender that waits for it to send its body.
    let continueSignal: ContinueSignal

    /// The context of a request that has just come in.
    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        continueSignal = ContinueSignal(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? "local"
    }
}

/// What the middleware learns of a request on its way in.
struct Visit: Sendable {
    /// The browser's token, of a session or of a visitor who has not signed in.
    var token: SessionToken?
    /// The visitor token was made with this request and has to be sent back as a cookie.
    var isNewVisitor = false
    /// Who is signed in.
    var identity: Identity?
    /// The form in the body, once its token was checked.
    var form = Form()
    /// The form came back to its person after it could not be taken: it was typed, and not sent again yet.
    var isKept = false
    /// A program asks, with a token; no cookie is looked at.
    var isProgram = false
    /// Where the request comes from, behind a proxy too.
    var source = "local"
    /// The bureau in the address.
    var bureau: BureauServices?

    /// The token that forms of this page carry.
    var formToken: String { token.map { FormToken.text($0.formToken, for: identity?.person.thread) } ?? "" }
}

/// A request by somebody who is signed in at the bureau in the address. It cannot be made without an identity.
struct SignedInContext: ChildRequestContext, UploadContext {
    var coreContext: CoreRequestContextStorage
    let continueSignal: ContinueSignal
    let identity: Identity
    let bureau: BureauServices
    let visit: Visit

    /// - Throws: `WebRefusal.notFound` for a bureau that is not here, `.signIn` when nobody is signed in there.
    init(context: AppContext) throws {
        guard let bureau = context.visit.bureau else { throw WebRefusal.notFound }
        guard let identity = context.visit.identity, identity.bureau == bureau.tag else {
            throw WebRefusal.signIn(bureau.tag)
        }
        coreContext = context.coreContext
        continueSignal = context.continueSignal
        self.identity = identity
        self.bureau = bureau
        visit = context.visit
    }

    /// The context of the same request after the session was renewed in it.
    init(renewing context: SignedInContext, identity: Identity, visit: Visit) {
        coreContext = context.coreContext
        continueSignal = context.continueSignal
        bureau = context.bureau
        self.identity = identity
        self.visit = visit
    }
}

/// What every handler of a page can ask of its context.
protocol PageContext: RequestContext {
    var visit: Visit { get }
    var currentIdentity: Identity? { get }
    var currentBureau: BureauServices? { get }
}

extension AppContext: PageContext {
    var currentIdentity: Identity? {
        visit.identity.flatMap { $0.bureau == visit.bureau?.tag ? $0 : nil }
    }
    var currentBureau: BureauServices? { visit.bureau }
}

extension SignedInContext: PageContext {
    var currentIdentity: Identity? { identity }
    var currentBureau: BureauServices? { bureau }
}

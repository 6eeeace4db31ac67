import Application
import Kernel
import Synchronization

/// What the pages need: everything comes in here, and nothing is reached for elsewhere.
public struct WebServices: Sendable {
    /// Signing in and staying signed in.
    public var signIn: SignIn
    /// The time that pages show.
    public var clock: any WallClock
    /// Sign-in data, drafts: what stands outside the ledger.
    public var installation: any Installation
    /// The bureaus on this server, in the order in which they are listed.
    public var bureaus: [BureauServices]
    /// Styles and scripts.
    public var assets: Assets
    /// How the server is reached.
    public var settings: WebSettings
    /// The threads on which the ports read without waking another; nil where they need none.
    public var pageThreads: (any TaskExecutor)?
    /// Forms that came after their session was over.
    let kept = KeptForms()
    /// Access tokens of programs.
    let tokens: AccessTokens
    /// How many requests each of them may make.
    let rate: RateBound

    /// Puts the services together.
    public init(
        signIn: SignIn, clock: any WallClock, installation: any Installation, bureaus: [BureauServices],
        assets: Assets, settings: WebSettings = WebSettings()
    ) {
        self.signIn = signIn
        self.clock = clock
        self.installation = installation
        self.bureaus = bureaus
        self.assets = assets
        self.settings = settings
        let rolls = Dictionary(
            bureaus.map { ($0.tag, $0.office.casebook.roll) }, uniquingKeysWith: { first, _ in first })
        tokens = AccessTokens(installation: installation, registers: { rolls[$0] }, clock: clock)
        rate = RateBound(perSecond: settings.tokenRequestsPerSecond, burst: settings.tokenBurst)
    }

    /// The bureau with this tag; nil if it is not on this server.
    func bureau(_ tag: BureauTag) -> BureauServices? {
        bureaus.first { $0.tag == tag }
    }
}

/// One bureau's share of the services.
public struct BureauServices: Sendable {
    /// Its ledger, its cases, its documents, its evidence.
    public var office: Office
    private let currentName: CurrentName
    /// Its name on screens, as the settings have it now.
    public var name: String { currentName.text.withLock { $0 } }
    /// Whether tiles are served to strangers. The checkpoint always is.
    public var servesTiles: Bool
    /// Accounts shown on the sign-in page; only a demonstration has any.
    public var demoAccounts: [DemoAccount]

    /// One bureau's services.
    public init(
        office: Office, name: String, servesTiles: Bool = false, demoAccounts: [DemoAccount] = []
    ) {
        self.office = office
        currentName = CurrentName(name)
        self.servesTiles = servesTiles
        self.demoAccounts = demoAccounts
    }

    /// Takes over a name that the settings were just given.
    func rename(_ name: String) { currentName.text.withLock { $0 = name } }

    /// Its tag in addresses.
    var tag: BureauTag { office.bureau }
    /// Lists and work lists.
    var registers: any Registers { office.casebook.registers }
    /// The ledger.
    var store: any LedgerStore { office.casebook.store }
    /// The one road on which cases change.
    var casebook: Casebook { office.casebook }

    /// Whether this is a demonstration: its log says so (invariant 11), nothing else does.
    public var isDemo: Bool { store.origin.utf8.starts(with: "demo.liuhen.invalid/".utf8) }
}

/// The name of a bureau while the server runs: it can be changed, and every page shows it.
private final class CurrentName: Sendable {
    let text: Mutex<String>

    init(_ name: String) {
        text = Mutex(name)
    }
}

/// An account of a demonstration with its open secret.
public struct DemoAccount: Hashable, Sendable {
    public let name: String
    public let secret: String
    public let person: String
    public let role: String

    /// A demo account.
    public init(name: String, secret: String, person: String, role: String) {
        self.name = name
        self.secret = secret
        self.person = person
        self.role = role
    }
}

/// How the server is reached, and how much it takes.
public struct WebSettings: Hashable, Sendable {
    /// The way from browser to server is encrypted, so cookies are bound to it.
    public var isSecure = false
    /// Browsers are told to insist on encryption (HSTS): only with a certificate that they trust by themselves, for a
    /// device that does not trust the server's own authority yet could not even be shown why.
    public var sendsHSTS = false
    /// The server's own authority, explained at `/trust`.
    public var trust: TrustAnchor?
    /// A proxy in front tells the client's address in `X-Forwarded-For`.
    public var isBehindProxy = false
    /// Bytes of a form without files.
    public var formLimit = 1 << 20
    /// Bytes of a form with files; larger files come by resumable upload.
    public var filesLimit = 32 << 20
    /// Requests that one access token may make a second, once its burst is used up.
    public var tokenRequestsPerSecond = 100
    /// Requests that one access token may make at once.
    public var tokenBurst = 300
    /// Seconds after which a connection without traffic is closed.
    public var idleSeconds: Int64 = 75
    /// How many connections are held.
    public var connections = ConnectionLimits()

    /// Settings of a server on loopback.
    public init() {}
}

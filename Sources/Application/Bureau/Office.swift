import Casework
import Kernel
import Ledger

/// Everything that works for one bureau: what pages, commands and background work are given.
public struct Office: Sendable {
    /// The bureau's tag in addresses.
    public let bureau: BureauTag
    /// The one road on which cases change.
    public let casebook: Casebook
    /// Documents: drafts, previews, fixing, issuing.
    public let desk: DocumentDesk
    /// Looks at evidence.
    public let views: ViewSessions
    /// Volumes and single sheets to be printed.
    public let volumes: VolumeDesk
    /// Requests to consult or copy: copies, releases, their files.
    public let requests: RequestDesk
    /// Papers of leads.
    public let leads: LeadDesk
    /// Scans of printed sheets; nil where nothing reads them.
    public let scans: ScanDesk?
    /// Evidence bytes.
    public let vault: any EvidenceVault
    /// Sign-in data, sessions, drafts.
    public let installation: any Installation
    /// Cases judged anew when the law changes; nil where rows are not kept.
    public let reevaluation: ReevaluationRound?
    /// What changes of the rules would do to open cases.
    public let forecasts: RuleForecasts
    /// Why recordings are not inspected now, if they are not.
    public let inspectionObstacle = InspectionObstacle()

    /// An office over the ports of one bureau.
    ///
    /// - Parameter thread: the bureau's own thread.
    public init(
        store: any LedgerStore, registers: any Registers, installation: any Installation, vault: any EvidenceVault,
        printer: any Printer, library: RuleLibrary, clock: any WallClock, thread: ThreadTag,
        reevaluations: (any ReevaluationStore)? = nil, reader: (any SheetReader)? = nil
    ) {
        bureau = store.bureau
        let chambers = Chambers(store: store, library: library, thread: thread)
        casebook = Casebook(store: store, registers: registers, chambers: chambers, clock: clock)
        desk = DocumentDesk(casebook: casebook, installation: installation, vault: vault, printer: printer)
        views = ViewSessions(casebook: casebook)
        volumes = VolumeDesk(casebook: casebook, vault: vault, printer: printer, views: views)
        requests = RequestDesk(casebook: casebook, vault: vault, printer: printer, views: views)
        leads = LeadDesk(desk: desk, vault: vault, views: views)
        let book = casebook
        scans = reader.map { ScanDesk(casebook: book, vault: vault, reader: $0) }
        reevaluation = reevaluations.map { ReevaluationRound(casebook: book, store: $0) }
        forecasts = RuleForecasts(casebook: casebook, store: reevaluations)
        self.vault = vault
        self.installation = installation
    }
}

import Kernel

extension EntryType {
    /// What a type of record is: its name on pages, the kind of thread it stands in, and its members.
    struct Shape: Sendable {
        /// What happened, in plain Chinese.
        let chinese: String
        /// Where its entries stand unless a case or a bureau holds them.
        let home: ThreadKind
        /// Words, numbers, times and ids.
        let plain: [String: Member]
        /// Fields and the class of their openings.
        let fields: [String: OpeningClass]

        init(_ chinese: String, home: ThreadKind, plain: [String: Member], fields: [String: OpeningClass]) {
            self.chinese = chinese
            self.home = home
            self.plain = plain
            self.fields = fields
        }
    }

    /// The shape, for types described as data.
    var shape: Shape? { EntryType.shapes[self] }

    /// Fields and their classes, for types described as data; empty for others. `OpeningRule` in Ledger holds them all.
    public var fieldClasses: [String: OpeningClass] { shape?.fields ?? [:] }

    private static let shapes: [EntryType: Shape] = [
        leadsShapes, investigationShapes, reviewShapes, executionShapes, recordingShapes, recorderShapes, accessShapes,
        publicationShapes, supervisionShapes, tokenShapes,
        keepingShapes,
    ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    /// Kinds of activity: what officers do, so far as a text distinguishes it (obligations 3(d)).
    public static let activityKinds = [
        "siteInspection", "dailyInspection", "patrol", "licenceCheck", "questioning", "sampling", "evidenceTaking",
        "preservation", "hearing", "statement", "coerciveMeasure", "summaryAct", "expertArgument",
        "collectiveDiscussion", "service", "correctionCheck", "talk", "execution", "courtExecution", "acceptance",
        "telephoneReport", "nonCooperation", "other",
    ]

    /// Ways of service (obligations 3(k)).
    public static let serviceMethods = [
        "direct", "post", "lien", "entrusted", "forwarded", "public", "fax", "email", "electronic",
    ]

    /// Kinds of publication (obligations 3(i)).
    static let publicationKinds = [
        "body", "personnel", "duty", "power", "basis", "procedure", "remedy", "randomList", "discretion", "matterList",
        "personnelList", "serviceGuide", "flowChart", "decision", "inspectionResult", "annualReport", "other",
    ]

    /// The kind of thread that its entries stand in, as its shape says; `home` keeps it.
    var toldHome: ThreadKind {
        if let shape { return shape.home }
        switch self {
        case .bureauOpened, .bureauSettingsChanged, .regulationAdopted, .regulationRepaired, .regulationRepealed,
            .regulationConfirmed, .ruleProposed, .ruleDeclined, .roleProposed, .roleConfirmed, .roleDeclined,
            .recoveryConfirmed, .checkpointKept, .noticePosted,
            .noticeRead, .calendarAdopted, .keyPublished, .clockResumed, .backupMade, .backupRestored, .logOpened:
            return .bureau
        case .personRegistered, .personChanged, .roleGranted, .roleWithdrawn, .accountOpened, .accountClosed,
            .accountReset, .accountConfirmed, .accountHeld, .accountVouched:
            return .person
        case .subjectRegistered, .subjectChanged: return .subject
        case .recordingImported, .recordingInspected: return .recording
        default: return .caseFile
        }
    }
}

/// Kinds of thread (记录线): what a chain of entries is about.
public enum ThreadKind: String, Hashable, Sendable, CaseIterable {
    case caseFile = "case"
    case lead, subject, person, recorder, recording, publication, draw, request, bureau
}

import Casework
import Kernel
import Ledger

/// Declares an on-site session or act (执法活动): kind, place, officers, start.
public struct BeginActivity: CaseStep {
    public static let name = "activity"

    public var activity: ActivityID
    /// One of `EntryType.activityKinds`.
    public var kind: String
    public var officers: [ThreadTag]
    public var startAt: Instant
    public var place: String
    public var persons: String?

    /// Circumstances on which the law turns, as plain members: `method`, `phase`, `site`, `secrecy`, `isDisputeProne`,
    /// `subjectTakesPart`, `usesRecorder`.
    public var circumstances: [String: JSON]

    /// The kinds that an activity may have, with their names on screens.
    public static let kinds: [(word: String, chinese: String)] = EntryType.activityBegan.options(of: "kind")

    /// A declaration.
    public init(
        activity: ActivityID, kind: String, officers: [ThreadTag], startAt: Instant, place: String, persons: String?,
        circumstances: [String: JSON] = [:]
    ) {
        self.circumstances = circumstances
        self.activity = activity
        self.kind = kind
        self.officers = officers
        self.startAt = startAt
        self.place = place
        self.persons = persons
    }

    /// The power that acts of a kind take; nil for acts of every bureau.
    public static func power(of kind: String) -> BureauPower? {
        switch kind {
        case "coerciveMeasure": .coerciveMeasures
        case "execution": .ownExecution
        default: nil
        }
    }

    /// The acts that may still follow the end: what was decided anew is served, and what was ordered is looked at.
    public static let afterEnd: Set<String> = ["service", "correctionCheck"]

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.require(BeginActivity.afterEnd.contains(kind) ? .contested : .running)
        // Neither its paper nor its recording could come in after it.
        try await scene.requireUnbound()
        if let power = BeginActivity.power(of: kind),
            let refusal = scene.law.refusal(
                lacking: power, for: "“\(EntryType.activityBegan.chinese(kind, of: "kind"))”", on: scene.now.day)
        {
            throw refusal
        }
        var form = FormText()
        let place = form.required(place, "place", "地点", limit: 200)
        let persons = form.optional(persons, "persons", "在场人员", limit: 500)
        if !BeginActivity.kinds.contains(where: { $0.word == kind }) { form.fail("kind", "请选择活动类型。") }
        for (member, value) in circumstances where !Self.isCircumstance(member, value) {
            form.fail("circumstances", "请在所列的情形中选择。")
        }
        if officers.isEmpty { form.fail("officers", "请选择执法人员。") }
        if Set(officers).count != officers.count { form.fail("officers", "同一人只能选一次。") }
        if scene.work.isEmergency, startAt < scene.work.startedAt {
            // Obligations, section 4, no. 2: the 24 hours run from the earliest act, so no act lies before the start.
            form.fail(
                "startAt", "本案紧急启动的时间是\(scene.work.startedAt.chinese)，调查活动不能早于启动时间；启动时间有误的，由负责人批准更正。")
        }
        if scene.work.kind == .penalty {
            let onTheSpot = scene.work.openedAt.advanced(byMilliseconds: -Int64(IssueDay.onTheSpotDays) * 86_400_000)
            let began = try await scene.sourceBegan()
            // The emergency start is the narrower bound, and says so.
            let isBound = form.errors.contains { $0.name == "startAt" }
            if !isBound, let began, startAt < began {
                form.fail("startAt", "本案由行政检查立案，执法活动不能早于那次检查开始的时间（\(began.chinese)）。检查的时间登记有误的，在检查里申请更正。")
            } else if began == nil, scene.work.procedure == .summary, startAt < onTheSpot {
                form.fail("startAt", "当场处罚的案件最迟在\(IssueDay.onTheSpotDays)日内登记，执法活动不能更早。请检查日期。")
            }
        }
        if kind == "hearing" {
            for problem in HearingCheck.problems(ofBeginning: startAt.day, in: scene) {
                form.fail(problem.name, problem.message)
            }
        }
        try form.finish()
        let stated = try scene.stated(startAt, field: "startAt")
        try Qualification.require(officers, on: startAt.day, among: scene.persons)
        var fields: [FieldValue] = [.init("place", .string(place), .party)]
        if let persons { fields.append(.init("persons", .string(persons), .party)) }
        let fact = Fact(
            .activityBegan, in: scene.work.thread,
            plain: .object(
                [
                    .init("activity", .string(activity.description)), .init("kind", .string(kind)),
                    .init("officers", .array(officers.map { .string($0.description) })),
                    .init("startAt", .integer(startAt.milliseconds)),
                ] + circumstances.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value) }),
            fields: fields, stated: stated)
        return [Confirming.marked(fact, in: scene)]
    }

    private static func isCircumstance(_ member: String, _ value: JSON) -> Bool {
        guard
            ["method", "phase", "site", "secrecy", "isDisputeProne", "subjectTakesPart", "usesRecorder"].contains(
                member)
        else { return false }
        return switch EntryType.activityBegan.members[member] {
        case .words(let words): value.string.map(words.contains) ?? false
        case .truth: value.boolean != nil
        default: false
        }
    }
}

/// Declares the end of a session or act.
public struct EndActivity: CaseStep {
    public static let name = "activity-end"

    public var activity: ActivityID
    public var endAt: Instant
    public var note: String?

    /// A declaration.
    public init(activity: ActivityID, endAt: Instant, note: String?) {
        self.activity = activity
        self.endAt = endAt
        self.note = note
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.require(.contested)
        guard let begun = scene.work.activities.first(where: { $0.id == activity }) else {
            throw StepRefusal(.notFound, "本案没有这次执法活动。")
        }
        guard begun.endAt == nil else { throw StepRefusal(.outOfOrder, "这次执法活动已经登记结束。") }
        var form = FormText()
        let note = form.optional(note, "note", "备注")
        if endAt < begun.startAt { form.fail("endAt", "结束时间不能早于开始时间（\(begun.startAt.chinese)）。") }
        try form.finish()
        let stated = try scene.stated(endAt, field: "endAt")
        return [
            Fact(
                .activityEnded, in: scene.work.thread,
                plain: ["activity": .string(activity.description), "endAt": .integer(endAt.milliseconds)],
                fields: note.map { [.init("note", .string($0), .party)] } ?? [], stated: stated)
        ]
    }
}

/// Excuses a session from recording, for a reason of the closed list, by the person in charge.
public struct ExemptRecording: CaseStep {
    public static let name = "av-exemption"

    public var activity: ActivityID
    /// `stateSecret`, `tradeSecret`, `privacy`, `danger`, `fault`, `other` (obligations 4, no. 34).
    public var reason: String
    public var explanation: String
    /// What proves it: the repair order of a broken recorder (设备故障的证明); needed for `fault`.
    public var proof: String?

    /// The closed list of reasons, with their names on screens.
    public static let reasons: [(word: String, chinese: String)] = [
        ("stateSecret", "涉及国家秘密"), ("tradeSecret", "涉及商业秘密"), ("privacy", "涉及个人隐私"),
        ("danger", "现场有危险"), ("fault", "设备故障（附证明）"), ("other", "其他不适宜的情形"),
    ]

    /// An exemption.
    public init(activity: ActivityID, reason: String, explanation: String, proof: String? = nil) {
        self.activity = activity
        self.reason = reason
        self.explanation = explanation
        self.proof = proof
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.departmentHead, .agencyHead)
        try scene.performer.requireSecret()
        try scene.require(.contested)
        guard let begun = scene.work.activities.first(where: { $0.id == activity }) else {
            throw StepRefusal(.notFound, "本案没有这次执法活动。")
        }
        guard !begun.officers.contains(scene.performer.tag), !scene.work.handlers.contains(scene.performer.tag) else {
            throw StepRefusal(.notAllowed, "批准人不能是参加这次活动的人员，请由其他负责人批准。")
        }
        var form = FormText()
        let explanation = form.required(explanation, "explanation", "理由说明")
        let proof = form.optional(proof, "proof", "证明", limit: 500)
        if reason == "fault", proof == nil { form.fail("proof", "设备故障的，请写明证明：维修单、报修记录或者设备管理人员的说明。") }
        if !ExemptRecording.reasons.contains(where: { $0.word == reason }) { form.fail("reason", "请选择理由。") }
        try form.finish()
        // The head of the agency approves as that, whatever else the person is: some texts take nobody else's word.
        let role: Role = scene.performer.has(.agencyHead) ? .agencyHead : .departmentHead
        return [
            Fact(
                .avExempted, in: scene.work.thread,
                plain: [
                    "activity": .string(activity.description), "approvedBy": .string(scene.performer.tag.description),
                    "approverRole": .string(role.rawValue), "reason": .string(reason),
                ],
                fields: [.init("explanation", .string(explanation), .internal)]
                    + (proof.map { [.init("proof", .string($0), .internal)] } ?? []))
        ]
    }
}

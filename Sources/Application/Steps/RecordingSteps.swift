import Casework
import Kernel
import Ledger

/// Registers evidence bytes that the vault holds as a recording, and links it to the case (音像记录入库).
public struct ImportRecording: CaseStep {
    public static let name = "recording"

    /// The thread that the recording will have; drawn with the page.
    public var recording: ThreadTag
    /// What the vault measured.
    public var object: ObjectFacts
    /// `video`, `audio`, `photo`, `screenshot`, `document`.
    public var form: String
    /// `recorder`, `camera`, `phone`, `scanner`, `other`.
    public var device: String
    public var fileName: String
    public var mediaType: String
    /// When the recording was complete, as the officer states it.
    public var completedAt: Instant?
    public var activity: ActivityID?
    /// What is recorded where it is no session of the case; a word of `kinds`.
    public var kind: String?
    public var note: String?
    /// For whom it is; one of `classes`.
    public var openingClass: OpeningClass
    /// Why a secret one is secret, and how secret: words of `recording.linked`.
    public var secrecy: String?
    public var secretLevel: String?

    /// For whom a recording can be, in words that say what is recorded: who registers it knows that.
    public static let classes: [(openingClass: OpeningClass, chinese: String, hint: String)] = [
        (.party, "执法过程，当事人可以查阅", "现场检查、询问、送达、听证等，有当事人在场的记录。"),
        (.internal, "内部讨论，不给当事人", "集体讨论、法制审核、内部会议的记录。"),
        (
            .reporter, "投诉举报，举报人信息依法保密",
            "举报电话、来访举报、向举报人核实和告知的记录。只用于有投诉举报的案件；当事人和法院都拿不到，每次查看都登记。举报不是由承办人以外的人登记为线索的，先由负责人打开核对，核对以前不能审批、终结、归档和导出案卷。"
        ),
        (.secret, "涉及国家秘密、商业秘密或者个人隐私", "经负责人打开核对以后，当事人和法院才拿不到；核对以前不能审批、终结、归档和导出案卷。每次查看都登记。"),
    ]

    /// The forms of a recording, with their names on screens (zhaoxian-2017:3.p4).
    public static let forms: [(word: String, chinese: String)] = [
        ("video", "录像"), ("audio", "录音"), ("photo", "照片"), ("screenshot", "截图"), ("document", "扫描件"),
    ]
    /// The forms of what is heard or seen running.
    static let audioVideo: Set<String> = ["video", "audio"]
    /// What a sound, a film or a photograph is of where it is of no session: the text asks of each what it is of
    /// (zhaoxian-2017:3.p4), and a picture of a voucher is of none.
    public static let kinds: [(word: String, chinese: String)] = [
        ("telephoneReport", "不对应某次活动：投诉举报的电话、来访"), ("other", "不对应某次活动：凭证、材料的照片，其他资料"),
    ]
    /// The devices, with their names on screens.
    public static let devices: [(word: String, chinese: String)] = [
        ("recorder", "执法记录仪"), ("camera", "照相机、摄像机"), ("phone", "手机"), ("scanner", "扫描仪"), ("other", "其他"),
    ]

    /// A recording.
    public init(
        recording: ThreadTag, object: ObjectFacts, form: String, device: String, fileName: String, mediaType: String,
        completedAt: Instant?, activity: ActivityID?, kind: String? = nil, note: String?,
        openingClass: OpeningClass = .party,
        secrecy: String? = nil, secretLevel: String? = nil
    ) {
        self.secrecy = secrecy
        self.secretLevel = secretLevel
        self.recording = recording
        self.object = object
        self.form = form
        self.device = device
        self.fileName = fileName
        self.mediaType = mediaType
        self.completedAt = completedAt
        self.activity = activity
        self.kind = kind
        self.note = note
        self.openingClass = openingClass
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.require(.decided)
        try await scene.requireUnbound()
        var check = FormText()
        if !ImportRecording.forms.contains(where: { $0.word == form }) { check.fail("form", "请选择记录形式。") }
        if !ImportRecording.devices.contains(where: { $0.word == device }) { check.fail("device", "请选择设备。") }
        if !ImportRecording.classes.contains(where: { $0.openingClass == openingClass }) {
            check.fail("class", "请选择这份资料给谁看。")
        }
        let fileName = check.required(fileName, "fileName", "文件名", limit: 300)
        let mediaType = check.optional(mediaType, "mediaType", "文件类型", limit: 100) ?? "application/octet-stream"
        let note = check.optional(note, "note", "备注", limit: 500)
        // Who few may hear of is kept from the court as well: why is said where whoever may look reads it.
        if OpeningRule.veiled.contains(openingClass), note == nil {
            check.fail("note", "归为依法保密的资料，请在说明里写明保密的理由和依据。")
        }
        if let activity, !scene.work.activities.contains(where: { $0.id == activity }) {
            check.fail("activity", "本案没有这次执法活动。")
        }
        if let kind, activity != nil || !ImportRecording.kinds.contains(where: { $0.word == kind }) {
            check.fail("activity", "请选择这份资料记录的是哪一次执法活动，或者是什么。")
        }
        // A session's end can be told later; what is of no session has its term from its own end alone, and is told once.
        if completedAt == nil, let kind, kind != "other", form != "document" {
            check.fail("completedAt", "不对应某次活动的录音、录像、照片，请写明记录结束的时间：入库的期限从它起算，登记以后不能再补。有几个文件的，请一个一个登记。")
        }
        let reporter: KeptBack.ReporterWord? = openingClass == .reporter ? try await KeptBack.reporter(scene) : nil
        if reporter == .nobody {
            check.fail("class", "本案不是因投诉、举报而来，也没有记载举报人的文书，没有需要保密的举报人。请照资料的内容选择；有举报的，先登记举报。")
        }
        if openingClass == .secret { checkSecrecy(&check) }
        try check.finish()
        var plain: [JSON.Member] = [
            .init("device", .string(device)), .init("form", .string(form)),
            .init("object", .string(object.id.description)),
        ]
        if let kind, form != "document" { plain.append(.init("kind", .string(kind))) }
        // What is said about a recording that must be kept secret is as secret as what it shows.
        let about: OpeningClass = OpeningRule.veiled.contains(openingClass) ? openingClass : .internal
        var stated: StatedTime?
        if let completedAt {
            stated = try scene.stated(completedAt, field: "completedAt")
            plain.append(.init("completedAt", .integer(completedAt.milliseconds)))
        }
        var link: [JSON.Member] = [.init("recording", .string(recording.description))]
        if let activity { link.append(.init("activity", .string(activity.description))) }
        if openingClass == .secret {
            if let secrecy { link.append(.init("secrecy", .string(secrecy))) }
            if let secretLevel, secrecy == "state" { link.append(.init("secretLevel", .string(secretLevel))) }
        }
        // One hand keeps nothing from a court: a head looks at it first (ADR 0061).
        if openingClass == .secret || reporter == .handler { link.append(.init(Confirmations.member, true)) }
        return [
            Fact(
                .recordingImported, in: recording, plain: .object(plain),
                fields: [
                    .init("digest", object.json, openingClass), .init("fileName", .string(fileName), about),
                    .init("mediaType", .string(mediaType), about),
                ],
                stated: stated),
            Fact(
                .recordingLinked, in: scene.work.thread, plain: .object(link),
                fields: note.map { [.init("note", .string($0), about)] } ?? [],
                siblings: [.init("recording", at: 0)]),
        ]
    }
}

extension ImportRecording {
    /// A secret has a sort, and one of the state a level.
    private func checkSecrecy(_ check: inout FormText) {
        let type = EntryType.recordingLinked
        guard let secrecy, type.options(of: "secrecy").contains(where: { $0.word == secrecy }) else {
            return check.fail("secrecy", "归为涉密的资料，请选择涉及哪一种秘密。")
        }
        if secrecy == "state", !type.options(of: "secretLevel").contains(where: { $0.word == secretLevel }) {
            check.fail("secretLevel", "涉及国家秘密的，请选择密级。")
        }
    }
}

/// Registers several files in one write: all of them, or none and nothing is lost.
public struct ImportRecordings: CaseStep {
    public static let name = "recordings"

    public var files: [ImportRecording]
    /// The most files of one form.
    public static let limit = 50

    /// What was uploaded together.
    public init(_ files: [ImportRecording]) {
        self.files = files
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        guard files.count <= ImportRecordings.limit else {
            throw StepRefusal(fields: [.init("upload", "一次最多登记 \(ImportRecordings.limit) 个文件，请分几次登记。")])
        }
        var facts: [Fact] = []
        for (number, file) in files.enumerated() {
            let before = facts.count
            do throws(StepRefusal) {
                facts += try await file.facts(in: scene).map { fact in
                    var fact = fact
                    fact.siblings = fact.siblings.map { .init($0.role, at: $0.index + before) }
                    return fact
                }
            } catch {
                // Two fields are the file's own, and no field of the form: the message says which file.
                let own = ["fileName", "mediaType"]
                guard error.fields.contains(where: { own.contains($0.name) }) else { throw error }
                let name = String(file.fileName.prefix(30)).shownBack
                throw StepRefusal(
                    fields: error.fields.map { field in
                        own.contains(field.name)
                            ? .init("upload", "第\(number + 1)个文件“\(name)”：\(field.message)") : field
                    })
            }
        }
        return facts
    }
}

extension ObjectFacts {
    /// `{sha256, chunkRoot, size}` as recorded in a `digest` field.
    public var json: JSON {
        [
            "chunkRoot": .string(chunkRoot.description), "sha256": .string(sha256.description),
            "size": .integer(byteCount),
        ]
    }
}

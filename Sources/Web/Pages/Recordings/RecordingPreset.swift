import Application
import Casework
import Kernel

/// What is recorded, as it fills the form of recordings: on site, a reporter on the telephone, a discussion in the house.
/// Only the first is for the party; who chooses what it is need not know which class that makes.
struct RecordingPreset: Sendable {
    /// What was chosen.
    let what: What
    private let work: Case

    /// What is recorded.
    enum What: String, Sendable, CaseIterable {
        case site, report, discussion

        /// The name on the form.
        var chinese: String {
            switch self {
            case .site: "执法现场"
            case .report: "投诉举报"
            case .discussion: "集体讨论"
            }
        }
    }

    init(_ query: Form, _ work: Case) {
        self.work = work
        let named = query["activity"].flatMap { id in work.activities.first { $0.id.description == id } }
        what =
            query["what"].flatMap { What(rawValue: $0) }
            ?? ((named.map { Self.isDiscussion($0) } ?? false) ? .discussion : .site)
    }

    private static func isDiscussion(_ activity: Activity) -> Bool {
        ["collectiveDiscussion", "expertArgument"].contains(activity.kind)
    }

    /// For whom it is; nil where nothing says it.
    var openingClass: OpeningClass? {
        switch what {
        case .site: work.activities.isEmpty ? nil : .party
        case .report: .reporter
        case .discussion: .internal
        }
    }

    var device: String { what == .report ? "phone" : what == .discussion ? "camera" : "recorder" }

    /// The visit that it most likely belongs to.
    var activity: ActivityID? {
        switch what {
        case .site: work.activities.last { !Self.isDiscussion($0) }?.id
        case .report: nil
        case .discussion: work.activities.last { Self.isDiscussion($0) }?.id
        }
    }

    var note: String { what == .report ? "举报电话录音" : what == .discussion ? "集体讨论录音录像" : "" }

    var noteHelp: String {
        switch what {
        case .site: "执法事项、执法对象、记录内容。一次登记几个文件的，写它们共同的说明。"
        case .report: "不必写举报人的姓名、电话：文件名和说明同样依法保密，但是少写一处就少一处泄露的可能。"
        case .discussion: "写明讨论的事项。一次登记几个文件的，写它们共同的说明。"
        }
    }

    /// What goes to whom, in a sentence.
    var explanation: String {
        switch what {
        case .site: "当事人在场的记录，当事人可以查阅、复制，案卷里也会有。有不能给当事人的内容的，请改选上面的“投诉举报”“集体讨论”，或者在下面选明。"
        case .report: "举报电话、来访举报的录音录像不给当事人，也不给法院；每次查看都要登记。文件名和说明同样保密。"
        case .discussion: "集体讨论、专家论证、内部会议的录音录像归入副卷，不给当事人。"
        }
    }

    /// Keeps the choice when the form is sent.
    var query: String { what == .site ? "" : "?what=\(what.rawValue)" }
}

extension Address {
    /// The form of recordings, filled for what is recorded.
    func newRecording(in thread: ThreadTag, of what: RecordingPreset.What) -> String {
        "\(newRecording(in: thread))?what=\(what.rawValue)"
    }
}

import Casework
import Kernel

/// Why a step was not carried out: nothing was changed, and the input is kept for another try.
///
/// The rule (design, invariant 5): a refusal says which provision, what is missing, and who can supply it.
public struct StepRefusal: Error, Hashable, Sendable {
    /// What kind of refusal this is; programs decide by it.
    public let code: Code
    /// What went wrong and how to mend it, in plain Chinese.
    public let message: String
    /// What the law asks for first.
    public var reasons: [Reason] = []
    /// Fields of the form that are wrong.
    public var fields: [FieldError] = []
    /// What happened in the thread since the form was drawn.
    public var since: [Record] = []

    /// Kinds of refusal.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// There is no such thing, or this person may not know of it.
        case notFound
        /// The person lacks the role, the certificate or the independence for this step.
        case notAllowed
        /// The secret has to be given again for this step.
        case secretNeeded
        /// The case has moved on since the form was drawn.
        case stale
        /// The form is incomplete or wrong.
        case invalid
        /// The case is not where this step begins.
        case outOfOrder
        /// The law asks for something first.
        case gate
        /// A fact that may exist once exists already.
        case taken
        /// Recording has stopped, or the disk is full.
        case stopped
        /// An outside program or the vault cannot do its part now.
        case unavailable
        /// A fault of this program; the log says more.
        case fault
    }

    /// One thing that is missing.
    public struct Reason: Hashable, Sendable {
        /// Ids of the provisions that ask for it.
        public let provisions: [String]
        /// What is missing, in plain Chinese.
        public let missing: String
        /// Who can supply it, in plain Chinese.
        public let who: String
        /// Who may let the step pass without it; nil if nobody may.
        public let overridableBy: String?

        /// A missing thing.
        public init(provisions: [String], missing: String, who: String, overridableBy: String? = nil) {
            self.provisions = provisions
            self.missing = missing
            self.who = who
            self.overridableBy = overridableBy
        }
    }

    /// One wrong field.
    public struct FieldError: Hashable, Sendable {
        /// The field's name in the form.
        public let name: String
        /// What to do about it, in plain Chinese.
        public let message: String

        /// A wrong field.
        public init(_ name: String, _ message: String) {
            self.name = name
            self.message = message
        }
    }

    /// A refusal with a code and a message.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// A refusal of a form with wrong fields.
    public init(fields: [FieldError]) {
        code = .invalid
        message = "有 \(fields.count) 处需要修改，修改后再提交。已填内容都还在。"
        self.fields = fields
    }
}

extension StepRefusal {
    /// What whoever opens a second case from one finding is told.
    static let findingLed = "这次检查已经转入了处罚案件，不能再转一次。"

    /// What a failure of the store means to the person at the screen.
    public init(_ error: StoreError) {
        switch error {
        case .stale:
            self.init(.stale, "您打开页面之后，本案又有新的记录。请先看看新记录，再决定是否提交。已填内容都还在。")
        case .overtaken:
            self.init(.unavailable, "系统正忙，这一步在保存以前等得太久，未作任何更改。请再提交一次；已填内容都还在。")
        case .taken(let kind, _):
            let what =
                switch kind {
                case .documentNumber: "这个文号刚被占用，请再提交一次。"
                case .caseNumber: "这个案号已经用于另一个案件，请核对。"
                case .accountName: "这个登录名已有人使用，请换一个。"
                case .certificate: "这个执法证件号码已登记在另一人名下，请核对。"
                case .findingLed: StepRefusal.findingLed
                case .objectRecording: "这份音像记录已经入库登记。"
                case .result: "这项结果已经记录。"
                case .unitReview: "这份草拟已经送交审查。"
                case .pendingWord: "这一事项已经在等候办理。"
                }
            self.init(.taken, what)
        case .stopped(let why):
            self.init(.stopped, "系统已停止记录：\(StoreError.reason(of: why))查看不受影响；请联系系统管理员。")
        case .full:
            self.init(.stopped, "磁盘空间不足，未作任何更改。请联系系统管理员腾出空间后再提交。")
        case .damaged:
            self.init(
                .unavailable,
                "账本文件有损坏，未作任何更改。请马上告诉系统管理员：停止服务，把数据目录整个复制留底，运行 liuhen ledger verify，照它说的重建或者用备份恢复。")
        case .disagreeing: self.init(.unavailable, StoreError.disagreement)
        case .failed:
            self.init(.fault, "系统出现故障，未作任何更改。请稍后再试；若仍不行，请联系系统管理员。")
        }
    }
}

extension StoreError {
    /// What is said where the register of persons says something else than the entries: nobody acts by what it says.
    public static let disagreement =
        "人员登记与记录不一致：您的职责、账号或者证件在登记里和在记录里不同，或者登录数据不是由本系统写入的，可能有人改动过数据文件。没有办理，未作任何更改。"
        + "请马上告诉系统管理员：停止服务，把数据目录整个复制留底，运行 liuhen doctor 和 liuhen ledger rebuild 查明哪里不同，"
        + "查明以后，登记用 liuhen ledger rebuild --repair 由记录重新做成，登录数据按 liuhen doctor 所说重设。"

    /// Why recording has stopped, without the words that say that it has: the heading says so already.
    public static func reason(of text: String) -> String {
        for heading in ["系统已停止记录：", "记录已停止："] where text.hasPrefix(heading) {
            return reason(of: String(text.dropFirst(heading.count)))
        }
        return text
    }
}

import Casework
import Kernel
import Ledger

/// Opens a penalty case under the summary procedure (当场处罚): by officers on the spot, without approval before
/// (行政处罚法第五十一条; zhaoxian-2017:21).
public struct OpenSummary: OpeningStep {
    public static let name = "summary-case"

    public var title: String
    public var handlers: [ThreadTag]
    /// Registers a new party; nil when the scene's registered party is meant.
    public var newSubject: NewSubject?
    /// The number by the province's numbering rule, where the case has one already (hejin-2019:2.2.3(1)a).
    public var caseNumber: String?

    /// A new case.
    public init(title: String, handlers: [ThreadTag], newSubject: NewSubject?) {
        self.title = title
        self.handlers = handlers
        self.newSubject = newSubject
    }

    public func facts(in scene: OpeningScene) throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.officer)
        var form = FormText()
        let title = form.required(title, "title", "案由", limit: 120)
        scene.check(handlers: handlers, in: &form)
        if !handlers.contains(scene.performer.tag) { form.fail("handlers", "当场处罚由在场的执法人员登记，您应当是承办人之一。") }
        var facts: [Fact] = []
        var party: (thread: ThreadTag, kind: String, name: String)?
        if let newSubject {
            facts.append(newSubject.fact(checking: &form))
            party = (newSubject.thread, newSubject.kind, newSubject.name.trimmedWhitespace)
        } else if let registered = scene.subject {
            party = (registered.thread, registered.kind, registered.name)
        } else {
            form.fail("subjectName", "请填写当事人。")
        }
        let number = form.number(of: caseNumber)
        try form.finish()
        guard let party else { return [] }
        facts.append(
            Fact(
                .caseOpened, in: scene.thread,
                plain: [
                    "handlers": .array(handlers.map { .string($0.description) }), "isEmergency": false,
                    "isMajor": false, "kind": "penalty", "procedure": "summary", "source": "discovery",
                    "subject": .string(party.thread.description), "subjectKind": .string(party.kind),
                ],
                fields: [.init("title", .string(title), .party), .init("subjectName", .string(party.name), .party)]
                    + number))
        return facts
    }
}

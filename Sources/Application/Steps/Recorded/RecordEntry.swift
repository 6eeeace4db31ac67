import Casework
import Kernel
import Ledger

/// Takes a recorded step: checks rights, order and every answer against the step and the type, and returns the one fact.
///
/// Answers are canonical JSON by the name of the question: text for lines and paragraphs, milliseconds for times, a day
/// as text, words as text or as a list, truth values, numbers, amounts in fen, ids as text, the place of a record for
/// references. Form and API give the same.
public struct RecordEntry: CaseStep {
    public static let name = "record"

    /// What is done.
    public let step: RecordedStep
    /// The answers.
    public let answers: [String: JSON]

    /// A step with its answers.
    public init(_ step: RecordedStep, _ answers: [String: JSON]) {
        self.step = step
        self.answers = answers
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try step.by.require(scene.performer, in: scene.work)
        try scene.require(step.lasts)
        // Whatever a page offers: what no law lets the bureau do is not recorded as done.
        if let power = step.power,
            let refusal = scene.law.refusal(lacking: power, for: "“\(step.title)”", on: scene.now.day)
        {
            throw refusal
        }
        var records: [Record] = []
        for entry in scene.entries { records.append(try Casebook.record(entry)) }
        let course = CaseCourse(work: scene.work, records: records)
        guard step.isOffered(course) else {
            throw StepRefusal(.outOfOrder, "本案现在还不能，或者不必再“\(step.title)”。请看案件页面现在可以办理的步骤。")
        }
        let ground = AnswerGround(
            thread: scene.work.thread, records: records, entries: scene.entries, work: scene.work)
        var reading = AnswerReading(
            step: step.body, answers: answers, ground: ground, persons: scene.persons, law: scene.law,
            performer: scene.performer, now: scene.now)
        let fact = try reading.fact()
        let errors =
            step.problems(fact, course, scene.law) + ServiceCheck.problems(fact, in: scene)
            + Silence.problems(fact, in: scene)
            + HearingCheck.problems(fact, in: scene) + Confirming.problems(fact, in: scene)
            + Secrecy.problems(fact, in: scene)
        guard errors.isEmpty else { throw StepRefusal(fields: errors) }
        try await ServiceCheck.requireSigned(fact, in: scene)
        return [Confirming.marked(fact, in: scene)]
    }
}

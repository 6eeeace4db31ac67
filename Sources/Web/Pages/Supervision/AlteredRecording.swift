import Application
import Casework
import Kernel

/// Which recording of the case a breach altered, and how (zhaoxian-2017:40(3)).
extension WebServices {
    /// The questions, where the breach is recorded from a case that has recordings.
    func alteredFields(of file: CaseRow?, _ context: SignedInContext) async throws -> [FieldModel] {
        guard let file else { return [] }
        let view = try await context.bureau.casebook.load(file.thread)
        guard view.work.viewRight(of: context.identity.person) != nil, !view.work.recordings.isEmpty else { return [] }
        let sight = Sight(view, by: context.identity.person, at: clock.now())
        let named = view.history.filter { $0.type == .recordingImported && !sight.hidden($0).contains("fileName") }
        let files = Dictionary(named.map { ($0.thread, $0.text("fileName") ?? "") }) { first, _ in first }
        let kinds = Casebook.alterations.map { EntryType.violationRecorded.chinese($0, of: "kind") }
            .joined(separator: "、")
        let recordings = view.work.recordings.map { link in
            FieldModel.Option(
                word: link.recording.description, label: files[link.recording] ?? "依法保密的资料",
                hint: "\(link.linkedAt.chinese)归入")
        }
        let ways = EntryType.recordingAltered.options(of: "way").map {
            FieldModel.Option(word: $0.word, label: $0.chinese)
        }
        var recording = FieldModel(
            name: "recording", label: "被改动的音像资料", control: .choice(recordings),
            help: "选了的，同时记入那份资料自己的记录线，随案卷提供。")
        recording.requiredFor = "“违规种类”为“\(kinds)”、改动的是音像资料的必填"
        var way = FieldModel(name: "way", label: "怎样改动", control: .choice(ways))
        way.requiredFor = "选了音像资料的必填"
        return [recording, way]
    }

    /// What was answered to them; nil where no recording was chosen.
    func altered(_ form: Form) -> (recording: ThreadTag, way: String)? {
        ThreadTag(form.text("recording")).map { ($0, form.text("way")) }
    }
}

import Casework
import Kernel
import Ledger

extension CaseFileSheets {
    /// A recording that is filed: it has a piece number and no pages.
    struct Recording {
        let title: String
        /// The place of its link in its thread.
        let seq: Int
        let day: CivilDay
        /// Whether it comes from the inspection that the case was opened from.
        let isOfSource: Bool
        /// Whether it is a sound or a film. A photograph may be of an act or of a voucher, a scan is of a paper: on the sheets they
        /// are counted apart, so that none stands for a recording of an act.
        let isAudioVideo: Bool
        /// Whether few may look at it, and every look is recorded.
        let isVeiled: Bool
    }

    /// Recordings that are filed with the case: those of an inspection that has no volume of its own, then its own. They are
    /// told by form and act, never by the names that somebody gave the files.
    var recordings: [Recording] {
        let inspection = isSourceFiled ? nil : source
        return ((inspection.map { [($0, true)] } ?? []) + [(view, false)]).flatMap { view, isOfSource in
            view.work.recordings.map { linked in
                let imported = view.recordings[linked.recording]?.first?.entry
                let title = CaseFileSheets.title(of: linked, imported, in: view.work)
                return Recording(
                    title: CaseFileSheets.proves(linked.seq, in: view).map { "\(title)，\($0)" } ?? title,
                    seq: linked.seq,
                    day: linked.linkedAt.day,
                    isOfSource: isOfSource,
                    isAudioVideo: imported?.skeleton.content.plain["form"]?.string.map {
                        ImportRecording.audioVideo.contains($0)
                    } ?? false,
                    isVeiled: imported?.openingClass(of: "digest").map(OpeningRule.veiled.contains) ?? false)
            }
        }
    }

    /// How many of them are sounds or films, and how many other files: photographs, scans.
    var audioVideoCount: Int { recordings.count { $0.isAudioVideo } }
    var otherFileCount: Int { recordings.count - audioVideoCount }

    /// Where a reader of the volume finds a recording of the case itself: its piece in the catalogue, which it also names in the
    /// record.
    func piece(ofLink seq: Int) -> String {
        let index = recordings.firstIndex { $0.seq == seq && !$0.isOfSource }
        let place = index.map { "案卷目录第 \(items.count + $0 + 1) 件" } ?? ""
        let title = index.map { "“\(recordings[$0].title)”" } ?? "资料"
        return "\(place)\(title)（本案记录线第 \(seq) 条归入）"
    }

    /// What a recording is called where it is listed: by form and act.
    static func title(of linked: LinkedRecording, _ imported: Entry?, in work: Case) -> String {
        let word = imported?.skeleton.content.plain["form"]?.string
        let form = ImportRecording.forms.first { $0.word == word }?.chinese ?? "音像资料"
        let act = work.activities.first { $0.id == linked.activity }
            .map { EntryType.activityBegan.chinese($0.kind, of: "kind") }
        return act.map { "\(form)（\($0)）" } ?? form
    }

    /// Their lines in the catalogue, which follow on the documents.
    func recordingRows(after count: Int) -> [JSON] {
        recordings.enumerated().map { number, recording in
            let remarks = [recording.isOfSource ? "来源检查" : "", recording.isVeiled ? "依法保密" : "", "电子"]
            return [
                "date": .string(recording.day.description), "piece": .string("\(count + number + 1)"),
                "remarks": .string(remarks.filter { !$0.isEmpty }.joined(separator: "，")),
                "title": .string(recording.title),
            ]
        }
    }
}

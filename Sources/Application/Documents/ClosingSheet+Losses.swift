import Casework
import Kernel
import Ledger

/// Originals of a case that were found to be lost (原件灭失、损坏), and when that was recorded; by the entry that holds the digest
/// (ADR 0062).
public typealias FoundLosses = [EntryPlace: (loss: LostOriginal, at: Instant)]

extension Casebook {
    /// What the bureau's own records say was lost, the first word on each.
    public func losses() async throws(StepRefusal) -> FoundLosses {
        var found: FoundLosses = [:]
        for record in try await chambers.records() where record.type == .fixityChecked {
            guard let loss = record.word("result").flatMap(LostOriginal.init(rawValue:)) else { continue }
            for reference in record.references where reference.role == DossierVocabulary.lost {
                let place = EntryPlace(thread: reference.thread, seq: reference.seq)
                if found[place] == nil { found[place] = (loss, record.recordedAt) }
            }
        }
        return found
    }
}

extension CaseFileSheets {
    /// Whoever opens the file finds the piece in the catalogue and not on the disk: the sheet says since when that is known.
    var lost: [(String, String)] {
        let volumes = [view] + (isSourceFiled ? [] : [source].compactMap { $0 })
        return volumes.flatMap { volume in
            let ofRecordings = volume.work.recordings.compactMap { linked -> String? in
                guard let (_, found) = losses.first(where: { $0.key.thread == linked.recording }) else { return nil }
                let imported = volume.recordings[linked.recording]?.first?.entry
                let title = CaseFileSheets.title(of: linked, imported, in: volume.work)
                return sentence("“\(title)”（记录线第 \(linked.seq) 条归入）", found)
            }
            let ofPapers = volume.work.documents.compactMap { document -> String? in
                let seqs = [document.fixedSeq, document.issue?.seq].compactMap { $0 }
                let found = seqs.lazy.compactMap { losses[EntryPlace(thread: volume.work.thread, seq: $0)] }.first
                let title = law.library.kind(of: document)?.title ?? document.kind
                return found.map { sentence("《\(title)》的电子文本", $0) }
            }
            return (ofRecordings + ofPapers).map { ("原件", $0) }
        }
    }

    private func sentence(_ what: String, _ found: (loss: LostOriginal, at: Instant)) -> String {
        "\(what)：\(found.at.day.chinese)核对时发现\(found.loss.ground)，已经登记。"
    }
}

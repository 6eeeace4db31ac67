import Kernel

extension Judgement {
    /// For audio-video: how strictly it is asked, after a higher rule (`rule.overridden` with effect `medium` or `off`).
    func level(replacedBy higher: Int?) -> AVLevel? {
        guard let level = planned.duty.level, let higher else { return planned.duty.level }
        let record = ground.index.records[higher]
        switch record.word("effect") {
        case "off": return nil
        case "medium": return record.word("level").flatMap { AVLevel(rawValue: $0) } ?? level
        default: return level
        }
    }

    /// Whether a higher rule leaves to the bureau what the duty demands.
    func isRelaxed(_ level: AVLevel?) -> Bool {
        guard planned.duty.level == .mandatory, let level else { return false }
        return level < .mandatory
    }

    /// Whether the record of a higher rule changes anything of the duty.
    func changes(by higher: Int) -> Bool {
        let record = ground.index.records[higher]
        switch record.word("effect") {
        case "off": return true
        case "term": return planned.term != nil && length(setBy: higher) != nil
        case "medium":
            return planned.duty.level != nil && record.word("level").flatMap { AVLevel(rawValue: $0) } != nil
        default: return false
        }
    }
}

/// The containers that are inspected, told by their first bytes.
///
/// An allow-list, and the tool is bound to the format found here. Left to itself it would take a text file for a play
/// list and open whatever that names: `concat`, HLS, SDP and the other formats that only point elsewhere are not here.
enum Container: String, CaseIterable, Sendable {
    case mov
    case matroska
    case avi
    case wav
    case mpegts
    case mpeg
    case flv
    case ogg
    case flac
    case mp3
    case aac
    case amr
    case asf
    case jpeg
    case png

    /// How many first bytes decide.
    static let prefixByteCount = 600

    /// The tool's name for the reader of this format.
    var demuxer: String {
        switch self {
        case .jpeg: "jpeg_pipe"
        case .png: "png_pipe"
        default: rawValue
        }
    }

    /// Nil when the bytes begin like none of them.
    init?(prefix bytes: [UInt8]) {
        func has(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        func has(_ magic: [UInt8], at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: magic) }
        func isSync(every stride: Int, from start: Int) -> Bool {
            let positions = [start, start + stride, start + 2 * stride].filter { $0 < bytes.count }
            return positions.count > 1 && positions.allSatisfy { bytes[$0] == 0x47 }
        }
        let boxes = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"]
        switch true {
        case boxes.contains(where: { has($0, at: 4) }): self = .mov
        case has([0x1A, 0x45, 0xDF, 0xA3]): self = .matroska
        case has("RIFF") && has("AVI ", at: 8): self = .avi
        case has("RIFF") && has("WAVE", at: 8): self = .wav
        case isSync(every: 188, from: 0), isSync(every: 192, from: 4): self = .mpegts
        case has([0, 0, 1, 0xBA]): self = .mpeg
        case has("FLV\u{1}"): self = .flv
        case has("OggS"): self = .ogg
        case has("fLaC"): self = .flac
        case has("ID3"): self = .mp3
        case has("#!AMR"): self = .amr
        case has([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]): self = .asf
        case has([0xFF, 0xD8, 0xFF]): self = .jpeg
        case has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]): self = .png
        case has([0xFF, 0xF1]), has([0xFF, 0xF9]): self = .aac
        case has([0xFF, 0xFB]), has([0xFF, 0xF3]), has([0xFF, 0xFA]), has([0xFF, 0xF2]): self = .mp3
        default: return nil
        }
    }
}

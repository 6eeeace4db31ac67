import Application
import FoundationEssentials
import Kernel

/// What `ffprobe -of json -show_format -show_streams` prints, as far as it is used. Everything may be missing.
struct ProbeOutput: Decodable {
    struct Format: Decodable {
        var duration: String?
        var bitRate: String?
        var tags: [String: String]?

        enum CodingKeys: String, CodingKey {
            case duration
            case bitRate = "bit_rate"
            case tags
        }
    }

    struct Stream: Decodable {
        var codecType: String?
        var codecName: String?
        var width: Int64?
        var height: Int64?
        var averageFrameRate: String?
        var sampleRate: String?
        var channels: Int64?
        var duration: String?
        var tags: [String: String]?

        enum CodingKeys: String, CodingKey {
            case codecType = "codec_type"
            case codecName = "codec_name"
            case width
            case height
            case averageFrameRate = "avg_frame_rate"
            case sampleRate = "sample_rate"
            case channels
            case duration
            case tags
        }
    }

    var format: Format?
    var streams: [Stream]?

    /// Nil when the bytes are not such JSON.
    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONDecoder().decode(ProbeOutput.self, from: Data(bytes)) else { return nil }
        self = value
    }

    /// The facts; nil when there is no stream, for then there is nothing to play.
    func facts(container: Container, byteCount: Int64) -> MediaFacts? {
        guard let streams, !streams.isEmpty else { return nil }
        let tags = ProbeOutput.tags(format?.tags)
        let created = (tags + streams.flatMap { ProbeOutput.tags($0.tags) })
            .first { $0.name == "creation_time" }
            .flatMap { ProbeOutput.instant($0.value) }
        return MediaFacts(
            container: container.rawValue, byteCount: byteCount,
            duration: format?.duration.flatMap(ProbeOutput.milliseconds),
            bitRate: format?.bitRate.flatMap { Int64($0) }, createdAt: created,
            streams: streams.map { $0.stream }, tags: tags)
    }

    /// In order of name; a dictionary has none of its own.
    fileprivate static func tags(_ tags: [String: String]?) -> [MediaTag] {
        (tags ?? [:]).map { MediaTag($0.key, $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Seconds with a fraction, as the tool writes them, to milliseconds, rounded down. Nil for anything else, and for
    /// more than a hundred years.
    static func milliseconds(_ text: String) -> Int64? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...10).contains(whole.count), let seconds = Decimal.digits(whole),
            seconds <= 3_155_760_000
        else { return nil }
        guard parts.count == 2 else { return Int64(seconds) * 1000 }
        let fraction =
            Array(parts[1].prefix(3)) + Array(repeating: UInt8(ascii: "0"), count: max(0, 3 - parts[1].count))
        guard !parts[1].isEmpty, let thousandths = Decimal.digits(fraction), Decimal.digits(parts[1].prefix(9)) != nil
        else { return nil }
        return Int64(seconds) * 1000 + Int64(thousandths)
    }

    /// RFC 3339 with any fraction. Without an offset there is no telling what it means.
    static func instant(_ text: String) -> Instant? {
        guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else {
            return hasOffset(text) ? Instant(text) : nil
        }
        let digits = text.utf8[text.utf8.index(after: point)...].prefix { (0x30...0x39).contains($0) }
        let rest = text[text.utf8.index(point, offsetBy: 1 + digits.count)...]
        let shortened = String(text[..<point]) + "." + String(decoding: digits.prefix(3), as: UTF8.self) + String(rest)
        return hasOffset(shortened) ? Instant(shortened) : nil
    }

    private static func hasOffset(_ text: String) -> Bool {
        let time = text.utf8.dropFirst(11)
        return time.contains {
            [UInt8(ascii: "Z"), UInt8(ascii: "z"), UInt8(ascii: "+"), UInt8(ascii: "-")].contains($0)
        }
    }
}

extension ProbeOutput.Stream {
    fileprivate var stream: MediaStream {
        var size: PixelSize?
        if let width, let height { size = PixelSize(width: width, height: height) }
        return MediaStream(
            kind: codecType.flatMap(MediaStream.Kind.init) ?? .unknown, codec: codecName ?? "", size: size,
            frameRate: averageFrameRate.flatMap { $0 == "0/0" ? nil : $0 },
            sampleRate: sampleRate.flatMap { Int64($0) },
            channels: channels, duration: duration.flatMap(ProbeOutput.milliseconds), tags: ProbeOutput.tags(tags))
    }
}

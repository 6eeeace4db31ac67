import Kernel

/// What a container tells of itself. Everything here is the file's claim.
public struct MediaFacts: Sendable, Equatable {
    /// The container, by the tool's name for its format: `mov`, `matroska`, `mpegts` and the like.
    public let container: String
    /// The number of bytes.
    public let byteCount: Int64
    /// The length in milliseconds, if told.
    public let duration: Int64?
    /// Bits per second of the whole, if told.
    public let bitRate: Int64?
    /// When the recording began by its own account (`creation_time`), if told.
    public let createdAt: Instant?
    /// The streams, in order.
    public let streams: [MediaStream]
    /// Tags of the container: maker, model, firmware, encoder, location. Untrusted text.
    public let tags: [MediaTag]

    /// Puts facts together.
    public init(
        container: String, byteCount: Int64, duration: Int64?, bitRate: Int64?, createdAt: Instant?,
        streams: [MediaStream], tags: [MediaTag]
    ) {
        self.container = container
        self.byteCount = byteCount
        self.duration = duration
        self.bitRate = bitRate
        self.createdAt = createdAt
        self.streams = streams
        self.tags = tags
    }

    /// The media type to serve the bytes under, of the allow-list of containers; never the sender's word.
    public var mediaType: String {
        let hasVideo = streams.contains { $0.kind == .video }
        switch container {
        case "mov": return hasVideo ? "video/mp4" : "audio/mp4"
        case "matroska":
            let web = ["vp8", "vp9", "av1", "opus", "vorbis"]
            let isWeb = streams.allSatisfy { web.contains($0.codec) }
            return isWeb ? (hasVideo ? "video/webm" : "audio/webm") : "video/x-matroska"
        case "avi": return "video/x-msvideo"
        case "wav": return "audio/wav"
        case "mpegts": return "video/mp2t"
        case "mpeg": return "video/mpeg"
        case "flv": return "video/x-flv"
        case "ogg": return hasVideo ? "video/ogg" : "audio/ogg"
        case "flac": return "audio/flac"
        case "mp3": return "audio/mpeg"
        case "aac": return "audio/aac"
        case "amr": return "audio/amr"
        case "asf": return "video/x-ms-asf"
        case "jpeg": return "image/jpeg"
        case "png": return "image/png"
        default: return "application/octet-stream"
        }
    }

    /// The first tag of this name, letters compared without case.
    public func tag(_ name: String) -> String? {
        tags.first { tag in tag.name.utf8.elementsEqual(name.utf8) { $0 | 0x20 == $1 | 0x20 } }?.value
    }
}

/// One stream of a container.
public struct MediaStream: Sendable, Equatable {
    /// What it carries.
    public enum Kind: String, Sendable, CaseIterable {
        case video
        case audio
        case subtitle
        case data
        case attachment
        case unknown
    }

    /// What it carries.
    public let kind: Kind
    /// The codec by the tool's name, such as `h264`; empty if unknown.
    public let codec: String
    /// Width and height in pixels, for video.
    public let size: PixelSize?
    /// Frames per second as the file writes it, such as `30000/1001`.
    public let frameRate: String?
    /// Samples per second, for audio.
    public let sampleRate: Int64?
    /// The number of channels, for audio.
    public let channels: Int64?
    /// The length in milliseconds, if told.
    public let duration: Int64?
    /// Tags of the stream, a time code among them. Untrusted text.
    public let tags: [MediaTag]

    /// Puts a stream together.
    public init(
        kind: Kind, codec: String, size: PixelSize?, frameRate: String?, sampleRate: Int64?, channels: Int64?,
        duration: Int64?, tags: [MediaTag]
    ) {
        self.kind = kind
        self.codec = codec
        self.size = size
        self.frameRate = frameRate
        self.sampleRate = sampleRate
        self.channels = channels
        self.duration = duration
        self.tags = tags
    }
}

/// A size in pixels.
public struct PixelSize: Sendable, Equatable {
    /// Columns.
    public let width: Int64
    /// Rows.
    public let height: Int64

    /// A size.
    public init(width: Int64, height: Int64) {
        self.width = width
        self.height = height
    }
}

/// A named text in a container.
public struct MediaTag: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The text.
    public let value: String

    /// A tag.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

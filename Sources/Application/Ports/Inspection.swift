import Kernel

/// Looks into an audio-video object and says what its container tells (音像文件检查).
///
/// The bytes are untrusted. Whatever they are, the answer is facts or a reason why none can be told; no input makes
/// the program fail, run anything, or reach for another file or the network. Times and texts in the facts are what the
/// file claims, not what happened.
public protocol MediaInspector: Sendable {
    /// The tool and its version, as entries name it: one result for each object and tool. Nil while there is none.
    func tool() async -> String?

    /// Inspects bytes that `read` gives: at an offset, at most so many, fewer only at the end.
    ///
    /// Takes seconds and, for large objects, temporary room of the same size; call it in the background.
    func inspect(
        byteCount: Int64, read: @escaping @Sendable (Int64, Int) async throws -> [UInt8]
    ) async -> MediaInspection
}

extension MediaInspector {
    /// Inspects an object of the vault.
    public func inspect(_ object: ObjectID, in vault: any EvidenceVault) async -> MediaInspection {
        do throws(VaultError) {
            let facts = try await vault.facts(of: object)
            return await inspect(byteCount: facts.byteCount) { offset, count in
                try await vault.read(object, at: offset, upTo: count)
            }
        } catch {
            return .cannotTell(MediaDoubt(.objectUnreadable, detail: error.description))
        }
    }
}

/// What an inspection came to.
public enum MediaInspection: Sendable, Equatable {
    /// What the container tells.
    case facts(MediaFacts)
    /// Why nothing can be told (无法判断).
    case cannotTell(MediaDoubt)
}

/// Why nothing can be told of a file.
public struct MediaDoubt: Error, Sendable, Equatable {
    /// The kinds of reasons. They are recorded by these names.
    public enum Reason: String, Sendable, CaseIterable {
        /// The object itself could not be read.
        case objectUnreadable
        /// There are no bytes.
        case empty
        /// The first bytes are of no container that is inspected. Play lists and scripts are among them, by intent.
        case containerUnknown
        /// The container is damaged, cut short, or holds nothing that can be played.
        case unplayable
        /// There is no room for the temporary copy.
        case noRoom
        /// The tool is not installed or could not be started.
        case toolMissing
        /// The tool did not end in time and was stopped.
        case toolHung
        /// The tool died.
        case toolDied
        /// The tool said more than is read, or something that is not understood.
        case toolConfused
    }

    /// The kind.
    public let reason: Reason
    /// More for the operator, from the tool where there is anything. Untrusted text of at most 500 bytes.
    public let detail: String

    /// A reason with its detail; control characters are taken out, and it is cut to 500 bytes.
    public init(_ reason: Reason, detail: String = "") {
        self.reason = reason
        let printable = detail.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        var text = ""
        var count = 0
        for scalar in printable {
            count += scalar.utf8.count
            if count > 500 { break }
            text.unicodeScalars.append(scalar)
        }
        self.detail = text
    }

    /// The reason in plain Chinese, for screens and documents.
    public var chinese: String {
        switch reason {
        case .objectUnreadable: "文件无法读取"
        case .empty: "文件没有内容"
        case .containerUnknown: "不是可识别的音像文件格式"
        case .unplayable: "文件已损坏、不完整，或不含可播放的内容"
        case .noRoom: "临时空间不足，未能检查"
        case .toolMissing: "服务器未安装检查工具（ffprobe），未能检查"
        case .toolHung: "检查超过时限，已停止"
        case .toolDied: "检查工具异常退出，未能检查"
        case .toolConfused: "检查工具的输出无法识别"
        }
    }
}

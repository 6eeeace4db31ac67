import Synchronization

/// Why recordings wait for their inspection and none can be made now: the tool is missing, or there is no room for its copy.
///
/// Nothing is recorded of it: it is of this server and this hour, and pages say it to whoever uploads. Set by the round.
public final class InspectionObstacle: Sendable {
    private let reason = Mutex<MediaDoubt.Reason?>(nil)

    /// None is known.
    public init() {}

    /// The reason; nil while inspections go on.
    public internal(set) var now: MediaDoubt.Reason? {
        get { reason.withLock { $0 } }
        set { reason.withLock { $0 = newValue } }
    }

    /// What whoever uploads or administers reads; nil while inspections go on.
    public var chinese: String? {
        switch now {
        case .toolMissing:
            "服务器没有安装检查音像文件的工具（ffprobe）。上传的文件照常入库、封存，只是读不出时长、画面等信息，以它为准的事项要等检查以后才算办完。请告诉系统管理员安装（scripts/setup.sh run），装好以后自动补做，不必重新上传。"
        case .noRoom:
            "服务器的磁盘空间不足，较大的音像文件暂时不能检查。文件已经照常入库、封存，以检查结果为准的事项要等检查以后才算办完。请告诉系统管理员腾出空间，之后自动补做，不必重新上传。"
        default: nil
        }
    }
}

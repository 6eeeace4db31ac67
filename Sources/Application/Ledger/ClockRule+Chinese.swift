import Kernel

extension ClockRule.Verdict {
    /// What users read, without a stop: `服务器时钟超前了10分钟5秒`.
    ///
    /// No verdict that stops anything is below a second; one that says so is of a mark that could not be read.
    public var chinese: String {
        switch self {
        case .fit: "服务器时钟正常"
        case .back(let milliseconds) where milliseconds < 1000: "服务器时钟不准，差多少已无法读出"
        case .back(let milliseconds): "服务器时钟倒退了\(Self.chinese(milliseconds))"
        case .ahead(let milliseconds): "服务器时钟超前了\(Self.chinese(milliseconds))"
        }
    }

    /// How far off, in milliseconds; 0 if it is not.
    public var milliseconds: Int64 {
        switch self {
        case .fit: 0
        case .back(let milliseconds), .ahead(let milliseconds): milliseconds
        }
    }

    /// The word of the entry that lets recording go on; nil for a clock that fits.
    public var word: String? {
        switch self {
        case .fit: nil
        case .back: "back"
        case .ahead: "ahead"
        }
    }

    /// Hours, minutes and seconds, without those that are none: `2小时5秒`.
    private static func chinese(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        let parts = [(seconds / 3600, "小时"), (seconds / 60 % 60, "分钟"), (seconds % 60, "秒")]
        let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
        return text.isEmpty ? "不到1秒" : text
    }
}

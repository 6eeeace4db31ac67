import Casework

extension PersonRow.AccountState {
    /// The word on screens and in what commands print.
    public var chinese: String {
        switch self {
        case .none: "没有账号"
        case .open: "在用"
        case .reset: "待本人确认"
        case .waiting: "待第二人核实"
        case .closed: "已停用"
        }
    }
}

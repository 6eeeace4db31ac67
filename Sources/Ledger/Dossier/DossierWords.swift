extension DossierAudience {
    /// 归档、法院、当事人.
    public var chinese: String {
        switch self {
        case .archive: "归档"
        case .court: "提交法院"
        case .party: "交当事人"
        }
    }
}

extension DossierMode {
    /// 简明、完整.
    public var chinese: String {
        switch self {
        case .compact: "简明（逐条附证明）"
        case .complete: "完整（附全部隐名叶）"
        }
    }
}

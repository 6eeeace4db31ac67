import Kernel

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

extension DossierAudience {
    /// Why openings of a class stay out for this reader; nil if they go in.
    public func ground(against openingClass: OpeningClass) -> String? {
        switch (self, openingClass) {
        case (.archive, _): nil
        case (_, .reporter): "举报人信息依法保密"
        case (_, .secret): "涉及国家秘密、商业秘密或者个人隐私"
        case (.party, .internal): "行政机关内部审批、讨论和审查信息"
        case (.court, .internal), (_, .party), (_, .officer): nil
        }
    }
}

extension DossierAudience {
    /// Every ground that a dossier can give, to any reader: the words of `ground(against:)` and no others.
    static let grounds: Set<String> = Set(allCases.flatMap(\.grounds))

    /// The grounds for this reader.
    var grounds: [String] { OpeningClass.allCases.compactMap { ground(against: $0) } }
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

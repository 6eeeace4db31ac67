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
    /// Every ground that a dossier can give, to any reader: the words of `ground(against:)`, those of a lost original, and
    /// no others.
    static let grounds: Set<String> = Set(allCases.flatMap(\.grounds) + LostOriginal.allCases.map(\.ground))

    /// The grounds for this reader.
    var grounds: [String] { OpeningClass.allCases.compactMap { ground(against: $0) } }
}

/// Why a file is not in a dossier although its reader may have it: the original is lost (原件灭失、损坏).
///
/// It stands only beside the entry `fixity.checked` that found it so: a bureau cannot lose a file by saying that it did.
public enum LostOriginal: String, Hashable, Sendable, CaseIterable {
    /// The stored file is gone.
    case missing
    /// The stored file is not what was stored.
    case damaged

    /// The ground in a dossier's list.
    public var ground: String {
        switch self {
        case .missing: "原件已灭失"
        case .damaged: "原件已损坏"
        }
    }

    init?(ground: String) {
        guard let found = LostOriginal.allCases.first(where: { $0.ground.utf8.elementsEqual(ground.utf8) }) else {
            return nil
        }
        self = found
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

import Casework

/// Papers of which the project has no kind: a timeline names them `x-` and their category, such as `x-interview`, so that
/// rules about categories can be asked about them. `x-analogous-interview` is one written after the pattern of another
/// for want of a standard form. Any other word after `x-` is a paper of no kind at all.
enum StrangePaper {
    static let kinds: [String: DocumentKind] = DocumentKind.Category.allCases.reduce(into: [:]) { result, category in
        for isStandard in [true, false] {
            let name = isStandard ? "x-\(category.rawValue)" : "x-analogous-\(category.rawValue)"
            result[name] = DocumentKind(
                name: name, title: category.rawValue, row: 1, stage: stage(of: category), category: category,
                isStandard: isStandard, fields: [])
        }
    }

    private static func stage(of category: DocumentKind.Category) -> Stage {
        switch category {
        case .internalApproval, .intake: .initiation
        case .siteRecord, .interview, .evidence, .notice, .hearing, .opinion, .submission, .appraisalOpinion:
            .investigation
        case .review, .decision, .expertReport, .hearingReport, .internalRecord: .decision
        case .service, .execution: .execution
        case .caseFile: .filing
        }
    }
}

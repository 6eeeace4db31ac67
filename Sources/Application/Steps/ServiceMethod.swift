import Casework
import Kernel

/// The way of service that a receipt names (送达方式, zhaoxian-2017:22–26), and where that way is registered.
public struct ServiceMethod: Hashable, Sendable {
    /// The word of the receipt's form.
    public let word: String

    /// The way that a receipt names; direct service where its content cannot be read.
    public init(of receipt: CaseDocument) {
        word = receipt.data?["method"]?.string ?? "direct"
    }

    /// The step that registers this way.
    public var step: String {
        switch word {
        case "post": "service-post"
        case "lien": "service-lien"
        case "entrusted", "forwarded": "service-entrusted"
        case "public": "service-public"
        default: RecordService.name
        }
    }

    /// The title of that step.
    public var title: String { RecordedStep.named(step)?.title ?? "登记送达" }

    /// Papers that are handed to somebody: not the receipts of others, nor what the bureau's own people sign among themselves.
    static func isServed(_ document: CaseDocument) -> Bool {
        !inside.contains(document.kind)
    }

    /// Kinds that nobody outside receives.
    private static let inside: Set<String> = [
        "service-receipt", "mailing-register", "postage-voucher", "return-receipt", "returned-mail-record",
        "public-notice-course-record", "electronic-service-proof", "fax-annotation", "procedure-initiation-approval",
        "legal-review-record", "head-approval-record", "internal-approval-form", "decision-drafting-record",
        "review-submission", "case-file-cover", "case-file-catalogue", "closing-sheet",
    ]
}

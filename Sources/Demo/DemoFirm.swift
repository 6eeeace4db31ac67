import Application
import Kernel

/// A party of the demonstration: plainly fictional.
public struct DemoFirm: Sendable {
    public let name: String
    public let code: String
    public let address: String
    public let representative: String
    public let phone: String

    /// The firm of the case that is worked through to the end.
    public static let paperMill = DemoFirm(
        name: "清禾县星河纸品厂（演示）", code: "91000000DEMO00001X", address: "清禾县演示工业园 1 号", representative: "喆䶮堃",
        phone: "000-0000001")
    /// The firm of a case that waits for its review.
    public static let cannery = DemoFirm(
        name: "清禾县向阳罐头有限公司（演示）", code: "91000000DEMO00002X", address: "清禾县演示大道 22 号", representative: "言无虚",
        phone: "000-0000002")
    /// The firm of a case that has just begun.
    public static let smithy = DemoFirm(
        name: "清禾县铁画五金经营部（演示）", code: "91000000DEMO00003X", address: "清禾县演示街 8 号", representative: "石有痕",
        phone: "000-0000003")

    /// The party as the form of a new case gives it.
    public var subject: NewSubject {
        NewSubject(
            thread: .random(), kind: "organisation", name: name, code: code, address: address,
            representative: representative, phone: phone)
    }

    /// The fields of a party that most documents have.
    var fields: [JSON.Member] {
        [
            .init("subjectName", .string(name)), .init("subjectCode", .string(code)),
            .init("subjectAddress", .string(address)), .init("subjectRepresentative", .string(representative)),
            .init("subjectPhone", .string(phone)),
        ]
    }
}

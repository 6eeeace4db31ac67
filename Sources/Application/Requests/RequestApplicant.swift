import Casework

/// Who asks (申请人): how the closer word on the form falls into the classes that the law tells apart, what each may ask
/// for, and by which papers each is known.
public enum RequestApplicant {
    /// Words of applicants who are not of the bureau.
    static let outside = EntryType.requestMade.options(of: "capacity").map(\.word).filter { $0 != "colleague" }

    /// The class of an applicant (`applicantKind`).
    static func kind(of capacity: String) -> String {
        switch capacity {
        case "self", "representative", "delegate", "lawyer": "party"
        case "court", "procuratorate", "supervisory", "otherOrgan": "outsideUnit"
        case "superiorOrgan": "supervisor"
        case "colleague": "staff"
        default: "public"
        }
    }

    /// What such an applicant may ask for: parties consult and copy (zhaoxian-2017:32), colleagues view
    /// (recorder-mgmt:21c), bodies are given records.
    static func kinds(for capacity: String) -> [String] {
        switch kind(of: capacity) {
        case "party", "public": ["consult", "copy"]
        case "staff": ["view"]
        default: ["consult", "copy", "release"]
        }
    }

    /// The paper without which such an applicant is not known; nil where any will do.
    static func paper(of capacity: String) -> String? {
        switch capacity {
        case "delegate": "powerOfAttorney"
        case "lawyer": "lawyerLicence"
        case "court", "procuratorate", "supervisory", "otherOrgan", "superiorOrgan": "officialLetter"
        default: nil
        }
    }

    /// Whether documents of the internal volume may go to such an applicant as they are.
    static func maySeeInternal(_ applicantKind: String) -> Bool { !["party", "public"].contains(applicantKind) }

    /// The same class as a recipient.
    static func recipientKind(of applicantKind: String) -> String {
        applicantKind == "legalAffairs" ? "staff" : applicantKind
    }
}

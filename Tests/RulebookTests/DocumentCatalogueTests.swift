import Casework
import Foundation
import Kernel
import Rulebook
import TestKit
import Testing

/// The catalogue of documents (obligations 3(a)): every paper that a case may hold has its kind.
@Suite("The catalogue of documents")
struct DocumentCatalogueTests {
    static let kinds = Sample.library.kinds.values.map(\.kind)

    /// Rows of the catalogue that are papers of a case, and the kinds that stand for each.
    /// Rows from 901 on hold what no text names and the law asks for.
    static let papers: [Int: [String]] = [
        901: ["case-transfer-letter"],
        1: ["application-registration"],
        2: ["oral-application-record"],
        3: ["acceptance-record"],
        4: ["on-the-spot-correction-record"],
        5: ["written-receipt"],
        6: ["one-time-supplement-notice"],
        7: ["procedure-initiation-approval"],
        8: ["internal-approval-form"],
        9: ["complaint-report-record"],
        10: ["non-initiation-notice"],
        11: ["investigation-transcript", "other-investigation-record"],
        12: ["interview-transcript"],
        13: ["site-inspection-record"],
        14: ["notice-to-produce-evidence"],
        15: ["evidence-registration-list"],
        16: ["verified-paper-copy"],
        17: ["sampling-notice"],
        18: ["sample-item-list"],
        19: ["rights-notice"],
        20: ["statement-defence-transcript"],
        21: ["oral-waiver-record"],
        22: ["written-party-submission"],
        23: ["hearing-announcement", "hearing-notice"],
        24: ["hearing-transcript"],
        25: ["hearing-report"],
        26: ["appraisal-commission"],
        27: ["appraisal-opinion"],
        28: ["advance-registration-notice", "evidence-disposal-notice", "evidence-preservation-record"],
        29: ["sealing-seizure-decision"],
        30: ["sealing-seizure-list"],
        31: ["freezing-document"],
        32: ["coercive-measure-site-record"],
        33: ["non-cooperation-record"],
        34: ["refusal-to-sign-note"],
        35: ["decision-drafting-record"],
        36: ["legal-review-record"],
        37: ["review-submission"],
        38: ["expert-argument-report", "expert-opinion", "expert-review-minutes"],
        39: ["collective-discussion-minutes", "collective-discussion-record"],
        40: ["head-approval-record"],
        41: ["enforcement-decision", "penalty-decision"],
        42: ["summary-penalty-decision", "summary-procedure-record"],
        43: ["summary-decision-filing"],
        44: ["fine-receipt", "on-the-spot-fine-record"],
        45: ["service-receipt"],
        46: ["mailing-register", "postage-voucher", "return-receipt", "returned-mail-record"],
        47: ["public-notice", "public-notice-course-record"],
        48: ["electronic-service-consent", "electronic-service-proof", "fax-annotation"],
        49: ["performance-record"],
        50: ["correction-check-record", "correction-order"],
        51: ["regulatory-talk-record"],
        52: ["demand-notice"],
        53: ["post-demand-defence-review"],
        54: ["compulsory-execution-decision"],
        55: ["execution-site-record"],
        56: [
            "added-fine-decision", "disposal-decision", "other-execution-document", "removal-restoration-decision",
            "substitute-performance-decision", "transfer-notice",
        ],
        57: ["court-enforcement-application"],
        58: ["execution-result-record"],
        59: ["case-file-catalogue", "case-file-cover", "closing-sheet"],
        60: ["consult-copy-request"],
        61: ["viewing-request"],
        62: ["release-approval"],
        63: ["long-term-preservation-approval"],
    ]

    @Test("every row of the catalogue that is a paper of a case has exactly its kinds")
    func rows() {
        #expect(Self.papers.keys.sorted() == Array(1...63) + [901])
        let found = Dictionary(grouping: Self.kinds, by: \.row).mapValues { $0.map(\.name).sorted() }
        for row in Set(found.keys).union(Self.papers.keys).sorted() {
            #expect(found[row] == Self.papers[row], "row \(row)")
        }
    }

    @Test("zhaoxian-2017:3.p3: each of the seven sorts of text record has a kind")
    func categories() {
        let sorts: [DocumentKind.Category] = [
            .notice, .evidence, .appraisalOpinion, .expertReport, .hearingReport, .internalApproval, .service,
        ]
        for sort in sorts { #expect(Self.kinds.contains { $0.category == sort }, "\(sort)") }
    }

    @Test("decisions that end a procedure are a category of their own; measures, records and execution are not in it")
    func decisions() {
        #expect(
            Self.kinds.filter { $0.category == .decision }.map(\.name).sorted()
                == ["enforcement-decision", "penalty-decision", "summary-penalty-decision"])
    }

    @Test("titles are Chinese and not doubled; every kind can be completed and signed by somebody")
    func sound() {
        #expect(Set(Self.kinds.map(\.title)).count == Self.kinds.count)
        for kind in Self.kinds {
            #expect(!kind.title.utf8.contains { $0 < 0x80 }, "\(kind.name)")
            #expect(kind.fields.contains { $0.required == .always }, "\(kind.name)")
            #expect(Set(kind.slots.map(\.label)).count == kind.slots.count, "\(kind.name)")
            // Only the catalogue of a case file goes unsigned: cover and closing sheet answer for it.
            #expect(!kind.slots.isEmpty || kind.category == .caseFile, "\(kind.name)")
        }
    }

    @Test("internal forms and records stand in the internal volume; what is issued in the bureau's name has its seal")
    func volumes() {
        for kind in Self.kinds {
            if [.internalRecord, .review].contains(kind.category) { #expect(kind.volume == .internal, "\(kind.name)") }
            #expect(kind.inBureausName == kind.slots.contains { $0.who == .bureau }, "\(kind.name)")
            if kind.numbering != nil { #expect(kind.inBureausName, "\(kind.name)") }
        }
        let patterns = Self.kinds.compactMap(\.numbering?.pattern)
        #expect(Set(patterns).count == patterns.count, "two kinds would share a series of numbers")
    }

    @Test("papers that somebody else writes are not drawn up on screen; a missing template is never taken for none")
    func templates() throws {
        #expect(Sample.library.kinds["appraisal-opinion"]?.templateDigest == nil)
        #expect(Sample.library.kinds["interview-transcript"]?.templateDigest != nil)
        for loaded in Sample.library.kinds.values {
            #expect((loaded.templateDigest == nil) == (loaded.kind.template == nil), "\(loaded.kind.name)")
        }
        let directory = try RuleFilesTests.copy()
        try directory.write(Array("// 模板".utf8), to: "Documents/appraisal-opinion/template.typ")
        #expect(
            RuleFilesTests.problems(in: directory).first
                == "appraisal-opinion/kind.yaml: [contradiction] 写了 template: none，目录里却有 template.typ，请去掉其中一个")
        let answering = "answers: { record: appraisal.commissioned, as: commission }\n"
        let text = try RuleFilesTests.read(directory, "Documents/appraisal-opinion/kind.yaml")
            .replacing(answering, with: "")
        try directory.write(
            Array(text.replacing("template: none", with: "template: sheet.typ").utf8),
            to: "Documents/appraisal-opinion/kind.yaml")
        #expect(
            RuleFilesTests.problems(in: directory).first
                == "appraisal-opinion/kind.yaml: [contradiction] 找不到模板文件 sheet.typ"
        )
        try directory.write(
            Array(text.replacing("template: none\n", with: "").utf8), to: "Documents/appraisal-opinion/kind.yaml")
        #expect(RuleFilesTests.problems(in: directory) == [])
    }

    @Test("what a paper answers is a record to which a rule ties it, and only papers that others make say so")
    func answers() throws {
        #expect(
            Sample.library.kinds["appraisal-opinion"]?.kind.answers
                == DocumentKind.Answered(.appraisalCommissioned, as: "commission"))
        #expect(Sample.library.kinds.values.count { $0.kind.answers != nil } == 1)
        let path = "Documents/appraisal-opinion/kind.yaml"
        func problems(_ old: String, _ new: String, in file: String = path) throws -> [String] {
            let directory = try RuleFilesTests.copy()
            let text = try RuleFilesTests.read(directory, file)
            #expect(text.contains(old))
            try directory.write(Array(text.replacing(old, with: new).utf8), to: file)
            return RuleFilesTests.problems(in: directory)
        }
        for (old, new) in [("as: commission", "as: order"), ("appraisal.commissioned", "correction.ordered")] {
            #expect(try problems(old, new).first?.contains("这种文书回应的是 appraisal.commissioned，关系写 commission") == true)
        }
        #expect(
            try problems(
                "template: none", "template: none\nanswers: { record: fine.remitted, as: payment }",
                in: "Documents/fine-receipt/kind.yaml"
            ).first?.contains("没有条文按关系“payment”看这种文书回应什么") == true)
        #expect(
            try problems(
                "stage: investigation",
                "answers: { record: preservation.started, as: preservation }\nstage: investigation",
                in: "Documents/advance-registration-notice/kind.yaml"
            ).first?.contains("只有 template: none 的文书写 answers") == true)
    }
}

@Suite("Offices on forms")
struct FormOfficeTests {
    @Test("an office that signs a form is one that a text declares, with a choice the form can be signed by")
    func declared() {
        let declared = Dictionary(
            Sample.library.regulations.flatMap(\.regulation.offices).map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first })
        let slots = Sample.library.kinds.values.flatMap(\.kind.slots).filter { $0.office != nil }
        #expect(!slots.isEmpty)
        for slot in slots {
            let office = slot.office.flatMap { declared[$0] }
            #expect(office?.choices.allSatisfy { DutyHolder(rawValue: $0)?.role != nil } == true, "\(slot.name)")
        }
    }

    @Test("such a place is signed by whom the bureau chose, then by whom the text names, then by whom the form names")
    func seated() throws {
        let name = "consult-copy-request"
        func signer(_ holder: (String) -> DutyHolder?) -> DutyHolder? {
            Sample.library.seated(holder).kind(name)?.slots.first { $0.name == "approver" }?.who
        }
        #expect(signer { _ in nil } == .agencyHead)
        #expect(signer { $0 == "access-approver" ? .unitHead : nil } == .unitHead)
        let text = try #require(Sample.library.newest("zhaoxian-2017"))
        let day = try #require(CivilDay("2026-01-01"))
        func rules(_ spans: [RulesInForce.Span]) throws -> RulesInForce {
            try RulesInForce(spans: spans, matters: [:], kinds: [:])
        }
        let adopted = try rules([.init(regulation: text.regulation, digest: text.digest, from: day)])
        #expect(adopted.holder(of: "access-approver", settings: Settings()) == .unitHead)
        let chosen = Settings(offices: ["access-approver": "departmentHead"])
        #expect(adopted.holder(of: "access-approver", settings: chosen) == .departmentHead)
        #expect(
            adopted.holder(of: "access-approver", settings: Settings(offices: ["access-approver": "anyone"]))
                == .unitHead)
        #expect(try rules([]).holder(of: "access-approver", settings: chosen) == nil)
    }

    @Test("a text that has an office sign demands the role of whose place on the form the bureau chose")
    func demanded() throws {
        let text = try #require(Sample.library.newest("qinghe"))
        let day = try #require(CivilDay("2026-01-01"))
        let rules = try RulesInForce(
            spans: [.init(regulation: text.regulation, digest: text.digest, from: day)], matters: [:], kinds: [:])
        func provisions(_ role: Role, _ settings: Settings = Settings()) -> [String] {
            DemandedRole.all(in: rules, kinds: Sample.library.drawnKinds, settings: settings, on: day)
                .first { $0.role == role }?.provisions ?? []
        }
        #expect(provisions(.deputyHead).contains("qinghe:6") && provisions(.deputyHead).contains("qinghe:6.p2"))
        let head = Settings(offices: ["initiation-approver": "agencyHead"])
        #expect(provisions(.deputyHead, head).isEmpty && provisions(.agencyHead, head).contains("qinghe:6"))
    }

    @Test("a kind that may hold what a reporter said has no plain field: skeletons are withheld from nobody")
    func nothingPlainOfReporters() {
        let secret = DocumentCatalogueTests.kinds.filter { kind in
            kind.fields.contains { $0.opening == .reporter || $0.opening == .secret }
        }
        #expect(secret.map(\.name).sorted() == ["complaint-report-record", "non-initiation-notice"])
        for kind in secret {
            #expect(kind.fields.filter(\.plain).map(\.name) == [], "\(kind.name)")
        }
    }
}

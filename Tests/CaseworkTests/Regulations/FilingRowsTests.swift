import Casework
import Kernel
import TestKit
import Testing

@Suite("zhaoxian-2017, chapter 6: case file, storage, use")
struct FilingRowsTests {
    static let whole = History.penaltyCase

    // MARK: 30

    @Test("zhaoxian-2017:30 kept: cover and catalogue stand in the file")
    func fileKept() {
        #expect(Self.whole.states(of: "zhaoxian-2017:30") == [.met])
    }

    @Test("zhaoxian-2017:30 broken: without cover or catalogue; made afterwards they are late")
    func fileBroken() {
        #expect(Self.whole.without("cover").states(of: "zhaoxian-2017:30") == [.open])
        #expect(Self.whole.without("catalogue").states(of: "zhaoxian-2017:30") == [.open])
        let late = Self.whole.without("cover")
            .fixed("case-file-cover", as: "cover", data: ["caseNumber": "1", "retention": "years30"])
        #expect(late.states(of: "zhaoxian-2017:30") == [.metLate])
    }

    // MARK: 30.p2

    static func filed(at time: String) -> History {
        History().at("2026-09-01 17:00").opened(kind: "inspection").ended("nothingFound").at(time).filed()
    }

    @Test("zhaoxian-2017:30.p2 kept: thirty natural days, and the end on a holiday rolls to the next working day")
    func filingKept() throws {
        // 2026-10-01 is a holiday until 10-07; 10-08 is worked.
        let kept = Self.filed(at: "2026-10-08 23:59:59")
        #expect(kept.states(of: "zhaoxian-2017:30.p2") == [.met, .met])
        let part = try #require(kept.evaluated().parts(of: "zhaoxian-2017:30.p2").first)
        #expect(part.term?.countedEnd == CivilDay("2026-10-01"))
        #expect(part.term?.lastDay == CivilDay("2026-10-08"))
        #expect(part.lateFrom == Instant("2026-10-09 00:00"))
        #expect(
            part.term?.chinese
                == "自2026年9月1日起算30日，开始当日不计入，自2026年9月2日计，2026年10月1日届满，因逢休息日顺延至2026年10月8日24时止")
    }

    @Test("zhaoxian-2017:30.p2 broken: from midnight on it is late")
    func filingLate() throws {
        #expect(Self.filed(at: "2026-10-09 00:00").states(of: "zhaoxian-2017:30.p2") == [.metLate, .met])
        let unfiled = History().at("2026-09-01 17:00").opened(kind: "inspection").ended("nothingFound")
        let obligation = try #require(unfiled.evaluated().obligations(of: "case-filing").first)
        #expect(try obligation.state(at: #require(Instant("2026-10-08 23:59:59.999"))) == .open)
        #expect(try obligation.state(at: #require(Instant("2026-10-09 00:00"))) == .overdue)
    }

    @Test("zhaoxian-2017:30.p2 broken: a case that has not ended is not filed")
    func filingBeforeTheEnd() {
        let early = History().opened(kind: "inspection").filed()
        #expect(early.refusing("filed") == ["zhaoxian-2017:30.p2"])
        #expect(early.missing(for: "zhaoxian-2017:30.p2") == ["案件还没有终结"])
    }

    // MARK: 30.p2b

    @Test("zhaoxian-2017:30.p2b kept: the cover names how long the file is kept")
    func retentionKept() {
        #expect(Self.whole.states(of: "zhaoxian-2017:30.p2b") == [.met])
    }

    @Test("zhaoxian-2017:30.p2b broken: a cover without a retention term")
    func retentionBroken() {
        let broken = Self.whole.replacing(
            "cover", with: History().fixed("case-file-cover", as: "cover", data: ["caseNumber": "1"]))
        #expect(broken.states(of: "zhaoxian-2017:30.p2b") == [.open])
        #expect(broken.missing(for: "zhaoxian-2017:30.p2b") == ["《案卷封面》没有写明保管期限"])
    }

    // MARK: 30.p3b

    static func stored(at time: String, completedAt: String? = "2026-03-02 10:00") -> History {
        History().opened(kind: "inspection").at(time).imported("video", completedAt: completedAt)
    }

    @Test("zhaoxian-2017:30.p3b kept: stored in the twenty-fourth hour")
    func storageKept() throws {
        #expect(Self.stored(at: "2026-03-03 10:00").states(of: "zhaoxian-2017:30.p3b") == [.met])
        let part = try #require(Self.stored(at: "2026-03-03 10:00").evaluated().parts(of: "zhaoxian-2017:30.p3b").first)
        #expect(part.due == Instant("2026-03-03 10:00"))
    }

    @Test("zhaoxian-2017:30.p3b broken: stored a second later; each recording has its own clock")
    func storageBroken() {
        let late = Self.stored(at: "2026-03-03 10:00:01")
        #expect(late.states(of: "zhaoxian-2017:30.p3b") == [.metLate])
        let two = late.imported("second", completedAt: "2026-03-03 09:00")
        #expect(two.states(of: "zhaoxian-2017:30.p3b") == [.metLate, .met])
    }

    @Test("zhaoxian-2017:30.p3b: without a stated end nothing is claimed, and it is said; a scan is no recording")
    func storageUnknown() throws {
        let unknown = Self.stored(at: "2026-03-03 10:00", completedAt: nil)
        let part = try #require(unknown.evaluated().parts(of: "zhaoxian-2017:30.p3b").first)
        #expect(part.state == .met)
        #expect(part.due == nil)
        #expect(part.notes == ["没有写明起算时间，无法计算期限"])
        let scan = History().opened(kind: "inspection").imported(
            "scan", form: "document", completedAt: "2020-01-01 00:00")
        #expect(scan.states(of: "zhaoxian-2017:30.p3b") == [])
    }

    // MARK: 31

    static func adoption(custodian: Bool) throws -> History {
        let digest = try #require(Loaded.library.newest("zhaoxian-2017")?.digest)
        let adopted = History().adopted("zhaoxian-2017", digest: digest, from: "2017-05-01")
        return custodian ? adopted.granted(.custodian, to: "档案员") : adopted.granted(.officer, to: "甲")
    }

    @Test("zhaoxian-2017:31 kept: the bureau has a custodian, and the file says who filed it")
    func custodianKept() throws {
        #expect(try Self.adoption(custodian: true).states(of: "zhaoxian-2017:31") == [.met])
        #expect(Self.whole.states(of: "zhaoxian-2017:31") == [.met])
    }

    @Test("zhaoxian-2017:31 broken: no custodian, or a file that nobody filed")
    func custodianBroken() throws {
        #expect(try Self.adoption(custodian: false).states(of: "zhaoxian-2017:31") == [.open])
        let nobody = Self.whole.replacing("filed", with: History().filed(archivist: nil))
        #expect(nobody.states(of: "zhaoxian-2017:31") == [.open])
    }

    // MARK: 32

    @Test("zhaoxian-2017:32 kept: handed to a party after approval and a secrecy check; a court needs neither")
    func releaseKept() {
        let released = Self.whole.exported("party", approvedBy: "局长", secrecyCheck: "不涉密")
        #expect(released.refusing("exported") == [])
        #expect(released.states(of: "zhaoxian-2017:32") == [.met])
        #expect(Self.whole.exported("court").refusing("exported") == [])
    }

    @Test("zhaoxian-2017:32 broken: without approval or secrecy check nothing is handed out, and nobody may override")
    func releaseBroken() throws {
        for broken in [
            Self.whole.exported("party"), Self.whole.exported("party", approvedBy: "局长"),
            Self.whole.exported("party", secrecyCheck: "不涉密"),
            Self.whole.override("zhaoxian-2017:32", step: .dossierExported).exported("party"),
        ] {
            let refusal = try #require(broken.verdict(on: "exported").refusals.first)
            #expect(refusal.citations.map(\.provision) == ["zhaoxian-2017:32"])
            #expect(refusal.gate == .hard)
            #expect(refusal.overridableBy == [])
        }
    }
}

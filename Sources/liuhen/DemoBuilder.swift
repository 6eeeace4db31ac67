import Application
import Casework
import Demo
import Foundation
import Kernel
import Ledger
import Store
import Web

/// Builds the demonstration: a fictional bureau with cases in several stages.
struct DemoBuilder {
    let place: ServerPlace

    /// The tag of the demonstration's bureau.
    static let tag = "qinghe"

    /// The accounts shown on the sign-in page.
    static var accounts: [DemoAccount] {
        people(today: SystemClock().now().day).all.map { member in
            DemoAccount(
                name: member.person.account ?? "", secret: member.secret, person: member.person.name, role: member.duty)
        }
    }

    private static func people(today: CivilDay) -> DemoPeople {
        DemoPeople(certifiedUntil: today.advanced(by: 700))
    }

    func build() async throws {
        guard let tag = BureauTag(DemoBuilder.tag) else { return }
        let clock = DemoClock(system: SystemClock())
        let today = clock.now().day
        let people = DemoBuilder.people(today: today)
        clock.set(to: Instant(today.advanced(by: -60), hour: 8))
        _ = try await Foundations(place: place, clock: clock).make(
            NewBureau(
                tag: tag, origin: "demo.liuhen.invalid/log/qinghe", name: "清禾县统计局（演示）", letterhead: "清禾县统计局",
                region: "清禾县（虚构）", superior: "云岭市统计局（虚构）", mark: "清禾统", administrator: people.administrator.person,
                regulations: ["zhaoxian-2017"], isDemo: true))
        let premises = try await Premises.open(place, clock: clock)
        do {
            let bureau = try premises.bureau(nil)
            try await register(people, office: bureau.office, premises: premises)
            try await cases(
                DemoCase(office: bureau.office, clock: clock, people: people), today: today, video: try demoVideo())
        } catch {
            await premises.close()
            throw error
        }
        await premises.close()
    }

    private func register(_ people: DemoPeople, office: Office, premises: Premises) async throws {
        let tag = office.bureau
        let administrator = people.administrator.person.thread
        for member in people.all where member.person.thread != administrator {
            _ = try await office.casebook.record(
                try member.person.facts(), by: .person(administrator), command: .random())
        }
        let registers = office.casebook.registers
        let signIn = SignIn(
            installation: premises.installation, registers: { $0 == tag ? registers : nil }, hasher: SecretHasher(),
            clock: premises.clock)
        try await confirmRegulations(by: people, office: office)
        for member in people.all {
            guard let account = member.person.account else { continue }
            try await signIn.setSecret(member.secret, of: AccountName(bureau: tag, name: account))
        }
    }

    /// The head stands by the texts of the founding, as in a bureau that has finished setting up.
    private func confirmRegulations(by people: DemoPeople, office: Office) async throws {
        guard let head = people.all.first(where: { $0.person.roles.contains(.agencyHead) }),
            let row = try await office.casebook.registers.person(head.person.thread)
        else { return }
        for span in try await office.casebook.chambers.law().rules.spans {
            _ = try await office.casebook.confirmRegulation(
                span.digest, approver: .agencyHead, custodian: .custodian, reason: "清禾统〔2026〕1号（演示）",
                command: .random(),
                by: Performer(
                    person: row,
                    confirmation: SecretConfirmation(demonstrationOf: row.thread, in: office.casebook.store)))
        }
    }

    /// Four cases, from the oldest to the newest: entries of one log come in order of time.
    private func cases(_ demo: DemoCase, today: CivilDay, video: [UInt8]) async throws {
        func day(_ ago: Int) -> CivilDay { today.advanced(by: -ago) }
        let title = "清禾县星河纸品厂提供不真实统计资料案"
        let mill = try await demo.inspect(
            .paperMill, title: "清禾县星河纸品厂统计执法检查", on: day(50), video: video, outcome: .suspected,
            findings: "抽查 2026 年 9 月工业总产值及相关台账。上报数为 1,280 万元，账面记载为 1,024 万元，多报 256 万元。现场负责人对核对结果无异议。")
        let millCase = try await demo.initiate(mill, title: title, on: day(48))
        try await demo.conclude(mill, on: day(46))
        try await demo.notify(millCase, firm: mill.firm, title: title, on: day(44))
        try await demo.draft(millCase, on: day(40))
        try await demo.review(millCase, firm: mill.firm, title: title, on: day(39))
        try await demo.decideAndPerform(millCase, firm: mill.firm, title: title, on: day(37), performedOn: day(30))
        try await demo.file(millCase, on: day(27))

        let canneryTitle = "清禾县向阳罐头有限公司提供不真实统计资料案"
        let cannery = try await demo.inspect(
            .cannery, title: "清禾县向阳罐头有限公司统计执法检查", on: day(12), video: video, outcome: .suspected,
            findings: "抽查 2026 年 10 月从业人员及工资总额报表，上报数与工资发放表不符。")
        let canneryCase = try await demo.initiate(cannery, title: canneryTitle, on: day(10))
        try await demo.notify(canneryCase, firm: cannery.firm, title: canneryTitle, on: day(6))
        try await demo.draft(canneryCase, on: day(3))

        _ = try await demo.inspect(
            .smithy, title: "清禾县铁画五金经营部统计执法检查", on: day(1), video: video, outcome: .nothingFound,
            findings: "抽查 2026 年 10 月销售额报表及进销台账，数据一致，未发现违法行为。")
        demo.clock.release()
    }

    /// A short test picture with sound, made here with ffmpeg, in the demonstration's own directory.
    private func demoVideo() throws -> [UInt8] {
        let path = place.data + "/demo-recording.mp4"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/ffmpeg")
        process.arguments = [
            "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=12",
            "-f",
            "lavfi", "-i", "sine=frequency=440:duration=12", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt",
            "yuv420p", "-c:a", "aac", "-movflags", "+faststart", path,
        ]
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { throw CommandFailure("没有找到 ffmpeg，请先运行 make run 或 scripts/setup.sh run。") }
        process.waitUntilExit()
        guard process.terminationStatus == 0, let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("演示录像没有制成（ffmpeg 退出码 \(process.terminationStatus)）。")
        }
        return Array(data)
    }
}

import Application
import Casework
import Kernel

extension WebServices {
    /// Requests that wait for this person: to be checked, decided, handed out, ended.
    func requests(
        _ address: Address, _ person: PersonRow, _ registers: any Registers
    ) async throws -> [HomePage.Closing] {
        var found: [HomePage.Closing] = []
        func add(
            _ id: String, _ title: String, _ note: String, _ step: RequestStep, _ narrow: (inout CaseFilter) -> Void
        ) async throws {
            guard step.roles.contains(where: person.roles.contains) else { return }
            var filter = CaseFilter()
            (filter.kind, filter.sort, filter.pageSize) = (CaseRow.requestKind, .oldest, HomePage.shownSignatures)
            narrow(&filter)
            // Whoever is an officer and nothing more works on the requests that they registered.
            if step.roles.allSatisfy({ $0 == .officer || !person.roles.contains($0) }) {
                filter.handler = person.thread
            }
            let cases = try await registers.cases(filter)
            let query = [("stage", filter.stage?.rawValue ?? ""), ("state", filter.state?.rawValue ?? "")]
            found.append(
                .init(
                    id: id, title: title, note: note,
                    turns: cases.rows.map { row in
                        .init(
                            caseTitle: row.title, caseHref: address.request(row.thread), title: row.requestStanding,
                            action: .init(label: "打开申请", href: address.request(row.thread)))
                    }, total: cases.total,
                    allHref: address.requests(query: RegisterExport.text(query.map { (name: $0.0, value: $0.1) }))))
        }
        try await add("requests-check", "等保密审查的查阅、复制申请", "逐件审查，再由另一人审批。", .check) { $0.stage = .initiation }
        try await add("requests-redact", "等遮盖件的查阅、复制申请", "遮盖后提供的材料，还没有交来遮盖件。", .redact) {
            $0.stage = .investigation
        }
        try await add("requests-decide", "等审批的查阅、复制申请", "保密审查已经作出。由谁批准，申请的页面写明。", .decide) { $0.stage = .decision }
        try await add("requests-release", "等提供的查阅、复制申请", "已经批准，准备文件交给申请人。", .release) { $0.stage = .execution }
        try await add("requests-receipt", "等签收的查阅、复制申请", "已经提供，领取人还没有签收。", .receipt) {
            ($0.stage, $0.state) = (.filing, .open)
        }
        try await add("requests-close", "等办结的查阅、复制申请", "已经签收、不予批准或者撤回。", .close) { $0.state = .ended }
        return found
    }
}

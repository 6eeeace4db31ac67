import Application
import Casework
import Kernel

extension WebServices {
    /// The page of one case, as this person sees it now.
    func casePage(_ context: SignedInContext) async throws -> CasePage {
        let view = try await context.bureau.visibleCase(context)
        let now = clock.now()
        let address = Address(context.bureau.tag)
        let names = try await context.bureau.names()
        let work = view.work
        let rows = try await context.bureau.registers.obligations(of: work.thread)
        let cards = rows.filter { $0.state != .notApplicable }
            .map { ObligationCard($0, at: now, address: address) }
        let open = rows.filter { $0.state == .open }
        let late = open.count { $0.lateFrom.map { $0 <= now } ?? false }
        let law = try await context.bureau.casebook.chambers.law()
        let timeline = Timeline(view: view, names: names, address: address, now: now, library: law.library)
        let head = try await context.bureau.store.signedHead()
        return CasePage(
            address: address,
            kind: work.kind == .penalty ? "\(work.kind.chinese) · \(work.procedure.chinese)" : work.kind.chinese,
            title: work.title ?? "（案由已销毁）", meta: meta(of: work, names: names, now: now),
            stages: stages(of: work, now: now), next: nil, notice: nil, steps: [], days: timeline.days,
            entryCount: work.entries, obligations: cards,
            summary: "\(open.count) 项待办\(late > 0 ? " · \(late) 项逾期" : "")",
            anchor: view.entries.last.map {
                CasePage.Anchor(
                    position: $0.index + 1, size: head.size, key: context.bureau.store.origin,
                    checkpointHref: address.checkpoint)
            })
    }

    private func meta(
        of work: Case, names: [ThreadTag: String], now: Instant
    ) -> [(label: String, value: String, note: String)] {
        var meta: [(label: String, value: String, note: String)] = [
            ("当事人", work.subjectName ?? "（已销毁）", ""),
            ("承办", work.handlers.compactMap { names[$0] }.joined(separator: "、"), ""),
            (work.kind == .penalty ? "立案" : "开始", TermText.short(work.startedAt.day, at: now), ""),
        ]
        if let ending = work.ending { meta.append(("终结", ending.ground.chinese, "")) }
        if let filed = work.filedAt { meta.append(("归档", TermText.short(filed.day, at: now), "")) }
        return meta
    }

    private func stages(of work: Case, now: Instant) -> [CasePage.StageMark] {
        let all: [Stage] =
            work.kind == .inspection ? [.investigation, .filing] : Stage.allCases
        let current = all.firstIndex(of: work.stage) ?? 0
        return all.enumerated().map { index, stage in
            CasePage.StageMark(
                label: stage.chinese,
                note: index == current && !work.isFiled
                    ? "第 \(now.day.days(since: work.startedAt.day) + 1) 日" : index == 0 ? TermText.short(work.startedAt.day, at: now) : "",
                place: work.isFiled || index < current ? .past : index == current ? .now : .ahead)
        }
    }
}

import Application
import Casework
import Kernel

extension WebServices {
    /// Drafts that name this person as their reviewer and wait for their word. Found by the claim that each such draft
    /// makes, so that no case is loaded for it.
    func draftReviews(
        _ address: Address, _ person: PersonRow, _ registers: any Registers
    ) async throws -> HomePage.Closing {
        let threads = try await registers.holders(
            of: .unitReview, under: person.thread, limit: HomePage.listedDraftReviews)
        let titles = Dictionary(
            try await registers.caseFiles(Array(threads.prefix(HomePage.shownSignatures))).map {
                ($0.thread, $0.marked(at: clock.now()))
            }
        ) { first, _ in first }
        return HomePage.Closing(
            id: "draft-reviews", title: "等您审查的草拟决定", note: "草拟时写明由您审查。看过草拟的内容以后，通过或者退回。",
            turns: threads.prefix(HomePage.shownSignatures).map { thread in
                .init(
                    caseTitle: titles[thread] ?? "", caseHref: address.caseFile(thread), title: "审查草拟的处理意见",
                    action: .init(label: "去审查", href: address.step(ReviewDraft.name, in: thread)))
            }, total: threads.count, allHref: address.cases(query: "stage=decision&state=open&sort=oldest"))
    }
}

extension HomePage {
    /// As many drafts that wait for one person are counted.
    static let listedDraftReviews = 100
}

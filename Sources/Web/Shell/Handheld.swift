import Hummingbird

/// Whether a page was asked for on a phone or tablet, as browsers say it of themselves. It only chooses what most likely
/// fits: nothing is refused by it.
enum Handheld {
    static func sent(_ request: Request) -> Bool {
        guard let agent = request.headers[.userAgent] else { return false }
        return ["Mobile", "Android", "iPad"].contains { agent.contains($0) }
    }
}

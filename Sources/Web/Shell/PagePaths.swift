import Kernel

/// The addresses at which there is a page to be looked at, as the list of routes has them.
struct PagePaths: Sendable {
    private let patterns: [[Substring]]

    /// The routes that answer GET, or another method.
    init(_ entries: [Routes.Entry], of method: String = "GET") {
        patterns = entries.filter { $0.method == method }.map { $0.path.split(separator: "/") }
    }

    /// Whether a page stands at an address.
    func contain(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return patterns.contains { pattern in
            pattern.count == parts.count
                && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0.utf8.elementsEqual($1.utf8) }
        }
    }
}

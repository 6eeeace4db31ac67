extension Allowance {
    /// What it covers: `适用于“执法活动开始”（种类为询问）`.
    public func covered(_ kinds: [String: DocumentKind]) -> String { "适用于\(when.chinese(kinds))" }
}

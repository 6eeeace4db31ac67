/// How long the files of a dossier can be. What is longer is refused by its length, before it is read.
extension DossierLayout {
    /// The list, a page or an entry: far more than a case of a lifetime needs.
    static let listLimit = 1 << 28
    /// A tile of leaves at their longest, and so more than any other file that the ledger's format names.
    static let tileLimit = Tile.fullWidth * (65_535 + 2)
    /// Tags, keys, heads and proofs: some lines.
    static let lineLimit = 1 << 20

    /// The most bytes of a file of this name. What the list names may be longer, if the list says so.
    ///
    /// - Parameter count: how many files there are.
    static func sizeLimit(of path: BagPath, among count: Int) -> Int {
        if manifests.contains(path) || tagManifests.contains(path) {
            // A line for each file at its longest: digest, two spaces, path. The rest is for files that were taken away.
            return lineLimit + count * (128 + 2 + BagPath.byteLimit + 1)
        }
        if path.hasPrefix(ledgerPrefix) {
            if path.hasPrefix("\(ledgerPrefix)threads/") {
                return path.bytes.ends(with: ".json") ? listLimit : lineLimit
            }
            return path.bytes.ends(with: "/heads.json") ? listLimit : tileLimit
        }
        return path.hasPrefix("data/") ? listLimit : lineLimit
    }

    /// Whether it is a document, a recording or a page: its name and length are in the list.
    static func isNamedByList(_ path: BagPath) -> Bool {
        path.hasPrefix("data/") && !path.hasPrefix(ledgerPrefix) && path != manifest && path != instructions
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: String) -> Bool {
        self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}

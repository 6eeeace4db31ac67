/// The known word that is nearest to an unknown one: what was perhaps meant.
enum NearMiss {
    /// Nil where nothing is near: more than a third of the letters differ.
    static func of(_ word: String, among known: some Sequence<String>) -> String? {
        var best: (word: String, distance: Int)?
        for candidate in Set(known).sorted() {
            let distance = distance(word, candidate)
            if distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        guard let best, best.distance <= max(1, max(word.utf8.count, best.word.utf8.count) / 3) else { return nil }
        return best.word
    }

    /// Edit distance (Levenshtein) on bytes, two rows at a time; words beyond 100 bytes are far from everything.
    static func distance(_ left: String, _ right: String) -> Int {
        let one = Array(left.utf8)
        let two = Array(right.utf8)
        guard one.count <= 100, two.count <= 100 else { return Int.max }
        var row = Array(0...two.count)
        for (index, byte) in one.enumerated() {
            var next = [index + 1]
            for (column, other) in two.enumerated() {
                next.append(min(row[column] + (byte == other ? 0 : 1), row[column + 1] + 1, next[column] + 1))
            }
            row = next
        }
        return row[two.count]
    }
}

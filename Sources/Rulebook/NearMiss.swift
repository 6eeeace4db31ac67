/// The known word that is nearest to an unknown one: what was perhaps meant.
enum NearMiss {
    /// Nil where nothing is near: more than about a third of the letters differ.
    static func of(_ word: String, among known: some Sequence<String>) -> String? {
        var best: (word: String, distance: Int)?
        for candidate in Set(known).sorted() {
            let distance = distance(word, candidate)
            if distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        guard let best, best.distance <= (max(word.utf8.count, best.word.utf8.count) + 1) / 3 else { return nil }
        return best.word
    }

    /// Edit distance on bytes, where two neighbours that changed places count once (optimal string alignment); words
    /// beyond 100 bytes are far from everything.
    static func distance(_ left: String, _ right: String) -> Int {
        let one = Array(left.utf8)
        let two = Array(right.utf8)
        guard one.count <= 100, two.count <= 100 else { return Int.max }
        var before: [Int] = []
        var row = Array(0...two.count)
        for (index, byte) in one.enumerated() {
            var next = [index + 1]
            for (column, other) in two.enumerated() {
                var least = min(row[column] + (byte == other ? 0 : 1), row[column + 1] + 1, next[column] + 1)
                if index > 0, column > 0, byte == two[column - 1], one[index - 1] == other {
                    least = min(least, before[column - 1] + 1)
                }
                next.append(least)
            }
            before = row
            row = next
        }
        return row[two.count]
    }
}

import Kernel
import Ledger

/// The tree straight from the definition in RFC 6962 section 2.1, slow and plain, to compare the real one with.
public enum ReferenceTree {
    /// `MTH(D[n])`.
    public static func root(_ entries: ArraySlice<[UInt8]>) -> Digest {
        switch entries.count {
        case 0: return Digest.sha256([UInt8]())
        case 1: return Digest.sha256([0] + entries[entries.startIndex])
        default:
            var split = 1
            while split * 2 < entries.count { split *= 2 }
            let middle = entries.startIndex + split
            return Digest.sha256([1] + root(entries[..<middle]).bytes + root(entries[middle...]).bytes)
        }
    }

    /// `PATH(m, D[n])`.
    public static func path(_ index: Int, _ entries: ArraySlice<[UInt8]>) -> [Digest] {
        guard entries.count > 1 else { return [] }
        var split = 1
        while split * 2 < entries.count { split *= 2 }
        let middle = entries.startIndex + split
        return index < split
            ? path(index, entries[..<middle]) + [root(entries[middle...])]
            : path(index - split, entries[middle...]) + [root(entries[..<middle])]
    }

    /// `SUBPROOF(m, D[n], complete)`; `PROOF(m, D[n])` begins with `complete` true.
    public static func consistency(_ old: Int, _ entries: ArraySlice<[UInt8]>, complete: Bool = true) -> [Digest] {
        if old == entries.count { return complete ? [] : [root(entries)] }
        var split = 1
        while split * 2 < entries.count { split *= 2 }
        let middle = entries.startIndex + split
        return old <= split
            ? consistency(old, entries[..<middle], complete: complete) + [root(entries[middle...])]
            : consistency(old - split, entries[middle...], complete: false) + [root(entries[..<middle])]
    }
}

/// Entries of a small log: `entry 0`, `entry 1`, …
public func sampleEntries(_ count: Int) -> [[UInt8]] {
    (0..<count).map { Array("entry \($0)".utf8) }
}

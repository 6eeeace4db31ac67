import Application
import Casework
import Kernel
import Ledger

extension RangeCheck {
    private static let fieldPrefix = Array("liuhen/field/v1\n".utf8)
    private static let entryPrefix = Array("liuhen/commit/v1\n".utf8)

    /// Checks the content of one entry: skeleton and salt against the commitment, columns against the skeleton, and
    /// openings against the fields.
    func check(_ row: Statement, index: Int64, _ openings: Cursor, _ result: inout Result) throws {
        let thread: ThreadTag? = row.id(1)
        let seq = row.integer(2)
        func report(_ fault: LedgerFinding.EntryFault) {
            result.findings.append(.entry(log: log, index: index, thread: thread, seq: seq, fault))
        }
        let computed = row.withBytes(8) { skeleton in
            row.withBytes(7) { RangeCheck.hash(RangeCheck.entryPrefix, $0, skeleton) }
        }
        if computed != row.digest(4) || row.digest(7) == nil { report(.content) }
        let scan = row.withBytes(8) { SkeletonScan($0) }
        result.commands.append(scan?.command)
        guard let scan else {
            // Bytes that fit their commitment are what was recorded; then they can be read, or this program is older.
            if computed == row.digest(4) { report(.content) }
            return try skip(openings, index: index)
        }
        let sameType = row.withBytes(8) { skeleton in
            row.withBytes(6) { UnsafeRawBufferPointer(rebasing: skeleton[scan.type]).elementsEqual($0) }
        }
        if scan.recordedAt != row.integer(5) || scan.seq != seq || scan.thread != thread || !sameType {
            report(.columns)
        }
        let type = row.text(6)
        result.types.insert("\(type) \(scan.typeVersion)")
        if RangeCheck.claimingTypes.contains(type), let claim = RangeCheck.claim(row.bytes(8), at: index) {
            result.claims.append(claim)
        }
        try check(openings, of: scan, row, index: index, &result)
    }

    /// Compares fields and openings, both in the byte order of their names.
    private func check(
        _ openings: Cursor, of scan: SkeletonScan, _ row: Statement, index: Int64, _ result: inout Result
    ) throws {
        let position = Position(log: log, number: index).value
        func report(_ fault: LedgerFinding.EntryFault) {
            result.findings.append(.entry(log: log, index: index, thread: row.id(1), seq: row.integer(2), fault))
        }
        var rest = scan.fields[...]
        func missing(_ field: (name: Range<Int>, commitment: Digest)) {
            if destroyed.contains(field.commitment) {
                result.destroyed += 1
            } else {
                report(.openingMissing(RangeCheck.text(row, field.name)))
            }
        }
        while try openings.move(to: position) {
            let opening = openings.row
            let name = opening.bytes(1)
            while let field = rest.first, RangeCheck.bytes(row, field.name).lexicographicallyPrecedes(name) {
                missing(field)
                rest.removeFirst()
            }
            if let field = rest.first, RangeCheck.bytes(row, field.name) == name {
                rest.removeFirst()
                let computed = opening.withBytes(4) { value in
                    opening.withBytes(3) { RangeCheck.hash(RangeCheck.fieldPrefix, $0, value) }
                }
                if computed != field.commitment {
                    report(.opening(opening.text(1)))
                } else if !hasItsClass(opening, scan, row) {
                    report(.openingClass(opening.text(1)))
                } else {
                    result.openings += 1
                }
            } else {
                report(.opening(opening.text(1)))
            }
            try openings.next()
        }
        for field in rest { missing(field) }
    }

    /// Whether an opening is of the class that the program, or the entry's skeleton, says.
    private func hasItsClass(_ opening: Statement, _ scan: SkeletonScan, _ row: Statement) -> Bool {
        let name = opening.text(1)
        guard let openingClass = OpeningClass(rawValue: opening.text(2)),
            let rule = OpeningRule.rule(type: row.text(6), version: Int(scan.typeVersion), field: name)
        else { return false }
        return rule.allows(
            openingClass, field: name, plain: try? JSON(canonical: RangeCheck.bytes(row, scan.plain)))
    }

    private func skip(_ openings: Cursor, index: Int64) throws {
        while try openings.move(to: Position(log: log, number: index).value) { try openings.next() }
    }

    private static func bytes(_ row: Statement, _ range: Range<Int>) -> [UInt8] {
        row.withBytes(8) { Array($0[range]) }
    }

    private static func text(_ row: Statement, _ range: Range<Int>) -> String {
        String(decoding: bytes(row, range), as: UTF8.self)
    }

    /// SHA-256(prefix ‖ salt ‖ value) in one update.
    private static func hash(
        _ prefix: [UInt8], _ salt: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) -> Digest {
        let count = prefix.count + salt.count + value.count
        return withUnsafeTemporaryAllocation(byteCount: count, alignment: 8) { buffer in
            buffer.copyBytes(from: prefix)
            UnsafeMutableRawBufferPointer(rebasing: buffer[prefix.count...]).copyBytes(from: salt)
            UnsafeMutableRawBufferPointer(rebasing: buffer[(prefix.count + salt.count)...]).copyBytes(from: value)
            return Digest.sha256(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Entries that state a head of the open log that somebody outside holds.
    private static let claimingTypes: Set<String> = [
        EntryType.documentIssued.rawValue, EntryType.backupMade.rawValue, EntryType.checkpointKept.rawValue,
    ]

    private static func claim(_ skeleton: [UInt8], at index: Int64) -> Claim? {
        guard let plain = try? JSON(canonical: skeleton)["plain"],
            let size = (plain["printedSize"] ?? plain["size"])?.integer,
            let root = (plain["printedRoot"] ?? plain["root"])?.string.flatMap({ Digest($0) })
        else { return nil }
        return Claim(index: index, log: plain["printedLog"]?.integer.map { Int($0) }, size: size, root: root)
    }
}

import Application
import Casework
import Glibc
import Kernel
import Ledger

extension RangeCheck {
    /// Checks the content of one entry: skeleton and salt against the commitment, columns against the skeleton, and
    /// openings against the fields.
    func check(_ row: Statement, index: Int64, _ openings: Cursor, _ result: inout Result) throws {
        let thread: ThreadTag? = row.id(1)
        let seq = row.integer(2)
        func report(_ fault: LedgerFinding.EntryFault) {
            result.findings.append(.entry(log: log, index: index, thread: thread, seq: seq, fault))
        }
        let computed = row.digest(7).map { salt in
            row.withBytes(8) { Commitment.entry(skeleton: $0, salt: Salt(salt)) }
        }
        if computed == nil || computed != row.digest(4) { report(.content) }
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
        if RangeCheck.claimingTypes.contains(type), let skeleton = try? JSON(canonical: row.bytes(8)) {
            if let claim = RangeCheck.claim(skeleton, at: index) { result.claims.append(claim) }
            if type == EntryType.documentIssued.rawValue, let thread {
                let place = LedgerFinding.Place(log: log, index: index, thread: thread, seq: seq)
                result.numbered += [RangeCheck.numbered(skeleton, at: place)].compactMap { $0 }
            }
        } else if type == EntryType.documentServed.rawValue,
            let document = (try? JSON(canonical: row.bytes(8)))?["plain"]?["document"]?.string
        {
            result.served.insert(document)
        } else if type == EntryType.dossierExported.rawValue {
            result.lastDossier = index
        }
        if scan.references.count > 2 { result.destroyed.formUnion(RangeCheck.destroyed(by: row, scan)) }
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
            // Whether a disposal destroyed it stands in a later entry.
            result.absent.append(
                Absent(
                    index: index, thread: row.id(1), seq: row.integer(2), name: RangeCheck.text(row, field.name),
                    commitment: row.digest(4)))
        }
        while try openings.move(to: position) {
            let opening = openings.row
            var order = RangeCheck.order(of: rest.first, in: row, opening)
            while order < 0, let field = rest.popFirst() {
                missing(field)
                order = RangeCheck.order(of: rest.first, in: row, opening)
            }
            if order == 0, let field = rest.popFirst() {
                let computed = opening.digest(3).map { salt in
                    opening.withBytes(4) { Commitment.field($0, salt: Salt(salt)) }
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
            openingClass, field: name, plain: try? JSON(canonical: row.withBytes(8) { Array($0[scan.plain]) }))
    }

    private func skip(_ openings: Cursor, index: Int64) throws {
        while try openings.move(to: Position(log: log, number: index).value) { try openings.next() }
    }

    private static func text(_ row: Statement, _ range: Range<Int>) -> String {
        row.withBytes(8) { String(decoding: $0[range], as: UTF8.self) }
    }

    /// The byte order of a field's name and an opening's: below zero if the field's comes before. No field comes after
    /// every opening.
    private static func order(
        of field: (name: Range<Int>, commitment: Digest)?, in row: Statement, _ opening: Statement
    ) -> Int {
        guard let field else { return 1 }
        return row.withBytes(8) { skeleton in
            opening.withBytes(1) { name in
                let own = UnsafeRawBufferPointer(rebasing: skeleton[field.name])
                let count = min(own.count, name.count)
                if count > 0, let left = own.baseAddress, let right = name.baseAddress {
                    let order = memcmp(left, right, count)
                    if order != 0 { return Int(order) }
                }
                return own.count - name.count
            }
        }
    }

    /// Commitments of the entries that an entry destroys.
    private static func destroyed(by row: Statement, _ scan: SkeletonScan) -> [Digest] {
        let isDisposal = row.withBytes(8) { $0[scan.references].contains(Disposals.role.utf8) }
        guard isDisposal, let content = (try? Skeleton(canonical: row.bytes(8)))?.content else { return [] }
        return content.references.filter { $0.role == Disposals.role }.map(\.commitment)
    }

    /// Entries that state a head of the open log: served on somebody, handed out or backed up.
    private static let claimingTypes: Set<String> = [
        EntryType.documentIssued.rawValue, EntryType.backupMade.rawValue, EntryType.checkpointKept.rawValue,
    ]

    private static func numbered(_ issue: JSON, at place: LedgerFinding.Place) -> Numbered? {
        guard let year = issue["plain"]?["year"]?.integer, let number = issue["plain"]?["number"]?.integer,
            let fixed = IssuedNumbers.fixed(of: issue)
        else { return nil }
        return Numbered(year: year, number: number, place: place, fixed: fixed)
    }

    private static func claim(_ skeleton: JSON, at index: Int64) -> Claim? {
        guard let plain = skeleton["plain"],
            let size = (plain["printedSize"] ?? plain["size"])?.integer,
            let root = (plain["printedRoot"] ?? plain["root"])?.string.flatMap({ Digest($0) })
        else { return nil }
        return Claim(
            index: index, log: plain["printedLog"]?.integer.map { Int($0) }, size: size, root: root,
            document: plain["printedSize"] == nil ? nil : plain["document"]?.string)
    }
}

import Hummingbird
import Kernel

/// A place in a list that is ordered by time and id, the newest first: where the next page goes on. It names a row and not
/// a number, so rows that come in meanwhile move nothing.
struct PlaceCursor: Sendable {
    let at: Instant
    /// High and low half of the row's id.
    private let high: UInt64
    private let low: UInt64

    init<Of>(at: Instant, id: Identifier<Of>) {
        self.at = at
        high = id.high
        low = id.low
    }

    static var refusal: APIProblem {
        .invalid([.init(name: "cursor", message: "应为上一次回答里的 next。")], .badRequest)
    }

    init(_ text: String) throws {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count <= 15, let milliseconds = Decimal.strict(parts[0]),
            let id = Identifier<Never>(String(decoding: parts[1], as: UTF8.self))
        else { throw PlaceCursor.refusal }
        self.init(at: Instant(milliseconds: Int64(milliseconds)), id: id)
    }

    var text: String { "\(at.milliseconds).\(Identifier<Never>(high: high, low: low))" }

    /// The first instant after the row's own.
    var after: Instant { at.advanced(byMilliseconds: 1) }

    /// Whether another row comes after this one in the order of the list.
    func isBefore(_ other: PlaceCursor) -> Bool {
        (at, high, low) > (other.at, other.high, other.low)
    }
}

extension APICall {
    /// One page of a list that is ordered by time and id, the newest first.
    ///
    /// - Parameter rows: a page of rows by number and size, of those not after the cursor's instant.
    func page<Row>(
        place: (Row) -> PlaceCursor, json: (Row) -> JSON,
        rows: (_ number: Int, _ size: Int, _ cursor: PlaceCursor?) async throws -> [Row]
    ) async throws -> Response {
        let cursor = try query["cursor"]?.string.map { try PlaceCursor($0) }
        var found: [Row] = []
        var number = 1
        // One more than asked tells whether there is a next page.
        let size = limit + 1
        while found.count <= limit {
            let next = try await rows(number, size, cursor)
            found += next.filter { row in cursor.map { $0.isBefore(place(row)) } ?? true }
            if next.count < size { break }
            number += 1
        }
        let items = found.prefix(limit)
        var members: [JSON.Member] = [.init("items", .array(items.map(json)))]
        if found.count > limit, let last = items.last {
            members.append(.init("next", .string(place(last).text)))
        }
        return .json(.object(members))
    }
}

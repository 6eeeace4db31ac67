import Casework
import Kernel
import Ledger

/// Reads the facts of recordings in the background (音像文件检查): driven from the projections, at least once, with one
/// result for each object and tool.
///
/// A recording for which there is no room now is passed over, and the next round goes on with those after it: however many
/// of them wait, every later one has its turn. At the end of the list it begins anew.
public actor InspectionRound {
    private let office: Office
    private let inspector: any MediaInspector
    /// The recording after which the next round begins. Lost with the process: then all is tried from the oldest on.
    private var mark: RecordingRow?
    /// Whether this pass over what waits met a recording for which there was no room.
    private var isCramped = false

    /// A round over one bureau.
    public init(office: Office, inspector: any MediaInspector) {
        self.office = office
        self.inspector = inspector
    }

    /// Inspects what waits, at most `limit` recordings.
    ///
    /// - Returns: how many results were recorded. None are while the tool is missing: a result would be for ever.
    @discardableResult
    public func run(limit: Int = 8) async throws -> Int {
        guard let tool = await inspector.tool() else {
            office.inspectionObstacle.now = .toolMissing
            return 0
        }
        if office.inspectionObstacle.now == .toolMissing { office.inspectionObstacle.now = nil }
        // A pass goes from the oldest to the newest that waits; it alone says that there is room for every one of them.
        if mark == nil { isCramped = false }
        var recorded = 0
        let waiting = try await office.casebook.registers.recordingsToInspect(after: mark, limit: limit)
        if waiting.count < limit { mark = nil }
        for recording in waiting {
            let inspection = await inspector.inspect(recording.object, in: office.vault)
            // A result would be for ever; without a tool none can come.
            if case .cannotTell(let doubt) = inspection, doubt.reason == .toolMissing {
                office.inspectionObstacle.now = .toolMissing
                return recorded
            }
            if waiting.count == limit { mark = recording }
            if case .cannotTell(let doubt) = inspection, doubt.reason == .noRoom {
                isCramped = true
                office.inspectionObstacle.now = .noRoom
                continue
            }
            var plain: [JSON.Member] = [
                .init("result", .string(inspection.isFacts ? "facts" : "cannotTell")),
                .init("tool", .string(Digest.sha256(Array(tool.utf8)).description)),
            ]
            // In the skeleton, so that what the law makes of it does not change when the opening is destroyed.
            if case .cannotTell(let doubt) = inspection { plain.append(.init("doubt", .string(doubt.reason.rawValue))) }
            let fact = Fact(
                .recordingInspected, in: recording.thread, plain: .object(plain.sorted { $0.key < $1.key }),
                fields: [
                    .init("facts", inspection.json(tool: tool), try await openingClass(of: recording.thread))
                ])
            if try await record(fact) { recorded += 1 }
        }
        if mark == nil, !isCramped { office.inspectionObstacle.now = nil }
        return recorded
    }

    /// The class of what is read from a recording: of one that must be kept secret, its own. A file carries names too.
    private func openingClass(of recording: ThreadTag) async throws -> OpeningClass {
        let first = try await office.casebook.threads.entries(of: recording).first
        guard let known = first?.entry.openingClass(of: "digest"), OpeningRule.veiled.contains(known) else {
            return .internal
        }
        return known
    }

    /// Records a result.
    ///
    /// - Returns: false if another round was faster: its result stands.
    private func record(_ fact: Fact) async throws(StepRefusal) -> Bool {
        do {
            _ = try await office.casebook.record(inspection: fact)
            return true
        } catch {
            // A condition on the catch clause itself crashes the compiler of Swift 6.3.1 behind a typed throw.
            if error.code == .taken { return false }
            throw error
        }
    }
}

extension MediaInspection {
    var isFacts: Bool {
        if case .facts = self { return true }
        return false
    }

    /// The result as recorded: what the container claims, or why nothing can be told.
    func json(tool: String) -> JSON {
        switch self {
        case .cannotTell(let doubt):
            return [
                "detail": .string(doubt.detail), "reason": .string(doubt.reason.rawValue), "tool": .string(tool),
            ]
        case .facts(let facts):
            var members: [JSON.Member] = [
                .init("container", .string(facts.container)), .init("size", .integer(facts.byteCount)),
                .init("tool", .string(tool)),
                .init("streams", .array(facts.streams.map(\.json))),
                .init("tags", .array(facts.tags.map { ["name": .string($0.name), "value": .string($0.value)] })),
            ]
            if let duration = facts.duration { members.append(.init("durationMs", .integer(duration))) }
            if let bitRate = facts.bitRate { members.append(.init("bitRate", .integer(bitRate))) }
            if let createdAt = facts.createdAt { members.append(.init("createdAt", .string(createdAt.description))) }
            return .object(members)
        }
    }
}

extension MediaStream {
    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            .init("codec", .string(codec)), .init("kind", .string(kind.rawValue)),
            .init("tags", .array(tags.map { ["name": .string($0.name), "value": .string($0.value)] })),
        ]
        if let size { members += [.init("height", .integer(size.height)), .init("width", .integer(size.width))] }
        if let frameRate { members.append(.init("frameRate", .string(frameRate))) }
        if let sampleRate { members.append(.init("sampleRate", .integer(sampleRate))) }
        if let channels { members.append(.init("channels", .integer(channels))) }
        if let duration { members.append(.init("durationMs", .integer(duration))) }
        return .object(members)
    }
}

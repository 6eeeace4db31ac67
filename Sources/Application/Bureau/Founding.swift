import Casework
import Kernel
import Ledger

/// The first facts of a bureau (建立机关): its name, its keys, what it adopts, and its administrator.
public struct Founding: Sendable {
    /// The bureau's own thread.
    public var thread: ThreadTag
    public var isDemo: Bool
    public var name: String
    public var letterhead: String
    public var region: String
    public var superior: String?
    /// Keys by use; what is no signing key has no public half.
    public var keys: [(use: String, keyID: String, verifierKey: String?)]
    /// Regulations to adopt: id, digest of the file, first day in force.
    public var adoptions: [(regulation: String, digest: Digest, inForceFrom: CivilDay)]
    /// The list of all rule files among which they are adopted (ADR 0018).
    public var edition: Digest?
    /// Holiday tables to adopt.
    public var calendars: [(year: Int, digest: Digest)]
    /// Who gets the one-time secret.
    public var administrator: NewPerson

    /// A founding.
    public init(
        thread: ThreadTag, isDemo: Bool, name: String, letterhead: String, region: String, superior: String?,
        keys: [(use: String, keyID: String, verifierKey: String?)],
        adoptions: [(regulation: String, digest: Digest, inForceFrom: CivilDay)],
        edition: Digest? = nil, calendars: [(year: Int, digest: Digest)], administrator: NewPerson
    ) {
        self.thread = thread
        self.isDemo = isDemo
        self.name = name
        self.letterhead = letterhead
        self.region = region
        self.superior = superior
        self.keys = keys
        self.adoptions = adoptions
        self.edition = edition
        self.calendars = calendars
        self.administrator = administrator
    }

    /// What the bureau is called.
    ///
    /// - Throws: `StepRefusal` with the fields that are wrong.
    public func names() throws(StepRefusal) -> [FieldValue] {
        var form = FormText()
        var fields: [FieldValue] = [
            .init("name", .string(form.required(name, "name", "机关名称", limit: 60)), .officer),
            .init("letterhead", .string(form.required(letterhead, "letterhead", "文书抬头", limit: 60)), .officer),
            .init("region", .string(form.required(region, "region", "行政区域", limit: 60)), .officer),
        ]
        if let superior = form.optional(superior, "superior", "上级机关", limit: 60) {
            fields.append(.init("superior", .string(superior), .officer))
        }
        try form.finish()
        return fields
    }

    /// The facts, in the order in which they are recorded. The very first entry of a ledger opens the bureau.
    public func facts() throws(StepRefusal) -> [Fact] {
        var facts = [Fact(.bureauOpened, in: thread, plain: ["demo": .boolean(isDemo)], fields: try names())]
        for key in keys {
            facts.append(
                Fact(
                    .keyPublished, in: thread, plain: ["keyId": .string(key.keyID), "use": .string(key.use)],
                    fields: key.verifierKey.map { [.init("vkey", .string($0), .officer)] } ?? []))
        }
        for adoption in adoptions {
            var plain: [JSON.Member] = [
                .init("digest", .string(adoption.digest.description)),
                .init("inForceFrom", .string(adoption.inForceFrom.description)),
                .init("regulation", .string(adoption.regulation)),
            ]
            if let edition { plain.append(.init("edition", .string(edition.description))) }
            facts.append(Fact(.regulationAdopted, in: thread, plain: .object(plain)))
        }
        for calendar in calendars {
            facts.append(
                Fact(
                    .calendarAdopted, in: thread,
                    plain: ["digest": .string(calendar.digest.description), "year": .integer(Int64(calendar.year))]))
        }
        return facts + (try administrator.facts())
    }
}

import Casework
import Kernel

extension History {
    // MARK: time and persons

    /// Sets the server's clock: `2026-03-02 09:00`, China time.
    public func at(_ time: String) -> History {
        adding("at") { teller in
            guard let instant = Instant(time) else { preconditionFailure("\(time) is no time") }
            teller.now = instant
        }
    }

    /// Who records what follows.
    public func by(_ person: String) -> History {
        adding("by") { $0.actor = Names.thread(person) }
    }

    // MARK: cases

    /// `case.opened`. `startedAt` makes it an emergency.
    public func opened(
        kind: String = "penalty", procedure: String = "general", major: Bool = false, startedAt: String? = nil,
        subjectKind: String = "organisation", handlers: [String] = ["甲", "乙"], fields: [String: JSON] = [:]
    ) -> History {
        adding("opened") { teller in
            let start = startedAt.flatMap { Instant($0) }
            var plain: [JSON.Member] = [
                .init("kind", .string(kind)), .init("procedure", .string(procedure)), .init("source", "inspection"),
                .init("subject", .string(Names.id("party"))), .init("subjectKind", .string(subjectKind)),
                .init("handlers", .array(handlers.map { .string(Names.id($0)) })), .init("isMajor", .boolean(major)),
                .init("isEmergency", .boolean(start != nil)),
            ]
            if let start { plain.append(.init("startedAt", .integer(start.milliseconds))) }
            teller.record(.caseOpened, plain: plain, fields: fields, stated: start, as: "opened")
        }
    }

    /// `finding.recorded`.
    public func finding(_ outcome: String) -> History {
        adding("finding") {
            $0.record(.findingRecorded, plain: [.init("outcome", .string(outcome))], fields: ["summary": "检查情况"])
        }
    }

    /// `case.ended`.
    public func ended(_ ground: String) -> History {
        adding("ended") { $0.record(.caseEnded, plain: [.init("ground", .string(ground))]) }
    }

    /// `case.filed`.
    public func filed(archivist: String? = "档案员") -> History {
        adding("filed") { teller in
            teller.record(
                .caseFiled, plain: [.init("withDefects", false), .init("pieces", 9), .init("entries", 40)],
                fields: archivist.map { ["archivist": .string($0)] } ?? [:])
        }
    }

    // MARK: activities and recordings

    /// `activity.began`.
    public func began(_ name: String, kind: String = "siteInspection", officers: [String] = ["甲", "乙"]) -> History {
        adding(name) { teller in
            teller.record(
                .activityBegan,
                plain: [
                    .init("activity", .string(Names.id(name))), .init("kind", .string(kind)),
                    .init("officers", .array(officers.map { .string(Names.id($0)) })),
                    .init("startAt", .integer(teller.now.milliseconds)),
                ], fields: ["place": "示例路1号"], as: name)
        }
    }

    /// `activity.ended`.
    public func finished(_ name: String) -> History {
        adding("\(name).end") { teller in
            teller.record(
                .activityEnded,
                plain: [.init("activity", .string(Names.id(name))), .init("endAt", .integer(teller.now.milliseconds))])
        }
    }

    /// `av.exempted`.
    public func exempted(_ activity: String, reason: String = "tradeSecret", explanation: String? = "涉及商业秘密") -> History
    {
        adding("exempted") { teller in
            teller.record(
                .avExempted,
                plain: [
                    .init("activity", .string(Names.id(activity))), .init("reason", .string(reason)),
                    .init("approvedBy", .string(Names.id("局长"))),
                ], fields: explanation.map { ["explanation": .string($0)] } ?? [:])
        }
    }

    /// `recording.imported`, in the recording's own thread. Without `completedAt` the time is not stated.
    public func imported(_ name: String, form: String = "video", completedAt: String? = nil) -> History {
        adding("\(name).import") { teller in
            var plain: [JSON.Member] = [.init("form", .string(form)), .init("device", "recorder")]
            if let end = completedAt.flatMap({ Instant($0) }) {
                plain.append(.init("completedAt", .integer(end.milliseconds)))
            }
            teller.record(.recordingImported, in: Names.thread(name), plain: plain, as: name)
        }
    }

    /// `recording.linked`.
    public func linked(_ name: String, to activity: String) -> History {
        adding("\(name).link") { teller in
            teller.record(
                .recordingLinked,
                plain: [
                    .init("recording", .string(Names.id(name))), .init("activity", .string(Names.id(activity))),
                ], references: [("recording", name)])
        }
    }

    // MARK: documents

    /// `document.fixed`. Words of `plain` also stand in the skeleton.
    public func fixed(
        _ kind: String, as name: String, data: JSON = .object([]), plain: JSON? = nil, activity: String? = nil,
        about: String? = nil
    ) -> History {
        adding(name) { teller in
            var members: [JSON.Member] = [
                .init("document", .string(Names.id(name))), .init("kind", .string(kind)),
            ]
            if let activity { members.append(.init("activity", .string(Names.id(activity)))) }
            if let about { members.append(.init("about", .string(Names.id(about)))) }
            if let plain { members.append(.init("data", plain)) }
            teller.record(.documentFixed, plain: members, fields: ["data": data], as: name)
        }
    }

    /// `document.signed`.
    public func signed(
        _ document: String, slot: String, by person: String? = nil, manner: SigningManner = .screen,
        decision: SigningDecision? = nil, sealed: Bool = false, opinion: String? = nil, reason: String? = nil,
        at stated: String? = nil
    ) -> History {
        adding("\(document).\(slot)") { teller in
            let instant = stated.flatMap { Instant($0) }
            var plain: [JSON.Member] = [
                .init("document", .string(Names.id(document))), .init("slot", .string(slot)),
                .init("manner", .string(manner.rawValue)),
                .init("signedAt", .integer((instant ?? teller.now).milliseconds)),
            ]
            if sealed { plain.append(.init("sealed", true)) }
            if let decision { plain.append(.init("decision", .string(decision.rawValue))) }
            if let person { plain.append(.init("by", .string(Names.id(person)))) }
            var fields: [String: JSON] = ["name": "签名人"]
            if let opinion { fields["opinion"] = .string(opinion) }
            if let reason { fields["reason"] = .string(reason) }
            teller.record(
                .documentSigned, plain: plain, fields: fields, stated: instant, references: [("fixed", document)],
                actor: person.map { Names.thread($0) })
        }
    }

    /// `document.issued`.
    public func issued(_ document: String) -> History {
        adding("\(document).issued") { teller in
            teller.record(
                .documentIssued,
                plain: [.init("document", .string(Names.id(document))), .init("year", 2026), .init("number", 1)],
                references: [("fixed", document)])
        }
    }

    /// `document.voided`.
    public func voided(_ document: String) -> History {
        adding("\(document).voided") { teller in
            teller.record(
                .documentVoided, plain: [.init("document", .string(Names.id(document)))], fields: ["reason": "填写有误"])
        }
    }

    // MARK: rights, decision, execution

    /// `statement.recorded`.
    public func statement(
        _ manner: String = "written", facts: String? = "数据有出入", reasons: String? = "误解口径"
    ) -> History {
        adding("statement") { teller in
            var fields: [String: JSON] = ["name": "当事人"]
            if let facts { fields["facts"] = .string(facts) }
            if let reasons { fields["reasons"] = .string(reasons) }
            teller.record(
                .statementRecorded, plain: [.init("manner", .string(manner)), .init("speaker", "party")],
                fields: fields, as: "statement")
        }
    }

    /// `statement.reviewed`.
    public func statementReviewed(reason: String? = "理由不成立") -> History {
        adding("statement-review") { teller in
            var fields: [String: JSON] = ["review": "经复核"]
            if let reason { fields["reason"] = .string(reason) }
            teller.record(
                .statementReviewed, plain: [.init("accepted", "no")], fields: fields,
                references: [("statement", "statement")])
        }
    }

    /// `decision.drafted`.
    public func drafted(_ outcome: String = "penalty", without missing: String? = nil) -> History {
        adding("draft") { teller in
            let plain: [JSON.Member] = [
                .init("drafter", .string(Names.id("甲"))), .init("unitReviewer", .string(Names.id("科长"))),
                .init("outcome", .string(outcome)),
            ]
            var fields: [String: JSON] = ["legalBasis": "统计法", "evidence": "笔录", "factors": "初次", "draft": "警告"]
            if let missing { fields[missing] = nil }
            teller.record(
                .decisionDrafted, plain: plain.filter { $0.key != missing }, fields: fields, as: "draft")
        }
    }

    /// `approval.stepped`: the word of the reviewer whom the newest draft names.
    public func unitReviewed(_ result: String = "passed", by person: String = "科长") -> History {
        adding("unit-review") { teller in
            teller.record(
                .approvalStepped,
                plain: [
                    .init("about", "decision"), .init("person", .string(Names.id(person))),
                    .init("result", .string(result)), .init("step", "reviewer"),
                ], fields: ["opinion": "经核对"], references: [("draft", "draft")], actor: Names.thread(person))
        }
    }

    /// `decision.approved`, on the newest draft.
    public func approved(_ decision: String = "approve", by person: String = "局长", opinion: String? = "同意") -> History {
        adding("approval") { teller in
            teller.record(
                .decisionApproved, plain: [.init("decision", .string(decision))],
                fields: opinion.map { ["opinion": .string($0)] } ?? [:], references: [("draft", "draft")],
                actor: Names.thread(person))
        }
    }

    /// `document.served`.
    public func served(
        _ document: String, receipt: String, method: String = "direct", at stated: String? = nil
    ) -> History {
        adding("served") { teller in
            let instant = stated.flatMap { Instant($0) } ?? teller.now
            teller.record(
                .documentServed,
                plain: [
                    .init("document", .string(Names.id(document))), .init("method", .string(method)),
                    .init("receipt", .string(Names.id(receipt))), .init("servedAt", .integer(instant.milliseconds)),
                ], fields: ["recipient": "示例公司", "place": "示例路1号"], stated: instant)
        }
    }

    /// `performance.recorded`.
    public func performed(
        _ status: String = "complete", at stated: String? = nil, obligation: String? = "缴纳罚款"
    ) -> History {
        adding("performed") { teller in
            let instant = stated.flatMap { Instant($0) } ?? teller.now
            teller.record(
                .performanceRecorded,
                plain: [.init("status", .string(status)), .init("performedAt", .integer(instant.milliseconds))],
                fields: obligation.map { ["obligation": .string($0)] } ?? [:], stated: instant)
        }
    }

    /// `override.given`.
    public func override(
        _ provision: String, step: EntryType, by person: String = "局长", reason: String? = "情况特殊",
        legalBasis: String? = "某规定"
    ) -> History {
        adding("override") { teller in
            var fields: [String: JSON] = [:]
            if let reason { fields["reason"] = .string(reason) }
            if let legalBasis { fields["legalBasis"] = .string(legalBasis) }
            teller.record(
                .overrideGiven, plain: [.init("provision", .string(provision)), .init("step", .string(step.rawValue))],
                fields: fields, actor: Names.thread(person))
        }
    }

    /// `dossier.exported`.
    public func exported(_ audience: String, approvedBy: String? = nil, secrecyCheck: String? = nil) -> History {
        adding("exported") { teller in
            var plain: [JSON.Member] = [.init("audience", .string(audience)), .init("mode", "compact")]
            if let approvedBy { plain.append(.init("approvedBy", .string(Names.id(approvedBy)))) }
            teller.record(
                .dossierExported, plain: plain, fields: secrecyCheck.map { ["secrecyCheck": .string($0)] } ?? [:])
        }
    }

    // MARK: the bureau

    /// `regulation.adopted`.
    public func adopted(_ regulation: String, digest: Digest, from day: String, until last: String? = nil) -> History {
        adding("adopted") { teller in
            var plain: [JSON.Member] = [
                .init("regulation", .string(regulation)), .init("digest", .string(digest.description)),
                .init("inForceFrom", .string(day)),
            ]
            if let last { plain.append(.init("inForceUntil", .string(last))) }
            teller.record(.regulationAdopted, in: Names.thread("bureau"), plain: plain)
        }
    }

    /// `role.granted`.
    public func granted(_ role: Role, to person: String) -> History {
        adding("granted") { teller in
            teller.record(.roleGranted, in: Names.thread(person), plain: [.init("role", .string(role.rawValue))])
        }
    }

    /// Any record.
    public func record(
        _ type: EntryType, as name: String, plain: [JSON.Member] = [], fields: [String: JSON] = [:]
    ) -> History {
        adding(name) { $0.record(type, plain: plain, fields: fields, as: name) }
    }
}

extension History {
    /// Any record: plain members and fields as given, in a thread of this name.
    public func told(
        _ type: EntryType, in thread: String = "case", _ plain: [JSON.Member] = [], fields: [String: JSON] = [:],
        stated: String? = nil, references: [(role: String, name: String)] = [], as name: String? = nil
    ) -> History {
        adding(name ?? type.rawValue) { teller in
            teller.record(
                type, in: Names.thread(thread), plain: plain, fields: fields, stated: stated.flatMap { Instant($0) },
                references: references, as: name)
        }
    }
}

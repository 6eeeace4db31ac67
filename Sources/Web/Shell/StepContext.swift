import Application
import Casework
import Crypto
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

extension SignedInContext {
    /// The case in the address.
    var caseThread: ThreadTag {
        get throws {
            guard let thread = parameters.get("case").flatMap({ ThreadTag($0) }) else { throw WebRefusal.notFound }
            return thread
        }
    }

    /// The person as steps know them, without the secret given again.
    var performer: Performer { Performer(person: identity.person) }

    /// The person with the secret given again for one step.
    func performer(_ proof: SecretProof, for command: CommandID, at now: Instant) -> Performer {
        Performer(
            person: identity.person,
            confirmation: SecretConfirmation(proof, of: identity.person.thread, for: command, at: now))
    }
}

extension Form {
    /// The id that the page was drawn with. What the form begins bears it (a case, a lead, a person), so that one page
    /// begins one thing however often and with whatever words it is sent.
    ///
    /// - Throws: `unreadable` for a form without one, which no page of ours sends.
    var drawn: CommandID {
        get throws {
            guard let id = self[FormFrame.commandField].flatMap({ CommandID($0) }) else {
                throw WebRefusal.unreadable("a form without a command id")
            }
            return id
        }
    }

    /// The id of what the form asks for: the same for the same form sent again, and another for anything else.
    ///
    /// It is made of the id that the page was drawn with, the place and everything that was filled in. Somebody who goes
    /// back, writes other words and sends the page again gets no answer that belongs to the first ones: a page that has
    /// served is old then, and is refused as such. Left out are the secret and the session's token, which may differ when
    /// the same form comes again after signing in, and the number of entries, which is no part of what is asked.
    ///
    /// - Throws: `unreadable` for a form without one, which no page of ours sends.
    var command: CommandID {
        get throws {
            let id = try drawn
            let apart = [FormFrame.commandField, FormFrame.seqField, ForgeryGuard.field, ConfirmSecret.field]
            var hash = SHA256()
            func add(_ part: some Sequence<UInt8> & Collection) {
                withUnsafeBytes(of: UInt64(part.count).littleEndian) { hash.update(bufferPointer: $0) }
                hash.update(data: Array(part))
            }
            add("liuhen/form/v1".utf8)
            add(id.description.utf8)
            add(place.utf8)
            for field in fields where !apart.contains(where: { $0.utf8.elementsEqual(field.name.utf8) }) {
                add(field.name.utf8)
                add(field.value.utf8)
            }
            for file in files {
                add(file.name.utf8)
                add(file.fileName.utf8)
                add(file.bytes)
            }
            guard let made = id.beside(hash.finalize()) else {
                throw WebRefusal.broken("a command id of the wrong length")
            }
            return made
        }
    }

    /// How many entries the thread had when the page was drawn; 0, which no case has, when the form does not say.
    var seq: Int { self[FormFrame.seqField].flatMap { Decimal.strict(Array($0.utf8)) } ?? 0 }
}

extension Casebook {
    /// Whether a command was carried out before.
    func isCarriedOut(_ command: CommandID) async throws(StepRefusal) -> Bool {
        do { return try await store.receipt(of: command) != nil } catch { throw StepRefusal(error) }
    }
}

extension SignedInContext {
    /// Answers a form whose step was carried out before with where it led; `run` carries it out.
    ///
    /// What the form is about is gone afterwards: a proposal is decided, an account no longer waits. A second click that
    /// overtakes the first finds it gone, and is answered as the first (ADR 0035).
    func once(leadingTo done: String, _ run: () async throws -> Response) async throws -> Response {
        let command = try visit.form.command
        if try await bureau.casebook.isCarriedOut(command) { return .seeOther(done) }
        do {
            return try await run()
        } catch WebRefusal.notFound {
            guard try await bureau.casebook.isCarriedOut(command) else { throw WebRefusal.notFound }
            return .seeOther(done)
        }
    }
}

extension BureauServices {
    /// What the thread of a party says of it.
    func subjectDetails(_ thread: ThreadTag) async throws -> Prefill.SubjectDetails {
        var details = Prefill.SubjectDetails()
        for logged in try await office.casebook.threads.entries(of: thread) {
            guard let record = Record(logged.entry) else { continue }
            details.name = record.text("name") ?? details.name
            details.code = record.text("code") ?? details.code
            details.address = record.text("address") ?? details.address
            details.representative = record.text("representative") ?? details.representative
            details.phone = record.text("phone") ?? details.phone
        }
        return details
    }
}

/// Runs a call whose errors are of several kinds inside a step: a refusal stays one, the rest is a fault.
func unwrapped<Value>(_ call: () async throws -> Value) async throws(StepRefusal) -> Value {
    do {
        return try await call()
    } catch let refusal as StepRefusal {
        throw refusal
    } catch let error as StoreError {
        throw StepRefusal(error)
    } catch let refusal as WebRefusal {
        if case .notFound = refusal { throw StepRefusal(.notFound, "没有找到要办理的内容。") }
        throw StepRefusal(.fault, "系统出现故障，未作任何更改。请稍后再试。")
    } catch {
        throw StepRefusal(.fault, "系统出现故障，未作任何更改。请稍后再试。")
    }
}

extension Response {
    /// A small JSON answer for our own scripts.
    static func json(_ value: JSON) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: value.canonicalBytes)))
    }

    /// A picture.
    static func png(_ bytes: [UInt8]) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "image/png"
        headers[.cacheControl] = "private, no-store"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

import Kernel
import Ledger
import TestKit
import Testing

@Suite("Signed notes")
struct NoteTests {
    static let seed = [UInt8](repeating: 7, count: 32)
    static let text = Array("第一行\n\nthird line\n".utf8)

    private func key(_ name: String = "example.org/log", seed: [UInt8] = Self.seed) throws -> SigningKey {
        try #require(SigningKey(name: name, seed: seed))
    }

    @Test("what was signed opens under its key, blank lines in the text included")
    func roundTrip() throws {
        let key = try key()
        let note = try SignedNote(key.sign(Self.text))
        #expect(note.text == Self.text)
        #expect(try note.verify(with: [key.verifier]) == [key.verifier])
        #expect(SigningKey(encoded: key.encoded)?.verifier == key.verifier)
        #expect(VerifierKey(key.verifier.description) == key.verifier)
    }

    @Test("a lone bit flipped anywhere in a note is refused")
    func everyBit() throws {
        let key = try key()
        let note = try key.sign(Self.text)
        for bit in 0..<(note.count * 8) {
            var changed = note
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: NoteError.self) { try SignedNote(changed).verify(with: [key.verifier]) }
        }
    }

    @Test("a note cut at any byte, or with a byte added, is refused")
    func everyLength() throws {
        let key = try key()
        let note = try key.sign(Self.text)
        for count in 0..<note.count {
            #expect(throws: NoteError.self) { try SignedNote(Array(note.prefix(count))).verify(with: [key.verifier]) }
        }
        for byte in UInt8.min...UInt8.max {
            #expect(throws: NoteError.self) { try SignedNote(note + [byte]).verify(with: [key.verifier]) }
            #expect(throws: NoteError.self) { try SignedNote([byte] + note).verify(with: [key.verifier]) }
        }
    }

    @Test("lines of unknown keys are ignored, also those that share a name or an id with a known key")
    func unknownKeys() throws {
        let (key, other) = (try key(), try key(seed: [UInt8](repeating: 8, count: 32)))
        let note = try key.sign(Self.text)
        let sameID = Array("— other.example/log \(Base64.encode(key.verifier.id.bytes + [1, 2, 3]))\n".utf8)
        let strange = Array("— grease.example/x \(Base64.encode([0, 0, 0, 0, 0xFF]))\n".utf8)
        let mixed =
            Self.text + [10] + sameID + strange + (try other.signatureLine(for: Self.text))
            + note.suffix(from: Self.text.count + 1)
        #expect(try SignedNote(mixed).verify(with: [key.verifier]) == [key.verifier])
        #expect(try SignedNote(mixed).verify(with: [key.verifier, other.verifier]).count == 2)
        #expect(throws: NoteError(.unknownSigner)) {
            try SignedNote(note).verify(with: [other.verifier])
        }
        #expect(throws: NoteError(.unknownSigner)) { try SignedNote(note).verify(with: []) }
    }

    @Test("one bad signature of a known key spoils the note beside good ones, whatever the order")
    func badBesideGood() throws {
        let key = try key()
        let good = try key.signatureLine(for: Self.text)
        let bad = try key.signatureLine(for: Array("another text\n".utf8))
        let short = Array("— example.org/log \(Base64.encode(key.verifier.id.bytes + [1]))\n".utf8)
        for lines in [good + bad, bad + good, good + short, bad] {
            #expect(throws: NoteError(.badSignature(key.verifier.id))) {
                try SignedNote(Self.text + [10] + lines).verify(with: [key.verifier])
            }
        }
        #expect(try SignedNote(Self.text + [10] + good + good).verify(with: [key.verifier]) == [key.verifier])
    }

    @Test("sixteen signatures and a hundred are read, a hundred and one are refused")
    func signatureCount() throws {
        let key = try key()
        let strange = Array("— grease.example/x \(Base64.encode([0, 0, 0, 0, 0xFF]))\n".utf8)
        let good = try key.signatureLine(for: Self.text)
        for count in [15, 99] {
            let lines = Array(repeating: strange, count: count).joined()
            #expect(try SignedNote(Self.text + [10] + lines + good).verify(with: [key.verifier]).count == 1)
        }
        let lines = Array(repeating: strange, count: 100).joined()
        #expect(throws: NoteError(.tooManySignatures)) { try SignedNote(Self.text + [10] + lines + good) }
    }

    @Test(
        "malformed notes are refused",
        arguments: [
            "", "\n", "\n\n", "text\n", "text\n\n", "text\n\nname AAAAAAA=\n", "text\n\n— name\n", "text\n\n— name \n",
            "text\n\n—  AAAAAAA=\n", "text\n\n— na+me AAAAAAA=\n", "text\n\n— name AAAA\n", "text\n\n— name AAAAAAA=",
            "text\n\n— name AAAAAAA= \n", "text\n\n— name  AAAAAAA=\n", "text\n\n- name AAAAAAA=\n",
            "te\u{1}xt\n\n— name AAAAAAA=\n",
            "te\txt\n\n— name AAAAAAA=\n", "text\r\n\r\n— name AAAAAAA=\n", "text\n\n— na\u{3000}me AAAAAAA=\n",
            "text\n\n— na\u{A0}me AAAAAAA=\n", "text\n\n— name AAAAAAB=\n",
        ])
    func malformed(text: String) {
        #expect(throws: NoteError.self) { try SignedNote(Array(text.utf8)) }
    }

    @Test("the least note of the right form is read")
    func least() throws {
        #expect(try SignedNote(Array("\n\n— n AAAAAAA=\n".utf8)).text == [10])
    }

    @Test("bytes that are not UTF-8 are refused, in the text and in names")
    func encoding() {
        #expect(throws: NoteError(.text)) { try SignedNote([0xFF, 10, 10] + Array("— name AAAAAAA=\n".utf8)) }
        #expect(throws: NoteError(.text)) {
            try SignedNote(Array("text\n\n— ".utf8) + [0xC3, 0x28] + Array(" AAAAAAA=\n".utf8))
        }
    }

    @Test("text that no note can hold is not signed")
    func unsignable() throws {
        let key = try key()
        for text in ["abc", "", "a\tb\n", "a\u{0}\n"] {
            #expect(throws: NoteError(.text)) { try key.sign(Array(text.utf8)) }
        }
        for name in ["", "a b", "a+b", "a\u{3000}b", "a\nb"] { #expect(SigningKey(name: name, seed: Self.seed) == nil) }
    }
}

@Suite("Vectors of golang.org/x/mod and C2SP", .enabled(if: Vectors.present, "LIUHEN_VECTORS is not set"))
struct NoteVectorTests {
    @Test("signatures are byte for byte those of Go's note package")
    func golangNotes() throws {
        let cases = try Vectors.json("golang-mod/extracted/note_sign.json")["cases"].array
        #expect(cases.count == 3)
        for vector in cases {
            let text = Array(try #require(vector["text"].string).utf8)
            let key: SigningKey?
            if let seed = vector["seed_hex"].string {
                key = Hex.decode(seed.utf8).flatMap { SigningKey(name: "EnochRoot", seed: $0) }
            } else {
                key = vector["skey"].string.flatMap { SigningKey(encoded: $0) }
            }
            guard let vkey = vector["vkey"].string else {
                #expect(throws: NoteError(.text)) { try SigningKey(name: "n", seed: NoteTests.seed)?.sign(text) }
                continue
            }
            let signer = try #require(key)
            #expect(signer.verifier.description == vkey)
            if let signed = vector["signed"].string { #expect(try signer.sign(text) == Array(signed.utf8)) }
            if let line = vector["signature_line"].string {
                #expect(try signer.signatureLine(for: text) == Array("\(line.trimmingNewline)\n".utf8))
            }
        }
    }

    @Test("verifier keys: the valid are read and printed alike, the invalid and every mutation are refused")
    func golangKeys() throws {
        let json = try Vectors.json("golang-mod/extracted/vkeys.json")
        for text in json["valid"].array.compactMap(\.string) { #expect(VerifierKey(text)?.description == text) }
        for vector in json["invalid"].array { #expect(try VerifierKey(#require(vector["vkey"].string)) == nil) }
        let first = Array(try #require(json["valid"].array.first?.string).utf8)
        for start in first.indices {
            for end in start...first.count where end - start < first.count {
                #expect(VerifierKey(String(decoding: first[start..<end], as: UTF8.self)) == nil)
            }
            for delta in UInt8(1)...255 {
                var changed = first
                changed[start] &+= delta
                if let text = String(validating: changed, as: UTF8.self) { #expect(VerifierKey(text) == nil) }
            }
        }
    }

    @Test("the examples printed in the C2SP specifications")
    func c2sp() throws {
        let json = try Vectors.json("C2SP/spec_examples.json")
        let key = try #require(json["signed_note"]["vkey"].string.flatMap { VerifierKey($0) })
        let note = try SignedNote(Array(try #require(json["signed_note"]["note"].string).utf8))
        #expect(try note.verify(with: [key]) == [key])
        #expect(try SignedNote(Array(try #require(json["signed_note_format_only"].string).utf8)).signatures.count == 1)
        for (member, count) in [("checkpoint_format_only", 1), ("cosigned_checkpoint_format_only", 2)] {
            let note = try SignedNote(Array(try #require(json[member].string).utf8))
            #expect(note.signatures.count == count)
            let checkpoint = try Checkpoint(text: note.text)
            #expect(checkpoint.origin == "example.com/behind-the-sofa")
            #expect(checkpoint.size == 20_852_163)
            #expect(checkpoint.text == note.text)
        }
    }

    @Test("the checkpoint of C2SP issue 99 is signed byte for byte")
    func issue99() throws {
        let json = try Vectors.json("C2SP/issue_99_checkpoint.json")
        let note = Array(try #require(json["note"].string).utf8)
        let origin = try #require(json["note"].string?.split(separator: "\n").first.map { String($0) })
        let seed = try #require(json["ed25519_seed_hex"].string.flatMap { Hex.decode($0.utf8) })
        let key = try #require(SigningKey(name: origin, seed: seed))
        #expect(Hex.encode(key.verifier.publicKey) == json["ed25519_public_key_hex"].string)
        let head = try VerifiedCheckpoint(note: note, key: key.verifier)
        #expect(head.checkpoint.size == 10)
        #expect(try head.checkpoint.signed(by: key) == note)
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}

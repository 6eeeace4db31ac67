import Kernel
import TestKit
import Testing

@Suite("Digest")
struct DigestTests {
    @Test("bytes and text go in and come out unchanged")
    func roundTrip() {
        var random = SeededRandom(1)
        for _ in 0..<200 {
            let bytes = random.bytes(32)
            let digest = Digest(bytes)
            #expect(digest?.bytes == bytes)
            #expect(digest.map { Digest($0.description) } == digest)
            #expect(digest?.description == Hex.encode(bytes))
        }
    }

    @Test("every other length than 32 bytes or 64 digits is refused")
    func lengths() {
        for count in 0...70 where count != 32 {
            #expect(Digest([UInt8](repeating: 7, count: count)) == nil)
        }
        for count in 0...130 where count != 64 {
            #expect(Digest(String(repeating: "a", count: count)) == nil)
        }
        #expect(Digest(String(repeating: "A", count: 64)) == nil)
        #expect(Digest(String(repeating: "a", count: 63) + "g") == nil)
    }

    @Test("order is that of the bytes")
    func order() throws {
        var random = SeededRandom(2)
        for position in 0..<32 {
            var low = random.bytes(32)
            var high = low
            low[position] = 0x7F
            high[position] = 0x80
            let (left, right) = (try #require(Digest(low)), try #require(Digest(high)))
            #expect(left < right)
            #expect(!(right < left))
            #expect(left.bytes.lexicographicallyPrecedes(right.bytes))
        }
    }

    @Test("one changed bit makes another digest")
    func bits() {
        let zero = Digest.zero.bytes
        for bit in 0..<256 {
            var changed = zero
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(Digest(changed) != .zero)
        }
    }
}

@Suite("Hex and base64")
struct TextCodingTests {
    @Test("hex of every byte reads back, and only in lower case")
    func hexBytes() {
        for byte in UInt8.min...UInt8.max {
            let text = Hex.encode([byte])
            #expect(Hex.decode(text.utf8) == [byte])
            #expect(Hex.decode(text.uppercased().utf8) == (text == text.uppercased() ? [byte] : nil))
        }
    }

    @Test("hex refuses every pair that is not two digits, and every odd length")
    func hexStrict() {
        let digits = Set("0123456789abcdef".utf8)
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                #expect((Hex.decode([first, second]) != nil) == (digits.contains(first) && digits.contains(second)))
            }
        }
        #expect(Hex.decode("abc".utf8) == nil)
        #expect(Hex.decode("".utf8) == [])
    }

    @Test("base64 agrees with the examples of RFC 4648")
    func base64Examples() {
        let examples = [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
            "foobar": "Zm9vYmFy",
        ]
        for (plain, coded) in examples {
            #expect(Base64.encode(Array(plain.utf8)) == coded)
            #expect(Base64.decode(coded.utf8) == Array(plain.utf8))
        }
    }

    @Test("base64 of random bytes of every length to 100 reads back")
    func base64RoundTrip() {
        var random = SeededRandom(3)
        for count in 0...100 {
            let bytes = random.bytes(count)
            #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
        }
    }

    @Test("a base64 value has one spelling: no text of four characters decodes to what another decodes to")
    func base64OneSpelling() {
        // All two-byte values have 2^16 spellings; count the texts of the form xyz= and xy== that are taken.
        let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var taken = 0
        for first in characters.prefix(8) {
            for second in characters {
                for third in characters {
                    if Base64.decode([first, second, third, UInt8(ascii: "=")]) != nil { taken += 1 }
                }
                let short = Base64.decode([first, second, UInt8(ascii: "="), UInt8(ascii: "=")])
                #expect((short != nil) == (characters.firstIndex(of: second).map { $0 % 16 == 0 } ?? false))
            }
        }
        #expect(taken == 8 * 64 * 16)
    }

    @Test(
        "base64 refuses foreign characters, wrong padding and wrong lengths",
        arguments: [
            "Zg=", "Zg", "Z", "Zg===", "=Zg=", "Z=g=", "Zm9v=", "Zm9v====", "====", "Zm 9", "Zm9\n", "Zm9-", "Zm9_",
            "Zg=a",
        ])
    func base64Strict(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }
}

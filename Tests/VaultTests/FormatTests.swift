import Application
import Crypto
import Foundation
import Kernel
import Testing

@testable import Vault

/// The vectors of docs/formats-vault.md, made by another implementation of AES-GCM from the text alone.
@Suite("The vault's formats")
struct FormatTests {
    static let id = ObjectID(high: 0x0001_0203_0405_0607, low: 0x0809_0A0B_0C0D_0E0F)
    static let keyFile = """
        6c697568656e2f6b65792f76310a0000b399fdad15fb9c4622222222222222222222222243b4dc1a0c57d32b82c23e8f\
        d19371e2c0b2626ee9c8a8616b785589803f5e7c4b375baee6681abf4d335ffc57e8a5cc
        """
    static let head = """
        6c697568656e2f6f626a6563742f76310a00000000000000000102030405060708090a0b0c0d0e0f0000000000000005\
        0004000000000000000000000000000022222222222222222222222217f70749c0cf9f5ac9cd938617164adb397bf6c8\
        af384ed5495914b41646275d367b9860c02361fa493b8185e56c22172b62b34ea0661791ac8f6e77e4d39c614ef64dc2\
        1d0ce9b375e33975201ec0e2c88349db669cee4b
        """
    static let segment = """
        2222222222222222222222227f926b25af5cafe85be24bd49420fe52a304495f2a
        """
    static let journal = """
        6c697568656e2f75706c6f61642f76310a00000000000000000000000000000000000085222222222222222222222222\
        6cd56530b4aadc309051aa1e7293c5f77ce1a8831ee4c869687f26ca6c99156a371ad820699acce77c68dd1dd6687919\
        91bffb16f4161b8ad556d0dbc047cddd0fe2794a73bf7322db5106a127d9ce3cd58d930e33deea636931e19a0e9231e4\
        b871632e4967b96c21b7111dfda06f757a0d9e31eaf4a17bf60000002b22222222222222222222222217f70749c0cf9f\
        5ce53fde3c20c385b4d1789ce4c1144d3ad8d13ef97d8f33
        """

    @Test("a vault opens the published key file and object")
    func object() async throws {
        let directory = try ScratchDirectory()
        try await FileVault.create(at: directory.path)
        let layout = Layout(root: directory.path)
        let vaultKey = try #require(VaultKey([UInt8](repeating: 0x33, count: 32)))
        let keyFile = try #require(Hex.decode(FormatTests.keyFile.utf8))
        let head = try #require(Hex.decode(FormatTests.head.utf8))
        let segment = try #require(Hex.decode(FormatTests.segment.utf8))
        try overwrite(layout.key(FormatTests.id), keyFile)
        try overwrite(layout.object(FormatTests.id), head + [UInt8](repeating: 0, count: 92) + segment)
        let vault = try await FileVault.open(at: directory.path, keys: VaultKeys(current: vaultKey))
        #expect(try await vault.read(FormatTests.id, at: 0, upTo: 10) == Array("hello".utf8))
        #expect(
            try await vault.scrub(FormatTests.id, bytesPerSecond: nil)
                == plainFacts(Array("hello".utf8), id: FormatTests.id))
        await vault.close()
    }

    @Test("the published journal is read to its offset")
    func replay() throws {
        let bytes = try #require(Hex.decode(FormatTests.journal.utf8))
        let key = SymmetricKey(data: [UInt8](repeating: 0x11, count: 32))
        let replay = try #require(
            UploadJournal.replay(id: FormatTests.id, key: key) { offset, count in
                Array(bytes.dropFirst(Int(offset)).prefix(count))
            })
        #expect(replay.offset == 3 && replay.tail == Array("hel".utf8) && replay.declaration.byteCount == 5)
        #expect(replay.declaration.owner == ThreadTag(high: 1, low: 2) && replay.chunks.isEmpty)
        #expect(replay.declaration.expires == Instant(milliseconds: UploadDeclaration.shortestLife))
    }

    @Test("the documentation shows these very bytes")
    func documentation() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/formats-vault.md"), encoding: .utf8)
        let joined = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined()
        for vector in [FormatTests.keyFile, FormatTests.head, FormatTests.segment, FormatTests.journal] {
            #expect(joined.contains(vector))
        }
    }
}

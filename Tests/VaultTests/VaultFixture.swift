import Application
import Crypto
import Foundation
import Glibc
import Kernel
import Ledger
import TestKit

@testable import Vault

/// A new vault in a directory of its own.
struct VaultFixture: Sendable {
    let directory: ScratchDirectory
    let keys: VaultKeys
    let vault: FileVault

    var path: String { directory.path + "/vault" }
    var layout: Layout { Layout(root: path) }

    static func make(
        operations: any FileOperations = LinuxFileOperations(),
        configuration: FileVault.Configuration = .small, inMemory: Bool = false
    ) async throws -> VaultFixture {
        let directory = try ScratchDirectory(inMemory: inMemory)
        let keys = VaultKeys(current: .random())
        try await FileVault.create(at: directory.path + "/vault")
        let vault = try await FileVault.open(
            at: directory.path + "/vault", keys: keys, configuration: configuration, operations: operations)
        return VaultFixture(directory: directory, keys: keys, vault: vault)
    }

    /// The vault opened anew, as after a restart.
    func reopened(
        operations: any FileOperations = LinuxFileOperations(), configuration: FileVault.Configuration = .small
    ) async throws -> VaultFixture {
        await vault.close()
        let next = try await FileVault.open(
            at: path, keys: keys, configuration: configuration, operations: operations)
        return VaultFixture(directory: directory, keys: keys, vault: next)
    }

    func declare(_ byteCount: Int, expires: Int64 = UploadDeclaration.shortestLife) -> UploadDeclaration {
        UploadDeclaration(
            byteCount: Int64(byteCount), owner: Fixed.owner, metadata: Fixed.metadata,
            created: Instant(milliseconds: 0), expires: Instant(milliseconds: expires))
    }

    /// Appends `bytes` to an upload in one go.
    @discardableResult
    func append(_ bytes: ArraySlice<UInt8>, to id: UploadID, checksum: UploadChecksum? = nil) async throws -> Int64 {
        let offset = try await vault.upload(id).offset
        let writer = try await vault.append(
            to: id, at: offset, byteCount: Int64(bytes.count), checksum: checksum)
        do {
            try await writer.append(Array(bytes))
        } catch {
            await writer.discard()
            throw error
        }
        return try await writer.commit()
    }

    /// Every byte of every file below the vault, for searches.
    func rawFiles() throws -> [(path: String, bytes: [UInt8])] {
        try FileManager.default.subpathsOfDirectory(atPath: path).compactMap { name in
            FileManager.default.contents(atPath: path + "/" + name).map { (name, Array($0)) }
        }
    }
}

/// A directory of one test, removed with it.
final class ScratchDirectory: Sendable {
    let path: String

    /// - Parameter inMemory: for tests that break the disk themselves and would only wait for the real one.
    init(inMemory: Bool = false) throws {
        let memory = "/dev/shm"
        let base =
            inMemory && FileManager.default.isWritableFile(atPath: memory)
            ? memory : FileManager.default.temporaryDirectory.path
        path = base + "/liuhen-vault-\(ObjectID.random())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

enum Fixed {
    static let owner = ThreadTag(high: 1, low: 2)
    static let metadata = UploadMetadata("filename 5omn5rOV6K6w5b2VLm1wNA==,kind dmlkZW8=") ?? .none
}

extension FileVault.Configuration {
    /// No reserve, so that tests run on a small disk; small objects are written past the page cache already.
    static var small: FileVault.Configuration {
        var configuration = FileVault.Configuration()
        configuration.reserve = 0
        configuration.directFrom = 600_000
        return configuration
    }
}

/// The file once more, through the cache, on whatever file system the tests run: for the way past it.
func reopened(_ descriptor: Int32) -> Int32? {
    let again = Glibc.open("/proc/self/fd/\(descriptor)", O_RDWR | O_CLOEXEC)
    return again >= 0 ? again : nil
}

/// Bytes that no two positions share for long: fast to make, and wrong as soon as anything moves.
func patterned(_ count: Int, seed: UInt64 = 7) -> [UInt8] {
    var random = SeededRandom(seed)
    return [UInt8](unsafeUninitializedCapacity: count + 8) { buffer, initialized in
        let raw = UnsafeMutableRawBufferPointer(buffer)
        for position in stride(from: 0, to: count, by: 8) {
            raw.storeBytes(of: random.next(), toByteOffset: position, as: UInt64.self)
        }
        initialized = count
    }
}

/// The facts of plain bytes, computed another way than the vault does.
func plainFacts(_ bytes: [UInt8], id: ObjectID) -> ObjectFacts {
    let chunks = stride(from: 0, to: bytes.count, by: 1 << 20).map { start in
        Array(SHA256.hash(data: bytes[start..<min(bytes.count, start + (1 << 20))]))
    }
    return ObjectFacts(
        id: id, byteCount: Int64(bytes.count), sha256: Kernel.Digest.sha256(bytes), chunkRoot: merkle(chunks[...]))
}

/// RFC 6962 section 2.1 as it is written there.
private func merkle(_ leaves: ArraySlice<[UInt8]>) -> Kernel.Digest {
    if leaves.isEmpty { return Kernel.Digest.sha256([]) }
    if leaves.count == 1 { return Kernel.Digest.sha256([0] + leaves[leaves.startIndex]) }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return Kernel.Digest.sha256([1] + merkle(leaves[..<middle]).bytes + merkle(leaves[middle...]).bytes)
}

/// The code of the vault error that `body` throws; nil if it throws none.
func code(_ body: () async throws -> Void) async -> VaultError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? VaultError)?.code
    }
}

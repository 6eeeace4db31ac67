import Foundation
import GRDB
import Kernel
import TestKit
import Testing

@testable import Store

/// What is said of a bureau by what lies in its three directories.
@Suite("Parts of a bureau", .serialized)
struct BureauPartsTests {
    private let directory: TemporaryDirectory
    private let bureau: BureauTag
    private var root: String { directory.path }

    init() throws {
        directory = try TemporaryDirectory()
        bureau = try #require(BureauTag("qinghe"))
    }

    private var parts: BureauParts {
        BureauParts(data: root + "/data", keys: root + "/keys", lock: root + "/lock", bureau: bureau)
    }

    private static let files = [
        "keys/qinghe/log.key", "keys/qinghe/receipt.key", "keys/qinghe/vault.key", "keys/qinghe/session.key",
        "data/bureaus/qinghe/vault/format",
    ]

    private func make(_ files: [String]) throws {
        for file in files { try directory.write([1], to: file) }
    }

    /// A file of SQLite with one table, filled or not.
    private func database(_ path: String, _ table: String, rows: [String] = []) throws {
        let whole = "\(root)/\(path)"
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: whole).deletingLastPathComponent().path, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: whole)
        try queue.write { db in
            try db.execute(sql: "CREATE TABLE \(table) (bureau TEXT)")
            for row in rows { try db.execute(sql: "INSERT INTO \(table) VALUES (?)", arguments: [row]) }
        }
        try queue.close()
    }

    private func lock(size: Int64) throws {
        try FileManager.default.createDirectory(atPath: root + "/lock", withIntermediateDirectories: true)
        try LockFile(path: root + "/lock/qinghe.lock").write(LockedHead(log: 1, size: size, root: .zero, note: [1]))
    }

    /// A bureau with everything.
    private func makeWhole() throws {
        try make(Self.files)
        try database("data/bureaus/qinghe/ledger.sqlite", "entry", rows: ["1"])
        try database("data/installation.sqlite", "credential", rows: ["qinghe"])
        try lock(size: 1)
    }

    @Test("a whole bureau lacks nothing, is no unfinished one, and somebody can sign in")
    func whole() throws {
        try makeWhole()
        #expect(parts.missing.isEmpty && !parts.isUnfinished && parts.signInProblem == nil && parts.hasRecords)
        #expect(
            BureauParts.bureaus(data: root + "/data", keys: root + "/keys", lock: root + "/lock") == [bureau])
    }

    @Test(
        "each part that is gone is named with its path and a way on, and no bureau that has lost one counts as unfinished",
        arguments: [
            "data/bureaus/qinghe/ledger.sqlite", "data/bureaus/qinghe/vault", "keys/qinghe", "keys/qinghe/log.key",
            "keys/qinghe/receipt.key", "keys/qinghe/vault.key", "keys/qinghe/session.key",
        ])
    func gone(part: String) throws {
        try makeWhole()
        try FileManager.default.removeItem(atPath: "\(root)/\(part)")
        let missing = try #require(parts.missing.first)
        #expect(parts.missing.count == 1 && missing.path == "\(root)/\(part)")
        #expect(missing.chinese.contains(missing.path) && missing.chinese.contains("恢复"))
        #expect(!parts.isUnfinished)
    }

    @Test("a log's key of a later log is a log's key; the certificate of the machine is no bureau")
    func laterLog() throws {
        try makeWhole()
        try FileManager.default.moveItem(
            atPath: root + "/keys/qinghe/log.key", toPath: root + "/keys/qinghe/log-2.key")
        #expect(parts.missing.isEmpty)
        try make(["keys/tls/authority.pem"])
        try FileManager.default.createDirectory(atPath: root + "/keys/half", withIntermediateDirectories: true)
        let found = BureauParts.bureaus(data: root + "/data", keys: root + "/keys", lock: root + "/lock")
        #expect(found.map(\.description) == ["half", "qinghe"])
    }

    @Test(
        "what a founding has made before it was killed is unfinished, whichever part came last",
        arguments: [
            ["keys/qinghe/log.key"], ["keys/qinghe/log.key", "data/bureaus/qinghe/other"],
            files, ["data/bureaus/qinghe/other"],
        ])
    func unfinished(files: [String]) throws {
        try make(files)
        #expect(parts.isUnfinished)
        #expect(!parts.leftOvers.isEmpty && parts.leftOvers.allSatisfy { FileManager.default.fileExists(atPath: $0) })
        // With an empty ledger and the lock file of it too.
        if files.contains("keys/qinghe/log.key") {
            try database("data/bureaus/qinghe/ledger.sqlite", "entry")
            try lock(size: 0)
            #expect(parts.isUnfinished)
        }
        for path in parts.leftOvers { try FileManager.default.removeItem(atPath: path) }
        #expect(!parts.isUnfinished && parts.leftOvers.isEmpty)
    }

    @Test("one trace of a record is enough to be no unfinished founding")
    func traces() throws {
        let traces: [(String, (BureauPartsTests) throws -> Void)] = [
            ("record", { try $0.database("data/bureaus/qinghe/ledger.sqlite", "entry", rows: ["1"]) }),
            ("lock", { try $0.lock(size: 3) }), ("object", { try $0.make(["data/bureaus/qinghe/vault/objects/00/x"]) }),
            ("account", { try $0.database("data/installation.sqlite", "credential", rows: ["qinghe"]) }),
        ]
        for (name, leave) in traces {
            let other = try BureauPartsTests()
            try other.make(Self.files)
            #expect(other.parts.isUnfinished)
            try leave(other)
            #expect(!other.parts.isUnfinished, "\(name)")
        }
        // A ledger alone, given to be verified, is a copy and no founding, whatever can be read of it.
        try make(["data/bureaus/qinghe/ledger.sqlite"])
        #expect(!parts.isUnfinished)
    }

    @Test("sign-in data that are gone, unreadable or of another bureau let nobody in, and the way on is named")
    func signIn() throws {
        let path = root + "/data/installation.sqlite"
        try make(Self.files)
        #expect(parts.signInProblem?.contains("没有登录数据文件 \(path)") == true && !parts.hasSignInData)
        try directory.write(Array(repeating: 7, count: 9000), to: "data/installation.sqlite")
        #expect(parts.signInProblem?.contains("\(path) 不能读取") == true && !parts.hasSignInData)
        try FileManager.default.removeItem(atPath: path)
        try database("data/installation.sqlite", "credential", rows: ["other"])
        #expect(parts.signInProblem?.contains("没有一个账号设有密码") == true && parts.hasSignInData)
        for problem in [parts.signInProblem] { #expect(problem?.contains("account reset --bureau qinghe") == true) }
        #expect(!FileManager.default.fileExists(atPath: root + "/lock"))
    }
}

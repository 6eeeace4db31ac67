// swift-tools-version: 6.2
// Liuhen (留痕): records the whole course of administrative enforcement so that anybody outside can check it.
// Arrows between targets point down only; adapters (Store, Vault, Rulebook, Press, Inspection, Web) never
// import each other. docs/architecture.md says what each boundary forbids.
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// The commands of the fault tests are in debug builds; with this in a release build as well, for `make soak`.
let faults: [SwiftSetting] = Context.environment["LIUHEN_WITH_FAULTS"] == nil ? [] : [.define("FAULTS")]

let package = Package(
    name: "liuhen",
    products: [
        .executable(name: "liuhen", targets: ["liuhen"]),
        .executable(name: "liuhen-verify", targets: ["liuhen-verify"]),
        .library(
            name: "LiuhenCore",
            targets: ["Kernel", "Ledger", "Casework", "Application", "Store", "Vault", "Rulebook", "Press"]),
        // For Benchmarks, which measures on the same histories and dossiers that the tests check.
        .library(name: "LiuhenTestKit", targets: ["TestKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // Typed ids, days, instants, digests, canonical bytes, HTML escaping. No Foundation, no locale, no I/O.
        .target(name: "Kernel", swiftSettings: settings),
        // Entries, commitments, Merkle tree, tiles, proofs, checkpoints, dossier: all an outsider needs, nothing else.
        .target(
            name: "Ledger",
            dependencies: ["Kernel", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings),
        // The law and the case, pure: cases, documents, recordings, regulations, duties, deadlines. No clock, no I/O, no async.
        .target(name: "Casework", dependencies: ["Kernel"], swiftSettings: settings),
        // The use cases, and the ports they need: store, vault, press, inspector, rulebook, clock, ids.
        .target(
            name: "Application",
            dependencies: [
                "Casework", "Ledger", "Kernel",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        // Entries, log and projections in SQLite; one sequencer writes; the lock file.
        .target(
            name: "Store",
            dependencies: [
                "Application", "Ledger", "Casework", "Kernel", "CLinux",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings + faults),
        // Linux calls that Swift's Glibc module does not show (GNU only).
        .target(name: "CLinux"),
        // Evidence bytes on disk: hashed, sealed, durable, readable by ranges.
        .target(
            name: "Vault",
            dependencies: [
                "Application", "Ledger", "Kernel", "CLinux",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        // Regulations/ and Documents/ read from YAML, with errors that name line and column.
        .target(
            name: "Rulebook",
            dependencies: [
                "Application", "Casework", "Kernel",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        // Documents to PDF/A and page previews through a warm typst worker.
        .target(
            name: "Press",
            dependencies: [
                "Application", "Casework", "Kernel",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        // Media facts by ffprobe on a private unlinked copy, within limits of time and memory.
        .target(
            name: "Inspection",
            dependencies: [
                "Application", "Casework", "Kernel", "CLinux",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
        // Pages, uploads, the ledger's public files. No SQL here.
        .target(
            name: "Web",
            dependencies: [
                "Application", "Casework", "Ledger", "Kernel",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        // A fictional bureau with cases in several stages.
        .target(name: "Demo", dependencies: ["Application", "Casework", "Kernel"], swiftSettings: settings),
        // The one program of a bureau's server.
        .executableTarget(
            name: "liuhen",
            dependencies: [
                "Web", "Store", "Vault", "Rulebook", "Press", "Inspection", "Demo",
                "Application", "Casework", "Ledger", "Kernel", "CLinux",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: settings + faults),
        // Checks a dossier or a ledger offline. No database, no web server in it.
        .executableTarget(
            name: "liuhen-verify",
            dependencies: [
                "Ledger", "Kernel",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // Fixtures, fake ports, exhaustive small scopes, golden files: shared by the tests.
        .target(
            name: "TestKit",
            dependencies: ["Application", "Casework", "Ledger", "Kernel"],
            path: "Tests/TestKit", swiftSettings: settings),
        .testTarget(name: "KernelTests", dependencies: ["Kernel", "TestKit"], swiftSettings: settings),
        .testTarget(
            name: "LedgerTests", dependencies: ["Ledger", "Kernel", "TestKit"], exclude: ["Golden"],
            swiftSettings: settings),
        .testTarget(
            name: "CaseworkTests", dependencies: ["Casework", "Kernel", "Rulebook", "TestKit"], swiftSettings: settings),
        .testTarget(
            name: "ApplicationTests",
            dependencies: [
                "Application", "Rulebook", "Store", "Vault", "Demo", "Casework", "Ledger", "Kernel", "TestKit",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Store", "TestKit", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: settings),
        .testTarget(name: "VaultTests", dependencies: ["Vault", "TestKit"], swiftSettings: settings),
        .testTarget(
            name: "RulebookTests", dependencies: ["Rulebook", "TestKit"], exclude: ["Golden"], swiftSettings: settings),
        .testTarget(name: "PressTests", dependencies: ["Press", "Rulebook", "TestKit"], swiftSettings: settings),
        .testTarget(
            name: "InspectionTests", dependencies: ["Inspection", "CLinux", "TestKit"], swiftSettings: settings),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "Store", "Vault", "Rulebook", "TestKit",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            exclude: ["__Golden__"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)

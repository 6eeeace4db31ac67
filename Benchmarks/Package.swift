// swift-tools-version: 6.2
// The measurements of `make bench`: a package of its own, so that the product carries none of it.
//
// Built with the product's own scratch path (scripts/bench.sh), so that no dependency is compiled twice; the version of
// GRDB must therefore be the product's. docs/adr/0011-benchmarks.md.
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "liuhen-benchmarks",
    dependencies: [
        .package(name: "liuhen", path: ".."),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .executableTarget(
            name: "liuhen-bench",
            dependencies: [
                .product(name: "LiuhenCore", package: "liuhen"),
                .product(name: "LiuhenTestKit", package: "liuhen"), .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings)
    ],
    swiftLanguageModes: [.v6]
)

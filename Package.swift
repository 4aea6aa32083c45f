// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
let strictC: [CSetting] = [
    .treatAllWarnings(as: .error),
    .define("_GNU_SOURCE"),
]

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "assay",
    products: [.executable(name: "assay", targets: ["CMain"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // libarchive and the filters that Assay enables; named so that a fully static executable links too.
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive"),
        // SHA-2. Statically libarchive needs it anyway; swift-crypto brings all of BoringSSL, a quarter of the time of a build.
        .systemLibrary(name: "CNettle", pkgConfig: "nettle"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
        // The parser that Yams wraps: Yams itself needs all of Foundation, ICU with it, which trebles the static program.
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
        .target(name: "CImages", cSettings: strictC),
        .target(name: "CProvenance", cSettings: strictC),
        .target(name: "CFiles", cSettings: strictC),
        .target(name: "CSandbox", cSettings: strictC),

        module("Files", ["CFiles", "CNettle", system]),
        module("ELF", ["Files"]),
        module("Archive", ["CArchive", "CFiles", "Files", "Processes", system]),
        module("Binfmt", ["ELF", "Files", system]),
        module("Processes", [system]),
        module("Guest", ["Binfmt", "ELF"]),
        module("Evidence", ["Archive", "Binfmt", "ELF", "Guest"]),
        .target(
            name: "Findings",
            dependencies: ["Archive", "Binfmt", "ELF", "Evidence", "Files", "Guest", "Processes"],
            // Each drill file becomes bytes in the program, so that the one file that is copied to a host has them all.
            resources: [.embedInCode("Drills")],
            swiftSettings: strict
        ),
        module("Sandbox", ["CSandbox", "Evidence", "Files", "Processes", system]),
        module("OCI", ["Archive", "ELF", "Evidence", "Guest", system]),
        module("Probes", ["Archive", "CImages", "Evidence", "Files", "Guest", "Processes", "Sandbox", system]),
        module("Builders", ["Archive", "Evidence", "Files", "Guest", "OCI", "Probes", "Processes", "Sandbox", system]),
        module("History", ["Binfmt", "Evidence", "Findings", "Guest", "Processes"]),
        module("Reports", ["Binfmt", "Evidence", "Files", "Findings", "Guest", "History", "Processes"]),
        module(
            "HistoryStore",
            ["CSQLite", "Evidence", "Files", "Findings", "History", "Processes", "Reports", system]),
        module("Host", ["Binfmt", "Builders", "ELF", "Evidence", "Files", "Guest", "Processes", "Sandbox", system]),
        module(
            "ScenarioFormat",
            [
                "Archive", "Builders", "CYAML", "Evidence", "Files", "Findings", "Guest", "Probes", "Processes",
                "Sandbox",
                system,
            ]),
        .target(
            name: "Operations",
            dependencies: [
                "Archive", "Binfmt", "Builders", "ELF", "Evidence", "Files", "Findings", "Guest", "Host", "OCI",
                "Probes", "Processes", "Reports", "Sandbox", "ScenarioFormat", system,
            ],
            // A link to Scenarios/accept.yaml, so that the one file that says what accept does is in the program.
            resources: [.embedInCode("accept.yaml")],
            swiftSettings: strict
        ),
        module(
            "Suite",
            [
                "Binfmt", "Builders", "Evidence", "Files", "Findings", "Guest", "Host", "Operations", "Probes",
                "Processes", "Reports", "Sandbox", "ScenarioFormat", system,
            ]),
        .target(
            name: "assay",
            dependencies: [
                "Archive", "Builders", "CProvenance", "Evidence", "Files", "Findings", "Guest", "History",
                "HistoryStore", "Operations", "Probes", "Processes", "Reports", "Sandbox", "ScenarioFormat", "Suite",
                arguments, system,
            ],
            swiftSettings: strict
        ),

        // The program: C, because what Swift's runtime asks for must be settled before it begins.
        .executableTarget(name: "CMain", dependencies: ["assay"], cSettings: strictC),

        tests("ArchitectureTests", []),
        tests("ELFTests", ["ELF"]),
        .target(name: "CRefusal", path: "Tests/CRefusal", cSettings: strictC),
        // What the tests of several modules share.
        .target(
            name: "TestSupport",
            dependencies: [
                "Binfmt", "CRefusal", "Evidence", "Files", "Findings", "Guest", "Operations", "Probes", "Processes",
                "Reports", "Sandbox", "ScenarioFormat", system,
            ],
            path: "Tests/TestSupport", swiftSettings: strict),
        tests("FilesTests", ["Files", "TestSupport", system]),
        tests("ArchiveTests", ["Archive", "CArchive", "Files", "TestSupport", system]),
        tests("OCITests", ["Archive", "ELF", "Evidence", "Files", "Findings", "OCI", "TestSupport", system]),
        tests("SandboxTests", ["Evidence", "Files", "Processes", "Sandbox", "TestSupport", system]),
        tests("GuestTests", ["Binfmt", "ELF", "Files", "Guest"]),
        tests("BinfmtTests", ["Binfmt", "ELF", "Evidence", "Files", "Guest", "Sandbox", system]),
        tests(
            "FindingsTests",
            ["Archive", "Binfmt", "ELF", "Evidence", "Files", "Findings", "Guest", "Sandbox", "TestSupport", system]),
        tests(
            "ProbesTests",
            ["Archive", "Evidence", "Files", "Findings", "Guest", "Probes", "Sandbox", "TestSupport", system]),
        tests(
            "ReportsTests",
            ["Evidence", "Files", "Findings", "Guest", "History", "Processes", "Reports", "TestSupport"],
            exclude: ["Expected", "Given", "junit.xsd"]),
        tests("HistoryTests", ["Evidence", "Findings", "History", "Processes", "TestSupport"]),
        tests(
            "HistoryStoreTests",
            [
                "CSQLite", "Evidence", "Files", "Findings", "History", "HistoryStore", "Processes", "Reports",
                "TestSupport", system,
            ]),
        tests("HostTests", ["Evidence", "Files", "Findings", "Guest", "Host", "Sandbox", "TestSupport", system]),
        tests(
            "ScenarioFormatTests",
            ["Evidence", "Files", "Findings", "Probes", "Sandbox", "ScenarioFormat", "TestSupport", system],
            exclude: ["Wrong"]),
        tests(
            "OperationsTests",
            [
                "Archive", "Builders", "Evidence", "Files", "Findings", "Guest", "OCI", "Operations", "Probes",
                "Processes", "Reports", "Sandbox", "ScenarioFormat", "TestSupport", system,
            ]),
        tests(
            "SuiteTests",
            [
                "Builders", "Evidence", "Files", "Findings", "Guest", "Operations", "ScenarioFormat", "Suite",
                "TestSupport", system,
            ]),
        tests(
            "BuildersTests",
            [
                "Archive", "Builders", "Evidence", "Files", "Findings", "Guest", "Processes", "Sandbox", "TestSupport",
                system,
            ]),
        .testTarget(
            name: "AssayTests",
            dependencies: [
                "assay", "Binfmt", "Evidence", "Files", "Findings", "Guest", "Host", "Probes", "Processes", "Reports",
                "Sandbox", "TestSupport", system,
            ],
            // Compiled, or run, by the tests themselves as programs of their own.
            exclude: ["Support/hostile.c", "Support/ways-out.c", "Support/wrong-interpreter.c", "Support/typist.py"],
            swiftSettings: strict
        ),
    ],
    cLanguageStandard: .gnu2x
)

// ASSAY_FUZZ=1 adds the fuzz targets, which `ci/reliability fuzz` builds with libFuzzer's instrumentation, and nothing else needs.
if Context.environment["ASSAY_FUZZ"] == "1" {
    package.targets += [
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Archive", "Binfmt", "CArchive", "ELF", "Evidence", "Files", "Findings", "Guest", "OCI", "Operations",
                "Probes", "Reports", "ScenarioFormat", "Suite", system,
            ],
            path: "Fuzz/Targets",
            swiftSettings: strict
        )
    ]
}

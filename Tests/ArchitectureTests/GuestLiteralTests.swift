import FoundationEssentials
import Testing

/// What names an architecture in the code of `Sources`, comments apart: the mechanism takes it from a `Guest`.
@Suite("Architectures by name") struct GuestLiteralTests {
    /// A file or folder of `Sources`, and why architectures are named in it.
    private static let places = [
        "Guest/Guest.swift": "the guests themselves",
        "Guest/PlatformRules.swift": "containerd's rules for every architecture's names and variants",
        "HistoryStore/Schema.swift": "what histories of earlier versions are about",
        "ELF/ELFMachine.swift": "the specification's list of machines",
        "ELF/ELFTarget.swift": "all of Go's architectures",
        "OCI/Linking/GlibcArchitecture.swift": "Debian's triplets of all architectures",
        "OCI/Scanning/ForeignFormat.swift": "the machines of Mach-O and PE",
        "OCI/Scanning/NativePlaces.swift": "words by which packages name processors",
        "OCI/Scanning/PlatformWords.swift": "the same",
        "Host/HostInspection+Machines.swift": "what each kind of host executes by itself",
        "Operations/Drills/HostCode.swift": "machine instructions of each kind of host",
        "Sandbox/Confinement/SystemCallTable.swift": "a column for each kind of host",
        "Sandbox/Confinement/SystemCallFilter.swift": "AUDIT_ARCH_* of each kind of host",
        "Sandbox/Confinement/OCISeccomp.swift": "SCMP_ARCH_* of each kind of host",
        "Findings/Catalogue/": "sentences for people",
        "Findings/Symptoms/": "words of other programs, about any architecture",
    ]

    /// Names in reports, which stay as they are: a code of `assay.report/2`, a key of `assay.handlers/1`.
    private static let published = ["case hostNative = \"host-native-arm64\"", "case role = \"aarch64\""]

    /// Where the guest is chosen that nobody has named.
    private static let choosing = [
        "assay/": "commands choose it",
        "Findings/Catalogue/CatalogueEntry.swift": "the texts are about it",
        "Reports/Model/ReportDocument+Facts.swift": "a report that names none is about it",
        "Reports/Model/ReportDocument+Older.swift": "a report that names none is about it",
        "Reports/Model/ReportDocument+Parts.swift": "a finding that names none is about it",
        "ScenarioFormat/Model/Actions/ArtifactAction.swift": "the format's default",
        "ScenarioFormat/Names/SuiteImages.swift": "names of images, which every guest has",
    ]

    /// Path below `Sources`, and its lines.
    private let sources: [(path: String, lines: [Substring])]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources").path
        sources = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".swift") }.sorted()
            .map { path in
                let text = try String(contentsOf: URL(filePath: "\(root)/\(path)"), encoding: .utf8)
                return (path, text.split(separator: "\n", omittingEmptySubsequences: false))
            }
    }

    /// `FILE:LINE: text` of what matches in code outside of the places, and each place in which nothing does.
    private func faults(
        _ sources: [(path: String, lines: [Substring])], _ pattern: Regex<Substring>, except places: [String: String]
    ) -> [String] {
        var idle = Set(places.keys)
        var faults: [String] = []
        for (path, lines) in sources {
            for (number, line) in lines.enumerated() where line.contains(pattern) {
                let code = line.replacing(/(?:^|\s+)\/\/.*/, with: "")
                guard code.contains(pattern), !Self.published.contains(String(code.drop { $0 == " " })) else {
                    continue
                }
                let own = places.keys.filter { path == $0 || $0.hasSuffix("/") && path.hasPrefix($0) }
                idle.subtract(own)
                if own.isEmpty { faults.append("\(path):\(number + 1): \(code.drop { $0 == " " })") }
            }
        }
        return faults + idle.sorted().map { "nothing in \($0) needs to be excepted" }
    }

    private var literal: Regex<Substring> {
        /aarch64|arm64|x86.?64|amd64|riscv|s390x|ppc64|b700\b|0xb7\b/.ignoresCase()
    }

    @Test("stand only where the list is of all of them, or the words are for people") func literals() {
        #expect(sources.count > 300)
        #expect(faults(sources, literal, except: Self.places) == [])
    }

    @Test("stand in the catalogue's sentences, but in none of its commands") func commands() {
        let catalogue = sources.filter { $0.path.hasPrefix("Findings/Catalogue/") }
        #expect(catalogue.count > 5)
        let typed = /qemu-(?:aarch64|x86_64)|linux\/(?:arm64|amd64)|--arch \w|b700|binfmt_misc\/[a-z]+-/
        #expect(faults(catalogue, typed, except: [:]) == [])
    }

    @Test("are chosen by commands, and by nothing that a caller could tell") func choice() {
        #expect(
            faults(sources, /Guest\.(?:standard|usual)|(?:for|guest): \.(?:standard|usual)/, except: Self.choosing)
                == [])
    }

    @Test("are found where they are planted, in code but not in a comment") func planted() {
        let source: [(path: String, lines: [Substring])] = [
            ("Host/Planted.swift", ["let a = \"qemu-aarch64\"  // why", "/// `linux/arm64`", "f(.arm64)", "https://x"])
        ]
        #expect(
            faults(source, literal, except: ["Idle.swift": ""]) == [
                "Host/Planted.swift:1: let a = \"qemu-aarch64\"", "Host/Planted.swift:3: f(.arm64)",
                "nothing in Idle.swift needs to be excepted",
            ])
    }
}

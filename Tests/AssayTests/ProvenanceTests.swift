import FoundationEssentials
import Guest
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("What the program was made of") struct ProvenanceTests {
    private struct Component: Decodable {
        let name, license, source: String
        let version: String?
        let libraries: [String]
    }

    @Test("the file NOTICE is what the program prints; ASSAY_UPDATE_EXPECTED=1 writes it") func notice() throws {
        let printed = try Machine().assay("licenses")
        #expect(printed.status == 0 && printed.errors.isEmpty)
        let path = Repository.folder.appending("NOTICE")
        if ProcessInfo.processInfo.environment["ASSAY_UPDATE_EXPECTED"] == "1" {
            try Data(printed.output.utf8).write(to: URL(filePath: path.string))
        }
        #expect(try Repository.text(path.string) == printed.output)
        for words in [
            "GNU LESSER GENERAL PUBLIC LICENSE", "GCC RUNTIME LIBRARY EXCEPTION",
            "Runtime Library Exception to the Apache",
            "Relinking.", "Nothing of QEMU is in it",
        ] { #expect(printed.output.contains(words), "\(words)") }
    }

    @Test("each component has its licence, its texts, and the version that is linked") func components() throws {
        let machine = try Machine()
        let json = machine.assay("licenses", "--format", "json").output
        let all = try JSONDecoder().decode([Component].self, from: Data(json.utf8))
        let versions = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.version) })
        // What the packages say that the libraries come from.
        for (name, package) in [
            ("libarchive", "libarchive"), ("zlib", "zlib"), ("xz", "liblzma"), ("zstd", "libzstd"),
            ("sqlite", "sqlite3"), ("nettle", "nettle"), ("libyaml", "yaml-0.1"),
        ] {
            let said = machine.run("pkg-config --modversion \(package)").output.split(separator: "\n").first.map(
                String.init)
            // nettle knows no third number.
            let version = versions[name] ?? nil
            #expect(
                version.map { said == $0 || name == "nettle" && said?.hasPrefix("\($0).") == true } == true,
                "\(name): \(version ?? "none"), pkg-config: \(said ?? "none")")
        }
        for name in ["glibc", "swift-argument-parser", "swift-system"] {
            #expect(versions[name]??.contains(".") == true, "\(name)")
        }
        for component in all {
            let one = machine.assay("licenses", component.name)
            #expect(one.status == 0 && one.output.hasPrefix("\(component.name)\n"), "\(one)")
            #expect(one.output.contains(component.license) && one.output.count > 1000, "\(one)")
        }
        #expect(machine.assay("licenses", "GPL-3").output.contains("GNU GENERAL PUBLIC LICENSE"))
        let unknown = machine.assay("licenses", "zlob")
        #expect(unknown.status == 64 && unknown.errors.contains("the nearest is \"zlib\""), "\(unknown)")
    }

    @Test("a linker map that has another library, or lacks one, is told from the list") func map() throws {
        let machine = try Machine()
        let listed = machine.run("jq -r '.[].libraries[]' '\(Repository.folder)/Licenses/components.json'").output
        let map = listed.split(separator: "\n").map { "  1 2 3  1         /usr/lib/\($0)(a.o):(.text)\n" }
        func check(_ text: String) throws -> Outcome {
            try machine.write(text.isEmpty ? "" : "VMA LMA Size Align Out In Symbol\n\(text)", to: "map")
            return machine.run("'\(Repository.folder)/ci/licenses' --check '\(machine.scratch)/map'")
        }
        let same = try check(map.joined())
        #expect(same.status == 0, "\(same)")
        let more = try check(map.joined() + "  1 2 3  1         /usr/lib/libgmp.a(a.o):(.text)\n")
        #expect(
            more.status == 1 && more.errors.contains("linked, and not in Licenses/components.json: libgmp.a"), "\(more)"
        )
        let fewer = try check(map.dropLast().joined())
        #expect(fewer.status == 1 && fewer.errors.contains("listed, and not linked: "), "\(fewer)")
        #expect(try check("").status == 1)
    }

    @Test("--version is one line; with -v it has commit, compiler, libraries, and images with their digests")
    func version() throws {
        let machine = try Machine()
        let short = machine.assay("--version")
        #expect(short.status == 0 && short.output.split(separator: "\n").count == 1, "\(short)")
        #expect(machine.assay("version").output == short.output)
        let long = machine.assay("--version", "-v")
        #expect(long.status == 0 && long.output.hasPrefix(short.output), "\(long)")
        #expect(machine.assay("version", "-v").output == long.output)
        struct Form: Decodable {
            struct Image: Decodable { let name, platform, sha256: String, probes: Int }
            let schema, version, commit, compiler: String
            let images: [Image]
        }
        let json = machine.assay("version", "--format", "json").output
        let form = try JSONDecoder().decode(Form.self, from: Data(json.utf8))
        #expect(form.schema == "assay.version/1" && form.version + "\n" == short.output)
        #expect(
            !form.commit.isEmpty && !form.compiler.isEmpty
                && Set(form.images.map(\.platform)) == Set(Guest.all.map(\.platform)), "\(json)")
        for image in form.images {
            let row = [image.name, image.platform, "\(image.probes) probes", "sha256:\(image.sha256)"]
            #expect(row.allSatisfy(long.output.contains), "\(long)")
        }
        let listed = machine.run("\"$0\" list probes --image core --format json | jq length").output
        #expect(form.images.first.map { "\($0.probes)\n" } == listed)
        let embedded = machine.run("sha256sum '\(Repository.folder)/Sources/CImages/core-arm64.tar.zst'").output
        #expect(form.images.first?.sha256 == embedded.split(separator: " ").first.map(String.init))
        #expect(machine.assay("--version", "-v", "-x").status == 64)
        #expect(machine.leftovers.isEmpty)
    }
}

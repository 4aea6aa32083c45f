import Archive
import ELF
import Evidence
import Findings
import OCI
import TestSupport
import Testing

@Suite struct ContentInspectionTests {
    private static let loader = "/lib/ld-linux-aarch64.so.1"

    private static func inspect(
        _ layers: [(inout TarBuilder) -> Void], execution: String = "{}", policy: ArtifactPolicy = .standard,
        wanted: [String] = []
    ) throws -> ArtifactEvidence {
        var layout = LayoutBuilder()
        let tars = layers.map { make in
            var tar = TarBuilder()
            make(&tar)
            return tar.finished
        }
        layout.add(.init(architecture: "arm64", layers: tars, execution: execution))
        layout.finish()
        let inspector = ArtifactInspector(wantedFiles: wanted, policy: policy)
        return try inspector.inspect(MemorySource(layout.archive, name: "archive"))
    }

    private static func faults(
        execution: String = "{}", policy: ArtifactPolicy = .standard, _ layers: ((inout TarBuilder) -> Void)...
    ) throws -> [String] {
        try inspect(layers, execution: execution, policy: policy).faults
            .map { "\($0.kind.code.rawValue) \($0.path): \($0.expected)" }
    }

    private static func system(_ tar: inout TarBuilder) {
        tar.directory("usr/lib")
        tar.symbolicLink("lib", to: "usr/lib")
        tar.file("usr/lib/ld-linux-aarch64.so.1", ELFBuilder().bytes, mode: 0o755)
        tar.file("usr/lib/aarch64-linux-gnu/libc.so.6", ELFBuilder(needed: ["ld-linux-aarch64.so.1"]).bytes)
    }

    @Test func aProgramWhoseLoaderAndLibrariesAreThereHasNoFaults() throws {
        #expect(
            try Self.faults(Self.system) {
                $0.file("usr/bin/tool", ELFBuilder(interpreter: Self.loader, needed: ["libc.so.6"]).bytes, mode: 0o755)
            } == [])
    }

    @Test func aMissingLoaderIsNamed() throws {
        #expect(
            try Self.faults { $0.file("tool", ELFBuilder(interpreter: Self.loader).bytes, mode: 0o755) }
                == ["artifact-loader-missing /tool: its program interpreter \(Self.loader)"])
    }

    @Test(
        "a relative loader is looked for where the program starts; in a file that is no program its name may be chance")
    func relativeLoader() throws {
        func faults(_ directory: String) throws -> [String] {
            try Self.faults(
                execution: #"{"Entrypoint":["/bin/tool"],"WorkingDir":"\#(directory)"}"#,
                { tar in
                    Self.system(&tar)
                    tar.directory("opt")
                    for (name, mode) in [("bin/tool", 0o755), ("opt/tool.dbg", 0o644)] {
                        tar.file(name, ELFBuilder(interpreter: "usr/lib/ld-linux-aarch64.so.1").bytes, mode: mode)
                    }
                })
        }
        #expect(try faults("/") == [])
        for directory in ["/opt", "/usr"] {
            #expect(
                try faults(directory)
                    == ["artifact-loader-missing /bin/tool: its program interpreter usr/lib/ld-linux-aarch64.so.1"])
        }
    }

    @Test func aLibraryThatALibraryNeedsInVainIsNamedWithBoth() throws {
        let faults = try Self.faults(Self.system) {
            $0.file("usr/lib/liba.so", ELFBuilder(needed: ["libb.so"]).bytes)
            $0.file("bin/tool", ELFBuilder(interpreter: Self.loader, needed: ["liba.so"]).bytes, mode: 0o755)
        }
        #expect(faults == ["artifact-loader-missing /bin/tool: the library libb.so, needed by /usr/lib/liba.so"])
    }

    @Test func aLibraryForAnotherMachineDoesNotCount() throws {
        let faults = try Self.faults(Self.system) {
            $0.file("usr/lib/liba.so", ELFBuilder(machine: .amd64).bytes)
            $0.file("bin/tool", ELFBuilder(interpreter: Self.loader, needed: ["liba.so"]).bytes, mode: 0o755)
        }
        #expect(
            faults == [
                "artifact-loader-missing /bin/tool: the library liba.so",
                "artifact-foreign-binary /usr/lib/liba.so: AArch64, 64-bit, little-endian",
            ])
    }

    @Test func searchPathsAreFollowed() throws {
        for (rpath, runpath) in [("$ORIGIN/../private", nil), (nil, "${ORIGIN}/../private"), (nil, "/opt/private")] {
            let faults = try Self.faults(Self.system) {
                $0.file("opt/private/liba.so", ELFBuilder(soname: "liba.so").bytes)
                let tool = ELFBuilder(
                    interpreter: Self.loader, needed: ["liba.so"], rpath: rpath, runpath: runpath)
                $0.file("opt/bin/tool", tool.bytes, mode: 0o755)
            }
            #expect(faults == [])
        }
    }

    @Test func anRPathServesTheLibrariesOfAProgramButARunpathDoesNot() throws {
        for (builder, count) in [(ELFBuilder(rpath: "/opt/private"), 0), (ELFBuilder(runpath: "/opt/private"), 1)] {
            let faults = try Self.faults(Self.system) {
                $0.file("opt/private/liba.so", ELFBuilder(needed: ["libb.so"]).bytes)
                $0.file("opt/private/libb.so", ELFBuilder().bytes)
                var tool = builder
                tool.interpreter = Self.loader
                tool.needed = ["liba.so"]
                $0.file("opt/bin/tool", tool.bytes, mode: 0o755)
            }
            #expect(faults.count == count)
        }
    }

    @Test func aDynamicSectionFarBehindItsStringsIsFound() throws {
        let faults = try Self.faults(Self.system) {
            let tool = ELFBuilder(interpreter: Self.loader, needed: ["liba.so"], padding: 20 << 20)
            $0.file("bin/tool", tool.bytes, mode: 0o755)
        }
        #expect(faults == ["artifact-loader-missing /bin/tool: the library liba.so"])
    }

    @Test(
        "what a program needs is known in full, or not found out",
        arguments: [(8185, ["the library libmissing.so"], []), (8186, [], [ArchiveError.Code.overLimit])])
    func manyNeeded(count: Int, faults: [String], errors: [ArchiveError.Code]) throws {
        let needed = (0..<count).map { "l\($0)" } + ["libmissing.so"]
        let evidence = try Self.inspect(
            [
                {
                    Self.system(&$0)
                    for name in needed.dropLast() { $0.hardLink("lib/\(name)", to: "usr/lib/ld-linux-aarch64.so.1") }
                    $0.file("bin/tool", ELFBuilder(interpreter: Self.loader, needed: needed).bytes, mode: 0o755)
                }
            ], execution: "{}", policy: .standard)
        #expect(evidence.faults.map(\.expected) == faults)
        #expect(evidence.archiveErrors.map(\.code) == errors)
    }

    @Test func scriptsNeedTheirInterpreters() throws {
        let faults = try Self.faults {
            $0.file("bin/one", "#!/bin/missing -e\n", mode: 0o755)
            $0.file("bin/two", "#! /usr/bin/env python3\n", mode: 0o755)
            $0.file("usr/bin/env", LayoutBuilder.binary("arm64"), mode: 0o755)
            $0.file("bin/data", "#!/bin/missing\n", mode: 0o644)
            $0.file("share/example", "#!/bin/missing\n", mode: 0o755)
        }
        #expect(
            faults == [
                "artifact-loader-missing /bin/one: its interpreter /bin/missing",
                "artifact-loader-missing /bin/two: its interpreter python3",
            ])
    }

    @Test(arguments: [
        (#"{"Entrypoint":["tool"]}"#, nil), (#"{"Cmd":["/bin/tool","x"]}"#, nil),
        (#"{"Entrypoint":["./tool"],"WorkingDir":"/bin"}"#, nil), (#"{"Entrypoint":["script"]}"#, nil),
        (#"{"Entrypoint":["other"],"Env":["PATH=/opt"]}"#, nil), (#"{}"#, nil),
        (#"{"Entrypoint":null,"Cmd":null}"#, nil),
        (#"{"Entrypoint":["missing"],"Cmd":["tool"]}"#, "artifact-entrypoint-missing missing: a program in the image"),
        (#"{"Cmd":["tool"],"Env":["PATH=/opt"]}"#, "artifact-entrypoint-missing tool: a program in the image"),
        (#"{"Cmd":["/etc/data"]}"#, "artifact-entrypoint-missing /etc/data: an executable file"),
        (
            #"{"Cmd":["/opt/text"]}"#,
            "artifact-entrypoint-missing /opt/text: a program for AArch64, or a script that begins with #!"
        ),
        (#"{"Cmd":["/opt/broken"]}"#, "artifact-entrypoint-missing /opt/broken: its interpreter /no/sh"),
        (
            #"{"Entrypoint":[""],"Cmd":["tool"]}"#,
            "artifact-entrypoint-missing ENTRYPOINT and CMD: the name of a program"
        ),
        (#"{"Entrypoint":["/opt/bin/env","-u","NAME","A=b","tool"]}"#, nil),
        (#"{"Entrypoint":["/opt/bin/env","-S","-u NAME tool -x"]}"#, nil),
        (#"{"Entrypoint":["/opt/bin/env","-S -u NAME"],"Cmd":["tool"]}"#, nil),
        (
            #"{"Entrypoint":["/opt/bin/env","-S","-u NAME none -x"]}"#,
            "artifact-entrypoint-missing /opt/bin/env: none, which env is told to start"
        ),
        (
            #"{"Entrypoint":["/opt/bin/env","-u","NAME"],"Cmd":["none"]}"#,
            "artifact-entrypoint-missing /opt/bin/env: none, which env is told to start"
        ),
        (
            #"{"Entrypoint":["/opt/bin/env","/opt/broken"]}"#,
            "artifact-entrypoint-missing /opt/broken: its interpreter /no/sh"
        ),
    ])
    func theEntrypointMustBeAProgram(execution: String, fault: String?) throws {
        let faults = try Self.faults(execution: execution) {
            $0.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
            $0.file("bin/script", "#!/bin/tool\n", mode: 0o755)
            $0.file("etc/data", "x")
            $0.file("opt/text", "x", mode: 0o755)
            $0.hardLink("opt/other", to: "bin/tool")
            $0.hardLink("opt/bin/env", to: "bin/tool")
            $0.file("opt/broken", "#!/no/sh\n", mode: 0o755)
        }
        #expect(faults == (fault.map { [$0] } ?? []))
    }

    @Test("a whiteout's directory is made by its layer, and hides a link below") func directoryOfWhiteout() throws {
        let loader = "/lib/ld-linux-aarch64.so.1"
        let base: (inout TarBuilder) -> Void = {
            $0.symbolicLink("lib", to: "usr/lib")
            $0.file("usr/lib/ld-linux-aarch64.so.1", ELFBuilder().bytes, mode: 0o755)
            $0.file("bin/tool", ELFBuilder(interpreter: loader).bytes, mode: 0o755)
        }
        #expect(try Self.faults(base).isEmpty)
        #expect(try Self.faults(base) { $0.file("lib/.wh.none") }.count == 1)
    }

    @Test("a hard link's mode is its file's, as engines set it", arguments: [(0o755, 0o644, 1), (0o644, 0o755, 0)])
    func modeOfHardLink(mode: Int, linkMode: Int, count: Int) throws {
        let faults = try Self.faults(execution: #"{"Cmd":["/bin/tool"]}"#) {
            $0.file("bin/tool", LayoutBuilder.binary("arm64"), mode: mode)
            $0.entry(.hardLink, "bin/other", link: "bin/tool", mode: linkMode)
        }
        #expect(faults.count == count)
    }

    @Test("what its own layer has a whiteout for is no directory, but may be replaced by one, before anything is in it")
    func behindOwnWhiteout() throws {
        func errors(_ make: @escaping (inout TarBuilder) -> Void) throws -> [String] {
            try Self.inspect([{ $0.file("etc/low", "x") }, make]).archiveErrors.map { $0.entry ?? "" }
        }
        let refused = try errors {
            $0.file(".wh.etc")
            $0.file("etc/file", "x")
        }
        #expect(refused == ["etc/file"])
        let replaced = try errors {
            $0.file(".wh.etc")
            $0.directory("etc")
            $0.file("etc/file", "x")
        }
        #expect(replaced == [])
        let late = try errors {
            $0.file("etc/file", "x")
            $0.file(".wh.etc")
        }
        #expect(late == [".wh.etc"])
    }

    @Test func aForeignEntrypointIsOneFaultNotTwo() throws {
        let faults = try Self.faults(execution: #"{"Cmd":["/bin/tool"]}"#) {
            $0.file("bin/tool", LayoutBuilder.binary("amd64"), mode: 0o755)
        }
        #expect(faults == ["artifact-foreign-binary /bin/tool: AArch64, 64-bit, little-endian"])
    }

    @Test func whatAWhiteoutHidesIsNoFault() throws {
        let foreign: (inout TarBuilder) -> Void = {
            $0.file("opt/a/one", LayoutBuilder.binary("amd64"))
            $0.file("opt/a/deep/two", LayoutBuilder.binary("amd64"))
        }
        #expect(try Self.faults(foreign).count == 2)
        #expect(try Self.faults(foreign) { $0.file("opt/a/.wh.one") }.count == 1)
        #expect(try Self.faults(foreign) { $0.file("opt/.wh.a") }.isEmpty)
        #expect(try Self.faults(foreign) { $0.file("opt/a/.wh..wh..opq") }.isEmpty)
        #expect(try Self.faults(foreign) { $0.file("opt/a", "no directory any more") }.isEmpty)
        #expect(try Self.faults(foreign) { $0.file("opt/a/one", LayoutBuilder.binary("arm64")) }.count == 1)
    }

    @Test func aWhiteoutHidesNothingOfItsOwnLayer() throws {
        let faults = try Self.faults(
            { $0.file("a/lower", LayoutBuilder.binary("amd64")) },
            {
                $0.file("a/upper", LayoutBuilder.binary("amd64"))
                $0.file("a/.wh..wh..opq")
                $0.file("b/.wh.same")
                $0.file("b/same", LayoutBuilder.binary("amd64"))
            })
        #expect(faults.map { $0.split(separator: " ")[1] } == ["/a/upper:", "/b/same:"])
    }

    @Test(arguments: ["opt/.wh.bad", "opt/.wh..wh..opq", ".wh.opt"], [true, false])
    func aHardLinkKeepsWhatItsOwnLayerTakesAway(whiteout: String, comesFirst: Bool) throws {
        let faults = try Self.faults(
            { $0.file("opt/bad", LayoutBuilder.binary("amd64")) },
            {
                if comesFirst { $0.file(whiteout) }
                $0.hardLink("bin/l", to: "opt/bad")
                $0.file("opt/more")
                if !comesFirst { $0.file(whiteout) }
            })
        #expect(faults == ["artifact-foreign-binary /bin/l: AArch64, 64-bit, little-endian"])
    }

    @Test func aHardLinkToNothingOrToADirectoryIsAnArchiveError() throws {
        for target in ["bin/none", "bin"] {
            let errors = try Self.inspect([
                {
                    $0.directory("bin")
                    $0.hardLink("opt/l", to: target)
                }
            ]).archiveErrors
            #expect(errors.map(\.code) == [.corrupt] && errors.first?.entry == "opt/l")
        }
    }

    @Test func aWhiteoutIsOneWhateverItsType() throws {
        let makers: [(inout TarBuilder, String) -> Void] = [
            { $0.file($1) }, { $0.directory($1) }, { $0.symbolicLink($1, to: "x") },
            { $0.entry(.character, $1) }, { $0.hardLink($1, to: "etc/x") },
        ]
        for make in makers {
            let evidence = try Self.inspect([
                {
                    $0.file("etc/x")
                    $0.file("opt/bad", LayoutBuilder.binary("amd64"))
                }, { make(&$0, "opt/.wh.bad") },
            ])
            #expect(evidence.faults.isEmpty && evidence.archiveErrors.isEmpty)
        }
    }

    @Test func aNameTwiceInOneLayerIsAnArchiveErrorButInTwoLayersIsNot() throws {
        let file: (inout TarBuilder) -> Void = { $0.file("usr/bin/tool", LayoutBuilder.binary("arm64")) }
        #expect(try Self.inspect([file, file]).archiveErrors.isEmpty)
        let twice: (inout TarBuilder) -> Void = {
            $0.symbolicLink("bin", to: "usr/bin")
            file(&$0)
            $0.file("bin/tool", LayoutBuilder.binary("amd64"))
        }
        let errors = try Self.inspect([file, twice]).archiveErrors
        #expect(errors.map(\.code) == [.duplicateEntry])
        #expect(errors.first?.entry == "bin/tool")
    }

    @Test func filesAreHandedBackAsTheLastLayerLeavesThem() throws {
        let layers: [(inout TarBuilder) -> Void] = [
            {
                $0.file("etc/proof", "old")
                $0.file("etc/gone", "gone")
            },
            {
                $0.file("etc/proof", "new")
                $0.file("etc/.wh.gone")
                $0.hardLink("etc/alias", to: "etc/proof")
            },
        ]
        let image = try #require(Self.inspect(layers, wanted: ["/etc/proof", "etc/gone", "etc/alias"]).images.first)
        #expect(image.files == ["etc/proof": Array("new".utf8), "etc/alias": Array("new".utf8)])
    }

    @Test func staticLibrariesAndCompressedModulesAreLookedInto() throws {
        let member: ([UInt8]) -> [UInt8] = { contents in
            func field(_ text: String, _ width: Int) -> [UInt8] {
                Array(text.utf8) + [UInt8](repeating: 0x20, count: width - text.utf8.count)
            }
            let fields = [("object.o/", 16), ("0", 12), ("0", 6), ("0", 6), ("644", 8), (String(contents.count), 10)]
            return fields.flatMap { field($0, $1) } + [0x60, 0x0a] + contents
        }
        let library =
            Array("!<arch>\n".utf8) + member(LayoutBuilder.binary("arm64")) + member(LayoutBuilder.binary("amd64"))
        let evidence = try Self.inspect([
            {
                $0.file("lib/mixed.a", library)
                $0.file("lib/good.a", Array("!<arch>\n".utf8) + member(LayoutBuilder.binary("arm64")))
                $0.file("lib/modules/a.ko.xz", SystemTool.filter(LayoutBuilder.binary("amd64"), through: "xz -c"))
                $0.file("lib/modules/b.ko.zst", SystemTool.filter(LayoutBuilder.binary("amd64"), through: "zstd -qc"))
                $0.file("lib/modules/c.ko.gz", "no gzip at all")
            }
        ])
        #expect(evidence.archiveErrors.isEmpty)
        #expect(evidence.faults.map(\.path) == ["/lib/mixed.a", "/lib/modules/a.ko.xz", "/lib/modules/b.ko.zst"])
        #expect(evidence.faults.first?.found.hasSuffix("in object.o") == true)
    }

    @Test func codeForDevicesIsNotForeign() throws {
        #expect(
            try Self.faults {
                $0.file("usr/lib/bpf/program.o", ELFHeader.synthetic(machine: .bpf, type: .relocatable))
                $0.file("lib/firmware/chip", ELFHeader.synthetic(machine: .xtensa))
            }.isEmpty)
    }

    @Test func aPolicyAllowsByPathAndKind() throws {
        let policy = ArtifactPolicy(rules: [
            .init(kind: .foreignBinary, pattern: "/opt/test/**"), .init(kind: .loaderMissing, pattern: "/bin/tool"),
        ])
        let evidence = try Self.inspect(
            [
                {
                    $0.file("opt/test/a/foreign", LayoutBuilder.binary("amd64"))
                    $0.file("opt/foreign", LayoutBuilder.binary("amd64"))
                    $0.file("bin/tool", ELFBuilder(interpreter: Self.loader).bytes, mode: 0o755)
                }
            ], policy: policy)
        #expect(evidence.faults.map(\.path) == ["/opt/foreign"])
        #expect(evidence.images.first?.allowed == 2)
    }

    @Test func damagedBinariesNeverTrap() {
        let good = ELFBuilder(interpreter: Self.loader, needed: ["libc.so.6", "liba.so"], runpath: "$ORIGIN/x").bytes
        for _ in 0..<1500 {
            var binary = good
            for _ in 0..<Int.random(in: 1...5) {
                binary[Int.random(in: 4..<binary.count)] = [0, 1, 0x7f, 0x80, 0xff].randomElement() ?? 0
            }
            var tar = TarBuilder()
            tar.file("tool", binary, mode: 0o755)
            tar.file("lib/ld-linux-aarch64.so.1", Array(binary.dropLast(.random(in: 0...64))), mode: 0o755)
            tar.file("lib/liba.so", good)
            #expect(throws: Never.self) { try ArtifactInspector().inspect(MemorySource(tar.finished, name: "damaged")) }
        }
    }
}

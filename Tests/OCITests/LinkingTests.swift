import Archive
import ELF
import Evidence
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Findings
@testable import OCI

/// Where dynamic linkers look for libraries.
@Suite struct LinkingTests {
    private static let loader = "/lib/ld-linux-aarch64.so.1"
    private static let musl = "/lib/ld-musl-aarch64.so.1"

    /// A file with what a distribution's build of glibc's linker says of itself.
    private static func glibc(_ directories: [String] = ["/lib/", "/usr/lib/"], version: Int = 39) -> [UInt8] {
        let texts = ["/etc/ld.so.cache", "GNU C Library stable release version 2.\(version)."]
        let strings = [""] + directories + ["other"] + texts + [""]
        return ELFBuilder(soname: "ld-linux-aarch64.so.1").bytes + strings.flatMap { Array($0.utf8) + [0] }
    }

    private static func inspect(
        execution: String = "{}", policy: ArtifactPolicy = .standard, _ make: (inout TarBuilder) -> Void
    ) throws -> ArtifactEvidence {
        var tar = TarBuilder()
        make(&tar)
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [tar.finished], execution: execution))
        layout.finish()
        return try ArtifactInspector(policy: policy).inspect(MemorySource(layout.archive, name: "archive"))
    }

    private static func faults(
        execution: String = "{}", _ make: (inout TarBuilder) -> Void
    ) throws -> [String] {
        try inspect(execution: execution, make).faults.map { "\($0.path): \($0.expected), \($0.found)" }
    }

    private static func program(_ tar: inout TarBuilder, interpreter: String = loader, _ builder: ELFBuilder) {
        var builder = builder
        builder.interpreter = interpreter
        tar.file("bin/tool", builder.bytes, mode: 0o755)
    }

    @Test("glibc reads ld.so.cache and never ld.so.conf, which serves the words alone") func cache() throws {
        func make(_ tar: inout TarBuilder, cache: [UInt8]?) {
            tar.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
            tar.file("etc/ld.so.conf", "include ld.so.conf.d/*.conf\n")
            tar.file("etc/ld.so.conf.d/more.conf", "# more\n/opt/more\n")
            if let cache { tar.file("etc/ld.so.cache", cache) }
            tar.file("opt/more/liba.so", ELFBuilder().bytes)
            Self.program(&tar, ELFBuilder(needed: ["liba.so"]))
        }
        for form in CacheBuilder.Form.allCases {
            let cache = CacheBuilder(entries: [.init(name: "liba.so", path: "/opt/more/liba.so")]).bytes(form)
            #expect(try Self.faults { make(&$0, cache: cache) } == [])
        }
        let words =
            "/bin/tool: the library liba.so, /opt/more/liba.so, which ld.so.cache does not list: only /etc/ld.so.conf.d/more.conf names its directory"
        #expect(try Self.faults { make(&$0, cache: nil) } == [words])
        let other = CacheBuilder(entries: [.init(name: "libb.so", path: "/opt/more/libb.so")]).bytes(.new)
        #expect(try Self.faults { make(&$0, cache: other) } == [words])
    }

    @Test("glibc looks where its linker in the image was built to look") func directories() throws {
        for (directories, place, count) in [
            (["/lib64/", "/usr/lib64/"], "usr/lib64", 0), (["/lib64/", "/usr/lib64/"], "usr/lib", 1),
            (["/nix/store/x-glibc/lib/"], "nix/store/x-glibc/lib", 0), (["/nix/store/x-glibc/lib/"], "lib", 1),
        ] {
            let faults = try Self.faults {
                $0.file(String(Self.loader.dropFirst()), Self.glibc(directories), mode: 0o755)
                $0.file("\(place)/liba.so", ELFBuilder().bytes)
                Self.program(&$0, ELFBuilder(needed: ["liba.so"]))
            }
            #expect(faults.count == count, "\(directories) \(place)")
        }
    }

    @Test("$LIB, $PLATFORM and $ORIGIN, and names that only begin like them") func tokens() throws {
        for (path, place, count) in [
            ("/opt/$LIB", "opt/lib64/liba.so", 0), ("/opt/${PLATFORM}/x", "opt/aarch64/x/liba.so", 0),
            ("$ORIGIN/../y", "y/liba.so", 0), ("/opt/$LIBX", "opt/lib64X/liba.so", 1),
            ("/opt/$LIBX", "opt/$LIBX/liba.so", 0),
        ] {
            let faults = try Self.faults {
                $0.file(String(Self.loader.dropFirst()), Self.glibc(["/lib64/"]), mode: 0o755)
                $0.file(place, ELFBuilder().bytes)
                Self.program(&$0, ELFBuilder(needed: ["liba.so"], runpath: path))
            }
            #expect(faults.count == count, "\(path)")
        }
    }

    @Test("linkers before glibc 2.37 look into tls and the platform's directory", arguments: [(36, 0), (37, 1)])
    func legacy(version: Int, count: Int) throws {
        for place in ["lib/tls", "lib/aarch64", "lib/tls/aarch64"] {
            let faults = try Self.faults {
                $0.file(String(Self.loader.dropFirst()), Self.glibc(version: version), mode: 0o755)
                $0.file("\(place)/liba.so", ELFBuilder().bytes)
                Self.program(&$0, ELFBuilder(needed: ["liba.so"]))
            }
            #expect(faults.count == count, "\(place)")
        }
    }

    /// A program whose library `liba.so` needs `libb.so`, each with paths of its own.
    private static func chain(
        _ interpreter: String, program: ELFBuilder, library: ELFBuilder
    ) throws -> [String] {
        try faults {
            $0.file(String(interpreter.dropFirst()), interpreter == musl ? ELFBuilder().bytes : glibc(), mode: 0o755)
            $0.file("opt/a/liba.so", library.bytes)
            $0.file("opt/b/libb.so", ELFBuilder().bytes)
            Self.program(&$0, interpreter: interpreter, program)
        }
    }

    @Test(
        "glibc names a library by its directory without the slashes at its end",
        arguments: [("/opt/a/", "/opt/a/liba.so"), ("/opt//a///", "/opt//a/liba.so"), ("/", "/liba.so")])
    func slashes(directory: String, path: String) throws {
        var tar = TarBuilder()
        tar.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
        tar.file("opt/a/liba.so", ELFBuilder().bytes)
        tar.file("liba.so", ELFBuilder().bytes)
        Self.program(&tar, ELFBuilder(needed: ["liba.so"], rpath: directory))
        #expect(try Self.libraries(tar, workingDirectory: nil) == [path])
    }

    @Test(
        "$ORIGIN of a library with a relative path begins at the working directory, of glibc",
        arguments: [("/srv", "/srv/lib/libb.so"), ("/", "/lib/libb.so")])
    func relativeOrigin(directory: String, path: String) throws {
        var tar = TarBuilder()
        tar.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
        let home = directory == "/" ? "" : "srv/"
        tar.file("\(home)lib/liba.so", ELFBuilder(needed: ["libb.so"], runpath: "$ORIGIN").bytes)
        tar.file("\(home)lib/libb.so", ELFBuilder().bytes)
        Self.program(&tar, ELFBuilder(needed: ["lib/liba.so"]))
        #expect(try Self.libraries(tar, workingDirectory: directory) == ["lib/liba.so", path])
    }

    /// Where the linker finds what `/bin/tool` loads.
    private static func libraries(_ tar: TarBuilder, workingDirectory: String?) throws -> [String] {
        let (tree, contents) = try LoaderDifferentialTests.tree(tar.finished)
        var resolver = LinkResolver(tree, LoaderConfiguration(contents), workingDirectory: workingDirectory) { _ in nil
        }
        let node = try #require(tree.resolve("/bin/tool"))
        guard case .elf(let facts) = tree.facts(node) else {
            Issue.record("/bin/tool is no ELF file")
            return []
        }
        return try resolver.loading(of: node, facts, interpreter: loader).libraries.map(\.path)
    }

    @Test("glibc's RPATH passes a library with RUNPATH by; only the needer's own RUNPATH stops it") func inheritance()
        throws
    {
        let both = "/opt/a:/opt/b"
        let plain = ELFBuilder(needed: ["libb.so"])
        var stopping = plain
        stopping.runpath = ""
        let rpath = ELFBuilder(needed: ["liba.so"], rpath: both)
        let runpath = ELFBuilder(needed: ["liba.so"], runpath: both)
        #expect(try Self.chain(Self.loader, program: rpath, library: plain) == [])
        #expect(try Self.chain(Self.loader, program: rpath, library: stopping).count == 1)
        #expect(try Self.chain(Self.loader, program: runpath, library: plain).count == 1)
        // liba.so has a RUNPATH, needs libm.so, and that needs libb.so: the program's RPATH serves it.
        let faults = try Self.faults {
            $0.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
            $0.file("opt/a/liba.so", ELFBuilder(needed: ["libm.so"], runpath: "/opt/m").bytes)
            $0.file("opt/m/libm.so", plain.bytes)
            $0.file("opt/b/libb.so", ELFBuilder().bytes)
            Self.program(&$0, rpath)
        }
        #expect(faults == [])
        // musl makes no difference between the two, and hands both on.
        for program in [rpath, runpath] {
            #expect(try Self.chain(Self.musl, program: program, library: plain) == [])
            #expect(try Self.chain(Self.musl, program: program, library: stopping) == [])
        }
    }

    @Test("musl looks where the path file of its own linker says, else into three directories") func muslPaths() throws
    {
        func faults(_ paths: [String: String], place: String, interpreter: String = Self.musl) throws -> Int {
            try Self.faults {
                $0.file(String(interpreter.dropFirst()), ELFBuilder().bytes, mode: 0o755)
                for (path, text) in paths { $0.file(path, text) }
                $0.file("\(place)/liba.so", ELFBuilder().bytes)
                Self.program(&$0, interpreter: interpreter, ELFBuilder(needed: ["libc.musl-aarch64.so.1", "liba.so"]))
            }.count
        }
        let own = "etc/ld-musl-aarch64.path"
        let other = "etc/ld-musl-x86_64.path"
        #expect(try faults([:], place: "usr/local/lib") == 0)
        #expect(try faults([own: "/opt/x\n\n/opt/y:/opt/z\n"], place: "opt/z") == 0)
        #expect(try faults([own: "/opt/x\n"], place: "usr/lib") == 1)
        #expect(try faults([own: ""], place: "lib") == 1)
        #expect(try faults([other: "/opt/x\n"], place: "usr/lib") == 0)
        #expect(try faults([other: "/opt/x\n"], place: "opt/x") == 1)
        #expect(try faults([own: "/opt/x\n", other: "/opt/y\n"], place: "opt/x") == 0)
        let elsewhere = "/opt/sys/lib/ld-musl-aarch64.so.1"
        #expect(try faults(["opt/sys/" + own: "/opt/x\n"], place: "opt/x", interpreter: elsewhere) == 0)
    }

    @Test("a linker is what its bytes say, whatever its name") func muslByAnotherName() throws {
        let faults = try Self.faults {
            let text = Array("\0%.*s/etc/ld-musl-aarch64.path\0".utf8)
            $0.file("lib/libc.musl-aarch64.so.1", ELFBuilder().bytes + text, mode: 0o755)
            $0.symbolicLink("lib/ld-linux-aarch64.so.1", to: "libc.musl-aarch64.so.1")
            $0.file("usr/local/lib/liba.so", ELFBuilder().bytes)
            Self.program(&$0, ELFBuilder(needed: ["libc.so.6", "liba.so"]))
        }
        #expect(faults == [])
    }

    @Test("a library for another machine is passed over by glibc, and ends the search of musl") func otherMachine()
        throws
    {
        for (interpreter, count) in [(Self.loader, 0), (Self.musl, 1)] {
            let faults = try Self.faults {
                $0.file(
                    String(interpreter.dropFirst()), interpreter == Self.musl ? ELFBuilder().bytes : Self.glibc(),
                    mode: 0o755)
                $0.file("lib/liba.so", ELFBuilder(machine: .amd64).bytes)
                $0.file("usr/lib/liba.so", ELFBuilder().bytes)
                Self.program(&$0, interpreter: interpreter, ELFBuilder(needed: ["liba.so"]))
            }
            #expect(faults.filter { $0.hasPrefix("/bin/tool") }.count == count)
        }
    }

    @Test("both end at a file that is no library, and say at which") func fatal() throws {
        let cut = Array(ELFBuilder(padding: 4096).bytes.prefix(1000))
        for bytes in [[], Array("no library".utf8), cut] {
            let faults = try Self.faults {
                $0.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
                $0.file("lib/liba.so", bytes)
                $0.file("usr/lib/liba.so", ELFBuilder().bytes)
                Self.program(&$0, ELFBuilder(needed: ["liba.so"]))
            }
            #expect(faults.count == 1 && faults.first?.contains("the library liba.so, /lib/liba.so, which is") == true)
        }
    }

    @Test("DF_1_NODEFLIB keeps the linker out of its default directories, also by way of the cache") func noDefault()
        throws
    {
        let cache = CacheBuilder(entries: [
            .init(name: "libb.so", path: "/opt/libb.so"), .init(name: "liba.so", path: "/lib/liba.so"),
        ]).bytes(.new)
        let faults = try Self.faults {
            $0.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
            $0.file("etc/ld.so.cache", cache)
            $0.file("lib/liba.so", ELFBuilder().bytes)
            $0.file("opt/libb.so", ELFBuilder().bytes)
            Self.program(&$0, ELFBuilder(needed: ["liba.so", "libb.so"], flags: .noDefaultLibraries))
        }
        #expect(faults == ["/bin/tool: the library liba.so, none of that name for AArch64"])
    }

    @Test("a library's $ORIGIN is where it was found, not where a link leads to") func originOfLink() throws {
        let faults = try Self.faults {
            $0.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
            $0.file("opt/real/liba.so.1", ELFBuilder(needed: ["libb.so"], runpath: "$ORIGIN/x").bytes)
            $0.symbolicLink("usr/lib/liba.so", to: "/opt/real/liba.so.1")
            $0.file("usr/lib/x/libb.so", ELFBuilder().bytes)
            Self.program(&$0, ELFBuilder(needed: ["liba.so"]))
        }
        #expect(faults == [])
    }

    @Test("what a driver's runtime puts into containers is named as that, and may be allowed") func injected() throws {
        func make(_ tar: inout TarBuilder) {
            tar.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
            Self.program(&tar, ELFBuilder(needed: ["libcuda.so.1", "libcudart.so.12"]))
        }
        let faults = try Self.inspect(make).faults
        #expect(faults.map(\.reason) == [.libraryInjected, .libraryMissing])
        #expect(faults.first?.found == "none in the image: NVIDIA's container runtime puts it into containers")
        let policy = ArtifactPolicy(rules: [.init(kind: .loaderMissing, pattern: "/bin/tool")])
        #expect(try Self.inspect(policy: policy, make).faults.isEmpty)
    }

    @Test("LD_LIBRARY_PATH and LD_PRELOAD of the image count") func environment() throws {
        func faults(_ environment: String) throws -> [String] {
            try Self.faults(execution: #"{"Env":["\#(environment)"]}"#) {
                $0.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
                $0.file("opt/liba.so", ELFBuilder(soname: "libz.so").bytes)
                $0.file("liba.so", ELFBuilder(soname: "libz.so").bytes)
                Self.program(&$0, ELFBuilder(needed: ["libz.so"]))
            }
        }
        #expect(try faults("X=1").count == 1)
        #expect(try faults("LD_PRELOAD=/opt/liba.so") == [])
        #expect(try faults("LD_PRELOAD=/opt/none.so").count == 1)
    }
    @Test(
        "glibc compares versions with those of the library that is loaded, musl none",
        arguments: [
            (["GLIBC_2.17"], [], ["libc.so.6", "GLIBC_2.17", "GLIBC_2.36"], nil),
            (
                ["GLIBC_2.17", "GLIBC_2.38", "GLIBC_2.4"], [],
                ["libc.so.6", "GLIBC_2.17", "GLIBC_2.36", "GLIBC_PRIVATE"],
                "GLIBC_2.38"
            ),
            (["GLIBC_2.38"], ["GLIBC_2.38"], ["libc.so.6"], nil), (["GLIBC_2.38"], [], [], nil),
        ] as [([String], Set<String>, [String], String?)])
    func versions(needed: [String], weak: Set<String>, defined: [String], missing: String?) throws {
        func faults(_ interpreter: String) throws -> ArtifactFaults {
            try Self.inspect {
                $0.file(String(Self.musl.dropFirst()), ELFBuilder().bytes, mode: 0o755)
                $0.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
                $0.file("lib/libx.so.6", ELFBuilder(versions: defined).bytes)
                Self.program(
                    &$0, interpreter: interpreter,
                    ELFBuilder(
                        needed: ["libx.so.6"], neededVersions: [.init(library: "libx.so.6", versions: needed)],
                        weakVersions: weak))
            }.faults
        }
        #expect(try faults(Self.musl).isEmpty)
        let found = try faults(Self.loader)
        #expect(found.map(\.subject) == (missing.map { [$0] } ?? []))
        guard missing != nil else { return }
        #expect(found.first?.kind == .loaderMissing && found.first?.reason == .versionMissing)
        #expect(found.first?.expected == "GLIBC_2.4, GLIBC_2.38 of libx.so.6")
        #expect(found.first?.found == "/lib/libx.so.6 with at most GLIBC_2.36")
        let words = FaultWords(artifact: "a").text(Array(found))
        #expect(words.cause?.contains("version `GLIBC_2.38' not found") == true)
        #expect(words.remedy?.contains("take a base with glibc 2.38 or newer") == true)
    }

    @Test("a library's versions are those of what this program loads, not of what another one did")
    func versionsByPath()
        throws
    {
        let faults = try Self.faults {
            $0.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
            $0.file("lib/libx.so", ELFBuilder(versions: ["libx.so", "X_1", "X_2"]).bytes)
            $0.file("opt/old/libx.so", ELFBuilder(versions: ["libx.so", "X_1"]).bytes)
            $0.file(
                "lib/liba.so",
                ELFBuilder(needed: ["libx.so"], neededVersions: [.init(library: "libx.so", versions: ["X_2"])]).bytes)
            $0.file("bin/a", ELFBuilder(interpreter: Self.loader, needed: ["liba.so"]).bytes, mode: 0o755)
            Self.program(&$0, ELFBuilder(needed: ["libx.so", "liba.so"], runpath: "/opt/old"))
        }
        #expect(faults == ["/bin/tool: X_2 of libx.so, needed by /lib/liba.so, /opt/old/libx.so with at most X_1"])
    }

    @Test("versions of a library that nothing loads end the program") func versionsOfNothing() throws {
        let faults = try Self.inspect {
            $0.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
            Self.program(&$0, ELFBuilder(neededVersions: [.init(library: "libx.so", versions: ["X_2"])]))
        }.faults
        #expect(faults.map(\.reason) == [.versionUnloaded] && faults.first?.subject == "libx.so")
    }

    @Test("glibc needs what a filter names, and does without an auxiliary one") func filters() throws {
        for (interpreter, isOptional, count) in [
            (Self.loader, false, 1), (Self.loader, true, 0), (Self.musl, false, 0),
        ] {
            let faults = try Self.faults {
                $0.file(
                    String(interpreter.dropFirst()), interpreter == Self.musl ? ELFBuilder().bytes : Self.glibc(),
                    mode: 0o755)
                $0.file("lib/liba.so", ELFBuilder(filtees: [.init("libb.so", isOptional: isOptional)]).bytes)
                Self.program(&$0, interpreter: interpreter, ELFBuilder(needed: ["liba.so"]))
            }
            #expect(faults.count == count, "\(interpreter) \(isOptional)")
        }
    }

    @Test("a loader that needs a loader and libraries itself starts nothing") func loaderWithNeeds() throws {
        let faults = try Self.inspect {
            $0.file("lib/loader", ELFBuilder(interpreter: Self.loader, needed: ["liba.so"]).bytes, mode: 0o755)
            $0.file(String(Self.loader.dropFirst()), Self.glibc(), mode: 0o755)
            $0.file("lib/liba.so", ELFBuilder().bytes)
            Self.program(&$0, interpreter: "/lib/loader", ELFBuilder())
        }.faults
        #expect(faults.map(\.path) == ["/bin/tool"] && faults.first?.reason == .loaderNotProgram)
    }
}

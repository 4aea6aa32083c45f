import Archive
import ELF
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import OCI

/// Whether the linkers can be asked.
private enum RealLoaders {
    static let images =
        getenv("ASSAY_IMAGES").map { String(cString: $0) } ?? Repository.folder.appending("out/images").string
    static let areHere =
        Here.isRoot && Here.emulates
        && ["glibc", "musl"].allSatisfy { access("\(images)/\($0)-arm64.tar.zst", R_OK) == 0 }
}

/// The linkers themselves are asked: glibc's with `--list`, musl's as `ldd`, under emulation, in the same root file system.
///
/// `ASSAY_MADE_ROOTS` says how many are made for each (8), `ASSAY_SEED` by which number the first (1; ci/nightly takes one at random), `ASSAY_IMAGES` where ci/images has put its own.
@Suite(
    "What a program loads is what its own dynamic linker loads", .serialized,
    .enabled(
        if: RealLoaders.areHere, "needs root, an AArch64 handler, and the images of ci/images in \(RealLoaders.images)")
)
struct LoaderDifferentialTests {
    private static func number(_ variable: String) -> UInt64? {
        getenv(variable).flatMap { UInt64(String(cString: $0)) }
    }

    /// What a linker was seen to do.
    struct Seen: CustomStringConvertible {
        var libraries: [String] = []
        var missing: [String] = []
        /// The versions that libraries lack.
        var versions: Set<String> = []
        static let ofNothing = "those of a library that nothing loads"
        /// How the program ended, in glibc's words, at the first library that is not there or is not taken.
        var stop: String?

        var description: String {
            "loads \(libraries), misses \(missing), versions \(versions)" + (stop.map { ", stops: \($0)" } ?? "")
        }
    }

    @Test("in root file systems made at random", arguments: ["glibc", "musl"]) func made(library: String) throws {
        let base = Scratch()
        let interpreter = library == "musl" ? "/lib/ld-musl-aarch64.so.1" : "/lib/ld-linux-aarch64.so.1"
        base.shell(
            "zstd -dc '\(RealLoaders.images)/\(library)-arm64.tar.zst' | tar -xf - ./lib ./sbin 2>/dev/null; rm -f lib/*/libc.so.6"
        )
        let first = Self.number("ASSAY_SEED") ?? 1
        var differences = 0
        for seed in first..<first + (Self.number("ASSAY_MADE_ROOTS") ?? 8) {
            var made = MadeRoot(seed: seed, isMusl: library == "musl", interpreter: interpreter)
            let root = Scratch()
            root.shell("cp -a '\(base.path)'/. .; \(made.script)")
            for (path, bytes) in made.files {
                // A link or a directory may be there already.
                root.shell("rm -rf '\(path)'; mkdir -p \"$(dirname '\(path)')\"")
                root.write(bytes, to: path)
            }
            if made.runsLdconfig { root.shell("chroot . /sbin/ldconfig 2>/dev/null") }
            root.shell(made.later())
            let ours = try Self.ours(
                SystemTool.output("tar -C '\(root.path)' -cf - ."), MadeRoot.program, made.environment, interpreter)
            let theirs = Self.theirs(root, MadeRoot.program, made.environment, interpreter)
            guard !Self.isEqual(ours, theirs, isMusl: made.isMusl) else { continue }
            differences += 1
            print("\(library), ASSAY_SEED=\(seed) \(made.environment): assay \(ours)\n    the linker \(theirs)")
            if let keep = getenv("ASSAY_KEEP") {
                let place = "\(String(cString: keep))/\(library)-\(seed)"
                _ = SystemTool.shell("rm -rf '\(place)'; cp -a '\(root.path)' '\(place)'")
            }
        }
        #expect(differences == 0, "ASSAY_SEED=\(first)")
    }

    @Test("of every program in the images of ci/images", arguments: ["glibc", "musl", "debian"])
    func programs(image: String) throws {
        let file = "\(RealLoaders.images)/\(image)-arm64.tar.zst"
        guard access(file, R_OK) == 0 else { return print("\(file) is not there: ci/images build \(image)") }
        let root = Scratch()
        root.shell("zstd -dc '\(file)' | tar -xf -")
        let (tree, contents) = try Self.tree(SystemTool.output("zstd -dc '\(file)'"))
        var resolver = LinkResolver(tree, LoaderConfiguration(contents), workingDirectory: nil) { _ in nil }
        var nodes: [Int] = []
        tree.forEachNode { nodes.append($0) }
        var programs = 0
        var differences = 0
        for node in nodes {
            guard tree.nodes[node].kind == .file, case .elf(let facts) = tree.facts(node),
                let interpreter = facts.interpreter,
                tree.resolve(interpreter) != nil
            else { continue }
            programs += 1
            let ours = Self.seen(try resolver.loading(of: node, facts, interpreter: interpreter))
            let theirs = Self.theirs(root, tree.path(node), [:], interpreter)
            let isMusl = interpreter.contains("musl")
            guard !Self.isEqual(ours, theirs, isMusl: isMusl) else { continue }
            differences += 1
            print("\(image) \(tree.path(node)): assay \(ours)\n    the linker \(theirs)")
        }
        #expect(differences == 0)
        print("\(image): \(programs) programs")
        #expect(programs > 5)
    }

    static func tree(_ tar: [UInt8]) throws -> (ImageTree, KeptContents) {
        let scan = LayerScanner(limits: ArchiveLimits(), wanted: []).scan(MemorySource(tar, name: "root"))
        if let failure = scan.failure { throw failure }
        let tree = try ImageTree([scan.entries], mostNodes: 1 << 20, work: WorkBudget(limit: .max))
        return (tree, KeptContents(tree: tree, layers: [scan.files]))
    }

    private static func ours(
        _ tar: [UInt8], _ program: String, _ environment: [String: String], _ interpreter: String
    ) throws -> Seen {
        let (tree, contents) = try tree(tar)
        var resolver = LinkResolver(tree, LoaderConfiguration(contents), workingDirectory: nil) { environment[$0] }
        let node = try #require(tree.resolve(program))
        guard case .elf(let facts) = tree.facts(node) else { return Seen() }
        return seen(try resolver.loading(of: node, facts, interpreter: interpreter))
    }

    private static func seen(_ loading: LinkResolver.Loading) -> Seen {
        // The linker prints a name that holds a token as the path that it stands for.
        Seen(
            libraries: loading.libraries.map { "\($0.name.contains("$") ? $0.path : $0.name) => \($0.path)" },
            missing: loading.missing.filter { $0.versions == nil }.map(\.name),
            versions: Set(
                loading.missing.compactMap(\.versions).flatMap { $0.library == nil ? [Seen.ofNothing] : $0.names }))
    }

    private static func theirs(
        _ root: Scratch, _ program: String, _ environment: [String: String], _ interpreter: String
    ) -> Seen {
        let assignments = environment.map { "'\($0.key)=\($0.value)'" }.joined(separator: " ")
        let text = root.shell(
            "env -i \(assignments) /usr/sbin/chroot . '\(interpreter)' --list '\(program)' 2>&1; echo \"status $?\"")
        var seen = Seen()
        for line in text.split(separator: "\n") {
            if let arrow = line.firstRange(of: " => ") {
                let name = line[..<arrow.lowerBound].drop { $0 == "\t" }
                let rest = line[arrow.upperBound...]
                let path = rest.firstRange(of: " (0x").map { rest[..<$0.lowerBound] } ?? rest
                seen.libraries.append("\(name) => \(path)")
            } else if let fault = line.firstRange(of: "Error loading shared library ") {
                seen.missing.append(String(line[fault.upperBound...].prefix { $0 != ":" }))
            } else if let version = line.firstRange(of: ": version `") {
                // `FILE: FILE: version `X_1' not found (required by FILE)`
                seen.versions.insert(String(line[version.upperBound...].prefix { $0 != "'" }))
            } else if line.contains("dl-version.c") {
                seen.versions.insert(Seen.ofNothing)
            } else if line.contains("error while loading shared libraries: ") {
                seen.stop = String(line)
            } else if line.hasPrefix("status "), let status = Int(line.dropFirst(7)), status >= 128 {
                seen.stop = "a signal: \(status)"
            } else if line.hasPrefix("\t"), let end = line.firstRange(of: " (0x"), !line.contains("linux-vdso") {
                let path = line[..<end.lowerBound].drop { $0 == "\t" }
                // QEMU's own page has no name.
                if path != interpreter, !path.isEmpty { seen.libraries.append("\(path) => \(path)") }
            }
        }
        return seen
    }

    /// musl names everything that it misses, glibc the first.
    private static func isEqual(_ ours: Seen, _ theirs: Seen, isMusl: Bool) -> Bool {
        if let stop = theirs.stop {
            guard let first = ours.missing.first else { return false }
            return stop.hasPrefix("a signal") || stop.contains("/" + name(first)) || stop.contains(" " + name(first))
        }
        if isMusl ? Set(ours.missing) != Set(theirs.missing) : !ours.missing.isEmpty { return false }
        // The linker ends at versions of what nothing loads.
        if ours.versions.contains(Seen.ofNothing) { return theirs.versions.contains(Seen.ofNothing) }
        guard ours.versions == theirs.versions else { return false }
        let isLoader = { (line: String) in line.contains("ld-linux-aarch64") || line.contains("ld-musl-") }
        return !theirs.missing.isEmpty
            || ours.libraries.filter { !isLoader($0) } == theirs.libraries.filter { !isLoader($0) }
    }

    private static func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }
}

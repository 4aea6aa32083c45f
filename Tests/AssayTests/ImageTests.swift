import Glibc
import Guest
import Probes
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Images beyond core") struct ImageTests {
    /// Where this run's built images are: as for the program itself, but for the empty home that tests have.
    static let directories = Image.directories {
        getenv($0).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The debian image is for the nightly run.
    static let here = Image.known(for: .arm64).filter {
        $0.name != "debian" && $0.tarball(in: directories, for: .arm64) != nil && $0.name != "core"
    }
    .map(\.name)

    private func machine(for image: String) throws -> Machine {
        let machine = try Machine()
        let known = try #require(Image.known(for: .arm64).first { $0.name == image })
        let path = try #require(known.tarball(in: Self.directories, for: .arm64))
        machine.environment["ASSAY_IMAGES"] = try FilePath(absolute: path).removingLastComponent().string
        return machine
    }

    @Test(
        "every probe passes where the image is the root, and is skipped where it is not",
        .enabled(if: Here.emulates && !here.isEmpty, "no image is built (ci/images build), or nothing emulates"),
        arguments: here)
    func passes(image: String) throws {
        let machine = try machine(for: image)
        let outcome = Outcome(
            Supervisor(jobs: 1).run(
                machine.launch(
                    [
                        "accept", "--image", image, "--builder", "none", "--venue", "direct", "--venue", "container",
                        "--thorough", "--format", "json", "--timeout-multiplier", "5", "--unconfined",
                    ], timeout: .seconds(300))))
        #expect(outcome.status == 0, "\(outcome)")
        let probes = try outcome.report.checks.filter { $0.kind == "probe" }
        for probe in probes {
            #expect(probe.outcome == (probe.venue == "direct" ? "skip" : "pass"), "\(probe)")
            if probe.venue == "direct" { #expect(probe.detail == "needs the image as its root") }
        }
        #expect(probes.count >= 12)
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "a probe's name leads to its image",
        .enabled(if: Here.emulates && here.contains("busybox"), "busybox is not built"))
    func byProbe() throws {
        let outcome = try machine(for: "busybox").assay(
            "probe", "busybox.arithmetic", "--timeout-multiplier", "5", "-v")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("Probes in image busybox") && outcome.output.contains("container"))
    }

    @Test(
        "an interpreter that is none passes no probe of theirs",
        .enabled(if: Here.emulates && here.contains("busybox"), "busybox is not built"))
    func wrongInterpreter() throws {
        let machine = try machine(for: "busybox")
        let outcome = machine.assay(
            "probe", "busybox.arithmetic", "--interpreter", "/bin/true", "--flags", "F", "--format", "json")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try outcome.report.checks.filter { $0.kind == "probe" }.map(\.outcome) == ["fail"])
    }

    @Test("one that is known and not here is undetermined, with what to type", arguments: ["busybox", "debian"])
    func absent(image: String) throws {
        let machine = try Machine()
        machine.environment["ASSAY_IMAGES"] = machine.scratch.string
        for arguments in [["accept", "--image", image], ["probe", "\(image).any"]] {
            let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments)))
            #expect(outcome.status == 2, "\(outcome)")
            #expect(outcome.errors.contains("ci/images build \(image)") && outcome.output.isEmpty)
        }
        let list = machine.assay("list", "images")
        #expect(list.output.contains("not built: ci/images fetch \(image)"))
    }

    @Test("all images' probes are listed, built or not: 70 or more in core, 40 or more beyond") func listed() throws {
        let machine = try Machine()
        machine.environment["ASSAY_IMAGES"] = machine.scratch.string
        func names(_ arguments: [String]) -> [String] {
            Outcome(Supervisor(jobs: 1).run(machine.launch(["list", "probes"] + arguments))).output.split(
                separator: "\n"
            )
            .dropFirst().compactMap { $0.split(separator: " ").first.map(String.init) }
        }
        let (all, core) = (names([]), names(["--image", "core"]))
        #expect(core.count >= 70 && all.count - core.count >= 40)
        #expect(all.starts(with: core))
        #expect(names(["--image", "glibc"]).allSatisfy { $0.hasPrefix("glibc.") })
    }
}

extension FilePath {
    /// The path as seen from the root, by the directory of this process.
    fileprivate init(absolute path: FilePath) throws {
        guard let resolved = realpath(path.string, nil) else { throw Errno(rawValue: errno) }
        defer { free(resolved) }
        self.init(String(cString: resolved))
    }
}

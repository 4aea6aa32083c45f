import Archive
import Evidence
import Files
import Findings
import Glibc
import Guest
import Sandbox
import SystemPackage
import Testing

@testable import Probes

@Suite("The core image's programs") struct CoreImageTests {
    /// The probes that the first acceptance test was promised.
    static let promised = [
        "exec.static", "exec.argv0", "exec.chain", "exec.script", "uname.machine", "memory.page-size", "memory.mmap",
        "signal.segv-address", "process.fork-wait", "thread.create-join", "fp.rounding", "file.stat-layout",
    ]

    static let isX86: Bool = {
        var names = utsname()
        uname(&names)
        return withUnsafeBytes(of: &names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            == "x86_64"
    }()

    private func unpacked<Result>(_ image: Image, _ body: (FilePath, FilePath) throws -> Result) throws -> Result {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let root = scratch.appending("root")
        try image.unpack(into: root, limits: ArchiveLimits())
        return try body(root, scratch)
    }

    @Test("all carry the same catalogue, with every promised probe, each described, and a program of their guest")
    func catalogue() throws {
        let catalogues = try Guest.all.map { guest in
            try unpacked(.core(for: guest)) { root, _ in
                let program = try WholeFile.read(root.appending("bin/assay-probe").string, limit: 1 << 20)
                #expect(program.starts(with: guest.header().prefix(7)) && program[18..<20] == guest.magic[18..<20])
                return try ProbeDescription.catalogue(root: root, image: "core")
            }
        }
        #expect(catalogues.allSatisfy { $0 == catalogues[0] })
        let names = catalogues[0].map(\.name)
        #expect(Set(names).count == names.count)
        for name in Self.promised { #expect(names.contains(name), "\(name)") }
        for probe in catalogues[0] {
            #expect(probe.name.split(separator: ".").count == 2, "\(probe.name)")
            #expect(probe.proves.count > 5 && probe.standsFor.count > 5, "\(probe.name)")
            #expect(probe.source?.hasPrefix("https://") ?? true, "\(probe.name)")
        }
    }

    @Test("an image without a catalogue is a named error") func noCatalogue() {
        let error = #expect(throws: ArchiveError.self) {
            try ProbeDescription.catalogue(root: "/usr/bin", image: "mine")
        }
        #expect(error?.code == .corrupt && error?.archive == "mine")
    }

    @Test(
        "the native twin passes or skips every probe, proves it, and is never taken for arm64",
        .enabled(if: isX86, "the twin is an x86-64 program"))
    func twin() throws {
        try unpacked(.twin(.amd64)) { root, scratch in
            let names = try ProbeDescription.catalogue(root: root, image: "twin").map(\.name)
            let run = ProbeRun(
                image: "twin", guest: .arm64, venue: .direct, probes: names, root: root, scratch: scratch,
                limits: ProbeLimits(probe: .seconds(20), venue: .seconds(100)))
            let ended = Supervisor(jobs: 1).run(run.launch)
            let stream = ResultStream(ended.output.text)
            #expect(ended.reason == .exited(0), "\(ended.output.text)")
            #expect(stream.isTAP && stream.machine == "x86_64")
            #expect(stream.results.map(\.name) == names)
            for result in stream.results {
                #expect(result.isProven(nonce: run.nonce, machine: "x86_64"), "\(result)")
                #expect(!result.isProven(nonce: run.nonce, machine: "aarch64"), "\(result)")
                #expect(
                    result.diagnostics["proof"]
                        == StreamWriter.proof(
                            nonce: run.nonce, name: result.name, verdict: result.verdict, machine: "x86_64",
                            seen: result.diagnostics["seen"] ?? ""))
            }
            #expect(run.evidence(of: ended).allSatisfy { !$0.didRun })
        }
    }

    @Test(
        "a probe that the program does not know is never a pass",
        .enabled(if: isX86, "the twin is an x86-64 program"))
    func unknownProbe() throws {
        try unpacked(.twin(.amd64)) { root, scratch in
            let run = ProbeRun(
                image: "twin", guest: .amd64, venue: .direct, probes: ["exec.nonsense"], root: root, scratch: scratch,
                limits: ProbeLimits())
            let ended = Supervisor(jobs: 1).run(run.launch)
            #expect(ended.reason == .exited(64))
            #expect(!run.evidence(of: ended)[0].didRun)
        }
    }

    @Test("a build context carries both programs, and believes no other build's proof") func buildContext() throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let context = try BuildContext(for: .arm64, in: scratch)
        for file in ["Containerfile", "amd64/bin/assay-probe", "arm64/bin/assay-probe"] {
            #expect(access(scratch.appending(file).string, R_OK) == 0, "\(file)")
        }
        let machines = [Guest.arm64.platform: "aarch64", Guest.amd64.platform: "x86_64"]
        for (platform, machine) in machines {
            var writer = StreamWriter(nonce: context.nonce, machine: machine)
            for probe in BuildContext.probes { writer.add(probe) }
            let files = [BuildContext.proofPath: writer.text]
            #expect(context.proof(in: files, platform: platform) == .proven(machine: machine))
            for other in machines.keys where other != platform {
                guard case .wrong(let what) = context.proof(in: files, platform: other) else {
                    Issue.record("expected a wrong proof for \(other)")
                    continue
                }
                #expect(what.contains("ran on \(machine)"))
            }
        }
        var stale = StreamWriter(nonce: "00")
        var partial = StreamWriter(nonce: context.nonce)
        var failed = StreamWriter(nonce: context.nonce)
        for probe in BuildContext.probes { stale.add(probe) }
        partial.add(BuildContext.probes[0])
        for probe in BuildContext.probes { failed.add(probe, "not ok", seen: "2") }
        for text in [stale.text, partial.text, "", "TAP version 14\n"] {
            let proof = context.proof(in: [BuildContext.proofPath: text], platform: "linux/arm64")
            guard case .wrong = proof else {
                Issue.record("expected a wrong proof, found \(proof)")
                continue
            }
        }
        #expect(context.proof(in: [:], platform: "linux/arm64") == .missing)
        guard case .failed = context.proof(in: [BuildContext.proofPath: failed.text], platform: "linux/arm64") else {
            Issue.record("a probe that failed is no missing proof")
            return
        }
    }

    @Test("a step that could not find out is undecided, and a limitation is told") func setUserID() throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let context = try BuildContext(.setuid, for: .arm64, in: scratch)
        var skipped = StreamWriter(nonce: context.nonce)
        for probe in BuildContext.probes + ["process.credentials"] { skipped.add(probe) }
        let without = context.proof(in: [BuildContext.proofPath: skipped.text], platform: "linux/arm64")
        #expect(without == .wrong("/proof.tap: exec.set-user-id left no result"))
        skipped.add("exec.set-user-id", "skip")
        guard case .undecided = context.proof(in: [BuildContext.proofPath: skipped.text], platform: "linux/arm64")
        else {
            Issue.record("a skipped step decides nothing")
            return
        }
        #expect(context.limitation(inProof: skipped.text) == nil)
        let note = "ok 1 - exec.set-user-id\n  ---\n  note: \"credentials-dropped: so\"\n  ...\n"
        #expect(context.limitation(inProof: "TAP version 14\n" + note) == ProbeNote("credentials-dropped: so"))
    }

    @Test("what the steps wrote is held against this build's nonce and the platform's machine") func texts() throws {
        for recipe in [BuildRecipe.scripts, .heredoc, .toolchain] {
            for (path, expected) in recipe.texts(nonce: "0123", guest: .arm64) {
                #expect(expected.contains("aarch64") || expected.contains("arm64"), "\(path)")
                #expect(recipe.texts(nonce: "0124", guest: .arm64).first { $0.path == path }?.expected != expected)
                #expect(recipe.texts(nonce: "0123", guest: .amd64).first { $0.path == path }?.expected != expected)
            }
            #expect(recipe.files.contains { $0.name == "Containerfile" })
        }
    }
}

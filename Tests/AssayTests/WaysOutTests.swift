import Evidence
import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite(
    "A hostile image does not reach the host",
    .enabled(if: WaysOut.isPossible && Here.isX86, "\(WaysOut.reason), and an x86-64 host"))
struct WaysOutTests {
    private static let names: [String] = {
        guard let machine = try? Machine(), let program = WaysOut.amd64,
            let path = try? machine.write(program, to: "ways-out")
        else { return [] }
        let ended = Supervisor(jobs: 1).run(
            Launch(path: path, arguments: ["ways-out", "list"], venue: .direct, timeout: .seconds(10)))
        return ended.output.text.split(separator: "\n").map(String.init)
    }()

    private func archive(_ machine: Machine, _ architecture: String) throws -> String {
        let program = try #require(architecture == "amd64" ? WaysOut.amd64 : WaysOut.arm64)
        let path = try machine.write(program, to: "ways-out")
        return try machine.imageArchive(
            architecture, execution: #"{"Entrypoint":["/bin/ways-out"]}"#,
            files: "mkdir -p bin etc tmp && chmod 1777 tmp && cp '\(path)' bin/ways-out && chmod 755 bin/ways-out"
        ).string
    }

    private func expectNoWayOut(_ venue: String, _ architecture: String, user: UInt32? = nil) throws {
        let maker = try Machine()
        let archive = try archive(maker, architecture)
        let machine = try Machine(user: user)
        let host = try WaysOut.Host(machine)
        let outcome = Outcome(
            Supervisor(jobs: 1).run(
                machine.launch(
                    [
                        "artifact", archive, "--platform", "linux/\(architecture)", "--run", "--venue", venue,
                        "--expect-output", "\(Self.names.count) ways tried, 0 lead out", "--",
                    ] + host.command)))
        #expect(outcome.status == 0, "\(outcome)")
        #expect(host.changes == [])
        #expect(machine.leftovers.isEmpty)
    }

    @Test("by none of the ways that it tries, as root", arguments: ["chroot", "container", "oci"], ["amd64", "arm64"])
    func root(venue: String, architecture: String) throws {
        guard Here.isRoot, Here.emulates || architecture == "amd64", venue != "oci" || OCIRuntime.installed != nil
        else { return }
        try expectNoWayOut(venue, architecture)
    }

    @Test(
        "nor for an ordinary user", .enabled(if: Here.nobodyCanRun, "nobody cannot execute the program"),
        arguments: ["amd64", "arm64"])
    func ordinary(architecture: String) throws {
        guard Here.emulates || architecture == "amd64" else { return }
        try expectNoWayOut("container", architecture, user: Here.isRoot ? 65534 : nil)
    }

    @Test("not in direct, as root: nothing is started without --unconfined", .enabled(if: Here.isRoot, "needs root"))
    func unconfined() throws {
        let machine = try Machine()
        let made = machine.run(
            "tar -C '\(try machine.coreTree())' -cf '\(machine.scratch)/own.tar' .")
        try #require(made.status == 0, "\(made)")
        let image = machine.scratch.appending("own.tar").string
        for command in [["probe", "exec.static"], ["accept", "--builder", "none", "--filter", "exec.static"]] {
            let words = command + ["--image", image, "--venue", "direct"]
            let refused = Outcome(Supervisor(jobs: 1).run(machine.launch(words)))
            #expect(refused.status == 64 && refused.errors.contains("--unconfined"), "\(refused)")
            guard Here.emulates else { continue }
            let allowed = Outcome(Supervisor(jobs: 1).run(machine.launch(words + ["--unconfined"])))
            #expect(allowed.status == 0, "\(allowed)")
            for venue in ["chroot", "container"] {
                let confined = Outcome(
                    Supervisor(jobs: 1).run(machine.launch(command + ["--image", image, "--venue", venue])))
                #expect(confined.status == 0, "\(confined)")
            }
        }
    }

    @Test("docs/security.md says of each way what stops it") func documented() throws {
        let page = Repository.folder
            .appending("docs/security.md")
        let text = String(decoding: try WholeFile.read(page.string, limit: 1 << 20), as: UTF8.self)
        #expect(Self.names.count >= 40)
        for name in Self.names { #expect(text.contains("`\(name)`"), "\(name)") }
    }
}

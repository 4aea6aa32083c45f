import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Builders

@Suite("Why a docker daemon does not answer") struct DockerEndpointTests {
    @Test(
        "docker's own words are passed on, without its warnings and traces",
        arguments: [
            ("tls-no-certificates", "tcp://127.0.0.1:2376", "open /tmp/none/ca.pem: no such file or directory"),
            ("tls-plain-client", "tcp://127.0.0.1:2376", "Client sent an HTTP request to an HTTPS server."),
            ("unknown-context", "context unknown", "context \"unknown\": context not found"),
            ("ssh-missing", "ssh://nobody@127.0.0.1", "exec: \"ssh\": executable file not found in $PATH"),
            ("npipe-panic", "npipe://x", "panic: runtime error: invalid memory address"),
        ])
    func words(name: String, address: String, expected: String) throws {
        let said = try Transcript.text("docker-26.1.5-\(name).txt")
        let reason = DockerEndpoint(address: address).explain(said)
        #expect(reason.contains(expected) && !reason.contains("\n"), "\(reason)")
    }

    @Test("silence is told as such") func silence() {
        #expect(DockerEndpoint(address: "tcp://127.0.0.1:1").explain("") == "no answer")
    }

    @Test("a socket that this user may not use is told with its owner and mode", .enabled(if: geteuid() != 0))
    func forbidden() {
        let reason = DockerEndpoint(address: "unix:///proc/1/mem").explain("permission denied")
        #expect(reason.contains("user \(geteuid()) may not use this socket"))
    }

    @Test("a socket that is not there is told as such") func absent() {
        #expect(DockerEndpoint(address: "unix:///does/not/exist").explain("x").contains("there is no such socket"))
    }
}

@Suite("What limits a build is given") struct BuildLimitTests {
    @Test("the caller's own, so that nothing has to be raised") func own() throws {
        var files = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0)
        let words = PrivateStorage.limits
        #expect(words.count == 4 && words[0] == "--ulimit" && words[2] == "--ulimit")
        #expect(words[1] == "nofile=\(files.rlim_cur):\(files.rlim_max)")
        let processes = words[3].split { $0 == "=" || $0 == ":" }.dropFirst().compactMap { UInt64($0) }
        let greatest = String(decoding: try WholeFile.read("/proc/sys/kernel/pid_max", limit: 64), as: UTF8.self)
        #expect(words[3].hasPrefix("nproc=") && processes.count == 2)
        #expect(try #require(processes.max()) <= #require(UInt64(greatest.dropLast())))
    }
}

@Suite("Where buildx writes in a trial") struct BuildxStateTests {
    @Test("below the trial's own directory, made once") func directory() throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let state = BuildxState(scratch)
        #expect(state.directory == scratch.appending("buildx") && access(state.directory.string, W_OK) == 0)
        #expect(BuildxState(scratch).directory == state.directory)
        let launch = Docker.launch("/usr/bin/docker", ["version"], work: scratch)
        #expect(launch.environment["BUILDX_CONFIG"] == state.directory.string)
    }
}

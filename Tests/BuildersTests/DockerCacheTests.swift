import Archive
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Builders

/// The moment in which a daemon lists nothing, because somebody else's image goes, cannot be had at will.
@Suite("What a Docker daemon's cache holds") struct DockerCacheTests {
    /// - Parameter refusals: how often the daemon refuses before it answers.
    private func records(refusals: Int, saying said: String) throws -> (records: Set<String>?, asked: Int) {
        let scratch = try ScratchDirectory().path
        defer { try? TreeRemover.removeTree(scratch) }
        let program = scratch.appending("docker")
        let script = """
            #!/bin/sh
            echo asked >>'\(scratch)/asked'
            [ "$(wc -l <'\(scratch)/asked')" -gt \(refusals) ] && { echo 'one two '; exit 0; }
            echo '\(said)' >&2
            exit 1
            """
        let file = try FileDescriptor.open(
            program, .writeOnly, options: [.create, .closeOnExec], permissions: [.ownerReadWriteExecute])
        try file.closeAfter { _ = try file.writeAll(script.utf8) }
        let cache = DockerCache(program, Bench(supervisor: Supervisor(jobs: 1), work: scratch))
        let found = cache.records
        let asked = try readWhole(scratch.appending("asked").string, limit: 4096)
        return (found, asked.count { $0 == UInt8(ascii: "\n") })
    }

    @Test(
        "it is asked again where it stumbled over what others do",
        arguments: [
            "Error response from daemon: failed to retrieve image list: content digest sha256:74d7: not found",
            "Error response from daemon: a disk usage operation is already running",
        ])
    func stumbles(said: String) throws {
        let answer = try records(refusals: 2, saying: said)
        #expect(answer.records == ["one", "two"] && answer.asked == 3)
        #expect(try records(refusals: 99, saying: said).records == nil)
    }

    @Test("it is not asked again where it is not there") func gone() throws {
        let answer = try records(refusals: 2, saying: "Cannot connect to the Docker daemon at unix:///run/x.sock.")
        #expect(answer.records == nil && answer.asked == 1)
    }
}

import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Builders

/// The moment in which a daemon lists nothing, because somebody else's image goes, cannot be had at will.
@Suite("What a Docker daemon's cache holds") struct DockerCacheTests {
    private func docker<Result>(_ script: String, _ body: (DockerCache, FilePath) throws -> Result) throws -> Result {
        try ScriptedTool.with(script) { program, runner in try body(DockerCache(program, runner), runner.work) }
    }

    /// - Parameter refusals: how often the daemon refuses before it answers.
    private func records(refusals: Int, saying said: String) throws -> (records: Set<String>?, asked: Int) {
        let script = """
            echo asked >>asked
            [ "$(wc -l <asked)" -gt \(refusals) ] && { echo 'one:false two:true '; exit 0; }
            echo '\(said)' >&2
            exit 1
            """
        return try docker(script) { cache, scratch in
            let found = cache.records
            let asked = try WholeFile.read(scratch.appending("asked").string, limit: 4096)
            return (found, asked.count { $0 == UInt8(ascii: "\n") })
        }
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

    /// - Parameter own: what is done where the own record is to go.
    private static func busy(removing own: String) -> String {
        """
        case "$1 $2" in
        "system df")
            \(ScriptedTool.busyListing) ;;
        "builder prune") case "$5" in *own*) \(own) ;; esac ;;
        esac
        """
    }

    @Test("what others' builds keep adding is not taken for what its own have left") func busy() throws {
        try docker(Self.busy(removing: ": >pruned")) { cache, scratch in
            #expect(cache.remove(label: "assay-1", before: ["old"]).failures == [])
            #expect(access(scratch.appending("pruned").string, F_OK) == 0)
        }
    }

    @Test("what its own builds have left is told, also on a busy daemon") func left() throws {
        try docker(Self.busy(removing: "echo no >&2; exit 1")) { cache, _ in
            let faults = cache.remove(label: "assay-1", before: ["old"]).failures
            #expect(faults.last == "1 images or build cache of assay-1 are still there", "\(faults)")
        }
    }
}

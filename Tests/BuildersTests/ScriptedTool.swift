import Files
import Glibc
import Sandbox
import SystemPackage

@testable import Builders

/// A tool that says what a script has it say, for moments of a daemon that cannot be had at will.
enum ScriptedTool {
    /// The script runs in the runner's directory, which is gone afterwards.
    static func with<Result>(_ script: String, _ body: (FilePath, ToolRunner) throws -> Result) throws -> Result {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let program = scratch.appending("tool")
        try WholeFile.write(
            "#!/bin/sh\ncd '\(scratch)'\n\(script)\n".utf8, to: program, .any, permissions: .ownerReadWriteExecute)
        return try body(program, ToolRunner(supervisor: Supervisor(jobs: 1), work: scratch))
    }

    /// Shell that lists a busy daemon's cache. Each look finds another record of others', which they use; `own` goes when there is a file `pruned`.
    static let busyListing = """
        looks=$(($(cat looks 2>/dev/null || echo 0) + 1))
        echo $looks >looks
        printf 'old:false '
        [ -e pruned ] || printf 'own:false '
        for look in $(seq $looks); do printf "other$look:true "; done; echo
        """
}

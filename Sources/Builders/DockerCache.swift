import Glibc
import Processes
import Sandbox
import SystemPackage

/// The traces of builds in a Docker daemon: tagged images, and records of BuildKit's cache.
struct DockerCache {
    private let program: FilePath
    private let runner: ToolRunner

    /// Variables that select a buildx builder with its own nodes; nil: the daemon itself.
    private let buildx: [String: String]?

    init(_ program: FilePath, _ runner: ToolRunner, buildx: [String: String]? = nil) {
        self.program = program
        self.runner = runner
        self.buildx = buildx
    }

    /// Ids of all records of the build cache; nil when the daemon does not say.
    var records: Set<String>? { (try? recordsNow()).map { Set($0.keys) } }

    /// The ids of the records, each with whether a build uses it now.
    private func recordsNow() throws(NoAnswer) -> [String: Bool] {
        guard buildx != nil else {
            let template = "{{range .BuildCache}}\(CacheSweep.template){{end}}"
            return CacheSweep.records(try text(["system", "df", "--verbose", "--format", template]))
        }
        // `ID  RECLAIMABLE  SIZE  LAST ACCESSED`; a star marks what can still be written to. Sums come after an empty line.
        let rows = try text(["buildx", "du"]).split(separator: "\n", omittingEmptySubsequences: false)
            .dropFirst().prefix { !$0.isEmpty }
            .map { $0.split { $0 == " " || $0 == "\t" || $0 == "*" } }
        let pairs = rows.compactMap { row in row.first.map { (String($0), row.dropFirst().first == "false") } }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Removes a label's images, and the cache records that are not in `before`. Images go even if the records are
    /// unknown.
    ///
    /// - Parameter wasCancelled: a build was given up: the daemon goes on with it for a moment.
    func remove(label: String, before: Set<String>?, wasCancelled: Bool = false) -> LeftBehind {
        // Why the records are unknown. Once this is set, they are not asked for again.
        var unknown = before == nil ? ["the docker daemon did not say what its build cache held before"] : []
        var sweep = CacheSweep(before: before ?? [], wasCancelled: wasCancelled)
        do throws(NoAnswer) {
            let failures = try sweep.untilClean(of: "images or build cache of \(label)") { sweep throws(NoAnswer) in
                let images = try images(label)
                var left: Set<String> = []
                if unknown.isEmpty {
                    do throws(NoAnswer) {
                        left = sweep.left(of: try recordsNow())
                    } catch {
                        unknown = ["the docker daemon does not say what its build cache holds: \(error.message)"]
                    }
                }
                var failures = images.isEmpty ? [] : clean(["image", "rm", "--force"] + images.sorted())
                var isPruned = left.isEmpty
                if !left.isEmpty {
                    let filter = ["--filter", "id=\(CacheSweep.expression(left))"]
                    let words = [buildx == nil ? "builder" : "buildx", "prune", "--force"] + filter
                    let pruned = runner.prune(launch(words), left)
                    failures += pruned.failures
                    isPruned = pruned.isClean
                }
                // What docker has said it removed needs no second look.
                return CacheSweep.Pass(isClean: failures.isEmpty && isPruned, failures: failures)
            }
            return LeftBehind(failures: unknown + failures, held: sweep.held)
        } catch {
            return LeftBehind(
                failures: unknown + ["the docker daemon does not say which images it holds: \(error.message)"])
        }
    }

    /// Removes the images of every run of Assay. They are found by their label: a name may be somebody's own.
    func removeImages() -> (count: Int, failures: [String]) {
        do throws(NoAnswer) {
            let images = try ids("label=\(BuildRequest.labelKey)")
            let failures = images.isEmpty ? [] : clean(["image", "rm", "--force"] + images.sorted())
            return (failures.isEmpty ? images.count : 0, failures)
        } catch {
            return (0, ["the docker daemon does not say which images it holds: \(error.message)"])
        }
    }

    /// The ids of a label's images. A buildx builder's own nodes hold none.
    private func images(_ label: String) throws(NoAnswer) -> Set<String> {
        buildx == nil ? try ids("reference=\(label)-*") : []
    }

    private func ids(_ filter: String) throws(NoAnswer) -> Set<String> {
        let ids = try text(["image", "ls", "--quiet", "--filter", filter])
        return Set(ids.split(separator: "\n").map(String.init))
    }

    private func clean(_ arguments: [String]) -> [String] { runner.clean(launch(arguments)).map { [$0] } ?? [] }

    /// The output of a command, asked again when another client interferes: it removes an image ("content digest …:
    /// not found"; seen with docker 26 and the containerd store), or asks too ("a disk usage operation is already
    /// running").
    private func text(_ arguments: [String]) throws(NoAnswer) -> String {
        var tries = 0
        while true {
            do throws(NoAnswer) {
                return try runner.text(launch(arguments))
            } catch {
                tries += 1
                let isInterference = error.message.contains("not found") || error.message.contains("already running")
                guard isInterference, tries < 10 else { throw error }
                usleep(100_000)
            }
        }
    }

    private func launch(_ arguments: [String]) -> Launch {
        var launch = Docker.launch(program, arguments, work: runner.work, timeout: .seconds(60))
        // docker since 23 would hand this to buildx, which takes ten times as long: it has the command itself, too.
        if arguments.first == "builder" { launch.environment["DOCKER_BUILDKIT"] = "0" }
        if let buildx {
            launch.environment["BUILDX_BUILDER"] = buildx["BUILDX_BUILDER"] ?? Tool.variable("BUILDX_BUILDER")
        }
        return launch
    }
}

import Glibc
import Sandbox
import SystemPackage

/// What builds leave in a Docker daemon: tagged images, and records of BuildKit's cache.
struct DockerCache {
    private let program: FilePath
    private let bench: Bench

    /// Set for a buildx builder with nodes of its own: what selects it.
    private let buildx: [String: String]?

    init(_ program: FilePath, _ bench: Bench, buildx: [String: String]? = nil) {
        self.program = program
        self.bench = bench
        self.buildx = buildx
    }

    /// Ids of all records of the build cache; nil when the daemon does not say.
    var records: Set<String>? { (try? recordsNow()).map { Set($0.keys) } }

    /// The records, and which of them a build uses at this moment.
    private func recordsNow() throws(Silence) -> [String: Bool] {
        let pairs: [(String, Bool)]
        if buildx == nil {
            let template = "{{range .BuildCache}}{{.ID}}:{{.InUse}} {{end}}"
            pairs = try words(["system", "df", "--verbose", "--format", template])
                .map { $0.split(separator: ":") }.map { (String($0[0]), $0.last == "true") }
        } else {
            // `ID  RECLAIMABLE  SIZE  LAST ACCESSED`; a star marks what can still be written to. Sums come after an empty line.
            pairs = try text(["buildx", "du"]).split(separator: "\n", omittingEmptySubsequences: false)
                .dropFirst().prefix { !$0.isEmpty }
                .map { $0.split { $0 == " " || $0 == "\t" || $0 == "*" } }
                .compactMap { row in row.first.map { (String($0), row.dropFirst().first == "false") } }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Removes the images of a label, and the cache records that have come since. The one does not depend on the other.
    ///
    /// Records do not say which build made them. Another build's that came in the same seconds goes too, unless it is in use: it is only a cache.
    func remove(label: String, before: Set<String>?) -> [String] {
        var faults: [String] = []
        // Said once, and not asked again.
        var unknown = before == nil ? ["the docker daemon did not say what its build cache held before"] : []
        // A daemon goes on for a moment with a build whose client has gone, so one look is not enough.
        let isInterrupted = Interrupt.signal != nil
        var quiet = isInterrupted ? -2 : 0
        var own: Set<String> = []
        for look in 0..<Self.looks where quiet < 1 {
            faults = []
            var images: Set<String> = []
            if buildx == nil {
                do throws(Silence) {
                    images = try words(["image", "ls", "--quiet", "--filter", "reference=\(label)-*"])
                } catch {
                    return unknown + ["the docker daemon does not say which images it holds: \(error.said)"]
                }
            }
            if !images.isEmpty { faults += clean(["image", "rm", "--force"] + images.sorted()) }
            var left: Set<String> = []
            if let before, unknown.isEmpty {
                do throws(Silence) {
                    let now = try recordsNow()
                    // On a busy daemon more come all the time: what comes, or is still in use, so much later is not these builds'.
                    let isLate = look >= Self.looks / 2 && !isInterrupted
                    if !isLate { own.formUnion(now.keys.filter { !before.contains($0) }) }
                    left = own.filter { now[$0] == false || now[$0] == true && !isLate }
                } catch {
                    unknown = ["the docker daemon does not say what its build cache holds: \(error.said)"]
                }
            }
            if !left.isEmpty {
                // One regular expression, as BuildKit's filters take it: a filter may be given only once.
                let expression = "/^(\(left.sorted().joined(separator: "|")))$/"
                faults += clean([
                    buildx == nil ? "builder" : "buildx", "prune", "--force", "--filter", "id=\(expression)",
                ])
            }
            if images.isEmpty && left.isEmpty {
                quiet += 1
                if quiet < 1 { usleep(200_000) }
            } else if !faults.isEmpty || !left.isEmpty {
                usleep(50_000)
            }
        }
        return unknown + (quiet < 1 ? faults + ["images or build cache of \(label) are still there"] : [])
    }

    private static let looks = 20

    private func clean(_ arguments: [String]) -> [String] { bench.clean(launch(arguments)).map { [$0] } ?? [] }

    private func words(_ arguments: [String]) throws(Silence) -> Set<String> {
        Set(try text(arguments).split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    private struct Silence: Error {
        var said: String
    }

    /// The daemon lists nothing in the moment in which somebody else's image goes ("content digest …: not found"; seen with docker 26 and the
    /// containerd store), or somebody else asks ("a disk usage operation is already running"): it is asked again.
    private func text(_ arguments: [String]) throws(Silence) -> String {
        var launch = launch(arguments)
        launch.cleansUp = true
        var said = ""
        for _ in 0..<10 {
            let ended = bench.run(launch)
            if ended.reason == .exited(0) { return ended.output.text }
            said = ended.complaint
            guard said.contains("not found") || said.contains("already running") else { break }
            usleep(100_000)
        }
        throw Silence(said: said)
    }

    private func launch(_ arguments: [String]) -> Launch {
        var launch = Docker.launch(program, arguments, work: bench.work, timeout: .seconds(60))
        if let buildx {
            launch.environment["BUILDX_BUILDER"] = buildx["BUILDX_BUILDER"] ?? Tool.variable("BUILDX_BUILDER")
        }
        return launch
    }
}

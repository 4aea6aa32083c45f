import Glibc
import Processes
import Sandbox
import SystemPackage

/// What trials make in the user's storage: images with their label, lists of them, and the containers of builds that were ended.
struct StoredTraces {
    let program: FilePath
    let storage: FilePath
    let runner: ToolRunner

    private var isPodman: Bool { program.lastComponent == "podman" }

    /// Removes what a run made: containers first, for they hold images.
    ///
    /// - Parameters:
    ///   - label: the run's; nil for any run's.
    ///   - begun: when the run began, if its build was ended before its time.
    /// - Returns: how many went, lists among the images, and what could not be removed.
    func remove(label: String?, endedSince begun: Timestamp? = nil) -> (
        containers: Int, images: Int, failures: [String]
    ) {
        let containers = removeContainers(label: label)
        let unrecorded = begun.map(removeUnrecorded) ?? []
        let images = removeImages(label: label)
        return (containers.count, images.count, containers.failures + unrecorded + images.failures)
    }

    /// Removes what the run's build left without a record.
    ///
    /// - Returns: what could not be removed.
    private func removeUnrecorded(since begun: Timestamp) -> [String] {
        let found = WorkingContainers.unrecorded(in: storage, since: begun)
        guard !found.isEmpty else { return [] }
        // Another's build, which makes one at this moment, writes its record soon.
        usleep(3_000_000)
        let left = Set(found).intersection(WorkingContainers.unrecorded(in: storage, since: begun)).sorted()
        guard !left.isEmpty else { return [] }
        // buildah refuses to remove what has no record.
        guard let podman = isPodman ? program : Tool.find("podman") else {
            return ["a build that was ended left containers that only podman removes: \(left.joined(separator: " "))"]
        }
        let removal = Tool.launch(podman, ["rm", "--force"] + left, timeout: .seconds(60), temporary: runner.work)
        return runner.clean(removal).map { [$0] } ?? []
    }

    private func removeContainers(label: String?) -> (count: Int, failures: [String]) {
        let containers = WorkingContainers.ids(in: storage, label: label)
        guard !containers.isEmpty else { return (0, []) }
        // podman takes those of buildah's library for another tool's, which only force removes.
        let failure = runner.clean(launch(["rm"] + (isPodman ? ["--force"] : []) + containers))
        return failure.map { (0, [$0]) } ?? (containers.count, [])
    }

    private func removeImages(label: String?) -> (count: Int, failures: [String]) {
        var failures: [String] = []
        var count = 0
        do throws(NoAnswer) {
            // Lists have no label, and `rmi` passes them over in silence.
            let field = isPodman ? "Repository" : "Name"
            let lists = try words([
                "--filter", "reference=localhost/\(label ?? "assay")-*", "--format", "{{.\(field)}}:{{.Tag}}",
            ])
            .filter(BuildRequest.isOwn)
            for list in lists.sorted() {
                let failure = runner.clean(launch(["manifest", "rm", list]))
                if let failure { failures.append(failure) } else { count += 1 }
            }
            let value = label.map { "=\($0)" } ?? ""
            let images = try words(["--quiet", "--no-trunc", "--filter", "label=\(BuildRequest.labelKey)\(value)"])
            guard !images.isEmpty else { return (count, failures) }
            let failure = runner.clean(launch(["rmi", "--force"] + images.sorted()))
            if let failure { failures.append(failure) } else { count += images.count }
        } catch {
            failures.append("the storage does not say what it holds: \(error.message)")
        }
        return (count, failures)
    }

    private func words(_ options: [String]) throws(NoAnswer) -> Set<String> {
        // A tool that hangs here hung in the trial already.
        let text = try runner.text(launch(["images", "--all"] + options, timeout: .seconds(20)))
        return Set(text.split(separator: "\n").map(String.init))
    }

    private func launch(_ words: [String], timeout: Duration = .seconds(60)) -> Launch {
        Tool.launch(program, words, timeout: timeout, temporary: runner.work)
    }
}

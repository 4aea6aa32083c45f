import Evidence
import Files
import Processes
import Sandbox
import SystemPackage
import TestSupport
import Testing

@testable import Builders

@Suite("Containers of builds that were ended") struct WorkingContainerTests {
    private func storage(_ body: (FilePath) throws -> Void) throws {
        let root = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(root) }
        try body(root)
    }

    private func sh(_ script: String, _ root: FilePath) throws -> Termination {
        var launch = Launch(
            path: "/bin/sh", arguments: ["sh", "-ec", script, "sh", root.string], venue: .direct, timeout: .seconds(60))
        launch.environment = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]
        return Supervisor(jobs: 1).run(launch)
    }

    @Test("without a record are found by their name and time, and no others") func unrecorded() throws {
        try storage { root in
            let made = try sh(
                """
                cd "$1"; mkdir -p vfs-containers/recorded/userdata; : >vfs-containers/recorded/userdata/buildah.json
                one() { printf '{"id":"%s","names":["%s"],"created":"%s.404213113Z"}' "$1" "$2" "$3"; }
                at=2026-11-30T13:22:24
                {
                    printf '['; one left debian-working-container $at; printf ','; one recorded working-container $at
                    printf ','; one old working-container 2026-11-30T13:22:19; printf ','; one named mine $at
                    printf ',{"id":"bare"}]'
                } >vfs-containers/containers.json
                printf '[' >vfs-containers/volatile-containers.json
                """, root)
            #expect(made.reason == .exited(0))
            let begun = try #require(Timestamp(text: "2026-11-30T13:22:20Z"))
            #expect(WorkingContainers.unrecorded(in: root, since: begun) == ["left"])
            #expect(WorkingContainers.unrecorded(in: root.appending("absent"), since: begun).isEmpty)
        }
    }

    @Test(
        "without a record go with the trial that was ended",
        .enabled(
            if: Tool.find("buildah") != nil && Tool.find("podman") != nil && Here.isRoot,
            "needs buildah, podman and root"))
    func removed() throws {
        try storage { root in
            let options = "--root \(root)/store --runroot \(root)/run --storage-driver vfs"
            // The program with the storage's options in front, in place of the user's own configuration.
            let made = try sh(
                """
                cd "$1"; mkdir bin
                for tool in buildah podman; do
                    printf '#!/bin/sh\\nexec /usr/bin/%s \(options) "$@"\\n' $tool >bin/$tool
                done
                sed -i 's,/usr/bin/podman,& --tmpdir \(root)/state,' bin/podman
                chmod 755 bin/*
                bin/buildah from scratch
                rm store/vfs-containers/*/userdata/buildah.json
                """, root)
            try #require(made.reason == .exited(0), "\(made.errors.text)")
            let store = root.appending("store")
            let begun = Timestamp(seconds: Timestamp.now.seconds - 60)
            #expect(WorkingContainers.unrecorded(in: store, since: begun).count == 1)
            let traces = StoredTraces(
                program: root.appending("bin/podman"), storage: store,
                runner: ToolRunner(supervisor: Supervisor(jobs: 1), work: root))
            #expect(traces.remove(label: "assay-x").failures.isEmpty)
            #expect(WorkingContainers.unrecorded(in: store, since: begun).count == 1, "nobody's build was ended")
            #expect(traces.remove(label: "assay-x", endedSince: begun).failures.isEmpty)
            #expect(WorkingContainers.unrecorded(in: store, since: begun).isEmpty)
            _ = try sh("umount -R \"$1\"/store/* 2>/dev/null || :", root)
        }
    }
}

import Glibc
import TestSupport
import Testing

/// An x86-64 program in an image that is labelled linux/arm64: no step executes anything, so every builder makes it without a word.
@Suite("A mislabelled image, from each builder's own output", .serialized) struct MislabelledTests {
    private static let isRoot = geteuid() == 0

    /// Writes the context to `$c`, has `build` export `$c/image.tar`, and opens that.
    private func script(_ machine: Machine, _ build: String) -> String {
        """
        c='\(machine.scratch)/context'; mkdir -p "$c/amd64/bin" && cp /bin/true "$c/amd64/bin/program"
        printf 'FROM scratch\\nCOPY amd64/ /\\nENTRYPOINT ["/bin/program"]\\n' >"$c/Dockerfile"
        { \(build); } >"$c/log" 2>&1 || { cat "$c/log" >&2; exit 99; }
        "$0" artifact "$c/image.tar" --format json
        """
    }

    private func expectForeign(_ outcome: Outcome) throws {
        #expect(outcome.status == 1, "\(outcome)")
        let finding = try #require(try outcome.report.finding("artifact-foreign-binary"), "\(outcome)")
        #expect(finding.evidence.contains { $0.contains("bin/program") && $0.contains("x86") }, "\(finding.evidence)")
    }

    /// buildah and podman write below /var/lib, /run and /dev/shm: here each is the script's own.
    private func withOwnStorage(_ machine: Machine, _ build: String) throws -> Outcome {
        try machine.write(script(machine, build), to: "script")
        return machine.run(
            """
            exec unshare --mount --propagation private -- sh -c '
                for d in /var/lib /run /dev/shm; do mount -t tmpfs tmpfs $d || exit 98; done
                exec sh -c "$(cat "$1")" "$0"' "$0" '\(machine.scratch)/script'
            """)
    }

    @Test("buildah's", .enabled(if: Here.hasBuildah, "\(Here.buildahReason)")) func buildah() throws {
        let machine = try Machine()
        try expectForeign(
            withOwnStorage(
                machine,
                """
                buildah --storage-driver vfs build --platform linux/arm64 --tag mislabelled "$c" &&
                    buildah --storage-driver vfs push mislabelled "oci-archive:$c/image.tar"
                """))
    }

    @Test("podman's", .enabled(if: isRoot && access("/usr/bin/podman", X_OK) == 0, "needs podman, and root"))
    func podman() throws {
        let machine = try Machine()
        try expectForeign(
            withOwnStorage(
                machine,
                """
                podman='podman --storage-driver vfs --cgroup-manager cgroupfs --events-backend none'
                $podman build --platform linux/arm64 --tag mislabelled "$c" &&
                    $podman save --format oci-archive --output "$c/image.tar" mislabelled
                """))
    }

    @Test("the docker daemon's", .enabled(if: DockerDaemon.isHere, "\(DockerDaemon.reason)")) func docker() throws {
        let machine = try Machine()
        let build = """
            DOCKER_BUILDKIT=1 docker build --platform linux/arm64 --tag mislabelled "$c" &&
                docker save --output "$c/image.tar" mislabelled
            """
        try expectForeign(machine.run(DockerDaemon.script(machine, script(machine, build))))
    }
}

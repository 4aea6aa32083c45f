/// Words of builders and runtimes by which a log's line and the end of a build are known alike. Each group must be in one
/// line, in lower case.
enum ToolWords {
    /// What execve(2) said, as the tools begin it: BuildKit's runc, crun, buildah in `chroot` isolation, docker before 23.
    static func executing(_ error: String) -> [[String]] {
        ["exec /", "exec container process", "exec user process caused", "fork/exec /", "failed to run command"]
            .map { [$0, error] }
    }

    static let missing = "no such file or directory"
    /// The same, as bash since 5.2 says it of a program whose interpreter does not exist.
    static let missingInterpreter = ["cannot execute", "required file not found"]
    static let refused = "permission denied"

    /// How the emulators of arm64 and amd64 call themselves: QEMU's names, and Debian's for those that take P.
    static let emulators = ["qemu-aarch64", "aarch64-binfmt", "qemu-x86_64", "x86_64-binfmt"]

    static let noDaemon = [
        ["cannot connect to the docker daemon"], ["error during connect"], ["failed to connect to the docker api"],
    ]
    static let noBuildkit = [
        ["could not connect to buildkitd"], ["no builders running"], ["rpc error: code = unavailable"],
    ]
    /// The runtime started, and the kernel refused the program: the runtime's own words are no cause then.
    static let refusals = ["exec format error", missing, refused, "executable file not found in $path"]
    /// The runtime can start no program.
    static let noRuntime = [
        ["cgroup", "no such hierarchy"], ["unable to apply cgroup configuration"], ["oci runtime exec failed"],
        ["failed to create new network namespace"],
    ]
}

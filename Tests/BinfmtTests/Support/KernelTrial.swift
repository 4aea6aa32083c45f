import Binfmt
import Evidence
import Files
import Glibc
import Sandbox
import SystemPackage

/// Registers entries in a registry of its own and lets the kernel choose between them. The host's is not touched.
struct KernelTrial {
    /// Whether this caller can have a binfmt_misc instance of its own (Linux 6.7, user namespaces allowed).
    static let isPossible: Bool = {
        Supervisor(jobs: 1).run(shell("mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc")).reason == .exited(0)
    }()

    /// By the sample's text: the name of the entry that took it, or `none`.
    var taken: [String: String] = [:]
    /// The same registry, as `Registry.read` sees it from outside.
    var registry: Registry?
    var output = ""

    /// - Parameters:
    ///   - steps: shell commands; `add NAME OFFSET MAGIC MASK`, `turn 0|1|-1 NAME` and `$registry` are at hand.
    ///   - samples: texts of files that are then executed.
    ///   - body: called with the registry's directory, as it is reached from outside, before the registry is read.
    init(_ steps: [String], samples: [String] = [], _ body: (String) -> Void = { _ in }) throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let runs = samples.enumerated().map { index, text in
            """
            printf '%s' '\(text)' >sample\(index); chmod 755 sample\(index)
            taken=$(./sample\(index) 2>/dev/null); echo "\(index) ${taken:-none}"
            """
        }
        let script =
            """
            registry=/proc/sys/fs/binfmt_misc
            mount -t binfmt_misc binfmt_misc $registry && cd '\(scratch)' || exit 90
            turn() { printf '%s' "$1" >$registry/$2; }
            add() {
                printf '#!/bin/sh\\necho %s\\n' "$1" >$1 && chmod 755 $1
                printf '%s' ":$1:M:$2:$3:$4:$PWD/$1:" >$registry/register || exit 91
            }

            """ + (steps + runs).joined(separator: "\n") + "\necho \"ready $$\"; exec sleep 60\n"
        var seen = ""
        var found: Registry?
        let ended = Supervisor(jobs: 1).run(
            [Self.shell(script)],
            onOutput: { _, bytes in
                seen += String(decoding: bytes, as: UTF8.self)
                guard found == nil, let line = seen.split(separator: "\n").first(where: { $0.hasPrefix("ready ") }),
                    seen.hasSuffix("\n"), let process = pid_t(line.dropFirst(6))
                else { return }
                let directory = "/proc/\(process)/root\(Registry.standardDirectory)"
                body(directory)
                found = Registry.read(directory: directory)
                kill(process, SIGKILL)
            })[0]
        registry = found
        output = "\(ended.reason) \(ended.output.text) \(ended.errors.text)"
        for line in seen.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let index = Int(words[0]) { taken[samples[index]] = String(words[1]) }
        }
    }

    private static func shell(_ script: String) -> Launch {
        var launch = Launch(
            path: "/usr/bin/unshare", arguments: ["unshare", "-Urm", "sh", "-c", script], venue: .direct,
            timeout: .seconds(30))
        launch.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        return launch
    }
}

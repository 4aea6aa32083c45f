import Binfmt
import Files
import Glibc
import Guest
import Sandbox
import SystemPackage

/// A binfmt_misc registry of a script's own: what happens in it the host never sees.
enum PrivateHost {
    /// Shell lines that open the namespace's registry, and cover what the host registers at boot: a remedy that is typed may write there.
    /// `$registry` and the program as `$0` are at hand.
    static let opening = """
        registry=\(Registry.standardDirectory)
        mount -t binfmt_misc binfmt_misc $registry || exit 90
        for place in \((BootConfiguration.systemdDirectories + [BootConfiguration.databaseDirectory]).joined(separator: " ")); do
            [ ! -d $place ] || mount -t tmpfs none $place || exit 90
        done

        """

    /// Whether this caller can have a registry of its own (Linux 6.7, user namespaces allowed).
    static let isPossible: Bool = {
        guard let machine = try? Machine() else { return false }
        return Outcome(Supervisor(jobs: 1).run(machine.privately("exit 7"))).status == 7
    }()
    static let reason = "needs user namespaces and a binfmt_misc registry of its own (Linux 6.7 or later)"

    /// A static QEMU under its own name, which understands every combination of flags; nil where none is installed.
    static let qemu: String? = ["/usr/bin/qemu-aarch64-static", "/usr/local/bin/qemu-aarch64-static"]
        .first { access($0, X_OK) == 0 }

    static let canEmulate = isPossible && qemu != nil
    static let emulationReason = reason + ", and a static qemu-aarch64"

    /// Shell lines that register an interpreter for a guest's programs.
    static func register(_ interpreter: String? = qemu, for guest: Guest = .arm64, flags: String) -> String {
        let rule = Handler(for: guest, interpreter: interpreter ?? "/does/not/exist", flags: flags)
        return "printf '%s' '\(rule.text)' >$registry/register || exit 91\n"
    }
}

extension Machine {
    /// A script in namespaces of its own, as root there, with an empty registry.
    func privately(_ script: String, timeout: Duration = Machine.timeout) -> Launch {
        launch(
            path: "/usr/bin/unshare",
            ["unshare", "-Urm", "sh", "-c", PrivateHost.opening + script, Self.program.string], timeout: timeout)
    }

    /// The same in a namespace with many ids, mapped from outside: buildah needs them for its layers. Takes root.
    func privatelyWithManyIDs(_ script: String) throws -> Outcome {
        try write(PrivateHost.opening + script, to: "inside")
        return run(
            """
            unshare -Um sh -c 'until [ "$(cat /proc/self/uid_map)" ]; do sleep 0.01; done; exec sh -c "$(cat "$1")" "$0"' \
                "$0" '\(scratch)/inside' & p=$!
            until [ "$(readlink /proc/$p/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.01; done
            echo 0 0 65536 >/proc/$p/gid_map && echo 0 0 65536 >/proc/$p/uid_map && wait $p
            """)
    }

    /// Runs the program in a registry that `setUp` has prepared.
    func assay(_ arguments: String..., after setUp: String) -> Outcome {
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        return Outcome(Supervisor(jobs: 1).run(privately("\(setUp)\nexec \"$0\" \(words)")))
    }

    /// Runs the program, types the remedy of one of its findings in the same registry, and runs it again.
    func assay(_ arguments: String..., after setUp: String, thenTyping code: String) throws -> (
        before: JSONForm, after: Outcome
    ) {
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        let first = scratch.appending("first.json")
        let remedy = scratch.appending("remedy")
        let script = """
            \(setUp)
            "$0" \(words) --report 'json=\(first)' >/dev/null 2>&1
            echo first; while [ ! -e '\(remedy)' ]; do sleep 0.02; done
            sh -c "$(cat '\(remedy)')" >&2 || exit 92
            exec "$0" \(words) --format json
            """
        var before: JSONForm?
        var told = false
        var trouble: (any Error)?
        var ended = Supervisor(jobs: 1).run(
            [privately(script)],
            onOutput: { _, _ in
                guard !told else { return }
                told = true
                do {
                    let report = try JSONForm(
                        String(decoding: try WholeFile.read(first.string, limit: 16 << 20), as: UTF8.self))
                    before = report
                    try self.write(
                        report.finding(code)?.remedy ?? "echo no finding \(code) >&2; exit 1", to: "remedy.new")
                    rename(scratch.appending("remedy.new").string, remedy.string)
                } catch {
                    trouble = error
                    // Lets the script go on and fail.
                    _ = try? self.write("exit 1", to: "remedy")
                }
            })[0]
        if let trouble { throw trouble }
        if ended.output.bytes.starts(with: Array("first\n".utf8)) { ended.output.bytes.removeFirst(6) }
        guard let before else { throw Errno.noData }
        return (before, Outcome(ended))
    }
}

import Evidence
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Sandbox

@Suite("The oci venue", .enabled(if: OCIRuntime.installed != nil, "needs runc or crun"))
struct OCIVenueTests {
    /// A scratch directory and a root, and what they hold afterwards.
    private final class Place {
        let tree: RootTree
        let scratch: FilePath

        init() throws {
            tree = try RootTree()
            scratch = try ScratchDirectory.make()
        }

        deinit { try? TreeRemover.removeTree(scratch) }

        func launch(_ script: String, timeout: Duration = .seconds(20)) -> Launch {
            tree.shell(script, venue: .oci, timeout: timeout).with { $0.scratch = scratch }
        }

        /// Bundles, and cgroups of containers that were started from here.
        var leftovers: [String] {
            let name = scratch.lastComponent?.string ?? ""
            let listing = run(.shell("ls -A '\(scratch)'; find /sys/fs/cgroup -name '*\(name)*' 2>/dev/null"))
            return listing.output.text.split(separator: "\n").map(String.init)
        }
    }

    @Test("is a container: root of its own, alone, without network, on a read-only root") func container() throws {
        let place = try Place()
        let ended = run(
            place.launch(
                """
                echo pid $$; read name </proc/sys/kernel/hostname; echo host $name
                while read key value rest; do [ $key = Uid: ] && echo uid $value; done </proc/self/status
                while read name rest; do case $name in *:) echo net $name;; esac; done </proc/net/dev
                (: >/forbidden) 2>/dev/null || echo read-only
                echo word >/tmp/file && read word </tmp/file && echo tmp $word
                echo environment $WORD; exit 7
                """
            ).with { $0.environment["WORD"] = "a b" })
        #expect(ended.reason == .exited(7), "\(ended.reason) \(ended.errors.text)")
        let expected = "pid 1\nhost assay\nuid 0\nnet lo:\nread-only\ntmp word\nenvironment a b\n"
        #expect(ended.output.text == expected)
        #expect(place.leftovers.isEmpty && place.tree.names(in: "tmp").isEmpty)
    }

    @Test("a writable root is the directory itself, and the working directory is the one that was asked for")
    func writable() throws {
        let place = try Place()
        let ended = run(
            place.launch("echo kept >file").with { ($0.isRootWritable, $0.directory) = (true, "/tmp") })
        #expect(ended.reason == .exited(0), "\(ended.reason) \(ended.errors.text)")
        #expect(place.tree.names(in: "tmp") == ["file"])
    }

    @Test(
        "what the kernel refuses is the program's, with its errno",
        arguments: [("nonsense", ENOEXEC), ("#!/does/not/exist\n", ENOENT)])
    func refused(content: String, error: Int32) throws {
        let place = try Place()
        #expect(run(.shell("printf '\(content)' >'\(place.tree.path)/bin/odd'")).reason == .exited(0))
        #expect(run(.shell("chmod 755 '\(place.tree.path)/bin/odd'")).reason == .exited(0))
        let ended = run(place.launch("").with { $0.path = "/bin/odd" })
        #expect(ended.reason == .notStarted(StartFailure(stage: .program, error: error)), "\(ended.errors.text)")
        #expect(ended.executed == nil)
        #expect(place.leftovers.isEmpty)
    }

    @Test("a program that says the same and was started is not taken for one that was refused") func mimic() throws {
        let place = try Place()
        let ended = run(place.launch("echo begun; echo 'exec /bin/x: exec format error' >&2; exit 1"))
        #expect(ended.reason == .exited(1))
    }

    @Test("what the runtime cannot do is its own trouble, in its own words") func trouble() throws {
        let place = try Place()
        let ended = run(place.launch("exit 0").with { $0.root = "/does/not/exist" })
        guard case .notStarted(let failure) = ended.reason else {
            Issue.record("expected notStarted, found \(ended.reason)")
            return
        }
        #expect(failure.stage == .runtime)
        #expect(failure.description.contains("/does/not/exist"), "\(failure)")
        #expect(place.leftovers.isEmpty)
    }

    @Test("a fatal signal is told from an exit status") func signals() throws {
        let place = try Place()
        #expect(run(place.launch("sh -c 'kill -SEGV $$'; exit $?")).reason == .signalled(SIGSEGV))
        #expect(run(place.launch("exit 130")).reason == .exited(130))
    }

    @Test("at the time limit the container ends, and neither cgroup nor bundle stays") func timeout() throws {
        let (place, token) = (try Place(), Token())
        var seen = 0
        let launch = place.launch("echo begun; sleep \(token) & sleep \(token)", timeout: .seconds(2))
        let ended = Supervisor(jobs: 1).run([launch], onOutput: { _, _ in seen = token.settled(count: 4).count })[0]
        #expect(seen >= 3, "the shell and two sleepers, beside the runtime")
        #expect(ended.reason == .timedOut)
        #expect(token.settled(count: 0).isEmpty)
        #expect(place.leftovers.isEmpty)
    }

    @Test("what a run that was killed left with the runtime is released") func abandoned() throws {
        let (place, token) = (try Place(), Token())
        let runtime = try #require(OCIRuntime.installed).path
        var (before, after) = (0, -1)
        // The shell waits, so that its own end does not end the container; its command line has the token, too.
        let script = """
            mkdir '\(place.scratch)/oci-left' && cd '\(place.scratch)/oci-left' || exit 1
            [ $(id -u) = 0 ] || rootless=--rootless
            '\(runtime)' spec $rootless && sed -i 's|"terminal": true|"terminal": false|
                s|"sh"$|"sleep", "\(token)"|; s|"path": "rootfs"|"path": "\(place.tree.path)"|' config.json || exit 2
            '\(runtime)' --root "$PWD/state" run --detach '\(place.scratch.lastComponent?.string ?? "")-oci-left' \
                </dev/null >said 2>&1 || { cat said >&2; exit 3; }
            echo ready; until [ -e ../gate ]; do sleep 0.02; done
            """
        let ended = Supervisor(jobs: 1).run(
            [.shell(script)],
            onOutput: { _, _ in
                before = token.settled(count: 2).count
                OCIBundle.release(below: place.scratch)
                after = token.settled(count: 1).count
                _ = run(.shell(": >'\(place.scratch)/gate'"))
            })[0]
        #expect(ended.reason == .exited(0), "\(ended.errors.text)")
        #expect(before == 2 && after == 1)
        #expect(place.leftovers.sorted() == ["gate", "oci-left"])
    }
}

@Suite("What a runtime says") struct OCIRuntimeWordsTests {
    @Test(
        "the errno is read from the words of runc and crun",
        arguments: [
            ("exec /bin/assay-probe: exec format error", ENOEXEC),
            ("standard_init_linux.go:228: exec user process caused: no such file or directory", ENOENT),
            ("exec container process `/bin/p`: Exec format error", ENOEXEC),
            ("exec container process (missing dynamic library?) `/bin/p`: No such file or directory", ENOENT),
            ("exec container process `/bin/p`: Permission denied", EACCES),
        ] as [(String, Int32)])
    func errno(words: String, error: Int32) { #expect(OCIBundle.refusal(words) == error) }

    @Test("other words have none", arguments: ["", "exec format error", "sh: 1: nonsense: not found", "exec: done"])
    func none(words: String) { #expect(OCIBundle.refusal(words) == nil) }
}

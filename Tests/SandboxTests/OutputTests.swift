import Evidence
import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("What a program says") struct OutputTests {
    @Test("both streams are kept whole and apart") func apart() {
        let ended = run(.shell("echo out; echo err >&2; echo more"))
        #expect(ended.output.text == "out\nmore\n")
        #expect(ended.errors.text == "err\n")
        #expect(ended.output.dropped == 0)
    }

    @Test("what cannot be read is not taken for silence: the call that failed is named") func unobserved() throws {
        let ended = try #require(without("read", EIO) { run(.shell("exit 0")) }, "no filter can be had here")
        guard case .unobserved(let failure) = ended.reason else {
            Issue.record("\(ended)")
            return
        }
        #expect(failure.call.hasPrefix("read ") && failure.errno == .ioError)
        #expect(ended.words.contains("could not be observed to its end: read "))
    }

    @Test("output beyond the bound is counted, not kept, on each stream") func bound() {
        let launch = Launch.shell("head -c 100000 /dev/zero; head -c 2500 /dev/zero >&2").with { $0.outputLimit = 1000 }
        let ended = run(launch)
        #expect(ended.reason == .exited(0))
        #expect(ended.output.bytes.count == 1000)
        #expect(ended.output.dropped == 99_000)
        #expect(ended.errors.bytes.count == 1000)
        #expect(ended.errors.dropped == 1500)
    }

    @Test("output exactly at the bound drops nothing") func exactBound() {
        let ended = run(Launch.shell("head -c 1000 /dev/zero").with { $0.outputLimit = 1000 })
        #expect(ended.output.bytes.count == 1000)
        #expect(ended.output.dropped == 0)
    }

    @Test("ten megabytes neither block the program nor lose a byte") func flood() {
        let ended = run(.shell("head -c 10000000 /dev/zero"))
        #expect(ended.reason == .exited(0))
        #expect(ended.output.bytes.count == 1 << 20)
        #expect(ended.output.bytes.count + ended.output.dropped == 10_000_000)
    }

    @Test("more than a pipe holds, written just before the end, arrives in order") func late() {
        let ended = run(.shell("seq 1 40000; exit 5"))
        #expect(ended.reason == .exited(5))
        #expect(ended.output.text == (1...40_000).map { "\($0)\n" }.joined())
    }

    @Test("the listener hears every byte of standard output, also beyond the bound") func listener() {
        var heard: [Int: Int] = [:]
        let launches = [1000, 3000].map { count in
            Launch.shell("head -c \(count) /dev/zero; echo ignored >&2").with { $0.outputLimit = 10 }
        }
        _ = Supervisor(jobs: 2).run(launches, onOutput: { heard[$0, default: 0] += $1.count })
        #expect(heard == [0: 1000, 1: 3000])
    }

    @Test("what an end's reader lets go of is not kept, for launches that cannot begin either") func forgotten() {
        var seen: [Int: String] = [:]
        var launches = (0..<3).map { Launch.shell("echo \($0); echo \($0) >&2") }
        launches[2].path = "/nonexistent"
        let ended = Supervisor(jobs: 2).run(
            launches,
            onEnd: { index, ended in
                seen[index] = ended.output.text + ended.errors.text
                ended.forgetOutput()
            })
        #expect(seen == [0: "0\n0\n", 1: "1\n1\n", 2: ""])
        #expect(ended.allSatisfy { $0.output == Captured() && $0.errors == Captured() })
        #expect(ended.prefix(2).map(\.reason) == [.exited(0), .exited(0)])
    }

    @Test("standard input is empty") func noInput() {
        #expect(run(.shell("if read line; then exit 1; else exit 7; fi")).reason == .exited(7))
    }

    @Test("no descriptor of this process reaches the program") func inheritance() {
        // Not close-on-exec, as a careless library would leave it.
        let stray = fcntl(open("/dev/null", O_RDONLY), F_DUPFD, 200)
        defer { close(stray) }
        let ended = run(.shell("for f in /proc/$$/fd/*; do echo ${f##*/}; done"))
        let seen = Set(ended.output.text.split(separator: "\n").compactMap { Int32($0) })
        #expect(stray >= 200)
        // 3 is the shell's own, reading the directory.
        #expect(seen.isSubset(of: [0, 1, 2, 3]) && seen.isSuperset(of: [0, 1, 2]), "\(seen)")
    }

    @Test("the environment is exactly what was given") func environment() {
        setenv("ASSAY_STRAY", "inherited", 1)
        var launch = Launch(path: "/usr/bin/env", arguments: ["env"], venue: .direct, timeout: .seconds(10))
        #expect(run(launch).output.text.isEmpty)
        launch.environment = ["B": "two words=x", "A": "", "QEMU_CPU": "max"]
        #expect(run(launch).output.text.split(separator: "\n").sorted() == ["A=", "B=two words=x", "QEMU_CPU=max"])
    }

    @Test("arguments reach the program as they are") func arguments() {
        let words = ["plain", "", "two words", "new\nline", "'quote'", "*", "ä"]
        var launch = Launch.shell("printf '<%s>' \"$0\" \"$@\"")
        launch.arguments += ["zero"] + words
        #expect(run(launch).output.text == (["zero"] + words).map { "<\($0)>" }.joined())
    }

    @Test("the directory is where the program starts") func directory() {
        #expect(run(Launch.shell("pwd").with { $0.directory = "/usr" }).output.text == "/usr\n")
    }

    @Test("a low limit of descriptors is the caller's own, a high one stays, and the hard one is kept")
    func descriptorLimit() async {
        await #expect(processExitsWith: .success) {
            for (soft, hard, seen) in [(150, 2048, "1024 2048"), (1500, 2048, "1500 2048"), (150, 200, "200 200")] {
                var limit = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard))
                #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
                #expect(run(.shell("echo $(ulimit -Sn) $(ulimit -Hn)")).output.text == "\(seen)\n")
            }
        }
    }

    @Test("a crash leaves no core file") func core() {
        #expect(run(.shell("ulimit -c; ulimit -Hc")).output.text == "0\n0\n")
    }
}

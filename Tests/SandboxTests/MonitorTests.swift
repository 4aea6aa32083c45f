import Files
import Glibc
import Sandbox
import TestSupport
import Testing

@Suite("The monitor") struct MonitorTests {
    /// What a program finds out about the process that started it: `$1` is its number.
    private static let look = """
        process=${1:-$PPID}
        for name in environ mem maps auxv; do
            read word 2>/dev/null <"/proc/$process/$name" && echo "$name=read"
            (: <"/proc/$process/$name") 2>/dev/null && echo "$name=open"
        done
        for name in root cwd; do [ -e "/proc/$process/$name/." ] && echo "$name=open"; done
        for one in /proc/$process/fd/*; do [ -e "$one" ] && echo "fd=open"; done
        read line <"/proc/$process/cmdline"; echo "line=$line"
        """

    @Test(
        "shows nothing of itself to a container's root", .enabled(if: Here.mayMakeContainers, "needs user namespaces"))
    func container() throws {
        let tree = try RootTree()
        let ended = run(tree.shell("set -- 1; " + Self.look))
        #expect(ended.output.text == "line=\n", "\(ended.errors.text)")
    }

    @Test("shows nothing of itself to a program of the same user")
    func sameUser() {
        var launch = Launch.shell(Self.look)
        // The monitor stays root. The ordinary caller's run shows what its own user could see.
        if Here.isRoot { launch.identity = (65534, 65534) }
        #expect(run(launch).output.text == "line=\n")
    }

    @Test("holds none of the caller's variables and arguments, which root may read everywhere") func emptied() throws {
        let own = try WholeFile.read("/proc/self/environ", limit: 1 << 20)
        try #require(own.contains { $0 != 0 })
        let script = "tr -d '\\0' </proc/$PPID/environ | wc -c; tr -d '\\0' </proc/$PPID/cmdline | wc -c"
        let ended = run(.shell(script))
        #expect(ended.output.text == "0\n0\n", "\(ended.errors.text)")
        // The parent's own stay.
        #expect(try WholeFile.read("/proc/self/environ", limit: 1 << 20) == own)
    }
}

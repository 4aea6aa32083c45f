import Glibc
import Testing

@Suite("/proc that is not there", .enabled(if: getuid() == 0 && PrivateHost.canEmulate, "needs root, and an emulator"))
struct ProcTests {
    @Test("leaves open what is about it: that is not the emulator's fault") func absent() throws {
        let machine = try Machine()
        let outcome = machine.run(
            """
            exec unshare -m --propagation private sh -c '
                umount -l /proc && exec "$0" probe process.self-files --venue direct' "$0"
            """)
        #expect(outcome.status == 2 && outcome.said.contains("/proc is not mounted, which this is about"), "\(outcome)")
        #expect(!outcome.said.contains("emulation-"), "\(outcome)")
    }

    @Test("and where only a venue may not mount it, such probes do not apply there") func refused() throws {
        let machine = try Machine()
        let outcome = machine.run(
            """
            exec unshare -Urm --propagation private sh -c '
                mount -t tmpfs none /proc/fs && exec "$0" accept --builder none --filter process.self-files \\
                    --filter exec.static --venue container' "$0"
            """)
        #expect(outcome.said.contains("FIT") && !outcome.said.contains("UNFIT"), "\(outcome)")
        #expect(!outcome.said.contains("emulation-"), "\(outcome)")
    }
}

#include "../probe.h"

PROBE("uname.machine", "uname(2) names Linux on the machine that the program was built for",
      "configure scripts and package managers pick the host's architecture",
      "https://github.com/rust-lang/rustup/issues/2700")
{
    struct utsname name = {};
    expect_success("uname", sys1(SYS_uname, (long)&name));
    expect_text("sysname", name.sysname, "Linux");
#if defined(__i386__)
    if (same(name.machine, "x86_64")) { // a 64-bit kernel, until it is asked to say what 32-bit programs run on
        expect_success("personality(PER_LINUX32)", sys1(SYS_personality, 8));
        expect_success("uname", sys1(SYS_uname, (long)&name));
    }
#elif defined(__arm__)
    if (same(name.machine, "armv8l")) // Armv8 in its 32-bit state
        memcpy(name.machine, MACHINE, sizeof MACHINE);
#endif
    expect_text("machine", name.machine, MACHINE);
    // BuildKit runs steps with an emulator of its own where it has found no handler, and shows it to them there.
    long fd = sys_open("/dev/.buildkit_qemu_emulator", O_RDONLY, 0);
    if (fd >= 0) {
        sys_close((int)fd);
        note("embedded-emulator: /dev/.buildkit_qemu_emulator is there");
    }
    EXPECT(name.release[0] >= '2' && name.release[0] <= '9', "release begins with a version", "'%s'", name.release);
}

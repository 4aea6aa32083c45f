// ioctl(2), whose numbers and structures each machine has its own of, and terminals.
#include "../probe.h"

#if defined(__powerpc64__) // arch/powerpc/include/uapi/asm/ioctls.h
enum { TCGETS = 0x402c7413, TIOCGWINSZ = 0x40087468, FIOCLEX = 0x20006601, FIONCLEX = 0x20006602 };
static constexpr uint32_t FIONBIO = 0x8004667e;
#else
enum { TCGETS = 0x5401, TIOCGWINSZ = 0x5413, FIONBIO = 0x5421, FIOCLEX = 0x5451, FIONCLEX = 0x5450 };
#endif

enum {
    TCSETS = 0x5402,
    TIOCGPGRP = 0x540f,
    TIOCSWINSZ = 0x5414,
    TIOCINQ = 0x541b,
    TIOCSPTLCK = 0x40045431,
    TCSBRK = 0x5409,
    TCFLSH = 0x540b,
    TIOCSCTTY = 0x540e,
};
static constexpr uint32_t TIOCGPTN = 0x80045430;

struct termios {
    uint32_t input, output, control, local;
    uint8_t line, characters[19];
};

static bool flag_of(int fd, int command, int flag) { return sys_fcntl(fd, command, 0) & flag; }

PROBE("file.controls", "ioctl(2) on pipes and sockets: bytes that wait, and the flags that it sets",
      "event loops of older programs block", "")
{
    int ends[2], number = -1, on = 1, off = 0;
    expect_success("pipe2", sys_pipe(ends, 0));
    sys_write(ends[1], "12345", 5);
    expect_success("ioctl(FIONREAD)", sys3(SYS_ioctl, ends[0], FIONREAD, (long)&number));
    expect_number("bytes that wait", number, 5);
    expect_success("ioctl(FIONBIO)", sys3(SYS_ioctl, ends[0], FIONBIO, (long)&on));
    expect_number("O_NONBLOCK after it", flag_of(ends[0], F_GETFL, O_NONBLOCK), 1);
    expect_success("ioctl(FIONBIO)", sys3(SYS_ioctl, ends[0], FIONBIO, (long)&off));
    expect_number("O_NONBLOCK after it", flag_of(ends[0], F_GETFL, O_NONBLOCK), 0);
    expect_success("ioctl(FIOCLEX)", sys3(SYS_ioctl, ends[0], FIOCLEX, 0));
    expect_number("FD_CLOEXEC after it", flag_of(ends[0], F_GETFD, FD_CLOEXEC), 1);
    expect_success("ioctl(FIONCLEX)", sys3(SYS_ioctl, ends[0], FIONCLEX, 0));
    expect_number("FD_CLOEXEC after it", flag_of(ends[0], F_GETFD, FD_CLOEXEC), 0);
    struct termios none;
    expect_error("ioctl(TCGETS) of a pipe", sys3(SYS_ioctl, ends[0], TCGETS, (long)&none), ENOTTY);
    expect_error("ioctl(TIOCGWINSZ) of a pipe", sys3(SYS_ioctl, ends[0], TIOCGWINSZ, (long)&none), ENOTTY);
}

PROBE("file.terminal",
      "a pseudo-terminal: every flag and character of termios is kept, sizes, lines, echo and raw mode",
      "shells, editors and docker run -t do not answer to keys", "")
{
#if defined(__powerpc64__)
    skip("not written for this machine, whose terminals have flags of their own");
#endif
    int control = (int)sys_open("/dev/ptmx", O_RDWR | 0400 /* O_NOCTTY */ | O_CLOEXEC, 0), number = -1, zero = 0;
    if (control < 0)
        skip("no /dev/ptmx here");
    if (sys3(SYS_ioctl, control, TIOCGPTN, (long)&number) < 0)
        skip("no pseudo-terminals here");
    expect_success("ioctl(TIOCSPTLCK)", sys3(SYS_ioctl, control, TIOCSPTLCK, (long)&zero));
    char path[64];
    format(path, sizeof path, "/dev/pts/%d", number);
    int fd = (int)sys_open(path, O_RDWR | 0400 | O_CLOEXEC, 0);
    if (fd == -ENOENT)
        skip("no /dev/pts here");
    expect_success("open(/dev/pts/N)", fd);
    struct termios now = {}, then = {};
    expect_success("ioctl(TCGETS)", sys3(SYS_ioctl, fd, TCGETS, (long)&now));
    expect_number("VINTR", now.characters[0], 3);
    expect_number("VEOF", now.characters[4], 4);
    expect_number("VMIN", now.characters[6], 1);
    EXPECT(now.local & 8 && now.local & 2 && now.local & 1, "ECHO, ICANON and ISIG at first", "0x%x", now.local);
    EXPECT((now.control & 0x30) == 0x30, "eight bits", "0x%x", now.control);
    for (unsigned bit = 0; bit < 17; bit++) {
        struct termios one = now;
        one.input = 1u << bit & 0x7fff;
        one.local = bit == 10 || bit == 12 || bit == 13 ? 0 : 1u << bit;
        one.output = bit < 16 ? 1u << bit : 0;
        for (unsigned i = 0; i < 17; i++)
            one.characters[i] = (uint8_t)(bit * 17 + i + 1);
        expect_success("ioctl(TCSETS)", sys3(SYS_ioctl, fd, TCSETS, (long)&one));
        expect_success("ioctl(TCGETS)", sys3(SYS_ioctl, fd, TCGETS, (long)&then));
        expect_equal("c_iflag", then.input, one.input);
        expect_equal("c_oflag", then.output, one.output);
        expect_equal("c_lflag", then.local, one.local);
        expect_bytes("c_cc", then.characters, one.characters, 17);
    }
    // Speeds and the flags of lines; a pseudo-terminal always has eight bits and no parity.
    for (unsigned i = 0; i < 25; i++) {
        static const uint32_t flags[5] = {0x40, 0x200, 0x400, 0x800, 0x80000000};
        struct termios one = now;
        one.control = (now.control & 0xb0) | (i < 16 ? i : i < 20 ? 0x1001 + i - 16 : flags[i - 20] | 15);
        expect_success("ioctl(TCSETS)", sys3(SYS_ioctl, fd, TCSETS, (long)&one));
        expect_success("ioctl(TCGETS)", sys3(SYS_ioctl, fd, TCGETS, (long)&then));
        expect_equal("c_cflag", then.control, one.control);
    }
    struct {
        uint16_t rows, columns, width, height;
    } size = {47, 131, 800, 601}, seen = {};
    expect_success("ioctl(TIOCSWINSZ)", sys3(SYS_ioctl, control, TIOCSWINSZ, (long)&size));
    expect_success("ioctl(TIOCGWINSZ)", sys3(SYS_ioctl, fd, TIOCGWINSZ, (long)&seen));
    expect_bytes("the size", &seen, &size, sizeof size);
    expect_success("ioctl(TCSETS)", sys3(SYS_ioctl, fd, TCSETS, (long)&now));
    char text[16] = {};
    sys_write(control,
              "ab\x7f"
              "c\n",
              5); // a line with one character taken back
    expect_number("a line", sys_read(fd, text, sizeof text), 3);
    expect_bytes("it", text, "ac\n", 3);
    expect_success("ioctl(TCFLSH)", sys3(SYS_ioctl, control, TCFLSH, 2));
    then = now;
    then.local &= ~(8u | 2u);
    then.characters[6] = 3; // VMIN
    then.characters[5] = 0; // VTIME
    expect_success("ioctl(TCSETS)", sys3(SYS_ioctl, fd, TCSETS, (long)&then));
    sys_write(control, "xyz", 3);
    expect_number("three characters in raw mode", sys_read(fd, text, sizeof text), 3);
    if (started.scale == 1)
        return; // VTIME is at least a tenth of a second: a twentieth of what all probes take
    then.characters[6] = 0;
    then.characters[5] = 1;
    expect_success("ioctl(TCSETS)", sys3(SYS_ioctl, fd, TCSETS, (long)&then));
    uint64_t begun = now_ns();
    expect_number("none within VTIME", sys_read(fd, text, sizeof text), 0);
    EXPECT(now_ns() - begun > 50'000'000, "VTIME of a tenth of a second", "%ju ns", now_ns() - begun);
}

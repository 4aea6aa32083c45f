#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Called by the monitor between clone and exit: everything here is async-signal-safe. /proc lists each thread's
// children separately.

// Writes PREFIX, NUMBER and SUFFIX, without blanks between them.
static void write_path(char *path, const char *prefix, pid_t number, const char *suffix) {
    char digits[12];
    size_t count = 0, length = strlen(prefix);
    memcpy(path, prefix, length);
    do digits[count++] = (char)('0' + number % 10); while (number /= 10);
    while (count) path[length++] = digits[--count];
    memcpy(path + length, suffix, strlen(suffix) + 1);
}

void assay_become_subreaper(void) {
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); // Linux 3.4; cannot fail since
}

static pid_t read_number(const char *text) {
    pid_t number = 0;
    while (*text >= '0' && *text <= '9') number = number * 10 + (*text++ - '0');
    return *text ? -1 : number;
}

bool assay_proc_is_own(void) {
    char text[16];
    ssize_t length = readlink("/proc/self", text, sizeof text - 1);
    if (length < 0) return false;
    text[length] = 0;
    // In the /proc of another pid namespace, this process has another number.
    return read_number(text) == getpid();
}

static int read_children(int fd, pid_t *into, int count, int most) {
    char text[4096];
    pid_t number = 0;
    bool inside = false; // the buffer may end within a number
    for (ssize_t length; (length = TEMP_FAILURE_RETRY(read(fd, text, sizeof text))) > 0;) {
        for (ssize_t at = 0; at < length; at++) {
            bool digit = text[at] >= '0' && text[at] <= '9';
            if (digit) number = number * 10 + (text[at] - '0');
            if (!digit && inside && count < most) into[count++] = number;
            if (!digit) number = 0;
            inside = digit;
        }
    }
    return count;
}

int assay_list_children(pid_t process, pid_t *into, int most) {
    char path[64];
    write_path(path, "/proc/", process, "/task");
    int tasks = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = 0;
    if (tasks < 0) return -1;
    // struct linux_dirent64: inode (8 bytes), offset (8), length (2), type (1), then the name.
    enum { LENGTH = 16, NAME = 19 };
    _Alignas(8) char entries[2048];
    for (long length; (length = syscall(SYS_getdents64, tasks, entries, sizeof entries)) > 0;) {
        uint16_t size;
        for (long at = 0; at < length; at += size) {
            memcpy(&size, entries + at + LENGTH, sizeof size);
            pid_t thread = read_number(entries + at + NAME);
            if (thread <= 0) continue;
            write_path(path, "", thread, "/children");
            int fd = openat(tasks, path, O_RDONLY | O_CLOEXEC);
            if (fd < 0) continue; // the thread has ended: its children have a new parent, and the next walk meets them
            count = read_children(fd, into, count, most);
            close(fd);
        }
    }
    close(tasks);
    return count;
}

int assay_signal_tree(pid_t top, int signal) {
    // Static, for its size. Each process has its own copy; Assay's threads hold a lock.
    enum { MOST = 1 << 15 };
    static pid_t found[MOST];
    int count = 1;
    found[0] = top;
    for (int at = 0; at < count; at++) {
        int first = count;
        int more = assay_list_children(found[at], found + count, MOST - count);
        if (more < 0 && at == 0) return -1;
        if (more > 0) count += more;
        // Signal these before looking for their children: a stopped process makes no more.
        for (int next = first; next < count; next++) kill(found[next], signal);
    }
    return count - 1;
}

void assay_kill_tree(pid_t top) {
    // Stop everything first. If a limit holds back a fork bomb, each killed process only makes room for another's
    // child.
    enum { ROUNDS = 64 };
    int before = -1;
    for (int round = 0; round < ROUNDS; round++) {
        int seen = assay_signal_tree(top, SIGSTOP);
        if (seen <= 0 || seen == before) break;
        before = seen;
    }
    assay_signal_tree(top, SIGKILL);
}

// What a probe is made of. A new probe is one PROBE(...) { ... } in one file under probes/, and nothing else to edit.
#pragma once

#include "sys/sys.h"
#include "sys/text.h"

struct probe {
    const char *name;       // group.fact
    const char *proves;     // one line: what holds where this probe is ok
    const char *stands_for; // one line: what breaks in the field where it is not
    const char *source;     // a public report of that, or ""
    void (*run)(void);      // nullptr: the fact exists on other machines only
    const char *only;       // the machines that it is about, by Go's names, with blanks between; "" or nullptr: all
};

// A program that a probe executes: this same file again, told by its environment to be that program.
struct child_program {
    const char *name;
    int (*run)(int argc, char **argv, char **envp);
};

// Both tables are linker sections: files in the order in which they are linked (by name), probes as they stand in them.
#define PROBE(NAME, PROVES, STANDS_FOR, SOURCE) PROBE_AT(__LINE__, "", NAME, PROVES, STANDS_FOR, SOURCE)
#define PROBE_AT(LINE, ONLY, ...) PROBE_NAMED(LINE, ONLY, __VA_ARGS__)
#define PROBE_NAMED(LINE, ONLY, ...)                                                                                     \
    static void probe_##LINE(void);                                                                                \
    [[gnu::used, gnu::section("probes"), gnu::aligned(sizeof(void *))]] static const struct probe entry_##LINE = { \
        __VA_ARGS__, probe_##LINE, ONLY};                                                                       \
    static void probe_##LINE(void)

// A fact about one machine itself. The body stands between #if defined(__aarch64__) and #endif; on others the probe is
// in the catalogue, and skipped.
#if defined(__aarch64__)
#define PROBE_AARCH64(...) PROBE_AT(__LINE__, "arm64", __VA_ARGS__)
#else
#define PROBE_AARCH64(...) ENTRY_AT(__LINE__, "arm64", __VA_ARGS__)
#endif
#if defined(__i386__)
#define PROBE_I386(...) PROBE_AT(__LINE__, "386", __VA_ARGS__)
#else
#define PROBE_I386(...) ENTRY_AT(__LINE__, "386", __VA_ARGS__)
#endif
#if defined(__arm__)
#define PROBE_ARM(...) PROBE_AT(__LINE__, "arm", __VA_ARGS__)
#else
#define PROBE_ARM(...) ENTRY_AT(__LINE__, "arm", __VA_ARGS__)
#endif
#if __SIZEOF_LONG__ == 4
#define PROBE_WORDS(...) PROBE_AT(__LINE__, "386 arm", __VA_ARGS__)
#else
#define PROBE_WORDS(...) ENTRY_AT(__LINE__, "386 arm", __VA_ARGS__)
#endif
#define ENTRY_AT(LINE, ...) ENTRY_NAMED(LINE, __VA_ARGS__)
#define ENTRY_NAMED(LINE, ONLY, ...)                                                                               \
    [[gnu::used, gnu::section("probes"), gnu::aligned(sizeof(void *))]] static const struct probe entry_##LINE = { \
        __VA_ARGS__, nullptr, ONLY};

#define CHILD_PROGRAM(NAME)                                                                                        \
    static int child_##NAME(int argc, char **argv, char **envp);                                                   \
    [[gnu::used, gnu::section("children"),                                                                         \
      gnu::aligned(sizeof(void *))]] static const struct child_program child_entry_##NAME = {#NAME, child_##NAME}; \
    static int child_##NAME([[maybe_unused]] int argc, [[maybe_unused]] char **argv, [[maybe_unused]] char **envp)

extern const struct probe __start_probes[], __stop_probes[];
extern const struct child_program __start_children[], __stop_children[];

// What the program was started with. The same in every process of it.
struct start {
    long *stack; // as the kernel left it
    char **argv, **envp;
    const struct auxv *auxv;
    const char *nonce, *self, *scratch_root;
    const char *child_data; // for a child program: what followed the colon in its mode
    uint32_t timeout_ms, jobs;
    const char *shift; // how the arguments arrived: null as they were given, else a word for the stream's second line
    uint32_t scale; // how many times the usual amount of work, in probes that repeat things
};
extern struct start started;

enum { MOST_SCALE = 20, MOST_PAGE = 0x10000 };

// How long to wait for what should come at once: most of the probe's time limit, for a busy host is not a broken one.
uint64_t patience_ns(void);
// A wait that took longer than `patience_ns` goes on until the probe is ended as one that hangs: it is tried again alone with more
// time then. The host may have been busy, so it is no wrong result.
void expect_soon(uint64_t waited_ns);
struct timespec patience(void);

uint64_t auxv_value(uint64_t type); // 0 where the kernel gave none
bool auxv_has(uint64_t type);

// A path below this probe's own scratch directory, made on first use and removed by the parent after the probe.
// Valid until the eighth next call.
const char *scratch(const char *name);

// Outcomes. A probe that returns is ok. Any process of the probe may call these; the first one counts, and ends it.
[[noreturn, gnu::format(printf, 1, 2)]] void skip(const char *reason, ...);
// `expected` is what specification demands. `seen` is printf-like.
[[noreturn, gnu::format(printf, 2, 3)]] void fail(const char *expected, const char *seen, ...);
// A documented limitation: the first word is a stable slug that ends with a colon.
[[gnu::format(printf, 1, 2)]] void note(const char *text, ...);
// The remark above says it all: stop here, ok.
[[noreturn]] void done(void);

#define EXPECT(CONDITION, EXPECTED, ...) \
    do {                                 \
        if (!(CONDITION))                \
            fail(EXPECTED, __VA_ARGS__); \
    } while (0)

void expect_equal(const char *what, uint64_t seen, uint64_t expected); // in hexadecimal
void expect_number(const char *what, int64_t seen, int64_t expected);  // in decimal
void expect_text(const char *what, const char *seen, const char *expected);
void expect_bytes(const char *what, const void *seen, const void *expected, size_t size);
long expect_success(const char *call, long result);           // returns it
void expect_error(const char *call, long result, long error); // error: ENOENT, ...
void read_clock(int clock, struct timespec *now);             // a clock that every kernel has

// Starts the child program `mode` ("NAME" or "NAME:data") from `path` with these arguments; its standard output is
// `output` where that is not negative. Returns its process id. Failure to execute is the probe's failure, reported from
// the new process.
int spawn(const char *path, const char *mode, const char *const argv[], int output);
// Replaces this process likewise; comes back only with an error.
long become(const char *path, const char *mode, const char *const argv[]);
// Waits for one child and returns its raw wait status.
int wait_status(int pid);
void expect_exit(const char *what, int status, int code);
// ENOMEM of a call on a hole in the address space. Emulators that reserve all of a 32-bit program's addresses for
// themselves do not see the hole, which is noted.
void expect_hole(const char *call, long result, long error);
// The size of the kernel's own pages, which AT_PAGESZ does not tell where programs are emulated: no pipe holds less.
long kernel_page(void);

// Tests a program's heap, thread-local storage and address in many fresh processes: at each start the emulator places brk elsewhere among
// randomised mappings. Used by glibc.static, glibc.static-pie and glibc.non-pie.
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/auxv.h>
#include "probe.h"

static __thread int own = 5;
static int data = 6;
extern const ElfW(Ehdr) __ehdr_start;

enum { whole = 21, without_brk };

static int restart(void)
{
    char *start = sbrk(0);
    bool grows = start != (char *)-1 && sbrk(1 << 20) != (void *)-1;
    if (!grows && __ehdr_start.e_type == ET_EXEC)
        return 2;
    if (grows)
        memset(start, 7, 1 << 20);
    unsigned char *block = malloc(100000), *again = realloc(block, 3000000);
    if (!again)
        return 3;
    memset(again, 8, 3000000);
    own += data;
    if ((grows && start[(1 << 20) - 1] != 7) || own != 11 || again[2999999] != 8)
        return 4;
    if (getauxval(AT_PHDR) != (uintptr_t)&__ehdr_start + __ehdr_start.e_phoff)
        return 5;
    if (__ehdr_start.e_type == ET_EXEC && (uintptr_t)&__ehdr_start > 0x1000000)
        return 6;
    return grows ? whole : without_brk;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return restart();
    char self[256], output[8];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    if (size < 0)
        skip("no /proc");
    self[size] = 0;
    const char *const again[] = {self, "restart", NULL};
    (void)argv;
    expect_number("data relocated", data, 6);
    int heapless = 0;
    for (int i = 0; i < 40; i++) {
        int status = run(again, output, sizeof output);
        if (WIFSIGNALED(status))
            fail("40 restarts", "restart %d died of signal %d", i + 1, WTERMSIG(status));
        if (WEXITSTATUS(status) == without_brk)
            heapless++;
        else
            expect_number("exit status of a restart", WEXITSTATUS(status), whole);
    }
    if (heapless > 0) // malloc(3) has mmap(2)
        note("limit-pie-heap: brk(2) cannot grow the heap of a position-independent static program");
    return finish();
}

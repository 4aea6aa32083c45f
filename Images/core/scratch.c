#include "run.h"

static const char *directory;
static bool made;

void scratch_use(const char *path) { directory = path; }

void scratch_name(char path[SCRATCH_PATH])
{
    static unsigned count;
    const uint64_t *random = (const uint64_t *)auxv_value(AT_RANDOM); // nobody can have made it before us
    format(path, SCRATCH_PATH, "%s/assay.%ld.%u.%jx", started.scratch_root, sys_getpid(), count++,
           random ? *random : now_ns());
}

const char *scratch(const char *name)
{
    static char paths[8][SCRATCH_PATH + 64];
    static unsigned next;
    if (!made) {
        made = true;
        long result = sys3(SYS_mkdirat, AT_FDCWD, (long)directory, 0700);
        if (result < 0)
            fail("a scratch directory can be made", "mkdir(%s): %s", directory, error_name(result));
    }
    char *path = paths[next++ % 8];
    format(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

static void remove_tree(int parent, const char *name, int depth)
{
    long removed = sys3(SYS_unlinkat, parent, (long)name, AT_REMOVEDIR);
    if (removed >= 0 || removed == -ENOENT || depth > 8)
        return;
    int fd = (int)sys_openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    alignas(8) char entries[4096];
    for (bool again = true; again;) { // from the start each time: removing entries moves the others
        again = false;
        sys_lseek(fd, 0, SEEK_SET);
        for (long size; (size = sys3(SYS_getdents64, fd, (long)entries, sizeof entries)) > 0;)
            for (long at = 0; at < size;) {
                struct dirent64 *entry = (void *)(entries + at);
                at += entry->size;
                if (same(entry->name, ".") || same(entry->name, ".."))
                    continue;
                if (sys3(SYS_unlinkat, fd, (long)entry->name, 0) >= 0)
                    again = true;
                else
                    remove_tree(fd, entry->name, depth + 1);
            }
    }
    sys_close(fd);
    sys3(SYS_unlinkat, parent, (long)name, AT_REMOVEDIR);
}

void scratch_remove(const char *path) { remove_tree(AT_FDCWD, path, 0); }

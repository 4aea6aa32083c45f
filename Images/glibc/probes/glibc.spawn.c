// proves: posix_spawn starts programs with other descriptors, environment and PATH search, and returns what exec refused
// stands for: subprocess calls report success for programs that do not exist, or exit status 127 for those that do
// source: https://github.com/python/cpython/issues/129204
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include "probe.h"

int main(int argc, char **argv)
{
    if (argc > 1) { // spawned by the lines below
        char text[64];
        ssize_t size = read(9, text, sizeof text - 1);
        text[size > 0 ? size : 0] = 0;
        return strcmp(text, "through 9") == 0 && getenv("SPAWNED") && fcntl(8, F_GETFD) < 0 ? 33 : 34;
    }
    pid_t child;
    int status, file = open("text", O_RDWR | O_CREAT, 0600), extra = open("/", O_RDONLY);
    expect("a file", file >= 0 && write(file, "through 9", 9) == 9 && lseek(file, 0, SEEK_SET) == 0);
    expect("descriptor 8", dup2(extra, 8) == 8);
    char *const arguments[] = {argv[0], (char *)"spawned", NULL}, *const environment[] = {(char *)"SPAWNED=1", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, file, 9);
    posix_spawn_file_actions_addclose(&actions, 8);
    expect_number("posix_spawn", posix_spawn(&child, "/usr/libexec/assay/glibc.spawn", &actions, NULL, arguments, environment), 0);
    expect("waitpid", waitpid(child, &status, 0) == child);
    expect_number("exit status of the spawned program", WIFEXITED(status) ? WEXITSTATUS(status) : -1, 33);

    setenv("PATH", "/nowhere:/usr/libexec/assay", 1);
    lseek(file, 0, SEEK_SET);
    expect_number("posix_spawnp", posix_spawnp(&child, "glibc.spawn", &actions, NULL, arguments, environment), 0);
    expect("waitpid", waitpid(child, &status, 0) == child);
    expect_number("exit status by PATH", WIFEXITED(status) ? WEXITSTATUS(status) : -1, 33);

    int error = posix_spawn(&child, "/no/such/program", NULL, NULL, arguments, environment);
    if (error == 0) {
        expect("waitpid", waitpid(child, &status, 0) == child);
        expect_number("exit status of what could not be executed", WIFEXITED(status) ? WEXITSTATUS(status) : -1, 127);
        note("limit-spawn-error: posix_spawn of a missing program succeeds, its child exits with 127: CLONE_VFORK is a fork");
        return finish();
    }
    expect_number("error of posix_spawn", error, ENOENT);
    return finish();
}

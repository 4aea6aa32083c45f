// proves: posix_spawn returns the error of exec, and starts programs with other descriptors and by PATH
// stands for: subprocess calls report success for programs that do not exist
// source: https://github.com/python/cpython/issues/131398
#include <spawn.h>
#include "probe.h"

int main(int argc, char **argv)
{
    if (argc > 1)
        return write(9, "spawned", 7) == 7 ? 33 : 34;
    pid_t child;
    int status, ends[2];
    char text[16] = "", *const arguments[] = {argv[0], (char *)"again", NULL}, *const environment[] = {NULL};
    expect("pipe", pipe(ends) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 9);
    setenv("PATH", "/nowhere:/usr/libexec/assay", 1);
    expect_number("posix_spawnp", posix_spawnp(&child, "musl.spawn", &actions, NULL, arguments, environment), 0);
    expect("waitpid", waitpid(child, &status, 0) == child);
    expect_number("exit status", WIFEXITED(status) ? WEXITSTATUS(status) : -1, 33);
    expect("bytes through descriptor 9", read(ends[0], text, 15) == 7 && strcmp(text, "spawned") == 0);
    expect_number("error for a missing program", posix_spawn(&child, "/no/such/program", NULL, NULL, arguments, environment), ENOENT);
    expect_number("error for a directory", posix_spawn(&child, "/usr", NULL, NULL, arguments, environment), EACCES);
    expect("no child is left", waitpid(-1, &status, WNOHANG) == -1 && errno == ECHILD);
    return finish();
}

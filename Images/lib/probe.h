// What probes in C and C++ share; their main ends with "return finish();" (Images/core/README.md, "Programs").
#pragma once

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// The nonce backwards.
static void answer(void)
{
    const char *nonce = getenv("ASSAY_NONCE");
    fputs("done: ", stdout);
    for (size_t left = nonce ? strlen(nonce) : 0; left > 0;)
        putchar(nonce[--left]);
    putchar('\n');
    fflush(stdout);
}

// Ends the process at once, whatever other threads do.
[[noreturn]] static inline void leave(int status)
{
    answer();
    _exit(status);
}

[[noreturn, gnu::format(printf, 2, 3)]] static inline void fail(const char *expected, const char *seen, ...)
{
    char text[200];
    va_list arguments;
    va_start(arguments, seen);
    vsnprintf(text, sizeof text, seen, arguments);
    va_end(arguments);
    printf("expected: %s\nseen: %s\n", expected, text);
    leave(1);
}

[[noreturn]] static inline void skip(const char *reason)
{
    printf("skip: %s\n", reason);
    leave(0);
}

static inline void note(const char *text) { printf("note: %s\n", text); }

static inline int finish(void)
{
    answer();
    return 0;
}

static inline void expect_number(const char *what, long long seen, long long expected)
{
    char text[160];
    if (seen == expected)
        return;
    snprintf(text, sizeof text, "%s = %lld", what, expected);
    fail(text, "%lld", seen);
}

static inline void expect_text(const char *what, const char *seen, const char *expected)
{
    char text[160];
    if (seen && strcmp(seen, expected) == 0)
        return;
    snprintf(text, sizeof text, "%s = '%s'", what, expected);
    fail(text, "'%s'", seen ? seen : "(null)");
}

// The condition holds, else the probe fails, showing errno.
static inline void expect(const char *what, int holds)
{
    int error = errno;
    if (!holds)
        fail(what, "not so; errno %d (%s)", error, strerror(error));
}

// Runs a program, stores its output in `output`, and returns its wait status.
static inline int run(const char *const argv[], char *output, size_t capacity)
{
    int ends[2], status;
    size_t size = 0;
    expect("pipe", pipe(ends) == 0);
    fflush(stdout);
    pid_t child = fork();
    expect("fork", child >= 0);
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    close(ends[1]);
    for (ssize_t got; size + 1 < capacity && (got = read(ends[0], output + size, capacity - 1 - size)) > 0;)
        size += (size_t)got;
    output[size] = 0;
    close(ends[0]); // a program that prints more ends by SIGPIPE
    expect("waitpid", waitpid(child, &status, 0) == child);
    return status;
}

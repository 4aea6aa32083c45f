#include "run.h"

// State of the process that runs the probe.
static const struct probe *current;
static int report_fd = -1;
static struct record record;

static void printable(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

static void fill_in(enum verdict verdict)
{
    printable(record.expected);
    printable(record.seen);
    printable(record.note);
    record.verdict = verdict;
    record.proof = proof(current->name, verdict, record.seen);
}

// An emulator that translates code on first use would translate what all probes share again in every child.
void warm_up(void)
{
    current = __start_probes;
    fill_in(VERDICT_OK);
    char text[64];
    format(text, sizeof text, "%s %d 0x%lx", "text", 1, 0x2lu);
    expect_equal("number", 1, 1);
    expect_number("number", 1, 1);
    expect_text("text", "a", "a");
    expect_bytes("bytes", "a", "a", 1);
    expect_success("call", 0);
    expect_error("call", -ENOENT, ENOENT);
    memcpy(text, "0123456789", 10);
    memset(text, 0, sizeof text);
}

[[noreturn]] static void report(enum verdict verdict)
{
    fill_in(verdict);
    sys_write(report_fd, &record, sizeof record);
    sys_exit(0);
}

void skip(const char *reason, ...)
{
    va_list arguments;
    va_start(arguments, reason);
    format_list(record.note, sizeof record.note, reason, arguments);
    va_end(arguments);
    report(VERDICT_SKIP);
}

void fail(const char *expected, const char *seen, ...)
{
    format(record.expected, sizeof record.expected, "%s", expected);
    va_list arguments;
    va_start(arguments, seen);
    format_list(record.seen, sizeof record.seen, seen, arguments);
    va_end(arguments);
    report(VERDICT_NOT_OK);
}

void note(const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    format_list(record.note, sizeof record.note, text, arguments);
    va_end(arguments);
}

const struct probe *current_probe(void) { return current; }

void done(void) { report(VERDICT_OK); }

void record_skipped(const struct probe *probe, struct record *to)
{
    current = probe;
    record = (struct record){};
    format(record.note, sizeof record.note, "%s only", probe->only);
    fill_in(VERDICT_SKIP);
    *to = record;
    record.note[0] = 0;
}

void run_here(const struct probe *probe, int fd, const char *directory)
{
    sys2(SYS_setpgid, 0, 0);
    current = probe;
    report_fd = fd;
    scratch_use(directory);
    probe->run();
    report(VERDICT_OK);
}

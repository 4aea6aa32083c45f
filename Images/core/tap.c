#include "tap.h"

#include "features.h"
#include "programs.h"

static const char *const verdict_names[] = {"ok", "not ok", "skip"};

static uint64_t hash(uint64_t state, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        state = (state ^ (uint8_t)text[i]) * 0x100000001b3;
    return state;
}

// FNV-1a over NUL-separated fields, then MurmurHash3's finaliser, so that every bit depends on every byte.
uint64_t proof(const char *name, enum verdict verdict, const char *seen)
{
    const char *const fields[] = {started.nonce, name, verdict_names[verdict], MACHINE};
    uint64_t h = 0xcbf29ce484222325;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        h = hash(h, fields[i], strlen(fields[i]) + 1);
    h = hash(h, seen, strlen(seen));
    h = (h ^ h >> 33) * 0xff51afd7ed558ccd;
    h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53;
    return h ^ h >> 33;
}

// One document under construction; sent in one write.
struct page {
    size_t size;
    char bytes[8192];
};

static void send_page(struct page *page)
{
    if (!write_all(1, page->bytes, page->size))
        sys_exit(74); // EX_IOERR: nobody can be told
    page->size = 0;
}

[[gnu::format(printf, 2, 3)]] static void add(struct page *page, const char *pattern, ...)
{
    va_list arguments;
    va_start(arguments, pattern);
    page->size += format_list(page->bytes + page->size, sizeof page->bytes - page->size, pattern, arguments);
    va_end(arguments);
}

static void add_quoted(struct page *page, const char *text)
{
    char quoted[1024];
    size_t size = 0;
    quoted[size++] = '"';
    for (; *text && size < sizeof quoted - 8; text++) {
        if (*text == '"' || *text == '\\')
            quoted[size++] = '\\';
        if (*text < ' ')
            size += format(quoted + size, 8, "\\u%04x", (unsigned)*text);
        else
            quoted[size++] = *text;
    }
    quoted[size++] = '"';
    quoted[size] = 0;
    add(page, "%s", quoted);
}

static void add_string(struct page *page, const char *key, const char *text)
{
    if (!*text)
        return;
    add(page, "  %s: ", key);
    add_quoted(page, text);
    add(page, "\n");
}

void tap_header(size_t count)
{
    struct page page;
    page.size = 0;
    add(&page, "TAP version 14\n# assay.probe/1 image=%s machine=" MACHINE " hwcap=%jx hwcap2=%jx", catalogue.image,
        auxv_value(AT_HWCAP), auxv_value(AT_HWCAP2));
#if defined(__aarch64__)
    add(&page, " executes=%lx", executed_base());
#endif
    if (started.shift)
        add(&page, " arguments=%s", started.shift);
    add(&page, "\n1..%zu\n", count);
    send_page(&page);
}

void tap_result(size_t number, const struct probe *probe, const struct ending *ending)
{
    const struct record *record = &ending->record;
    struct page page;
    page.size = 0;
    bool ok = ending->reported && record->verdict != VERDICT_NOT_OK;
    bool skipped = ending->reported && record->verdict == VERDICT_SKIP;
    add(&page, "%s %zu - %s", ok ? "ok" : "not ok", number, probe->name);
    if (skipped)
        add(&page, " # SKIP %s", record->note);
    add(&page, "\n  ---\n");
    add_string(&page, "nonce", started.nonce);
    if (ending->reported)
        add(&page, "  proof: \"%016jx\"\n", record->proof);
    add(&page, "  duration_us: %ju\n", ending->duration_us);
    if (ending->reported) {
        add_string(&page, "expected", record->expected);
        add_string(&page, "seen", record->seen);
        if (!skipped)
            add_string(&page, "note", record->note);
    } else if (ending->timed_out) {
        add(&page, "  timeout_ms: %u\n", started.timeout_ms);
    } else if (ending->status & 0x7f) {
        add(&page, "  signal: %d\n", ending->status & 0x7f);
    } else {
        add(&page, "  exit: %d\n", ending->status >> 8 & 0xff);
    }
    add(&page, "  ...\n");
    send_page(&page);
}

void print_catalogue(void)
{
    struct page page;
    page.size = 0;
    for (const struct probe *probe = catalogue.first; probe < catalogue.end; probe++) {
        add(&page, probe == catalogue.first ? "[\n" : ",\n");
        const char *const fields[][2] = {
            {"{\"name\":", probe->name},
            {",\"proves\":", probe->proves},
            {",\"stands_for\":", probe->stands_for},
            {",\"source\":", probe->source},
            {",\"only\":", probe->only},
        };
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            if (!fields[i][1] || !*fields[i][1])
                continue;
            add(&page, "%s", fields[i][0]);
            add_quoted(&page, fields[i][1]);
        }
        add(&page, "}");
        send_page(&page);
    }
    add(&page, "\n]\n");
    send_page(&page);
}

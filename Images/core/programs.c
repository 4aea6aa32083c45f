#include "programs.h"

enum { MOST_PROGRAMS = 128, MOST_TABLE = 96 << 10, MOST_PATH = 512 };

struct catalogue catalogue = {"core", __start_probes, __stop_probes};

static char table[MOST_TABLE];
static struct probe rows[MOST_PROGRAMS];
static char *commands[MOST_PROGRAMS];

char *cut(char *text, char separator)
{
    for (; *text; text++)
        if (*text == separator) {
            *text = 0;
            return text + 1;
        }
    return nullptr;
}

char *program_command(const struct probe *probe) { return commands[probe - rows]; }

// Opens the image's table by a path from this program, /bin/assay-probe. An absolute path would lead into the root
// directory, which may be another image or the host.
static int open_table(void)
{
    static const char place[] = "/bin/assay-probe";
    const char *self = (const char *)auxv_value(AT_EXECFN);
    size_t length = self ? strlen(self) : 0, tail = sizeof place - 1;
    char path[MOST_PATH];
    if (length < tail || length > MOST_PATH - 64 || !same(self + length - tail, place))
        return -1;
    memcpy(path, self, length - tail);
    format(path + length - tail, 64, "/usr/share/assay/programs");
    return (int)sys_open(path, O_RDONLY | O_CLOEXEC, 0);
}

// Rows of name, command, what it proves, what it stands for and source, separated by tabs.
static const char *parse_rows(char *line)
{
    size_t count = 0;
    while (line && *line) {
        char *next = cut(line, '\n'), *fields[5] = {line};
        if (count == MOST_PROGRAMS)
            return "it has too many rows";
        for (size_t i = 1; i < 5; i++)
            if (!(fields[i] = cut(fields[i - 1], '\t')))
                return "a row has fewer than five fields";
        rows[count] = (struct probe){fields[0], fields[2], fields[3], fields[4], run_program, nullptr};
        commands[count++] = fields[1];
        line = next;
    }
    if (count == 0)
        return "it has no rows";
    catalogue.first = rows;
    catalogue.end = rows + count;
    return nullptr;
}

const char *load_programs(void)
{
    static const char heading[] = "assay.programs/1 ";
    int fd = open_table();
    if (fd < 0)
        return nullptr;
    long size = read_all(fd, table, sizeof table - 1);
    sys_close(fd);
    if (size < 0)
        return error_name(size);
    if (size == sizeof table - 1)
        return "it is too long";
    if (!starts_with(table, heading))
        return "it does not begin with \"assay.programs/1 IMAGE\"";
    catalogue.image = table + sizeof heading - 1;
    return parse_rows(cut(table, '\n'));
}

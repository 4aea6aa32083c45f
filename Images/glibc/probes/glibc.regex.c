// proves: POSIX regular expressions match leftmost and longest, with groups, classes, back references and errors
// stands for: configure scripts and package tools take the wrong branch
// source:
#include <regex.h>
#include "probe.h"

static void matches(const char *pattern, int flags, const char *text, const char *expected)
{
    regex_t compiled;
    regmatch_t parts[4];
    char seen[80] = "";
    int status = regcomp(&compiled, pattern, flags);
    expect_number(pattern, status, 0);
    status = regexec(&compiled, text, 4, parts, 0);
    if (status == 0)
        for (int i = 0; i < 4 && parts[i].rm_so >= 0; i++)
            snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s%d-%d", i ? " " : "", (int)parts[i].rm_so, (int)parts[i].rm_eo);
    regfree(&compiled);
    expect_text(pattern, seen, expected);
}

int main(void)
{
    matches("(a|ab)(c|bcd)", REG_EXTENDED, "xabcd", "1-5 1-2 2-5"); // the longest
    matches("x*", REG_EXTENDED, "aaa", "0-0");
    matches("^([0-9]+)\\.([0-9]+)$", REG_EXTENDED, "12.345", "0-6 0-2 3-6");
    matches("\\(..\\)\\1", 0, "xabab", "1-5 1-3");
    matches("[[:upper:]][[:lower:]]{2,3}", REG_EXTENDED, "abCdefg", "2-6");
    matches("HELLO", REG_ICASE, "say hello", "4-9");
    matches("a.c", REG_NEWLINE, "a\nc", "");
    matches("[]a]+", REG_EXTENDED, "x]a]", "1-4");
    matches("((a*)b)*", REG_EXTENDED, "aababb", "0-6 5-6 5-5");
    regex_t compiled;
    expect_number("an open group", regcomp(&compiled, "(a", REG_EXTENDED), REG_EPAREN);
    expect_number("an open bracket", regcomp(&compiled, "[a", REG_EXTENDED), REG_EBRACK);
    return finish();
}

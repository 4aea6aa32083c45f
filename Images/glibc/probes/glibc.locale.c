// proves: the C.UTF-8 locale is loaded: wide characters, case, classes and widths are Unicode's
// stands for: Python, Perl and R complain about locales, or mangle file names that are not ASCII
// source:
#define _GNU_SOURCE
#include <langinfo.h>
#include <locale.h>
#include <wchar.h>
#include <wctype.h>
#include "probe.h"

int main(void)
{
    wchar_t wide[16];
    char narrow[32];
    expect("the C locale is ASCII", strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0);
    expect("setlocale(C.UTF-8)", setlocale(LC_ALL, "C.UTF-8") != NULL);
    expect_text("codeset", nl_langinfo(CODESET), "UTF-8");
    expect_number("characters", (long long)mbstowcs(wide, "a\xc3\xa4\xe2\x82\xac\xf0\x9d\x84\x9e", 16), 4);
    expect_number("U+00E4", wide[1], 0xe4);
    expect_number("U+20AC", wide[2], 0x20ac);
    expect_number("U+1D11E", wide[3], 0x1d11e);
    expect_number("upper case of U+00E4", (long long)towupper(0xe4), 0xc4);
    expect_number("lower case of U+0416", (long long)towlower(0x416), 0x436);
    expect("U+4E2D is a letter", iswalpha(0x4e2d) != 0);
    expect_number("width of U+4E2D", wcwidth(0x4e2d), 2);
    expect_number("bytes", (long long)wcstombs(narrow, wide, sizeof narrow), 10);
    expect("a wrong sequence is refused", mbstowcs(wide, "\xff", 16) == (size_t)-1 && errno == EILSEQ);
    snprintf(narrow, sizeof narrow, "%ls|%.1f", L"\u00e9", 1.5);
    expect_text("%ls", narrow, "\xc3\xa9|1.5");
    expect("no such locale", setlocale(LC_ALL, "xx_XX.UTF-8") == NULL);
    locale_t other = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    expect("newlocale", other != (locale_t)0);
    expect_text("codeset of another locale", nl_langinfo_l(CODESET, other), "ANSI_X3.4-1968");
    return finish();
}

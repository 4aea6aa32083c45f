// proves: UTF-8, iconv's own tables, wide characters and file name patterns work without any file of a locale
// stands for: Alpine images mangle names that are not ASCII
// source:
#include <fnmatch.h>
#include <iconv.h>
#include <locale.h>
#include <wchar.h>
#include <wctype.h>
#include "probe.h"

int main(void)
{
    wchar_t wide[16];
    char out[32], *in = (char *)"\xe6\x97\xa5\xe6\x9c\xac", *end = out;
    size_t size = 6, room = sizeof out;
    expect("setlocale", setlocale(LC_ALL, "C.UTF-8") != NULL);
    expect_number("characters", (long long)mbstowcs(wide, "a\xc3\xa4\xe2\x82\xac\xf0\x9d\x84\x9e", 16), 4);
    expect_number("U+1D11E", wide[3], 0x1d11e);
    expect_number("upper case of U+00E4", (long long)towupper(0xe4), 0xc4);
    expect_number("width of U+4E2D", wcwidth(0x4e2d), 2);
    expect("a wrong sequence is refused", mbstowcs(wide, "\xc0\x80", 16) == (size_t)-1 && errno == EILSEQ);
    iconv_t how = iconv_open("UTF-16BE", "UTF-8");
    expect("iconv_open", how != (iconv_t)-1);
    expect("iconv", iconv(how, &in, &size, &end, &room) == 0 && end - out == 4 && memcmp(out, "\x65\xe5\x67\x2c", 4) == 0);
    how = iconv_open("UTF-8", "EUC-JP");
    in = (char *)"\xc6\xfc\xcb\xdc", size = 4, end = out, room = sizeof out;
    expect("iconv from EUC-JP", iconv(how, &in, &size, &end, &room) == 0 && end - out == 6 && memcmp(out, "\xe6\x97\xa5\xe6\x9c\xac", 6) == 0);
    expect("fnmatch matches", fnmatch("*.[ch]", "probe.c", 0) == 0 && fnmatch("??*", "\xc3\xa4x", 0) == 0);
    expect("fnmatch does not", fnmatch("*/b", "a/x/b", FNM_PATHNAME) == FNM_NOMATCH);
    return finish();
}

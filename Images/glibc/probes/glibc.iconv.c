// proves: iconv loads its modules and converts between UTF-8, UTF-16, ISO 8859-15 and EUC-JP, refusing what does not fit
// stands for: installers and language tools fail with "conversion not supported", or names come out garbled
// source:
#include <iconv.h>
#include "probe.h"

static size_t convert(const char *to, const char *from, const char *in, size_t size, char *out, size_t capacity)
{
    iconv_t how = iconv_open(to, from);
    char what[80], *at = (char *)in, *end = out;
    snprintf(what, sizeof what, "iconv_open(%s, %s)", to, from);
    expect(what, how != (iconv_t)-1);
    size_t result = iconv(how, &at, &size, &end, &capacity);
    int error = errno;
    iconv_close(how);
    errno = error;
    *end = 0;
    return result == (size_t)-1 ? (size_t)-1 : (size_t)(end - out);
}

static void both(const char *charset, const char *utf8, const char *coded, size_t size)
{
    char out[64];
    expect_number(charset, (long long)convert(charset, "UTF-8", utf8, strlen(utf8), out, 60), (long long)size);
    expect(charset, memcmp(out, coded, size) == 0);
    expect_number("back to UTF-8", (long long)convert("UTF-8", charset, coded, size, out, 60), (long long)strlen(utf8));
    expect_text("back to UTF-8", out, utf8);
}

int main(void)
{
    char out[64];
    both("UTF-16LE", "a\xc3\xa4\xf0\x9d\x84\x9e", "a\0\xe4\0\x34\xd8\x1e\xdd", 8); // U+1D11E as a surrogate pair
    both("ISO-8859-15", "10 \xe2\x82\xac", "10 \xa4", 4);                          // the euro sign
    both("EUC-JP", "\xe6\x97\xa5\xe6\x9c\xac", "\xc6\xfc\xcb\xdc", 4);             // JIS X 0208: 日本
    expect("EILSEQ for what ISO 8859-15 lacks",
           convert("ISO-8859-15", "UTF-8", "\xe6\x97\xa5", 3, out, 60) == (size_t)-1 && errno == EILSEQ);
    expect("EINVAL for a cut sequence", convert("UTF-16LE", "UTF-8", "\xe6\x97", 2, out, 60) == (size_t)-1 && errno == EINVAL);
    expect("no such character set", iconv_open("NO-SUCH", "UTF-8") == (iconv_t)-1 && errno == EINVAL);
    return finish();
}

// proves: a shared object is opened at run time: its constructor runs, symbols resolve, errors are told, its destructor runs
// stands for: plug-ins and language extensions (Python, Node, PAM) cannot be loaded
// source:
#define _GNU_SOURCE
#include <dlfcn.h>
#include "probe.h"

int main(void)
{
    int closed = 0;
    void *object = dlopen("/usr/lib/assay/libshared.so", RTLD_NOW | RTLD_LOCAL);
    if (!object)
        fail("dlopen succeeds", "%s", dlerror());
    int (*value)(void) = (int (*)(void))dlsym(object, "shared_value");
    int **told = (int **)dlsym(object, "shared_closed");
    expect("symbols of the object", value && told);
    expect_number("value after the constructor", value(), 42);
    expect("its symbols stay local", dlsym(RTLD_DEFAULT, "shared_value") == NULL);
    dlerror();
    expect("no such symbol", dlsym(object, "no_such_symbol") == NULL);
    const char *message = dlerror();
    expect("an error names the symbol", message && strstr(message, "no_such_symbol"));
    Dl_info info;
    expect("dladdr", dladdr((void *)value, &info) != 0);
    expect_text("symbol at the address", info.dli_sname, "shared_value");
    expect("the same object again", dlopen("/usr/lib/assay/libshared.so", RTLD_NOW | RTLD_NOLOAD) == object);
    dlclose(object);
    *told = &closed;
    dlclose(object);
    expect_number("destructors that ran", closed, 1);
    expect("closed", dlopen("/usr/lib/assay/libshared.so", RTLD_NOW | RTLD_NOLOAD) == NULL);
    expect("a missing object", dlopen("/usr/lib/assay/libmissing.so", RTLD_NOW) == NULL);
    return finish();
}

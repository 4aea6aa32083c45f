// proves: musl's loader opens a shared object: its constructor runs, every thread gets its thread-local variables, errors are told
// stands for: Alpine images: extensions of Python, Ruby or Nginx cannot be loaded
// source:
#include <dlfcn.h>
#include <pthread.h>
#include "probe.h"

static int *(*own)(void);

static void *work(void *argument)
{
    expect_number("initial value in the thread", *own(), 7);
    *own() += (int)(long)argument;
    return own();
}

int main(void)
{
    void *object = dlopen("/usr/lib/assay/libshared.so", RTLD_NOW | RTLD_LOCAL);
    if (!object)
        fail("dlopen succeeds", "%s", dlerror());
    int (*value)(void) = (int (*)(void))dlsym(object, "shared_value");
    own = (int *(*)(void))dlsym(object, "shared_own");
    expect("symbols of the object", value && own);
    expect_number("value after the constructor", value(), 42);
    expect("no such symbol", dlsym(object, "no_such_symbol") == NULL);
    const char *message = dlerror();
    expect("an error names the symbol", message && strstr(message, "no_such_symbol"));
    expect("a missing object", dlopen("/usr/lib/assay/libmissing.so", RTLD_NOW) == NULL);
    pthread_t threads[4];
    for (long i = 0; i < 4; i++)
        expect("pthread_create", pthread_create(&threads[i], NULL, work, (void *)i) == 0);
    for (int i = 0; i < 4; i++) {
        void *place;
        pthread_join(threads[i], &place);
        expect("a place of its own", place != (void *)own());
    }
    expect_number("the first thread's own", *own(), 7);
    return finish();
}

// Opened at run time by glibc.dlopen and glibc.tls.
static int value = 40;
static __thread int own = 7;
static __thread char aligned[64] __attribute__((aligned(64)));
int *shared_closed;

__attribute__((constructor)) static void begin(void) { value += 2; }
__attribute__((destructor)) static void end(void)
{
    if (shared_closed)
        *shared_closed = 1;
}

int shared_value(void) { return value; }
int *shared_own(void) { return &own; }
char *shared_aligned(void) { return aligned; }

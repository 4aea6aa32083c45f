// Opened at run time by musl.dlopen.
static int value = 40;
static __thread int own = 7;

__attribute__((constructor)) static void begin(void) { value += 2; }

int shared_value(void) { return value; }
int *shared_own(void) { return &own; }

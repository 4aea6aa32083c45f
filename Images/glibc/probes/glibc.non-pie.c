// proves: programs at fixed addresses are loaded there, have a heap by brk, thread-local storage and 40 restarts
// stands for: ldconfig, busybox, Go and UPX programs crash now and then with signal 11 at start
// source: https://github.com/tonistiigi/binfmt/issues/215
// flags: -no-pie
#include "../heap.h"

// proves: threads are cancelled in blocking calls by musl's own signal, number 33, which an emulator must leave to it
// stands for: services that stop their workers hang on exit in Alpine images
// source: 
#include "../../glibc/probes/glibc.cancellation.c"

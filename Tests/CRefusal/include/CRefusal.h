#ifndef ASSAY_CREFUSAL_H
#define ASSAY_CREFUSAL_H

// Refuses a system call from now on, with this errno, for the calling thread and all that it starts. 0, or the errno of what failed.
int refuse_system_call(int number, int error);

// -1 for one that the tests have not needed yet.
int number_of_system_call(const char *name);

#endif

#ifndef ASSAY_CREFUSAL_H
#define ASSAY_CREFUSAL_H

// Refuses a system call from now on, with this errno, for the calling thread and all that it starts. 0, or the errno of what failed.
int refuse_system_call(int number, int error);

int number_of_openat2(void);

#endif

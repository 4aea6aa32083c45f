#include <errno.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "CSandbox.h"

int assay_remove_ipc(enum assay_ipc_kind kind, int id) {
    int result = -1;
    switch (kind) {
    case ASSAY_IPC_SHARED_MEMORY: result = shmctl(id, IPC_RMID, NULL); break;
    case ASSAY_IPC_SEMAPHORES: result = semctl(id, 0, IPC_RMID); break;
    case ASSAY_IPC_MESSAGES: result = msgctl(id, IPC_RMID, NULL); break;
    default: errno = EINVAL;
    }
    return result == 0 ? 0 : errno;
}

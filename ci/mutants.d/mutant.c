// The word that chooses a fault: patched in the file, behind the mark. With MUTANT_TRACE nothing is broken, and what is reached is written
// into a segment of shared memory whose key is in the environment's place: a constant, so that it works behind chroot, exec and sudo.
#include <stddef.h>
#include <sys/mman.h>
#include <sys/shm.h>

#define MUTANT_TRACE 0xffffffffu
#define MUTANT_KEY 0x6d757461
#define MUTANT_SPACE (1 << 17)

const volatile struct mutant_choice mutant_choice = {"assay's mutants", 0};
unsigned char mutant_reached[MUTANT_SPACE] __attribute__((aligned(4096)));

__attribute__((constructor(101))) static void mutant_begin(void)
{
    if (mutant_choice.number != MUTANT_TRACE) {
        return;
    }
    int segment = shmget(MUTANT_KEY, MUTANT_SPACE, 0);
    if (segment != -1) {
        shmat(segment, mutant_reached, SHM_REMAP);
    }
}

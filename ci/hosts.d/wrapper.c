// As NixOS and openSUSE register it: a small program that executes the emulator, REAL, by its path.
#include <unistd.h>

int main(int count, char **arguments)
{
    (void)count;
    execv(REAL, arguments);
    return 127;
}

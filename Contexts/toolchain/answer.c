// What only a program compiled for the target, and run, can say: its machine, and a value computed from this build's nonce.
int printf(const char *pattern, ...);

#if defined(__aarch64__)
#define MACHINE "aarch64"
#elif defined(__x86_64__)
#define MACHINE "x86_64"
#endif

int main(int argc, char **argv)
{
    if (argc != 2)
        return 64;
    unsigned long long hash = 0xcbf29ce484222325ull; // FNV-1a, 64 bits
    for (const char *at = argv[1]; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 0x100000001b3ull;
    printf("machine %s\nhash %016llx\n", MACHINE, hash);
    return 0;
}

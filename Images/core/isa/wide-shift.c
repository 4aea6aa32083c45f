// What compilers call to shift 128 bits where size is the aim: no library is linked.
#include <stdint.h>

typedef unsigned __int128 wide;

static wide joined(uint64_t high, uint64_t low) { return (wide)high << 64 | low; }

wide __ashlti3(wide value, int bits);
wide __lshrti3(wide value, int bits);
__int128 __ashrti3(__int128 value, int bits);

wide __ashlti3(wide value, int bits)
{
    uint64_t high = (uint64_t)(value >> 64), low = (uint64_t)value;
    if (bits == 0)
        return value;
    return bits < 64 ? joined(high << bits | low >> (64 - bits), low << bits) : joined(low << (bits - 64), 0);
}

wide __lshrti3(wide value, int bits)
{
    uint64_t high = (uint64_t)(value >> 64), low = (uint64_t)value;
    if (bits == 0)
        return value;
    return bits < 64 ? joined(high >> bits, low >> bits | high << (64 - bits)) : joined(0, high >> (bits - 64));
}

__int128 __ashrti3(__int128 value, int bits)
{
    int64_t high = (int64_t)(value >> 64);
    uint64_t low = (uint64_t)value;
    if (bits == 0)
        return value;
    return (__int128)(bits < 64 ? joined((uint64_t)(high >> bits), low >> bits | (uint64_t)high << (64 - bits))
                                : joined((uint64_t)(high >> 63), (uint64_t)(high >> (bits - 64))));
}

// What compilers call on machines of 32 bits to divide: no library is linked.
#include "sys.h"

#if __SIZEOF_LONG__ == 4

#if defined(__arm__) // Armv7-A need not have an instruction for it
static uint32_t divide_words(uint32_t value, uint32_t by, uint32_t *rest)
{
    uint32_t quotient = 0, left = 0;
    for (int bit = 31; bit >= 0; bit--) {
        left = left << 1 | (value >> bit & 1);
        if (left >= by) {
            left -= by;
            quotient |= 1u << bit;
        }
    }
    *rest = left;
    return quotient;
}
#else
static uint32_t divide_words(uint32_t value, uint32_t by, uint32_t *rest)
{
    *rest = value % by;
    return value / by;
}
#endif

uint64_t divide_unsigned(uint64_t value, uint64_t by, uint64_t *rest)
{
    uint64_t quotient = 0, left = 0;
    if ((value | by) >> 32 == 0) {
        uint32_t small;
        quotient = divide_words((uint32_t)value, (uint32_t)by, &small);
        *rest = small;
        return quotient;
    }
    for (int bit = 63; bit >= 0; bit--) {
        bool above = left >> 63;
        left = left << 1 | (value >> bit & 1);
        if (above || left >= by) {
            left -= by;
            quotient |= 1ull << bit;
        }
    }
    *rest = left;
    return quotient;
}

// Rounds toward zero, as C does; the rest has the sign of what was divided.
int64_t divide_signed(int64_t value, int64_t by, int64_t *rest)
{
    uint64_t left;
    uint64_t quotient =
        divide_unsigned(value < 0 ? -(uint64_t)value : (uint64_t)value, by < 0 ? -(uint64_t)by : (uint64_t)by, &left);
    *rest = (int64_t)(value < 0 ? -left : left);
    return (int64_t)((value < 0) != (by < 0) ? -quotient : quotient);
}

#if defined(__i386__)
uint64_t __udivdi3(uint64_t value, uint64_t by)
{
    uint64_t rest;
    return divide_unsigned(value, by, &rest);
}

uint64_t __umoddi3(uint64_t value, uint64_t by)
{
    uint64_t rest;
    divide_unsigned(value, by, &rest);
    return rest;
}

int64_t __divdi3(int64_t value, int64_t by)
{
    int64_t rest;
    return divide_signed(value, by, &rest);
}

int64_t __moddi3(int64_t value, int64_t by)
{
    int64_t rest;
    divide_signed(value, by, &rest);
    return rest;
}
#else
// Quotient and rest in r0 and r1 (Run-time ABI for the Arm Architecture, 4.3.1).
uint64_t __aeabi_uidivmod(uint32_t value, uint32_t by)
{
    uint32_t rest, quotient = divide_words(value, by, &rest);
    return (uint64_t)rest << 32 | quotient;
}

uint32_t __aeabi_uidiv(uint32_t value, uint32_t by)
{
    uint32_t rest;
    return divide_words(value, by, &rest);
}

uint64_t __aeabi_idivmod(int32_t value, int32_t by)
{
    int64_t rest, quotient = divide_signed(value, by, &rest);
    return (uint64_t)(uint32_t)rest << 32 | (uint32_t)quotient;
}

int32_t __aeabi_idiv(int32_t value, int32_t by)
{
    int64_t rest;
    return (int32_t)divide_signed(value, by, &rest);
}
#endif
#endif

#include "isa.h"

uint64_t element(const lanes *v, unsigned size, unsigned index)
{
    switch (size) {
    case 0: return v->b[index];
    case 1: return v->h[index];
    case 2: return v->s[index];
    default: return v->d[index];
    }
}

void set_element(lanes *v, unsigned size, unsigned index, uint64_t value)
{
    switch (size) {
    case 0: v->b[index] = (uint8_t)value; break;
    case 1: v->h[index] = (uint16_t)value; break;
    case 2: v->s[index] = (uint32_t)value; break;
    default: v->d[index] = value;
    }
}

// Which encodings and operands are tried: drawn, with edge values among them, from a seed that never changes.
#include "isa.h"

static uint64_t seed;

static uint64_t draw(void) // splitmix64
{
    uint64_t z = seed += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static void start(const struct row *row, unsigned i, unsigned what)
{
    seed = (uint64_t)i << 8 | what;
    for (const char *at = row->name; *at; at++)
        seed = seed * 31 + (uint8_t)*at;
}

uint32_t draw_word(const struct row *row, unsigned i)
{
    start(row, i, 1);
    uint32_t word = 0;
    for (unsigned at = 0; at < 32; at++) {
        char letter = row->pattern[at];
        if (letter == 'R' || letter == 'V') { // x0 to x3 and seldom the zero register; v0 to v3
            uint32_t number = draw() & 3;
            if (letter == 'R' && draw() % 8 == 0)
                number = 31;
            word = word << 5 | number;
            at += 4;
        } else if (letter == 'S') { // immh:immb of vector shifts: an element's size and a shift below it
            uint32_t size = draw() & 3, from = 8u << size, by = draw() % 4 ? (uint32_t)(draw() >> 32) % from : 0;
            word = word << 7 | (from + (draw() % 8 ? by : from - 1));
            at += 6;
        } else if (letter == '0' || letter == '1') {
            word = word << 1 | (letter == '1');
        } else {
            word = word << 1 | (draw() >> 40 & 1);
        }
    }
    return word;
}

// Elements of 2^size bytes: random ones, powers of two, ones from a bit on, and most often values that few bits tell from
// zero, from both ends and from the middle. One computation for all of them: drawing takes longer than what is tried.
static uint64_t integers(unsigned size)
{
    static const uint64_t ones[] = {0x0101010101010101, 0x0001000100010001, 0x0000000100000001, 1};
    uint64_t one = ones[size], d = draw(), r = draw();
    unsigned bits = 8u << size;
    uint64_t whole[5];
    for (unsigned i = 0; i < 5; i++)
        whole[i] = (d >> i & one) * mask(bits); // of each element all bits or none
    uint64_t edge = whole[0] ^ (whole[1] & one << (bits - 1)) ^ (r & one * 3);
    uint64_t power = one << (d >> 40) % bits;
    if (d >> 63)
        power = ~(power - one);
    uint64_t random = whole[2] & whole[3], few = whole[3] & whole[4] & ~random;
    return (random & r) | (few & power) | (~random & ~few & edge);
}

static uint64_t floating(unsigned bits)
{
    unsigned frac = bits == 64 ? 52 : bits == 32 ? 23 : 10, exponent_bits = bits - 1 - frac;
    uint64_t d = draw(), most = (1ull << exponent_bits) - 1, bias = most >> 1, sign = (d >> 63) << (bits - 1);
    uint64_t f = draw() & ((1ull << frac) - 1), exponent = bias + (d >> 8 & 7) - 3;
    if ((d >> 12 & 3) == 0)
        f = (d >> 14 & 1) ? f >> (frac - 3) << (frac - 3) : (d >> 15 & 1) ? f >> (frac - 2) : ~f >> (frac - 2);
    f &= (1ull << frac) - 1;
    switch (d & 15) {
    case 0: return sign;
    case 1: return sign | most << frac;
    case 2: return sign | most << frac | 1ull << (frac - 1) | f;
    case 3: return sign | most << frac | (f & ((1ull << (frac - 1)) - 1)) | 1;
    case 4: return sign | f; // subnormal
    case 5: return sign | (most - 1) << frac | f;
    case 6: return sign | 1ull << frac | f;
    case 7: exponent = bias + (d >> 16) % (bits + 4); break;
    case 8: exponent = (d >> 16) % (most + 1); break;
    case 9: // an integer, of which some bits are above the lowest 32
        exponent = bias + frac + (d >> 16) % 34;
        if (exponent >= most)
            exponent = most - 1;
        break;
    }
    return sign | exponent << frac | f;
}

static void fill(lanes *v, bool floats, unsigned size)
{
    v->d[0] = integers(size);
    v->d[1] = integers(size);
    for (unsigned i = 0; floats && i < 16u >> size; i++)
        set_element(v, size, i, floating(8u << size));
}

void draw_state(struct state *s, enum operands operands, const struct row *row, unsigned i)
{
    start(row, i, 2);
    unsigned size = operands == FLOATS ? 1 + (unsigned)draw() % 3 : (unsigned)draw() & 3;
    for (unsigned r = 0; r < 8; r++) {
        fill(&s->v[r], operands == FLOATS && r < 4, operands == FLOATS || draw() % 4 ? size : 3);
        s->x[r] = integers(draw() & 1 ? 3 : 2);
    }
    if (operands == FLOATS && draw() & 1)
        for (unsigned r = 0; r < 4; r++)
            s->x[r] = floating(8u << size);
    if (draw() % 4 == 0)
        s->x[draw() & 3] = s->x[0], s->v[draw() & 3] = s->v[0]; // equal operands
    s->lr = draw();
    s->sp = draw() & ~15ull;
    s->nzcv = draw() & 15;
    s->fpsr = draw() & 1 ? 0x0800009f & draw() : 0;
    s->fpcr = 0;
    if (operands == FLOATS && draw() & 1)
        s->fpcr = draw() & (fp_halves ? 0x03c80000 : 0x03c00000); // DN, FZ, RMode and, where there are halves, FZ16
    s->x[7] = operands == BRANCHES ? 0 : s->x[7];
    if (operands != ADDRESSES)
        return; // what they do to memory is seen in the memory of the one before, too
    for (unsigned at = 0; at < MEMORY; at += 8) {
        uint64_t word = draw();
        __builtin_memcpy(s->memory + at, &word, 8);
    }
    // What compare-and-swap compares with: both halves, one, or neither.
    uint64_t d = draw(), first = s->x[d & 2], second = s->x[(d & 2) + 1];
    unsigned bytes = d & 4 ? 4 : 8;
    if (d & 8)
        __builtin_memcpy(s->memory + MIDDLE, &first, bytes);
    if (d & 16)
        __builtin_memcpy(s->memory + MIDDLE + bytes, &second, bytes);
    s->x[6] = (uint64_t)((int64_t)(draw() % 40) - 20) & (draw() & 1 ? ~0ull : 0xffffffff);
    if (draw() % 3 == 0)
        s->x[6] = draw() << 32 | (uint32_t)((int)(draw() % 40) - 20);
}

void place(struct state *s, enum operands operands, uint64_t home, uint64_t pc)
{
    s->home = home;
    s->pc = pc;
    if (operands == ADDRESSES)
        s->x[5] = home + MIDDLE;
    else if (operands == BRANCHES)
        s->x[6] = pc + 8;
}

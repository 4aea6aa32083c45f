// Loads and stores (Arm ARM DDI 0487, C4.1.94). x5 points into the state's memory, x6 is an offset.
#include "isa.h"

// The place of `size` bytes at an address; nullptr outside of the state's memory.
static uint8_t *at(struct state *s, uint64_t address, unsigned size)
{
    uint64_t offset = address - s->home;
    return offset <= MEMORY - size ? s->memory + offset : nullptr;
}

static uint64_t load(const uint8_t *from, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = size; i-- > 0;)
        value = value << 8 | from[i];
    return value;
}

static void store(uint8_t *to, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size; i++, value >>= 8)
        to[i] = (uint8_t)value;
}

// One register of 2^size bytes: v registers where bit 26 is set.
static bool transfer(struct state *s, uint32_t w, unsigned t, unsigned size, bool is_load, uint64_t address)
{
    uint8_t *place = at(s, address, 1u << size);
    if (!place)
        return false;
    if (!bit(w, 26)) {
        if (is_load)
            set(s, t, true, load(place, 1u << size));
        else
            store(place, 1u << size, get(s, t));
        return true;
    }
    for (unsigned i = 0; i < 16; i++)
        if (!is_load && i < 1u << size)
            place[i] = s->v[t].b[i];
        else if (is_load)
            s->v[t].b[i] = i < 1u << size ? place[i] : 0;
    return true;
}

static bool load_store(struct state *s, uint32_t w)
{
    unsigned size = field(w, 31, 30), operation = field(w, 23, 22), t = field(w, 4, 0), how = field(w, 11, 10);
    bool is_vector = bit(w, 26), is_load = operation != 0, wide = true, is_signed = false;
    if (is_vector) {
        is_load = operation & 1;
        if (operation & 2) {
            if (size != 0)
                return false;
            size = 4;
        }
    } else if (operation >= 2) { // sign-extended to 64 bits, to 32 bits
        is_signed = true;
        wide = operation == 2;
        if (size == 3 || (size == 2 && !wide))
            return false;
    }
    uint64_t base = s->x[5], address = base;
    int64_t near = sign_extend(field(w, 20, 12), 9);
    bool back = false;
    if (bit(w, 24)) {
        address += (uint64_t)field(w, 21, 10) << size;
    } else if (bit(w, 21)) {
        unsigned option = field(w, 15, 13);
        uint64_t offset = s->x[6];
        if (option == 2)
            offset = (uint32_t)offset;
        else if (option == 6)
            offset = (uint64_t)sign_extend(offset, 32);
        else if (option != 3 && option != 7)
            return false;
        address += offset << (bit(w, 12) ? size : 0);
    } else {
        if (how == 2 && is_vector)
            return false;
        if (how != 1)
            address += (uint64_t)near;
        back = how & 1;
    }
    if (!transfer(s, w, t, size, is_load, address))
        return false;
    if (is_signed) {
        uint64_t value = get(s, t);
        set(s, t, wide, (uint64_t)sign_extend(value, 8u << size));
    }
    if (back)
        s->x[5] = base + (uint64_t)near;
    return true;
}

static bool pair(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 31, 30), t = field(w, 4, 0), t2 = field(w, 14, 10), how = field(w, 24, 23);
    bool is_vector = bit(w, 26), is_load = bit(w, 22), is_signed = !is_vector && operation == 1;
    unsigned size = is_vector ? 2 + operation : operation == 2 ? 3 : 2;
    if (operation == 3 || (is_load && t == t2 && t != 31) || (is_signed && (!is_load || how == 0)))
        return false;
    uint64_t offset = (uint64_t)sign_extend(field(w, 21, 15), 7) << size, address = s->x[5] + (how == 1 ? 0 : offset);
    if (!transfer(s, w, t, size, is_load, address) || !transfer(s, w, t2, size, is_load, address + (1u << size)))
        return false;
    if (is_signed) {
        set(s, t, true, (uint64_t)sign_extend(get(s, t), 32));
        set(s, t2, true, (uint64_t)sign_extend(get(s, t2), 32));
    }
    if (how & 1)
        s->x[5] += offset;
    return true;
}

// The words after the instruction and its return: see draw.c.
enum { LITERAL = 16 };
static const uint8_t literal_bytes[16] = {0x81, 0x92, 0xa3, 0xb4, 0xc5, 0xd6, 0xe7, 0xf8,
                                          0x19, 0x2a, 0x3b, 0x4c, 0x5d, 0x6e, 0x7f, 0x80};

static bool literal(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 31, 30), t = field(w, 4, 0);
    if (operation == 3)
        return false;
    if (bit(w, 26))
        for (unsigned i = 0; i < 16; i++)
            s->v[t].b[i] = i < 4u << operation ? literal_bytes[i] : 0;
    else if (operation == 2)
        set(s, t, true, (uint64_t)sign_extend(load(literal_bytes, 4), 32));
    else
        set(s, t, true, load(literal_bytes, 4u << operation));
    return true;
}

static bool structures(struct state *s, uint32_t w)
{
    static const struct {
        uint8_t registers, elements; // times, elements of a structure
    } forms[16] = {[0] = {1, 4}, [2] = {4, 1}, [4] = {1, 3}, [6] = {3, 1}, [7] = {1, 1}, [8] = {1, 2}, [10] = {2, 1}};
    unsigned form = field(w, 15, 12), size = field(w, 11, 10), t = field(w, 4, 0), bytes = bit(w, 30) ? 16 : 8;
    unsigned total = forms[form].registers * forms[form].elements;
    bool interleaved = forms[form].elements > 1, is_load = bit(w, 22);
    if (total == 0 || (interleaved && size == 3 && !bit(w, 30)))
        return false;
    uint64_t address = s->x[5];
    if (!at(s, address, total * bytes))
        return false;
    for (unsigned i = 0; i < total; i++)
        for (unsigned e = 0; e < bytes >> size; e++) {
            unsigned place = interleaved ? e * total + i : i * (bytes >> size) + e;
            uint8_t *where = at(s, address + ((uint64_t)place << size), 1u << size);
            if (is_load)
                set_element(&s->v[t + i], size, e, load(where, 1u << size));
            else
                store(where, 1u << size, element(&s->v[t + i], size, e));
        }
    if (is_load && bytes == 8)
        for (unsigned i = 0; i < total; i++)
            s->v[t + i].d[1] = 0;
    if (bit(w, 23))
        s->x[5] += field(w, 20, 16) == 31 ? total * bytes : s->x[6];
    return true;
}

static bool one_structure(struct state *s, uint32_t w)
{
    unsigned scale = field(w, 15, 14), size = field(w, 11, 10), t = field(w, 4, 0);
    unsigned count = ((unsigned)bit(w, 13) << 1 | bit(w, 21)) + 1,
             index = (unsigned)bit(w, 30) << 3 | bit(w, 12) << 2 | size;
    bool is_load = bit(w, 22), everywhere = scale == 3;
    if (everywhere) {
        if (!is_load || bit(w, 12))
            return false;
        scale = size;
    } else if (scale == 1) {
        if (size & 1)
            return false;
        index >>= 1;
    } else if (scale == 2) {
        if (size & 2 || (size == 1 && bit(w, 12)))
            return false;
        index >>= size == 1 ? 3 : 2;
        scale += size;
    }
    uint64_t address = s->x[5];
    if (!at(s, address, count << scale))
        return false;
    for (unsigned i = 0; i < count; i++) {
        uint8_t *where = at(s, address + ((uint64_t)i << scale), 1u << scale);
        if (everywhere) {
            for (unsigned e = 0; e < 16u >> scale; e++)
                set_element(&s->v[t + i], scale, e, load(where, 1u << scale));
            if (!bit(w, 30))
                s->v[t + i].d[1] = 0;
        } else if (is_load) {
            set_element(&s->v[t + i], scale, index, load(where, 1u << scale));
        } else {
            store(where, 1u << scale, element(&s->v[t + i], scale, index));
        }
    }
    if (bit(w, 23))
        s->x[5] += field(w, 20, 16) == 31 ? count << scale : s->x[6];
    return true;
}

static const struct row memory_rows[] = {
    {"LDR, STR and their sizes and signs (post- and pre-indexed)", "ss111000oo0iiiiiiiiih100101RRRRR", load_store,
     ALWAYS},
    {"LDUR, STUR, LDTR, STTR", "ss111000oo0iiiiiiiiih000101RRRRR", load_store, ALWAYS},
    {"LDR, STR (post-indexed)", "ss111000oo0iiiiiiiii0100101RRRRR", load_store, ALWAYS},
    {"LDR, STR (pre-indexed)", "ss111000oo0iiiiiiiii1100101RRRRR", load_store, ALWAYS},
    {"LDR, STR (unsigned offset)", "ss111001oo0000000iiiii00101RRRRR", load_store, ALWAYS},
    {"LDR, STR (register offset)", "ss111000oo100110eeek1000101RRRRR", load_store, ALWAYS},
    {"LDR, STR of vector registers (indexed)", "ss111100oo0iiiiiiiiihh00101VVVVV", load_store, ALWAYS},
    {"LDR, STR of vector registers (unsigned offset)", "ss111101oo0000000iiiii00101VVVVV", load_store, ALWAYS},
    {"LDR, STR of vector registers (register offset)", "ss111100oo100110eeek1000101VVVVV", load_store, ALWAYS},
    {"LDP, STP, LDPSW, LDNP, STNP", "ss10100hhliiiiiiiRRRRR00101RRRRR", pair, ALWAYS},
    {"LDPSW", "0110100hh1iiiiiiiRRRRR00101RRRRR", pair, ALWAYS},
    {"LDP, STP, LDNP, STNP of vector registers", "ss10110hhliiiiiiiVVVVV00101VVVVV", pair, ALWAYS},
    {"LDR, LDRSW (literal)", "ss0110000000000000000000100RRRRR", literal, ALWAYS},
    {"LDR of vector registers (literal)", "ss0111000000000000000000100VVVVV", literal, ALWAYS},
    {"LD1 to LD4, ST1 to ST4 (whole registers)", "0q0011000l000000oooosk00101VVVVV", structures, ALWAYS},
    {"LD1 to LD4, ST1 to ST4 (whole registers, post-indexed)", "0q0011001l011111oooosk00101VVVVV", structures, ALWAYS},
    {"LD1 to LD4, ST1 to ST4 (whole registers, post-indexed by register)", "0q0011001l000110oooosk00101VVVVV",
     structures, ALWAYS},
    {"LD1 to LD4, ST1 to ST4 (one lane), LD1R to LD4R", "0q0011010lr00000oookss00101VVVVV", one_structure, ALWAYS},
    {"LD1 to LD4, ST1 to ST4 (one lane), LD1R to LD4R (post-indexed)", "0q0011011lr11111oookss00101VVVVV",
     one_structure, ALWAYS},
    {"LD1 to LD4, ST1 to ST4 (one lane, post-indexed by register)", "0q0011011lr00110oookss00101VVVVV", one_structure,
     ALWAYS},
};
const struct instruction_class memory_class = {memory_rows, sizeof memory_rows / sizeof *memory_rows, ADDRESSES};

static bool ordered(struct state *s, uint32_t w)
{
    return transfer(s, w, field(w, 4, 0), field(w, 31, 30), bit(w, 22), s->x[5]);
}

static bool ordered_near(struct state *s, uint32_t w) // LDAPUR, STLUR
{
    unsigned size = field(w, 31, 30), operation = field(w, 23, 22), t = field(w, 4, 0);
    if (operation >= 2 && (size == 3 || (size == 2 && operation == 3)))
        return false;
    uint64_t address = s->x[5] + (uint64_t)sign_extend(field(w, 20, 12), 9);
    if (address % (1u << size) != 0 || !transfer(s, w, t, size, operation != 0, address))
        return false;
    if (operation >= 2)
        set(s, t, operation == 2, (uint64_t)sign_extend(get(s, t), 8u << size));
    return true;
}

static bool acquire_pc(struct state *s, uint32_t w)
{
    return transfer(s, w, field(w, 4, 0), field(w, 31, 30), true, s->x[5]);
}

static bool fetch(struct state *s, uint32_t w)
{
    unsigned size = field(w, 31, 30), bits = 8u << size, operation = field(w, 15, 12);
    uint8_t *place = at(s, s->x[5], 1u << size);
    if (!place || operation > 8)
        return false;
    uint64_t old = load(place, 1u << size), by = get(s, field(w, 20, 16)) & mask(bits), result = by;
    int64_t a = sign_extend(old, bits), b = sign_extend(by, bits);
    switch (operation) {
    case 0: result = old + by; break;
    case 1: result = old & ~by; break;
    case 2: result = old ^ by; break;
    case 3: result = old | by; break;
    case 4: result = a > b ? old : by; break;
    case 5: result = a < b ? old : by; break;
    case 6: result = old > by ? old : by; break;
    case 7: result = old < by ? old : by; break;
    }
    store(place, 1u << size, result);
    set(s, field(w, 4, 0), true, old);
    return true;
}

static bool compare_and_swap(struct state *s, uint32_t w)
{
    unsigned size = field(w, 31, 30), compared = field(w, 20, 16), t = field(w, 4, 0);
    uint8_t *place = at(s, s->x[5], 1u << size);
    uint64_t old = load(place, 1u << size);
    if (old == (get(s, compared) & mask(8u << size)))
        store(place, 1u << size, get(s, t));
    set(s, compared, true, old);
    return true;
}

static bool compare_and_swap_pair(struct state *s, uint32_t w)
{
    unsigned size = bit(w, 30) ? 3 : 2, compared = field(w, 20, 16), t = field(w, 4, 0), bytes = 1u << size;
    uint8_t *place = at(s, s->x[5], 2 * bytes);
    uint64_t low = load(place, bytes), high = load(place + bytes, bytes), all = mask(8 * bytes);
    if (low == (get(s, compared) & all) && high == (get(s, compared + 1) & all)) {
        store(place, bytes, get(s, t));
        store(place + bytes, bytes, get(s, t + 1));
    }
    set(s, compared, true, low);
    set(s, compared + 1, true, high);
    return true;
}

#define LSE 8
#define LRCPC 15
#define ILRCPC 26
static const struct row atomic_rows[] = {
    {"LDAR, STLR", "ss0010001l01111111111100101RRRRR", ordered, ALWAYS},
    {"LDLAR, STLLR", "ss0010001l01111101111100101RRRRR", ordered, 22},
    {"LDAPR", "ss1110001011111111000000101RRRRR", acquire_pc, LRCPC},
    {"LDAPUR, STLUR", "ss011001oo0iiiiiiiii0000101RRRRR", ordered_near, ILRCPC},
    {"LDADD, LDCLR, LDEOR, LDSET, LDSMAX, LDSMIN, LDUMAX, LDUMIN", "ss111000ar1RRRRR0ooo0000101RRRRR", fetch, LSE},
    {"SWP", "ss111000ar1RRRRR10000000101RRRRR", fetch, LSE},
    {"CAS", "ss0010001a1RRRRRr1111100101RRRRR", compare_and_swap, LSE},
    {"CASP", "0s0010000a1000p0r1111100101000p0", compare_and_swap_pair, LSE},
};
const struct instruction_class atomic_class = {atomic_rows, sizeof atomic_rows / sizeof *atomic_rows, ADDRESSES};

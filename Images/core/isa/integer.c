// Data processing on general registers (Arm ARM DDI 0487, C4.1.92 and C4.1.93).
#include "isa.h"

uint64_t get(const struct state *state, unsigned number)
{
    return number < 8 ? state->x[number] : number == 30 ? state->lr : 0;
}

void set(struct state *state, unsigned number, bool wide, uint64_t value)
{
    if (!wide)
        value = (uint32_t)value;
    if (number < 8)
        state->x[number] = value;
    else if (number == 30)
        state->lr = value;
}

static uint64_t get_sp(const struct state *state, unsigned number)
{
    return number == 31 ? state->sp : get(state, number);
}

static void set_sp(struct state *state, unsigned number, bool wide, uint64_t value)
{
    if (number == 31)
        state->sp = wide ? value : (uint32_t)value;
    else
        set(state, number, wide, value);
}

bool holds(unsigned nzcv, unsigned condition)
{
    bool n = nzcv & 8, z = nzcv & 4, c = nzcv & 2, v = nzcv & 1, result = true;
    switch (condition >> 1) {
    case 0: result = z; break;
    case 1: result = c; break;
    case 2: result = n; break;
    case 3: result = v; break;
    case 4: result = c && !z; break;
    case 5: result = n == v; break;
    case 6: result = n == v && !z; break;
    default: return true;
    }
    return result != (condition & 1);
}

static unsigned sum_flags(uint64_t a, uint64_t b, bool carry, bool wide, uint64_t *sum)
{
    unsigned up = wide ? 0 : 32;
    a <<= up, b <<= up;
    uint64_t one = carry ? 1ull << up : 0, part = a + b, all = part + one;
    bool c = part < a || all < part, v = (~(a ^ b) & (a ^ all)) >> 63;
    *sum = all >> up;
    return (unsigned)(all >> 63) << 3 | (all == 0) << 2 | c << 1 | v;
}

// operand already inverted for subtractions
static uint64_t add(struct state *s, uint32_t w, uint64_t a, uint64_t b, bool carry)
{
    uint64_t sum;
    unsigned flags = sum_flags(a, b, carry, bit(w, 31), &sum);
    if (bit(w, 29))
        s->nzcv = flags;
    return sum;
}

static bool add_immediate(struct state *s, uint32_t w)
{
    uint64_t b = (uint64_t)field(w, 21, 10) << (bit(w, 22) ? 12 : 0);
    bool subtract = bit(w, 30);
    uint64_t sum = add(s, w, get_sp(s, field(w, 9, 5)), subtract ? ~b : b, subtract);
    (bit(w, 29) ? set : set_sp)(s, field(w, 4, 0), bit(w, 31), sum);
    return true;
}

static uint64_t shifted(uint64_t value, unsigned type, unsigned amount, bool wide)
{
    unsigned bits = wide ? 64 : 32;
    value &= mask(bits);
    if (amount == 0)
        return value;
    switch (type) {
    case 0: return value << amount & mask(bits);
    case 1: return value >> amount;
    case 2: return (uint64_t)(sign_extend(value, bits) >> amount) & mask(bits);
    default: return (value >> amount | value << (bits - amount)) & mask(bits);
    }
}

static bool add_shifted(struct state *s, uint32_t w)
{
    bool wide = bit(w, 31), subtract = bit(w, 30);
    unsigned type = field(w, 23, 22), amount = field(w, 15, 10);
    if (type == 3 || (!wide && amount > 31))
        return false;
    uint64_t b = shifted(get(s, field(w, 20, 16)), type, amount, wide);
    set(s, field(w, 4, 0), wide, add(s, w, get(s, field(w, 9, 5)), subtract ? ~b : b, subtract));
    return true;
}

static bool add_extended(struct state *s, uint32_t w)
{
    unsigned option = field(w, 15, 13), amount = field(w, 12, 10), bits = 8u << (option & 3);
    bool subtract = bit(w, 30);
    if (amount > 4)
        return false;
    uint64_t b = get(s, field(w, 20, 16)) & mask(bits);
    if (option & 4)
        b = (uint64_t)sign_extend(b, bits);
    b <<= amount;
    uint64_t sum = add(s, w, get_sp(s, field(w, 9, 5)), subtract ? ~b : b, subtract);
    (bit(w, 29) ? set : set_sp)(s, field(w, 4, 0), bit(w, 31), sum);
    return true;
}

static bool add_carry(struct state *s, uint32_t w)
{
    uint64_t b = get(s, field(w, 20, 16));
    set(s, field(w, 4, 0), bit(w, 31), add(s, w, get(s, field(w, 9, 5)), bit(w, 30) ? ~b : b, s->nzcv & 2));
    return true;
}

static uint64_t logical(struct state *s, uint32_t w, uint64_t b)
{
    uint64_t a = get(s, field(w, 9, 5)), all = mask(bit(w, 31) ? 64 : 32);
    unsigned operation = field(w, 30, 29);
    uint64_t result = (operation == 1 ? a | b : operation == 2 ? a ^ b : a & b) & all;
    if (operation == 3)
        s->nzcv = (unsigned)(result >> (bit(w, 31) ? 63 : 31)) << 3 | (result == 0) << 2;
    return result;
}

static bool logical_shifted(struct state *s, uint32_t w)
{
    bool wide = bit(w, 31);
    if (!wide && bit(w, 15))
        return false;
    uint64_t b = shifted(get(s, field(w, 20, 16)), field(w, 23, 22), field(w, 15, 10), wide);
    set(s, field(w, 4, 0), wide, logical(s, w, bit(w, 21) ? ~b : b));
    return true;
}

uint64_t decode_mask(unsigned n, unsigned immr, unsigned imms, unsigned bits)
{
    unsigned size = 64;
    if (!n) {
        unsigned rest = ~imms & 63;
        if (rest < 2)
            return 0;
        for (size = 32; !(rest & size); size /= 2)
            ;
    }
    unsigned ones = imms & (size - 1), turn = immr & (size - 1);
    if (size > bits || ones == size - 1)
        return 0;
    uint64_t value = mask(ones + 1);
    if (turn)
        value = (value >> turn | value << (size - turn)) & mask(size);
    for (; size < bits; size *= 2)
        value |= value << size;
    return value;
}

static bool logical_immediate(struct state *s, uint32_t w)
{
    uint64_t b = decode_mask(bit(w, 22), field(w, 21, 16), field(w, 15, 10), bit(w, 31) ? 64 : 32);
    if (b == 0)
        return false;
    uint64_t result = logical(s, w, b);
    (field(w, 30, 29) == 3 ? set : set_sp)(s, field(w, 4, 0), bit(w, 31), result);
    return true;
}

static bool move_wide(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 30, 29), up = field(w, 22, 21) * 16, d = field(w, 4, 0);
    bool wide = bit(w, 31);
    if (operation == 1 || (!wide && up > 16))
        return false;
    uint64_t value = (uint64_t)field(w, 20, 5) << up;
    if (operation == 0)
        value = ~value;
    if (operation == 3)
        value |= get(s, d) & ~(0xffffull << up);
    set(s, d, wide, value);
    return true;
}

static bool address(struct state *s, uint32_t w)
{
    int64_t offset = sign_extend((uint64_t)field(w, 23, 5) << 2 | field(w, 30, 29), 21);
    set(s, field(w, 4, 0), true,
        bit(w, 31) ? (s->pc & ~0xfffull) + ((uint64_t)offset << 12) : s->pc + (uint64_t)offset);
    return true;
}

static bool bit_field(struct state *s, uint32_t w)
{
    bool wide = bit(w, 31);
    unsigned operation = field(w, 30, 29), r = field(w, 21, 16), e = field(w, 15, 10), d = field(w, 4, 0),
             bits = wide ? 64 : 32;
    if (operation == 3 || bit(w, 22) != wide || (!wide && (r | e) > 31))
        return false;
    uint64_t from = get(s, field(w, 9, 5)) & mask(bits);
    unsigned width = e >= r ? e - r + 1 : e + 1, at = e >= r ? 0 : bits - r;
    uint64_t part = (e >= r ? from >> r : from) & mask(width);
    uint64_t result = part << at;
    if (operation == 0)
        result = (uint64_t)sign_extend(part, width) << at;
    else if (operation == 1)
        result |= get(s, d) & ~(mask(width) << at);
    set(s, d, wide, result);
    return true;
}

static bool extract(struct state *s, uint32_t w)
{
    bool wide = bit(w, 31);
    unsigned at = field(w, 15, 10), bits = wide ? 64 : 32;
    if (bit(w, 22) != wide || at >= bits)
        return false;
    uint64_t high = get(s, field(w, 9, 5)) & mask(bits), low = get(s, field(w, 20, 16)) & mask(bits);
    set(s, field(w, 4, 0), wide, at ? low >> at | high << (bits - at) : low);
    return true;
}

static bool compare_conditionally(struct state *s, uint32_t w)
{
    uint64_t b = bit(w, 11) ? field(w, 20, 16) : get(s, field(w, 20, 16)), sum;
    bool subtract = bit(w, 30);
    s->nzcv = holds((unsigned)s->nzcv, field(w, 15, 12))
                  ? sum_flags(get(s, field(w, 9, 5)), subtract ? ~b : b, subtract, bit(w, 31), &sum)
                  : field(w, 3, 0);
    return true;
}

static bool select(struct state *s, uint32_t w)
{
    uint64_t value = get(s, field(w, 9, 5));
    if (!holds((unsigned)s->nzcv, field(w, 15, 12))) {
        value = get(s, field(w, 20, 16));
        if (bit(w, 30))
            value = ~value;
        value += bit(w, 10);
    }
    set(s, field(w, 4, 0), bit(w, 31), value);
    return true;
}

// By subtraction: the model must not divide with the instruction that it judges.
static uint64_t divide(uint64_t a, uint64_t b)
{
    uint64_t quotient = 0, rest = 0;
    if (b == 0)
        return 0;
    for (int i = 63; i >= 0; i--) {
        bool over = rest >> 63;
        rest = rest << 1 | (a >> i & 1);
        if (over || rest >= b)
            rest -= b, quotient |= 1ull << i;
    }
    return quotient;
}

static bool two_sources(struct state *s, uint32_t w)
{
    bool wide = bit(w, 31);
    unsigned bits = wide ? 64 : 32, operation = field(w, 15, 10);
    uint64_t a = get(s, field(w, 9, 5)) & mask(bits), b = get(s, field(w, 20, 16)) & mask(bits), result;
    if (operation == 2)
        result = divide(a, b);
    else if (operation == 3) {
        int64_t x = sign_extend(a, bits), y = sign_extend(b, bits);
        result = divide(x < 0 ? -(uint64_t)x : (uint64_t)x, y < 0 ? -(uint64_t)y : (uint64_t)y);
        if ((x < 0) != (y < 0))
            result = -result;
    } else
        result = shifted(a, operation & 3, (unsigned)b & (bits - 1), wide);
    set(s, field(w, 4, 0), wide, result);
    return true;
}

static bool crc(struct state *s, uint32_t w)
{
    unsigned size = field(w, 11, 10);
    if (bit(w, 31) != (size == 3))
        return false;
    uint32_t sum = (uint32_t)get(s, field(w, 9, 5)), polynomial = bit(w, 12) ? 0x82f63b78 : 0xedb88320;
    uint64_t value = get(s, field(w, 20, 16));
    for (unsigned i = 0; i < 8u << size; i++, value >>= 1)
        sum = sum >> 1 ^ (((sum ^ value) & 1) ? polynomial : 0);
    set(s, field(w, 4, 0), false, sum);
    return true;
}

static bool one_source(struct state *s, uint32_t w)
{
    bool wide = bit(w, 31);
    unsigned bits = wide ? 64 : 32, operation = field(w, 12, 10), d = field(w, 4, 0);
    uint64_t a = get(s, field(w, 9, 5)) & mask(bits), result = 0;
    if (operation > 5 || (operation == 3 && !wide))
        return false;
    if (operation >= 4) { // CLZ, CLS
        unsigned count = 0;
        if (operation == 5)
            a ^= (uint64_t)(sign_extend(a, bits) >> 1) & mask(bits);
        while (count < bits && !(a >> (bits - 1 - count) & 1))
            count++;
        set(s, d, wide, operation == 5 ? count - 1 : count);
        return true;
    }
    unsigned unit = operation == 0 ? bits : 8u << operation;
    for (unsigned i = 0; i < bits; i++) { // RBIT turns bits of the whole, REV bytes of units
        unsigned to = operation == 0 ? bits - 1 - i : i / unit * unit + (unit - 8 - i % unit / 8 * 8) + i % 8;
        result |= (a >> i & 1) << to;
    }
    set(s, d, wide, result);
    return true;
}

static bool three_sources(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 23, 21);
    bool wide = bit(w, 31), is_signed = !(operation & 4), high = (operation & 3) == 2;
    uint64_t a = get(s, field(w, 9, 5)), b = get(s, field(w, 20, 16)), low = 0, upper = 0;
    if ((operation & 3) == 3 || operation == 4 || (operation && !wide) || (high && bit(w, 15)))
        return false;
    if ((operation & 3) == 1) {
        a = is_signed ? (uint64_t)sign_extend(a, 32) : (uint32_t)a;
        b = is_signed ? (uint64_t)sign_extend(b, 32) : (uint32_t)b;
    }
    for (unsigned i = 0; i < 64; i++) // by addition, as for division
        if (b >> i & 1) {
            uint64_t part = a << i;
            low += part;
            upper += (i ? a >> (64 - i) : 0) + (low < part);
        }
    if (high && is_signed)
        upper -= (a >> 63 ? b : 0) + (b >> 63 ? a : 0);
    uint64_t c = get(s, field(w, 14, 10));
    set(s, field(w, 4, 0), wide, high ? upper : bit(w, 15) ? c - low : c + low);
    return true;
}

#define CRC32 7
static const struct row integer_rows[] = {
    {"ADD, ADDS, SUB, SUBS (immediate)", "zop100010hiiiiiiiiiiiiRRRRRRRRRR", add_immediate, ALWAYS},
    {"ADD, ADDS, SUB, SUBS (shifted register)", "zop01011tt0RRRRRiiiiiiRRRRRRRRRR", add_shifted, ALWAYS},
    {"ADD, ADDS, SUB, SUBS (extended register)", "zop01011001RRRRReeeiiiRRRRRRRRRR", add_extended, ALWAYS},
    {"ADC, ADCS, SBC, SBCS", "zop11010000RRRRR000000RRRRRRRRRR", add_carry, ALWAYS},
    {"AND, ORR, EOR, ANDS (immediate)", "zop100100niiiiiijjjjjjRRRRRRRRRR", logical_immediate, ALWAYS},
    {"AND, BIC (shifted register)", "z0001010ttnRRRRRiiiiiiRRRRRRRRRR", logical_shifted, ALWAYS},
    {"ORR, ORN (shifted register)", "z0101010ttnRRRRRiiiiiiRRRRRRRRRR", logical_shifted, ALWAYS},
    {"EOR, EON (shifted register)", "z1001010ttnRRRRRiiiiiiRRRRRRRRRR", logical_shifted, ALWAYS},
    {"ANDS, BICS (shifted register)", "z1101010ttnRRRRRiiiiiiRRRRRRRRRR", logical_shifted, ALWAYS},
    {"MOVN, MOVZ, MOVK", "zop100101hhiiiiiiiiiiiiiiiiRRRRR", move_wide, ALWAYS},
    {"ADR, ADRP", "pii10000iiiiiiiiiiiiiiiiiiiRRRRR", address, ALWAYS},
    {"SBFM", "z00100110riiiiiijjjjjjRRRRRRRRRR", bit_field, ALWAYS},
    {"SBFM of 64 bits", "1001001101iiiiiijjjjjjRRRRRRRRRR", bit_field, ALWAYS},
    {"SBFM of 32 bits", "00010011000iiiii0jjjjjRRRRRRRRRR", bit_field, ALWAYS},
    {"BFM of 64 bits", "1011001101iiiiiijjjjjjRRRRRRRRRR", bit_field, ALWAYS},
    {"BFM of 32 bits", "00110011000iiiii0jjjjjRRRRRRRRRR", bit_field, ALWAYS},
    {"UBFM of 64 bits", "1101001101iiiiiijjjjjjRRRRRRRRRR", bit_field, ALWAYS},
    {"UBFM of 32 bits", "01010011000iiiii0jjjjjRRRRRRRRRR", bit_field, ALWAYS},
    {"EXTR of 64 bits", "10010011110RRRRRiiiiiiRRRRRRRRRR", extract, ALWAYS},
    {"EXTR of 32 bits", "00010011100RRRRR0iiiiiRRRRRRRRRR", extract, ALWAYS},
    {"CCMN, CCMP (register)", "zo111010010RRRRRcccc00RRRRR0ffff", compare_conditionally, ALWAYS},
    {"CCMN, CCMP (immediate)", "zo111010010iiiiicccc10RRRRR0ffff", compare_conditionally, ALWAYS},
    {"CSEL, CSINC, CSINV, CSNEG", "zo011010100RRRRRcccc0pRRRRRRRRRR", select, ALWAYS},
    {"UDIV, SDIV", "z0011010110RRRRR00001oRRRRRRRRRR", two_sources, ALWAYS},
    {"LSLV, LSRV, ASRV, RORV", "z0011010110RRRRR0010ooRRRRRRRRRR", two_sources, ALWAYS},
    {"CRC32, CRC32C", "z0011010110RRRRR010cssRRRRRRRRRR", crc, CRC32},
    {"RBIT, REV16, REV32, REV", "z1011010110000000000ooRRRRRRRRRR", one_source, ALWAYS},
    {"CLZ, CLS", "z10110101100000000010oRRRRRRRRRR", one_source, ALWAYS},
    {"MADD, MSUB", "z0011011000RRRRRoRRRRRRRRRRRRRRR", three_sources, ALWAYS},
    {"SMADDL, SMSUBL, UMADDL, UMSUBL", "10011011u01RRRRRoRRRRRRRRRRRRRRR", three_sources, ALWAYS},
    {"SMULH, UMULH", "10011011u10RRRRR011111RRRRRRRRRR", three_sources, ALWAYS},
};
const struct instruction_class integer_class = {integer_rows, sizeof integer_rows / sizeof *integer_rows, INTEGERS};

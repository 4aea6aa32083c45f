// Instructions by rule: each row of isa/ draws encodings and operands, edge values among them, and compares everything
// that the instruction left (registers, flags, FPSR, every lane, memory) with a model in plain C. ci/vixl holds the
// models against an implementation that shares nothing with QEMU.
#include "../hwcap.h"

#if defined(__aarch64__)
#include "../isa/check.h"

execute_function execute;

static void check(const struct instruction_class *class)
{
    enum { ROW = WORDS * SLOT_WORDS * 4 };
    size_t size = class->count * ROW;
    uint8_t *code = sys_mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)code);
    for (size_t i = 0; i < class->count; i++)
        write_words(class, i, (uint32_t *)(code + i * ROW));
    expect_success("mprotect(PROT_EXEC)", sys_mprotect(code, size, PROT_READ | PROT_EXEC));
    synchronise_code(code, code + size);
    fp_halves = has_hwcap(HWCAP_FPHP);
    uint64_t begun = now_ns();
    for (size_t i = 0; i < class->count; i++) {
        const struct row *row = &class->rows[i];
        if (row->feature != ALWAYS && !has_hwcap((enum hwcap)row->feature))
            continue;
        struct mismatch found;
        bool late = now_ns() - begun > patience_ns() / 2; // then each encoding only once
        if (check_row(class, i, late ? WORDS : TRIES * started.scale, (uint32_t *)(code + i * ROW), execute, &found))
            continue;
        if (starts_with(row->name, "limit-")) {
            note("%s", row->name);
            continue;
        }
        char expected[200];
        format(expected, sizeof expected, "%s, as 0x%08x: %s%u = 0x%lx", row->name, found.word, found.what,
               found.number, found.expected);
        fail(expected, "0x%lx", found.seen);
    }
}
#endif

PROBE_AARCH64("cpu.integer",
              "arithmetic, logic, bit fields, shifts, multiplication, division, selects and flags, by rule",
              "any program computes something else than on hardware, silently", "")
#if defined(__aarch64__)
{
    check(&integer_class);
}
#endif

PROBE_AARCH64(
    "cpu.branches",
    "branches on conditions, on zero, on a bit and with link go where they should; RMIF and SETF set their flags",
    "loops end early or never", "")
#if defined(__aarch64__)
{
    check(&branch_class);
}
#endif

PROBE_AARCH64("cpu.loads",
              "loads and stores of each size, sign and addressing form, pairs, literals and structures, by rule",
              "data is read from beside its place, or with wrong upper bits", "")
#if defined(__aarch64__)
{
    check(&memory_class);
}
#endif

PROBE_AARCH64("cpu.atomic-instructions",
              "ordered loads and stores, atomic updates, CAS and CASP of each size and order, alone: result and memory",
              "locks and counters go wrong without any race", "")
#if defined(__aarch64__)
{
    check(&atomic_class);
}
#endif

PROBE_AARCH64("simd.integer",
              "vector instructions on integers in each arrangement, scalar forms too: every lane and FPSR.QC",
              "codecs, compressors and string functions of C libraries go wrong", "")
#if defined(__aarch64__)
{
    check(&vector_class);
}
#endif

PROBE_AARCH64("simd.unary",
              "vector instructions of one operand, comparisons with zero, narrowing, and sums across lanes",
              "string functions of C libraries find the wrong byte", "")
#if defined(__aarch64__)
{
    check(&two_class);
}
#endif

PROBE_AARCH64("simd.shift",
              "vector shifts by immediates, permutations, copies, table lookups and immediates, every lane",
              "ciphers, codecs and string functions go wrong", "")
#if defined(__aarch64__)
{
    check(&shift_class);
}
#endif

PROBE_AARCH64("simd.element", "vector multiplications by one element of another vector, every lane and FPSR.QC",
              "matrix and filter code goes wrong", "")
#if defined(__aarch64__)
{
    check(&element_class);
}
#endif

PROBE_AARCH64("fp.scalar",
              "floating point in half, single and double, in each rounding mode, with FZ and DN: value, NaN, flags",
              "numbers differ from those of hardware in the last bit, or in more", "")
#if defined(__aarch64__)
{
    check(&fp_class);
}
#endif

PROBE_AARCH64("fp.vector", "floating point on vectors in each arrangement and mode: every lane, NaN and flag",
              "numeric libraries, which are vectorised, differ from hardware", "")
#if defined(__aarch64__)
{
    check(&fp_vector_class);
    check(&complex_class);
}
#endif

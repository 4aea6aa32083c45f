// The models of Images/core/isa, row by row, against VIXL's simulator. VIXL has no FPSR, and of FPCR only DN: these are not
// compared, and try runs with the others clear. Each row has a process of its own, for VIXL ends it where it lacks an instruction.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

#include <vixl/aarch64/simulator-aarch64.h>

extern "C" {
#include "check.h"
void vixl_execute(struct state *state, const uint32_t *code);
}

using namespace vixl::aarch64;

static Decoder decoder;
static Simulator *simulator;

void vixl_execute(struct state *s, const uint32_t *code) {
    auto &sim = *simulator;
    uint64_t fpcr = s->fpcr;
    for (unsigned i = 0; i < 8; i++) {
        sim.WriteXRegister(i, static_cast<int64_t>(s->x[i]));
        Simulator::qreg_t q;
        memcpy(q.val, &s->v[i], 16);
        sim.WriteQRegister(i, q);
    }
    sim.WriteLr(s->lr);
    sim.WriteSp(s->sp);
    sim.WriteXRegister(28, 0);
    sim.ReadNzcv().SetRawValue(static_cast<uint32_t>(s->nzcv) << 28);
    sim.ReadFpcr().SetRawValue(static_cast<uint32_t>(fpcr));
    sim.WritePc(reinterpret_cast<const Instruction *>(code));
    sim.ExecuteInstruction();
    // A branch taken goes two instructions on.
    uint64_t to = reinterpret_cast<uint64_t>(sim.ReadPc());
    if (to == reinterpret_cast<uint64_t>(code + 2))
        sim.WriteXRegister(7, 1);
    for (unsigned i = 0; i < 8; i++) {
        s->x[i] = static_cast<uint64_t>(sim.ReadXRegister(i));
        Simulator::qreg_t q = sim.ReadQRegister(i);
        memcpy(&s->v[i], q.val, 16);
    }
    s->lr = static_cast<uint64_t>(sim.ReadXRegister(30));
    s->sp = static_cast<uint64_t>(sim.ReadXRegister(31, Reg31IsStackPointer));
    s->nzcv = sim.ReadNzcv().GetRawValue() >> 28;
}

int main() {
    // Code where literals can be read, and branches go.
    static uint32_t code[static_cast<int>(WORDS) * static_cast<int>(SLOT_WORDS)];
    const struct { const char *name; const struct instruction_class *rows; } classes[] = {
        {"cpu.integer", &integer_class}, {"cpu.branches", &branch_class}, {"cpu.loads", &memory_class},
        {"cpu.atomic-instructions", &atomic_class}, {"simd.integer", &vector_class}, {"simd.integer", &two_class}, {"simd.shift", &shift_class},
        {"simd.element", &element_class}, {"fp.scalar", &fp_class}, {"fp.vector", &fp_vector_class}, {"fp.vector", &complex_class}};
    without_fpsr = true;
    unsigned agree = 0, differ = 0, alone = 0;
    for (const auto &named : classes)
        for (size_t row = 0; row < named.rows->count; row++) {
            int ends[2];
            if (pipe(ends) != 0)
                return 2;
            fflush(nullptr);
            pid_t child = fork();
            if (child == 0) {
                if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)) // VIXL's complaints
                    _exit(2);
                simulator = new Simulator(&decoder);
                simulator->SetCPUFeatures(vixl::CPUFeatures::All());
                struct mismatch found = {};
                write_words(named.rows, row, code);
                bool same = check_row(named.rows, row, 400, code, vixl_execute, &found);
                char text[300];
                int n = same ? snprintf(text, sizeof text, "agrees %u", found.executed)
                             : snprintf(text, sizeof text, "DIFFERS as 0x%08x: %s%u = 0x%llx, VIXL has 0x%llx", found.word, found.what, found.number,
                                        (unsigned long long)found.expected, (unsigned long long)found.seen);
                _exit(write(ends[1], text, (size_t)n) == n ? 0 : 2);
            }
            close(ends[1]);
            char text[301] = {};
            ssize_t n = read(ends[0], text, 300);
            close(ends[0]);
            int status;
            waitpid(child, &status, 0);
            bool ended = n > 0 && status == 0, same = ended && strncmp(text, "agrees", 6) == 0;
            same ? agree++ : ended ? differ++ : alone++;
            printf("%s\t%s\t%s\n", named.name, named.rows->rows[row].name, ended ? text : "VIXL does not have it");
        }
    fprintf(stderr, "%u rows agree, %u differ, %u VIXL does not have\n", agree, differ, alone);
    return agree ? 0 : 2;
}

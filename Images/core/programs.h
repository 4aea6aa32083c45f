// Probes that are programs of the image, not functions of this one (README.md, "Programs").
#pragma once

#include "probe.h"

// The probes on offer: those of the image's table where it has one, else those compiled in.
struct catalogue {
    const char *image;
    const struct probe *first, *end;
};
extern struct catalogue catalogue;

// Reads the table of the image to which this program belongs. Returns what is wrong with it, or nullptr.
const char *load_programs(void);

// The probe of every row: executes the row's command and judges what it printed.
void run_program(void);

// The row's command, words separated by single spaces; the caller's to cut up.
char *program_command(const struct probe *probe);

// Cuts the text at the first `separator` and returns what follows it, or nullptr where there is none.
char *cut(char *text, char separator);

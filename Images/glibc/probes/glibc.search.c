// proves: qsort, bsearch, hash and tree search find and order 5,000 records, also with a comparison that counts
// stands for: indexes and package lists come out in another order
// source:
#define _GNU_SOURCE
#include <search.h>
#include "probe.h"

struct record {
    unsigned key;
    char pad[20];
    unsigned place;
};

static struct record records[5000];
static int walked;
static unsigned last;

static int compare(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->place < y->place ? -1 : x->place > y->place;
}

static int compare_with(const void *a, const void *b, void *count)
{
    ++*(int *)count;
    return compare(a, b);
}

static void visit(const void *node, VISIT which, int depth)
{
    (void)depth;
    if (which != postorder && which != leaf)
        return;
    unsigned key = (*(struct record *const *)node)->key;
    expect("the tree is in order", walked == 0 || key >= last);
    last = key;
    walked++;
}

int main(void)
{
    unsigned state = 12345;
    for (unsigned i = 0; i < 5000; i++) {
        state = state * 1664525 + 1013904223;
        records[i].key = state >> 12;
        records[i].place = i;
        memset(records[i].pad, (int)(state >> 24), sizeof records[i].pad);
    }
    int count = 0;
    qsort(records, 2500, sizeof *records, compare);
    qsort_r(records, 5000, sizeof *records, compare_with, &count);
    expect("comparisons, at least one less than records", count >= 4999);
    for (unsigned i = 1; i < 5000; i++)
        expect("ascending", compare(&records[i - 1], &records[i]) < 0);
    void *tree = NULL;
    hcreate(8000);
    for (unsigned i = 0; i < 5000; i += 7) {
        struct record *found = bsearch(&records[i], records, 5000, sizeof *records, compare);
        expect("bsearch finds the record itself", found == &records[i]);
        char *name = malloc(16);
        snprintf(name, 16, "%u", i);
        expect("hsearch enters", hsearch((ENTRY){name, &records[i]}, ENTER) != NULL);
        expect("tsearch enters", tsearch(&records[i], &tree, compare) != NULL);
    }
    struct record missing = {.key = ~0u};
    expect("bsearch finds nothing", bsearch(&missing, records, 5000, sizeof *records, compare) == NULL);
    ENTRY *entry = hsearch((ENTRY){(char *)"4900", NULL}, FIND);
    expect("hsearch finds", entry && entry->data == &records[4900]);
    expect("hsearch finds nothing", hsearch((ENTRY){(char *)"4901", NULL}, FIND) == NULL);
    twalk(tree, visit);
    expect_number("nodes of the tree", walked, 715);
    return finish();
}

#include "run.h"

// One probe that is under way.
struct job {
    size_t index; // in the order of results
    int pid, fd;
    uint64_t begun;
    bool closed, dead; // its pipe, its process
    char directory[SCRATCH_PATH];
};

static struct ending endings[MOST_PROBES];
static bool ended[MOST_PROBES];
static struct job jobs[MOST_JOBS];
static unsigned running; // jobs[0] to jobs[running - 1]

static void start_job(const struct probe *probe, size_t index)
{
    if (!probe->run) { // nothing to run: no process, which emulators take long to make
        record_skipped(probe, &endings[index].record);
        ended[index] = endings[index].reported = true;
        return;
    }
    struct job *job = &jobs[running];
    job->index = index;
    job->begun = now_ns();
    job->closed = job->dead = false;
    scratch_name(job->directory);
    int ends[2];
    long made = sys_pipe(ends, O_CLOEXEC);
    job->pid = made < 0 ? (int)made : (int)sys_fork();
    if (job->pid == 0)
        run_here(probe, ends[1], job->directory);
    if (job->pid < 0) {                  // a machine on which no child can be made: say so, without the child's proof
        endings[index].status = 71 << 8; // EX_OSERR
        ended[index] = true;
        if (made >= 0)
            sys_close(ends[0]), sys_close(ends[1]);
        return;
    }
    sys2(SYS_setpgid, job->pid, job->pid); // in both processes: whoever comes first
    sys_close(ends[1]);
    job->fd = ends[0];
    running++;
}

// Reaps whoever has ended: probes, and orphans of theirs that came to us.
static void reap(void)
{
    int status;
    for (long pid; (pid = sys_wait(-1, &status, WNOHANG)) > 0;)
        for (unsigned i = 0; i < running; i++)
            if (jobs[i].pid == pid) {
                jobs[i].dead = true;
                endings[jobs[i].index].status = status;
            }
}

static void end_job(unsigned which)
{
    struct job *job = &jobs[which];
    endings[job->index].duration_us = (now_ns() - job->begun) / 1000;
    sys_kill(-job->pid, SIGKILL);
    if (!job->dead) {
        sys_kill(job->pid, SIGKILL); // it may have left its group
        sys_wait(job->pid, nullptr, 0);
    }
    sys_close(job->fd);
    scratch_remove(job->directory);
    ended[job->index] = true;
    if (which != --running)
        *job = jobs[running];
}

// Whether the job is over.
static bool step(struct job *job, bool readable, uint64_t now)
{
    struct ending *ending = &endings[job->index];
    if (readable) {
        if (sys_read(job->fd, &ending->record, sizeof ending->record) == (long)sizeof ending->record) {
            ending->reported = true;
            return true;
        }
        job->closed = true;
    }
    if (job->dead) // known before its pipe was looked at: nothing more will come
        return job->closed || !readable;
    ending->timed_out = now - job->begun >= (uint64_t)started.timeout_ms * 1'000'000;
    return ending->timed_out;
}

static void wait_for_jobs(void)
{
    struct pollfd polls[MOST_JOBS];
    // In slices: a crashed probe's own children may hold its pipe open, so its end is looked for as well.
    uint64_t now = now_ns(), limit = (uint64_t)started.timeout_ms * 1'000'000, slice = 20'000'000;
    for (unsigned i = 0; i < running; i++) {
        polls[i] = (struct pollfd){.fd = jobs[i].closed ? -1 : jobs[i].fd, .events = POLLIN};
        uint64_t used = now - jobs[i].begun, left = used < limit ? limit - used : 0;
        left = jobs[i].dead ? 0 : jobs[i].closed && left > 1'000'000 ? 1'000'000 : left;
        slice = left < slice ? left : slice;
    }
    struct timespec time = {0, (int64_t)slice};
    bool quiet = sys_poll(polls, running, &time) <= 0;
    if (quiet)
        for (unsigned i = 0; i < running; i++)
            polls[i].revents = 0;
    now = now_ns();
    bool look = quiet;
    for (unsigned i = running; i-- > 0;) // downwards: end_job moves the last one into the gap
        if (step(&jobs[i], polls[i].revents != 0, now))
            end_job(i);
        else
            look |= jobs[i].closed;
    if (look)
        reap();
}

static void reap_strays(void)
{
    for (int tries = 0; tries < 100; tries++) {
        reap();
        if (sys_wait(-1, nullptr, WNOHANG) < 0)
            return;
        sleep_us(1000);
    }
}

bool run_probes(const struct probe *const *probes, size_t count, unsigned most)
{
    bool good = true;
    for (size_t next = 0, printed = 0; printed < count;) {
        while (running < most && next < count)
            start_job(probes[next], next), next++;
        if (running > 0)
            wait_for_jobs();
        for (; printed < count && ended[printed]; printed++) {
            const struct ending *ending = &endings[printed];
            good &= ending->reported && ending->record.verdict != VERDICT_NOT_OK;
            tap_result(printed + 1, probes[printed], ending);
        }
    }
    reap_strays();
    return good;
}

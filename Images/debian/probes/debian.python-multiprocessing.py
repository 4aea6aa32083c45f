# proves: pools by fork and spawn, queues, shared memory, locks and threads work together and end
# stands for: Python test runners and installers hang or lose results: semaphores, shared memory, forks of threaded processes
# source: https://github.com/osrf/multiarch-docker-image-generation/issues/36
import concurrent.futures
import multiprocessing
import multiprocessing.shared_memory
import os
import sys
import threading

sys.path.insert(0, "/usr/libexec/assay")
from probe import answer, expect


def square(number):
    return number * number


def worker(queue, counter, name):
    block = multiprocessing.shared_memory.SharedMemory(name=name)
    for _ in range(100):
        with counter.get_lock():
            counter.value += 1
    queue.put(sum(block.buf[:1000]))
    block.close()


def main():
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        with context.Pool(3) as pool:
            expect(f"pool by {method}", sum(pool.map(square, range(200), 7)), 2646700)
    context = multiprocessing.get_context("fork")
    block = multiprocessing.shared_memory.SharedMemory(create=True, size=4096)
    block.buf[:1000] = bytes(i % 256 for i in range(1000))
    queue, counter = context.Queue(), context.Value("i", 0)
    children = [context.Process(target=worker, args=(queue, counter, block.name)) for _ in range(4)]
    for child in children:
        child.start()
    sums = [queue.get(timeout=30) for _ in children]
    for child in children:
        child.join(30)
    block.close()
    block.unlink()
    expect("sums of shared memory", sums, [sum(i % 256 for i in range(1000))] * 4)
    expect("counter under a lock", counter.value, 400)
    expect("exit statuses", [child.exitcode for child in children], [0] * 4)
    total, lock = [0], threading.Lock()

    def add():
        for _ in range(1000):
            with lock:
                total[0] += 1

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect("additions by threads", total[0], 8000)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        expect("thread pool", list(pool.map(square, range(5))), [0, 1, 4, 9, 16])
    expect("processors", os.cpu_count() >= 1, True)


if __name__ == "__main__":
    main()
    answer()

// proves: std::thread, mutexes, condition variables, futures and atomics count and order as the C++ memory model demands
// stands for: builds that use all cores (make -j, linkers, Go, Rust) hang or produce garbage
// source: https://github.com/golang/go/issues/70329
// flags: -pthread
#include "probe.h"
#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

int main()
{
    std::atomic<int> counted{0};
    long guarded = 0;
    std::mutex mutex;
    std::once_flag once;
    int first = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++)
        threads.emplace_back([&] {
            std::call_once(once, [&] { first++; });
            for (int n = 0; n < 2000; n++) {
                counted.fetch_add(1, std::memory_order_relaxed);
                std::lock_guard<std::mutex> hold(mutex);
                guarded++;
            }
        });
    for (auto &thread : threads)
        thread.join();
    expect_number("atomic additions", counted, 16000);
    expect_number("additions under a mutex", guarded, 16000);
    expect_number("call_once", first, 1);

    std::queue<int> queue;
    std::condition_variable ready;
    bool closed = false;
    long sum = 0;
    std::thread consumer([&] {
        std::unique_lock<std::mutex> hold(mutex);
        for (;;) {
            ready.wait(hold, [&] { return closed || !queue.empty(); });
            if (queue.empty())
                return;
            sum += queue.front();
            queue.pop();
        }
    });
    for (int i = 1; i <= 1000; i++) {
        std::lock_guard<std::mutex> hold(mutex);
        queue.push(i);
        ready.notify_one();
    }
    {
        std::lock_guard<std::mutex> hold(mutex);
        closed = true;
    }
    ready.notify_all();
    consumer.join();
    expect_number("sum through a queue", sum, 500500);

    auto answer = std::async(std::launch::async, [] { return 6 * 7; });
    expect_number("future", answer.get(), 42);
    std::promise<int> promise;
    auto broken = promise.get_future();
    std::thread([&] { promise.set_exception(std::make_exception_ptr(13)); }).join();
    try {
        broken.get();
        fail("the exception of a promise", "none");
    } catch (int number) {
        expect_number("exception of a promise", number, 13);
    }
    std::unique_lock<std::mutex> hold(mutex);
    expect("wait_for times out", ready.wait_for(hold, std::chrono::milliseconds(20)) == std::cv_status::timeout);
    return finish();
}

// proves: C++ exceptions cross shared objects in both directions, run destructors on their way, and keep their type
// stands for: C++ programs end with "terminate called" where they should handle an error
// source:
// flags: -lthrower -Wl,-rpath,/usr/lib/assay
#include "../libraries/thrower.h"
#include "probe.h"
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

static int throwing(int value)
{
    Counter counter;
    if (value > 3)
        throw std::out_of_range("value " + std::to_string(value));
    return value;
}

static int deep(int level)
{
    Counter counter;
    return level ? deep(level - 1) + 1 : (throw_square(9), 0);
}

int main()
{
    expect_number("no exception", call_back(throwing, 3), 4);
    try {
        call_back(throwing, 7);
        fail("std::out_of_range through another object", "nothing was thrown");
    } catch (const std::exception &error) {
        expect_text("what()", error.what(), "value 7");
    }
    expect_number("objects alive", Counter::alive, 0);
    int before = Counter::made;
    try {
        deep(100);
    } catch (const Shape &shape) {
        expect_number("area of the thrown square", shape.area(), 81);
        expect("its type, from the other object", dynamic_cast<const Square *>(&shape) != nullptr);
    }
    expect_number("objects made in 101 frames", Counter::made - before, 101);
    expect_number("objects alive", Counter::alive, 0);
    std::exception_ptr kept;
    std::thread([&] {
        try {
            throw_square(5);
        } catch (...) {
            kept = std::current_exception();
        }
    }).join();
    try {
        std::rethrow_exception(kept);
    } catch (const Square &square) {
        expect_number("side, from another thread", square.side, 5);
    }
    std::string order;
    try {
        try {
            throw 1;
        } catch (int) {
            order += "a";
            throw;
        }
    } catch (int number) {
        order += number == 1 ? "b" : "?";
    }
    expect_text("rethrown", order.c_str(), "ab");
    return finish();
}

// Throws through frames of another object, see glibc.exceptions.
#include "thrower.h"

Shape::~Shape() = default;
int Square::area() const { return side * side; }

void throw_square(int side) { throw Square(side); }

int call_back(int (*callback)(int), int value)
{
    Counter counter;
    return callback(value) + 1;
}

int Counter::alive = 0;
int Counter::made = 0;

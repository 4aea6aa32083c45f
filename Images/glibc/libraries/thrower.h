#pragma once

struct Shape {
    virtual ~Shape();
    virtual int area() const = 0;
};

struct Square : Shape {
    int side;
    explicit Square(int side) : side(side) {}
    int area() const override;
};

struct Counter {
    static int alive, made;
    Counter() { alive++, made++; }
    ~Counter() { alive--; }
};

void throw_square(int side);
int call_back(int (*callback)(int), int value);

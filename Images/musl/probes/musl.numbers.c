// proves: doubles are read and printed correctly rounded by musl: halfway cases, subnormals, limits, 20,000 round trips
// stands for: configuration, JSON and test data change by a digit
// source: https://github.com/golang/go/issues/29657
#include "../../glibc/probes/glibc.numbers.c"

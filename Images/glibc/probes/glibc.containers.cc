// proves: libstdc++'s containers, algorithms, streams, formatting of doubles and regular expressions give specified results
// stands for: C++ build tools (cmake, ninja, protoc, linkers) write other output than on hardware
// source:
#include "probe.h"
#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

int main()
{
    std::mt19937_64 generator; // [rand.predef]: the 10000th invocation of a default-constructed one
    unsigned long long value = 0;
    for (int i = 0; i < 10000; i++)
        value = generator();
    expect("mt19937_64 gives 9981545732273789042", value == 9981545732273789042ull);

    std::vector<int> numbers(3000);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::shuffle(numbers.begin(), numbers.end(), generator);
    std::stable_sort(numbers.begin(), numbers.end(), [](int a, int b) { return a % 100 < b % 100; });
    std::sort(numbers.begin(), numbers.end());
    expect("sorted", std::is_sorted(numbers.begin(), numbers.end()) && numbers[1234] == 1234);
    expect_number("sum", std::accumulate(numbers.begin(), numbers.end(), 0LL), 4498500);

    std::unordered_map<std::string, int> words;
    std::istringstream text("the quick the lazy the dog lazy");
    for (std::string word; text >> word;)
        words[word]++;
    std::map<std::string, int> ordered(words.begin(), words.end());
    std::ostringstream out;
    for (const auto &[word, count] : ordered)
        out << word << count << ' ';
    out << std::hex << 255 << ' ' << std::fixed << 2.5;
    expect_text("words and numbers", out.str().c_str(), "dog1 lazy2 quick1 the3 ff 2.500000");

    char shortest[32];
    for (auto [number, digits] : {std::pair{0.1, "0.1"}, {1e23, "1e+23"}, {5e-324, "5e-324"}, {1.0 / 3, "0.3333333333333333"}}) {
        *std::to_chars(shortest, shortest + 31, number).ptr = 0;
        expect_text("shortest digits", shortest, digits);
    }
    std::smatch match;
    std::string date = "on 2024-02-29.";
    expect("regex", std::regex_search(date, match, std::regex("(\\d{4})-(\\d\\d)-(\\d\\d)")));
    expect_text("month", match[2].str().c_str(), "02");
    return finish();
}

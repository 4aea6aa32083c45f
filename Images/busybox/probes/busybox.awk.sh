# proves: awk computes and prints doubles as IEEE 754 and C demand, and splits, sums and sorts a text
# stands for: floating point results off by one unit in the last place, wrong reports from build scripts
# source: https://github.com/golang/go/issues/29657
. /usr/libexec/assay/probe.sh
expect "0.1 in 17 digits" "$(awk 'BEGIN { printf "%.17g", 0.1 }')" 0.10000000000000001
expect "2^53 + 1 to nearest even" "$(awk 'BEGIN { printf "%.0f", 9007199254740992 + 1 }')" 9007199254740992
expect "1/3" "$(awk 'BEGIN { printf "%.17g", 1 / 3 }')" 0.33333333333333331
expect "sqrt(2) by Newton" "$(awk 'BEGIN { x = 1; for (i = 0; i < 6; i++) x = (x + 2 / x) / 2; printf "%.14g", x }')" 1.4142135623731
expect "largest double" "$(awk 'BEGIN { printf "%.17g", 1.7976931348623157e308 }')" 1.7976931348623157e+308
expect "smallest double" "$(awk 'BEGIN { x = 1; while (x / 2 > 0) x /= 2; printf "%.17g", x }')" 4.9406564584124654e-324
expect "0.1 added ten times" "$(awk 'BEGIN { for (i = 0; i < 10; i++) x += 0.1; printf "%.17g", x }')" 0.99999999999999989
expect "e by its series" "$(awk 'BEGIN { t = 1; for (i = 1; i < 25; i++) { s += t; t /= i }; printf "%.14g", s }')" 2.718281828459
expect "sum of column 2" "$(seq 1 1000 | awk '{ print "n" $1, $1 * $1 }' | awk '{ s += $2; k[$2 % 7]++ } END { print s, k[0], k[1], k[2], k[4] }')" \
    "333833500 142 286 286 286"
expect "split, substr, gsub" "$(echo 'a:b:c' | awk '{ n = split($0, p, ":"); gsub(/b/, "<&>"); print n, p[3], substr($0, 3) }')" "3 c <b>:c"
finish

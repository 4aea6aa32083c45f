# proves: the shell computes with 64-bit integers: limits, signed division and remainder, shifts, precedence
# stands for: configure scripts and version comparisons come to another result than on hardware
# source:
. /usr/libexec/assay/probe.sh
expect "largest" $((0x7fffffffffffffff)) 9223372036854775807
expect "product" $((3037000499 * 3037000499)) 9223372030926249001
expect "-7 / 2" $((-7 / 2)) -3
expect "-7 % 2" $((-7 % 2)) -1
expect "shift" $((1 << 62)) 4611686018427387904
expect "arithmetic shift" $((-1024 >> 3)) -128
expect "octal and hexadecimal" $((0777 + 0xff)) 766
expect "precedence" $((1 + 2 * 3 << 1 == 14 ? 5 : 6)) 5
expect "conditional operator" $((7 > 3 && (4 | 3) == 7)) 1
sum=0 i=1
while [ $i -le 2000 ]; do
    sum=$((sum + i * i))
    i=$((i + 1))
done
expect "sum of squares up to 2000 (n(n+1)(2n+1)/6)" $sum 2668667000
finish

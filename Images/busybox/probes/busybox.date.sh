# proves: times beyond 2038 and before 1970 are computed, given to files and read back
# stands for: certificates, archives and caches with dates past 19 January 2038 are refused or wrap to 1901
# source:
. /usr/libexec/assay/probe.sh
export TZ=UTC
expect "2^31" "$(date -u -d @2147483648 '+%Y-%m-%d %H:%M:%S')" "2038-01-19 03:14:08"
expect "2^32" "$(date -u -d @4294967296 '+%Y-%m-%d %H:%M:%S')" "2106-02-07 06:28:16"
expect "29 February 2400" "$(date -u -d @13574563200 '+%Y-%m-%d')" 2400-02-29
expect "before the epoch" "$(date -u -d '1969-12-31 23:59:58' +%s)" -2
expect "and back" "$(date -u -d '2106-02-07 06:28:16' +%s)" 4294967296
expect "another zone" "$(TZ=CET-1CEST,M3.5.0,M10.5.0/3 date -d @1720000000 +%H:%M)" 11:46
touch -d '2100-01-01 00:00:00' file
expect "time of a file in 2100" "$(stat -c %Y file)" 4102444800
finish

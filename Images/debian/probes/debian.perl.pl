# proves: perl matches, packs, sorts, computes and runs processes: 64-bit integers, IEEE doubles, fork, pipes, signals
# stands for: debconf, adduser and maintainer scripts in Perl fail, or "perl: warning: Setting locale failed"
# source:
use strict;
use warnings;
sub answer { print "done: " . reverse($ENV{ASSAY_NONCE}) . "\n" }
sub expect {
    my ($what, $seen, $expected) = @_;
    return if $seen eq $expected;
    print "expected: $what = '$expected'\nseen: '$seen'\n";
    answer();
    exit 1;
}
expect("18446744073709551615", ~0, "18446744073709551615");
expect("integer product", 3037000499 * 3037000499, "9223372030926249001");
expect("0.1 + 0.2", sprintf("%.17g", 0.1 + 0.2), "0.30000000000000004");
expect("pack", unpack("H*", pack("NnCQ>d>", 0xdeadbeef, 0xcafe, 7, 2**40, 1.5)), "deadbeefcafe0700000100000000003ff8000000000000");
expect("UTF-8", join(",", map { sprintf "%x", ord } split //, "\x{e4}\x{20ac}\x{1d11e}"), "e4,20ac,1d11e");
my %count;
$count{$_ % 97}++ for 1 .. 20000;
expect("hash", join(",", map { $count{$_} } 0, 1, 96) . "," . keys %count, "206,207,206,97");
my @sorted = sort { $a->[1] <=> $b->[1] || $b->[0] <=> $a->[0] } map { [$_, ($_ * 7919) % 1000] } 1 .. 2000;
expect("sort", join(",", map { "$_->[0]:$_->[1]" } @sorted[0, 1, -1]), "2000:0,1000:0,321:999");
(my $text = "the quick brown fox") =~ s/(\w+)/\u$1/g;
expect("substitution", $text, "The Quick Brown Fox");
expect("recursive pattern", "x(a(b)c)(d)" =~ /(\((?:[^()]++|(?1))*\))/ ? $1 : "none", "(a(b)c)");
pipe(my $in, my $out) or die;
my @children = map {
    my $number = $_;
    my $pid = fork // die;
    if (!$pid) { syswrite $out, "$number\n"; exit $number }
    $pid;
} 1 .. 6;
my $statuses = join ",", map { waitpid($_, 0); $? >> 8 } @children;
close $out;
my $sum = 0;
$sum += $_ while <$in>;
expect("children", "$statuses $sum", "1,2,3,4,5,6 21");
expect("backquotes", `printf '%s' "\$((6 * 7))"; exit 3` . ($? >> 8), "423");
my $caught = "";
{ local $SIG{ALRM} = sub { die "alarm\n" }; eval { alarm 1; select undef, undef, undef, 10; 1 } or $caught = $@; }
expect("alarm", $caught, "alarm\n");
answer();

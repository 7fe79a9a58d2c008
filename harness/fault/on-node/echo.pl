# Measures a path by its echoes: echo.pl KIND ADDRESS PORT COUNT INTERVAL_US TIMEOUT_MS BYTES; prints one line of JSON.
# KIND icmp asks the kernel of the other end (PORT is ignored), tcp connects (an answer is any, a refusal too), udp awaits
# what it sent. BYTES of payload, never fragmented. It runs where the path begins, in whatever network namespace that is.
use strict;
use POSIX ();
use Errno;
use Socket;

my ($kind, $address, $port, $count, $every_us, $timeout_ms, $bytes) = @ARGV;
my $clock_gettime = (POSIX::uname())[4] eq 'aarch64' ? 113 : 228;
my %found = (sent => 0, received => 0, refused => 0, unreachable => 0, duplicates => 0, reordered => 0, corrupt => 0);
my (@sent_at, @seen, @rtts, @arrivals, $highest, %sockets);
my $host = inet_aton($address) or die "no address: $address\n";
my $pattern = join '', map { chr(97 + $_ % 26) } 0 .. $bytes;

sub now_us {
  my $at = "\0" x 16;
  syscall($clock_gettime, 1, $at);
  my ($s, $ns) = unpack 'q q', $at;
  return $s * 1e6 + $ns / 1e3;
}

sub sum {
  my ($data) = @_;
  $data .= "\0" if length($data) % 2;
  my $sum = unpack '%32n*', $data;
  $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
  return ~$sum & 0xffff;
}

# An answer to a second try, as TCP makes one after a second, is none to the first.
sub in_time { now_us() - $sent_at[$_[0]] <= $timeout_ms * 1000 }

sub arrived {
  my ($sequence, $length) = @_;
  return unless defined $sent_at[$sequence] && in_time($sequence);
  push @arrivals, [now_us(), $length];
  return $found{duplicates}++ if $seen[$sequence]++;
  $found{received}++;
  $found{reordered}++ if defined $highest && $sequence < $highest;
  $highest = $sequence if !defined $highest || $sequence > $highest;
  push @rtts, now_us() - $sent_at[$sequence];
}

my ($socket, $id) = (undef, $$ & 0xffff);
if ($kind eq 'icmp') { socket($socket, PF_INET, SOCK_RAW, 1) or die "icmp: $!\n" }
if ($kind eq 'udp') {
  socket($socket, PF_INET, SOCK_DGRAM, 17) or die "udp: $!\n";
  connect($socket, pack_sockaddr_in($port, $host)) or die "udp: $!\n";
}
if ($socket) {
  setsockopt($socket, SOL_SOCKET, 33, pack('l', 32 << 20));
  # IP_MTU_DISCOVER, PMTUDISC_PROBE: DF is set, and what is known of the path's MTU is not heeded.
  setsockopt($socket, 0, 10, pack('l', 3));
}

my %try = (
  icmp => sub {
    my ($n) = @_;
    my $data = pack('N', $n) . substr $pattern, 0, $bytes > 4 ? $bytes - 4 : 0;
    my $body = pack('C C n n n', 8, 0, 0, $id, $n & 0xffff) . $data;
    substr($body, 2, 2) = pack 'n', sum($body);
    send $socket, $body, 0, pack_sockaddr_in(0, $host);
  },
  udp => sub { my ($n) = @_; send $socket, "#$n#" . substr($pattern, 0, $bytes), 0 },
  tcp => sub {
    my ($n) = @_;
    socket(my $one, PF_INET, SOCK_STREAM, 6) or die "tcp: $!\n";
    setsockopt($one, SOL_SOCKET, SO_LINGER, pack('l l', 1, 0));
    my $flags = fcntl $one, 3, 0;
    fcntl $one, 4, $flags | 2048;
    connect $one, pack_sockaddr_in($port, $host);
    $sockets{ fileno $one } = [$one, $n];
  },
);

my %read = (
  icmp => sub {
    while (defined recv $socket, my $packet, 65536, 64) {
      last if $packet eq '';
      my $at = (ord($packet) & 15) * 4;
      my ($type, undef, undef, $of) = unpack 'C C n n', substr $packet, $at;
      next unless $type == 0 && $of == $id;
      my $n = unpack 'N', substr $packet, $at + 8;
      if (sum(substr $packet, $at) != 0) { $found{corrupt}++; next }
      arrived($n, length($packet) + 14);
    }
  },
  udp => sub {
    while (1) {
      my $from = recv $socket, my $data, 65536, 64;
      if (!defined $from) { $found{refused}++ if $!{ECONNREFUSED}; last unless $!{ECONNREFUSED}; next }
      arrived($1, length($data) + 42) if $data =~ /#(\d+)#/;
    }
  },
  tcp => sub {
    my ($ready) = @_;
    for (keys %sockets) {
      next unless vec $ready, $_, 1;
      my ($one, $n) = @{ delete $sockets{$_} };
      my $error = unpack 'l', getsockopt $one, SOL_SOCKET, SO_ERROR;
      close $one;
      next unless in_time($n);
      if ($error == 113 || $error == 101 || $error == 13) { $found{unreachable}++; next }
      $found{refused}++ if $error == 111;
      arrived($n, 0) if $error == 0 || $error == 111;
    }
  },
);

my $begin = now_us();
my $next = $begin;
my $end;
while (1) {
  my $now = now_us();
  # At most what is due by now: a late sender catches up, the schedule stays.
  while ($found{sent} < $count && $next <= $now) {
    $sent_at[$found{sent}] = now_us();
    $try{$kind}->($found{sent});
    $found{sent}++;
    $next += $every_us;
    last if $found{sent} % 8 == 0;
  }
  $end = $now + $timeout_ms * 1000 if $found{sent} == $count && !defined $end;
  last if defined $end && ($now >= $end || $found{received} + $found{unreachable} >= $count);
  my $wait = ($found{sent} < $count ? $next - now_us() : $end - now_us()) / 1e6;
  $wait = 0 if $wait < 0;
  $wait = 0.05 if $wait > 0.05;
  my ($in, $out) = ('', '');
  vec($in, fileno($socket), 1) = 1 if $socket;
  vec($out, $_, 1) = 1 for keys %sockets;
  $read{$kind}->($socket ? $in : $out) if select($in, $out, undef, $wait) > 0;
}

my @sorted = sort { $a <=> $b } @rtts;
my @quantiles = map { @sorted ? $sorted[int($_ * $#sorted)] : () } 0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1;
my $spread = 1.96 * sqrt(@sorted) / 2;
my @around = map { my $k = int($#sorted / 2 + $_ * $spread); @sorted ? $sorted[$k < 0 ? 0 : $k > $#sorted ? $#sorted : $k] : () } -1, 1;
# Bytes that came in each of ten equal stretches between the first and the last arrival.
my @tenths = (0) x 10;
my ($first, $last) = @arrivals ? ($arrivals[0][0], $arrivals[-1][0]) : (0, 0);
for (@arrivals) {
  my $k = $last > $first ? int(10 * ($_->[0] - $first) / ($last - $first)) : 0;
  $tenths[$k > 9 ? 9 : $k] += $_->[1];
}
my $list = sub { '[' . join(',', map { sprintf '%.1f', $_ } @_) . ']' };
print '{', join(',', map { "\"$_\":$found{$_}" } sort keys %found);
print ',"rttUs":', $list->(@quantiles), ',"medianUs":', $list->(@around), ',"tenths":', $list->(@tenths);
printf ',"spanUs":%.1f}' . "\n", $last - $first;

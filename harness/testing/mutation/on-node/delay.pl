# Delays every packet of an NFQUEUE queue: delay.pl QUEUE MILLISECONDS. Packets are held side by side and released in
# order, so throughput stays. perl-base alone: no Time::HiRes, hence the system call for the clock.
use strict;
use POSIX ();
use Socket;

my ($queue, $delay_ms) = @ARGV;
my ($netlink, $netfilter, $subsystem) = (16, 12, 3 << 8);
my $clock_gettime = (POSIX::uname())[4] eq 'aarch64' ? 113 : 228;

sub now {
  my $at = "\0" x 16;
  syscall($clock_gettime, 1, $at);
  my ($s, $ns) = unpack 'q q', $at;
  return $s * 1000 + $ns / 1e6;
}

sub attribute { my ($type, $data) = @_; pack('S S', 4 + length $data, $type) . $data . "\0" x (-length($data) % 4) }

sub message {
  my ($type, $attributes) = @_;
  my $body = pack('C C n', 0, 0, $queue) . $attributes;
  return pack('L S S L L', 16 + length $body, $subsystem | $type, 1, 0, 0) . $body;
}

socket(my $nl, $netlink, SOCK_RAW, $netfilter) or die "netlink: $!";
setsockopt($nl, SOL_SOCKET, 33, pack('l', 32 << 20));
setsockopt($nl, 270, 5, pack('l', 1));
bind($nl, pack('S S L L', $netlink, 0, 0, 0)) or die "bind: $!";
send($nl, message(2, attribute(1, pack('C C n', 1, 0, 2))), 0) or die "queue: $!";
send($nl, message(2, attribute(2, pack('N C', 0, 1))), 0) or die "copy: $!";
send($nl, message(2, attribute(3, pack('N', 60000))), 0) or die "length: $!";

my @held;
while (1) {
  my $wait = @held ? ($held[0][0] - now()) / 1000 : 1;
  $wait = 0 if $wait < 0;
  my $ready = '';
  vec($ready, fileno($nl), 1) = 1;
  if (select($ready, undef, undef, $wait) > 0 && defined recv($nl, my $data, 65536, 0)) {
    my $until = now() + $delay_ms;
    while (length $data >= 16) {
      my ($length, $type) = unpack 'L S', $data;
      last if $length < 16;
      push @held, [$until, unpack('N', substr $data, 24)] if $type == $subsystem && unpack('x22 S', $data) == 1;
      substr $data, 0, ($length + 3) & ~3, '';
    }
  }
  my $due;
  $due = (shift @held)->[1] while @held && $held[0][0] <= now();
  # A batch verdict accepts every packet up to this one.
  send($nl, message(3, attribute(2, pack('N N', 1, $due))), 0) if defined $due;
}

# Does to the packets of an NFQUEUE queue what its words say: packet-queue.pl QUEUE WORD=VALUE...
#   delay=MS jitter=MS      hold each that long, give or take an evenly spread jitter
#   reorder=SHARE by=MS     hold a share of them that much longer, so that later ones overtake
#   duplicate=SHARE mark=N  send a share once more, marked N, which the rule of the queue must leave out
#   corrupt=SHARE           flip a bit behind the transport header of a share
#   drop=SHARE              lose a share
#   burst=N                 with drop: in bursts of N packets on average (Gilbert, two states)
#   names=A,*.B             only DNS answers to such names, others pass untouched
#   rcode=N                 make it the answer's
# Shares are of 1. perl-base alone: no Time::HiRes, hence the system call for the clock.
use strict;
use POSIX ();
use Socket;

my $queue = shift;
my %do = map { split /=/, $_, 2 } @ARGV;
my %known = map { $_ => 1 } qw(delay jitter reorder by duplicate mark corrupt drop burst names rcode);
for (keys %do) { die "packet-queue.pl: what is $_?\n" unless $known{$_} }
my ($netlink, $netfilter, $subsystem) = (16, 12, 3 << 8);
my $clock_gettime = (POSIX::uname())[4] eq 'aarch64' ? 113 : 228;
my $reads_packets = grep { exists $do{$_} } qw(duplicate corrupt names rcode);
my @names = map { join '', map { $_ eq '*' ? '.*' : quotemeta } split /(\*)/, lc } split /,/, $do{names} // '';
my $names = join '|', @names;

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

sub sum {
  my ($data) = @_;
  $data .= "\0" if length($data) % 2;
  my $sum = unpack '%32n*', $data;
  $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
  return ~$sum & 0xffff;
}

# Where the transport begins, its protocol and the bytes of the pseudo header that is summed with it.
sub layout {
  my ($packet) = @_;
  my $version = ord($packet) >> 4;
  return ((ord($packet) & 15) * 4, ord(substr $packet, 9, 1), substr($packet, 12, 8)) if $version == 4;
  return (40, ord(substr $packet, 6, 1), substr($packet, 8, 32));
}

# Puts a changed datagram or segment into its packet, with lengths and sums that fit.
sub rebuilt {
  my ($packet, $transport) = @_;
  my ($at, $protocol, $ends) = layout($packet);
  my $length = length $transport;
  substr($transport, 4, 2) = pack 'n', $length if $protocol == 17;
  my $sum_at = $protocol == 17 ? 6 : 16;
  substr($transport, $sum_at, 2) = "\0\0";
  my $sum = sum($ends . pack('N N', $length, $protocol) . $transport);
  substr($transport, $sum_at, 2) = pack 'n', $protocol == 17 && $sum == 0 ? 0xffff : $sum;
  my $header = substr $packet, 0, $at;
  if (ord($packet) >> 4 == 4) {
    substr($header, 2, 2) = pack 'n', $at + $length;
    substr($header, 10, 2) = "\0\0";
    substr($header, 10, 2) = pack 'n', sum($header);
  } else {
    substr($header, 4, 2) = pack 'n', $length;
  }
  return $header . $transport;
}

# Returns where the DNS message begins in the transport, its name, and where its question ends; nothing for other packets.
sub question {
  my ($transport, $protocol) = @_;
  my $at = $protocol == 17 ? 8 : $protocol == 6 ? (ord(substr $transport, 12, 1) >> 4) * 4 + 2 : return;
  return if length $transport < $at + 17;
  my ($p, @labels) = ($at + 12);
  while (my $n = ord substr $transport, $p, 1) {
    return if $n > 63 || $p + $n >= length $transport;
    push @labels, lc substr $transport, $p + 1, $n;
    $p += $n + 1;
  }
  return ($at, join('.', @labels), $p + 5);
}

# A longer answer over TCP keeps its bytes: a stream cannot be made shorter in the middle.
sub answered {
  my ($packet) = @_;
  my ($at, $protocol) = layout($packet);
  my $transport = substr $packet, $at;
  my ($dns, undef, $end) = question($transport, $protocol);
  substr($transport, $dns + 3, 1) = chr((ord(substr $transport, $dns + 3, 1) & 0xf0) | $do{rcode});
  if ($protocol == 17) {
    $transport = substr $transport, 0, $end;
    substr($transport, $dns + 6, 6) = "\0" x 6;
  }
  return rebuilt($packet, $transport);
}

# One bit behind the transport header, whose sum no longer fits then.
sub corrupted {
  my ($packet) = @_;
  my ($at, $protocol) = layout($packet);
  my $from = $at + ($protocol == 6 ? 20 : 8);
  my $room = length($packet) - $from;
  return $packet if $room < 1;
  my $where = $from + int rand $room;
  substr($packet, $where, 1) = substr($packet, $where, 1) ^ chr(1 << int rand 8);
  return $packet;
}

my $in_burst = 0;
sub is_lost {
  my $share = $do{drop} // return 0;
  my $burst = $do{burst} // return rand() < $share;
  return 1 if $share >= 1;
  $in_burst = $in_burst ? rand() >= 1 / $burst : rand() < $share / ($burst * (1 - $share));
  return $in_burst;
}

my $again;
if ($do{duplicate}) {
  socket($again, PF_INET, SOCK_RAW, 255) or die "raw socket: $!";
  setsockopt($again, SOL_SOCKET, 36, pack('l', $do{mark})) or die "mark: $!";
}

sub send_again {
  my ($packet) = @_;
  return if ord($packet) >> 4 != 4;
  my $to = substr $packet, 16, 4;
  send $again, $packet, 0, pack_sockaddr_in(0, $to);
}

socket(my $nl, $netlink, SOCK_RAW, $netfilter) or die "netlink: $!";
setsockopt($nl, SOL_SOCKET, 33, pack('l', 32 << 20));
setsockopt($nl, 270, 5, pack('l', 1));
bind($nl, pack('S S L L', $netlink, 0, 0, 0)) or die "bind: $!";
send($nl, message(2, attribute(1, pack('C C n', 1, 0, 2))), 0) or die "queue: $!";
send($nl, message(2, attribute(2, pack('N C', $reads_packets ? 0xffff : 0, $reads_packets ? 2 : 1))), 0) or die "copy: $!";
send($nl, message(2, attribute(3, pack('N', 60000))), 0) or die "length: $!";

my @held;
my $in_order = !($reads_packets || grep { exists $do{$_} } qw(jitter reorder drop));

# The payload is given back only where it was changed.
sub release {
  my ($id, $verdict, $payload) = @_;
  my $said = attribute(2, pack('N N', $verdict, $id));
  $said .= attribute(10, $payload) if defined $payload;
  send($nl, message(1, $said), 0);
}

sub take {
  my ($id, $packet) = @_;
  if ($names ne '') {
    my ($at, $protocol) = layout($packet);
    my (undef, $name) = question(substr($packet, $at), $protocol);
    return release($id, 1) unless defined $name && $name =~ /^(?:$names)$/;
  }
  return release($id, 0) if is_lost();
  my $changed;
  $changed = corrupted($packet) if $do{corrupt} && rand() < $do{corrupt};
  $changed = answered($packet) if defined $do{rcode};
  send_again($packet) if $again && rand() < $do{duplicate};
  my $until = now() + ($do{delay} // 0) + (rand(2) - 1) * ($do{jitter} // 0);
  $until += $do{by} if $do{reorder} && rand() < $do{reorder};
  return release($id, 1, $changed) if $until <= now();
  my $place = @held;
  $place-- while $place > 0 && $held[$place - 1][0] > $until;
  splice @held, $place, 0, [$until, $id, $changed];
}

sub attributes {
  my ($data) = @_;
  my %found;
  while (length $data >= 4) {
    my ($length, $type) = unpack 'S S', $data;
    last if $length < 4;
    $found{ $type & 0x3fff } = substr $data, 4, $length - 4;
    substr $data, 0, ($length + 3) & ~3, '';
  }
  return \%found;
}

# What is held when the fault ends goes its way.
$SIG{TERM} = sub { release($_->[1], 1, $_->[2]) for @held; exit 0 };

while (1) {
  my $wait = @held ? ($held[0][0] - now()) / 1000 : 1;
  $wait = 0 if $wait < 0;
  my $ready = '';
  vec($ready, fileno($nl), 1) = 1;
  if (select($ready, undef, undef, $wait) > 0 && defined recv($nl, my $data, 131072, 0)) {
    while (length $data >= 16) {
      my ($length, $type) = unpack 'L S', $data;
      last if $length < 16;
      if ($type == $subsystem) {
        my $said = attributes(substr $data, 20, $length - 20);
        take(unpack('N', $said->{1}), $said->{10} // '') if defined $said->{1};
      }
      substr $data, 0, ($length + 3) & ~3, '';
    }
  }
  if ($in_order) {
    my $due;
    $due = (shift @held)->[1] while @held && $held[0][0] <= now();
    # A batch verdict accepts every packet up to this one.
    send($nl, message(3, attribute(2, pack('N N', 1, $due))), 0) if defined $due;
    next;
  }
  while (@held && $held[0][0] <= now()) {
    my (undef, $id, $changed) = @{ shift @held };
    release($id, 1, $changed);
  }
}

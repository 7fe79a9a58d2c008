import { backlog, shortestCut } from './services.ts';

/**
 * Serves the ports that tables ask. TCP says nothing: the kernel answers the handshake, and with TCP_DEFER_ACCEPT
 * (tcp(7)) wakes nobody for a peer that only wanted that. UDP answers as the agent does. Node.js cannot set the option,
 * and a process of its size costs several times as much to wake; Perl is part of Debian's images (perl-base).
 * Arguments: a name, then protocol, address and port of each. Prints `listening`, or `errno <n>`; ends with its standard
 * input, which is that of the agent that started it.
 */
export const tablesScript = `
use strict;
use Socket qw(:DEFAULT inet_pton inet_ntop pack_sockaddr_in6 unpack_sockaddr_in6 IPPROTO_TCP MSG_DONTWAIT);
$| = 1;
my ($defer_accept, $seconds, $backlog, $shortest_cut) = (9, 1, ${backlog}, ${shortestCut});
my $name = shift @ARGV;
my (%streams, %datagrams);
while (my ($protocol, $host, $port) = splice(@ARGV, 0, 3)) {
  my $six = $host =~ /:/;
  my $tcp = $protocol eq 'TCP';
  my $at = $six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $host)) : pack_sockaddr_in($port, inet_pton(AF_INET, $host));
  my $own;
  socket($own, $six ? PF_INET6 : PF_INET, $tcp ? SOCK_STREAM : SOCK_DGRAM, 0)
    and (!$tcp or setsockopt($own, SOL_SOCKET, SO_REUSEADDR, 1))
    and (!$tcp or setsockopt($own, IPPROTO_TCP, $defer_accept, $seconds))
    and bind($own, $at)
    and (!$tcp or listen($own, $backlog))
    or do { print 'errno ', $! + 0, "\\n"; exit 0 };
  ($tcp ? \\%streams : \\%datagrams)->{fileno($own)} = $own;
}
print "listening\\n";
sub answered {
  my $own = shift;
  my $payload;
  defined(my $peer = recv($own, $payload, 65535, MSG_DONTWAIT)) or return 0;
  my (undef, $from) = length($peer) > 16 ? unpack_sockaddr_in6($peer) : unpack_sockaddr_in($peer);
  my $text = inet_ntop(length($from) > 4 ? AF_INET6 : AF_INET, $from);
  $text =~ s/^::ffff:(?=\\d+\\.)//;
  my $reply = "$name $text $payload";
  my $longest = length($payload) > $shortest_cut ? length($payload) : $shortest_cut;
  send($own, substr($reply, 0, $longest), 0, $peer);
  return 1;
}
my $wanted = '';
vec($wanted, $_, 1) = 1 for (fileno(STDIN), keys %streams, keys %datagrams);
for (;;) {
  select(my $ready = $wanted, undef, undef, undef) > 0 or next;
  exit 0 if vec($ready, fileno(STDIN), 1);
  for my $one (keys %datagrams) {
    1 while vec($ready, $one, 1) and answered($datagrams{$one});
  }
  for my $one (keys %streams) {
    next unless vec($ready, $one, 1);
    my $peer;
    accept($peer, $streams{$one}) and close($peer);
  }
}
`;

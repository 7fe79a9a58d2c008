/**
 * Node.js has no SCTP sockets; Perl, which Debian's images carry (perl-base), has those of the kernel. Arguments: mode,
 * IP protocol, address, port, name. `probe` prints `open <greeting>` or `errno <n>`; `serve` prints `listening` and
 * greets like the agent's TCP ports, until its standard input ends with the agent that started it.
 */
export const sctpScript = `
use strict;
use Socket qw(:DEFAULT inet_pton inet_ntop sockaddr_family pack_sockaddr_in6 unpack_sockaddr_in6);
$| = 1;
$SIG{PIPE} = 'IGNORE';
my ($mode, $protocol, $host, $port, $name) = @ARGV;
sub fail { print 'errno ', $! + 0, "\\n"; exit 0 }
my $six = $host =~ /:/;
socket(my $own, $six ? PF_INET6 : PF_INET, SOCK_STREAM, $protocol) or fail();
my $at = $six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $host)) : pack_sockaddr_in($port, inet_pton(AF_INET, $host));
if ($mode eq 'probe') {
  connect($own, $at) or fail();
  defined(sysread($own, my $said, 512)) or fail();
  print "open $said";
  exit 0;
}
setsockopt($own, SOL_SOCKET, SO_REUSEADDR, 1);
bind($own, $at) or fail();
listen($own, 1024) or fail();
print "listening\\n";
for (;;) {
  my $wanted = '';
  vec($wanted, fileno($_), 1) = 1 for (*STDIN, $own);
  select(my $ready = $wanted, undef, undef, undef) > 0 or next;
  exit 0 if vec($ready, fileno(STDIN), 1);
  my $peer = accept(my $client, $own) or next;
  my $family = sockaddr_family($peer);
  my (undef, $from) = $family == AF_INET6 ? unpack_sockaddr_in6($peer) : unpack_sockaddr_in($peer);
  syswrite($client, "$name " . inet_ntop($family, $from) . "\\n");
  close($client);
}
`;

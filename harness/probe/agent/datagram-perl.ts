/**
 * Node.js cannot set the don't-fragment bit; Perl, which Debian's images carry (perl-base), can. Arguments: address,
 * port, payload bytes, and what the payload begins with. IP_MTU_DISCOVER = IP_PMTUDISC_DO (ip(7), ipv6(7)): neither this
 * host nor a router cuts the datagram, and what a router has told of the path stays an error, EMSGSIZE, instead of making
 * the next one pass in pieces. Prints `open ` and the reply, or `errno <n>`.
 */
export const datagramScript = `
use strict;
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 IPPROTO_IPV6);
my ($ip_mtu_discover, $ipv6_mtu_discover, $do) = (10, 23, 2);
my ($host, $port, $bytes, $nonce) = @ARGV;
sub fail { print 'errno ', $! + 0, "\\n"; exit 0 }
my $six = $host =~ /:/;
socket(my $own, $six ? PF_INET6 : PF_INET, SOCK_DGRAM, 0) or fail();
setsockopt($own, $six ? IPPROTO_IPV6 : 0, $six ? $ipv6_mtu_discover : $ip_mtu_discover, pack('i', $do)) or fail();
connect($own, $six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $host)) : pack_sockaddr_in($port, inet_pton(AF_INET, $host)))
  or fail();
defined(send($own, substr($nonce . 'o' x $bytes, 0, $bytes), 0)) or fail();
defined(recv($own, my $reply, 65535, 0)) or fail();
binmode STDOUT;
print "open $reply";
`;

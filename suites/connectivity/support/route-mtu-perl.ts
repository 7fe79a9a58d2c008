/**
 * Perl (perl-base of Debian's images) that prints the MTU metric of the default route of the main table, IPv4's before
 * IPv6's, and nothing where the route has none (rtnetlink(7): RTM_GETROUTE, RTA_METRICS, RTAX_MTU). Cilium leaves a pod's
 * interface at the node's MTU and sets the smaller one of its tunnel at the route; /proc/net/route does not show it.
 */
export const routeMtuScript = `
use strict;
my ($netlink, $raw, $get, $new, $dump, $main) = (16, 3, 26, 24, 0x301, 254);
my ($rta_table, $rta_metrics, $rtax_mtu) = (15, 8, 2);
sub attributes {
  my ($bytes) = @_; my %of;
  while (length($bytes) >= 4) {
    my ($length, $type) = unpack('SS', $bytes);
    last if $length < 4;
    $of{$type & 0x3fff} = substr($bytes, 4, $length - 4);
    my $whole = ($length + 3) & ~3;
    last if $whole > length($bytes);
    $bytes = substr($bytes, $whole);
  }
  return \\%of;
}
sub route_mtu {
  my ($message) = @_;
  my ($family, $bits, $source, $tos, $table) = unpack('C5', $message);
  my $of = attributes(substr($message, 12));
  $table = unpack('L', $of->{$rta_table}) if exists $of->{$rta_table};
  return unless $bits == 0 && $table == $main && exists $of->{$rta_metrics};
  my $metrics = attributes($of->{$rta_metrics});
  return exists $metrics->{$rtax_mtu} ? unpack('L', $metrics->{$rtax_mtu}) : undef;
}
for my $family (2, 10) {
  socket(my $kernel, $netlink, $raw, 0) or exit 0;
  send($kernel, pack('LSSLL C8L', 28, $get, $dump, 1, 0, $family, (0) x 7, 0), 0) or exit 0;
  my $done = 0;
  while (!$done) {
    defined(recv($kernel, my $batch, 65536, 0)) or exit 0;
    while (length($batch) >= 16) {
      my ($length, $type) = unpack('LS', $batch);
      if ($type != $new) { $done = 1; last }
      my $mtu = route_mtu(substr($batch, 16, $length - 16));
      if (defined $mtu) { print "$mtu\\n"; exit 0 }
      my $whole = ($length + 3) & ~3;
      last if $whole >= length($batch);
      $batch = substr($batch, $whole);
    }
  }
}
`;

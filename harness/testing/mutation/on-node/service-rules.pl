# Keeps kube-proxy's iptables rules of test Services (namespaces ord-*) wrong in one way: service-rules.pl MODE. What
# kube-proxy writes anew is bent anew within a third of a second. Rules that are put in carry a comment, by which
# `service-rules.pl clean` finds them; those taken out go away with their Services.
use strict;

my $mode = shift;
my $mark = 'ordeal-mutation';

sub rules {
  my (%chains, @order);
  for (split /\n/, `iptables-save -t nat`) {
    next unless /^-A (\S+) (.*)/;
    push @order, $1 unless $chains{$1};
    push @{ $chains{$1} }, $2;
  }
  return (\%chains, \@order);
}

sub is_test { $_[0] =~ m{--comment "?(?:[^"]* )?ord-[^/ "]+/} }

# By number and from the last: iptables does not find again every rule that it lists.
sub taken_out {
  my ($chain, $which, @rules) = @_;
  return map { "-D $chain " . ($_ + 1) } grep { $which->($rules[$_]) } reverse 0 .. $#rules;
}

my %edits = (
  'skip-backend' => sub {
    my ($chain, @rules) = @_;
    return unless $chain =~ /^KUBE-SV[CL]-/;
    my @backends = grep { /-j KUBE-SEP-/ && !/-m recent/ && is_test($_) } @rules;
    return if @backends < 2;
    my ($at) = grep { $rules[$_] eq $backends[0] } 0 .. $#rules;
    my @targets = map { /-j (KUBE-SEP-\S+)/ } @backends[1 .. $#backends];
    my @lines;
    for my $i (0 .. $#targets) {
      my $left = @targets - $i;
      my $dice = $left == 1 ? '' : sprintf '-m statistic --mode random --probability %.10f', 1 / $left;
      push @lines, sprintf '-I %s %d %s -m comment --comment %s -j %s', $chain, $at + 1 + $i, $dice, $mark, $targets[$i];
    }
    return @lines;
  },
  'local-as-cluster' => sub {
    my ($chain, @rules) = @_;
    return unless grep { /-j KUBE-SVL-/ } @rules;
    return unless grep { is_test($_) } @rules;
    my ($service) = $chain =~ /^KUBE-EXT-(\S+)/ or return;
    return map { "-I $chain $_->[0] -m comment --comment $mark -j $_->[1]" } [1, 'KUBE-MARK-MASQ'],
      [2, "KUBE-SVC-$service"];
  },
  'no-affinity' => sub {
    my ($chain, @rules) = @_;
    return taken_out($chain, sub { $_[0] =~ /-m recent --rcheck/ && is_test($_[0]) }, @rules);
  },
  'clean' => sub {
    my ($chain, @rules) = @_;
    return taken_out($chain, sub { $_[0] =~ /--comment "?$mark/ }, @rules);
  },
);
my $edit = $edits{$mode} or die "unknown mode $mode; one of " . join(', ', sort keys %edits) . "\n";

while (1) {
  my ($chains, $order) = rules();
  my @lines;
  for my $chain (@$order) {
    my @rules = @{ $chains->{$chain} };
    next if $mode ne 'clean' && grep { /--comment "?$mark/ } @rules;
    push @lines, $edit->($chain, @rules);
  }
  if (@lines) {
    # A chain that is gone meanwhile fails the whole load: the next turn reads anew.
    if (open my $restore, '|-', 'iptables-restore -w 5 --noflush -T nat 2>/dev/null') {
      print $restore "*nat\n", map({ "$_\n" } @lines), "COMMIT\n";
      close $restore;
    }
  }
  last if $mode eq 'clean';
  select undef, undef, undef, 0.3;
}

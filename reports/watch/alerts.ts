import { stringify } from 'yaml';

const by = 'class, from, to, transport, connections';

const rules = [
  {
    alert: 'OrdealPathDown',
    expr: `ordeal_watch_ill{expected="open",connections!="idle"} == 1`,
    for: '30s',
    labels: { severity: 'critical' },
    annotations: {
      summary: '{{ $labels.from }} does not reach {{ $labels.to }} over {{ $labels.transport }}',
      description: 'Attempts on {{ $labels.connections }} connections have failed for 30 s.',
    },
  },
  {
    alert: 'OrdealPolicyLeak',
    expr: `sum by (${by}) (increase(ordeal_watch_failures_total{expected="closed"}[5m])) > 0`,
    labels: { severity: 'critical' },
    annotations: {
      summary: 'forbidden traffic got through from {{ $labels.from }} to {{ $labels.to }}',
      description: 'A NetworkPolicy that was in force let attempts through in the last 5 minutes.',
    },
  },
  {
    alert: 'OrdealPathLosesRequests',
    expr: `sum by (${by}) (increase(ordeal_watch_failures_total{expected="open"}[10m])) / sum by (${by}) (increase(ordeal_watch_attempts_total{expected="open"}[10m])) > 0.01`,
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $labels.from }} to {{ $labels.to }} loses over 1 % of attempts',
      description: 'Over {{ $labels.transport }} on {{ $labels.connections }} connections, in the last 10 minutes.',
    },
  },
  {
    alert: 'OrdealWatchBlind',
    expr: 'absent(ordeal_watch_agents) or ordeal_watch_agents{heard="no"} > 0',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Ordeal does not hear its agents',
      description: 'What they see is not known; an agent keeps half an hour of it.',
    },
  },
];

/** Returns alert rules for Prometheus over the metrics of a watch. */
export function alertRules(): string {
  return stringify({ groups: [{ name: 'ordeal-watch', rules }] }, { lineWidth: 0 });
}

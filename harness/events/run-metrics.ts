import type { MetricDeclaration } from './metric-declaration.ts';

type Lower = readonly [name: string, title: string, unit: MetricDeclaration['unit'], by?: readonly string[]];

const lower: readonly Lower[] = [
  ['settle_time', 'time to agree with the expectation', 'ms', ['kind']],
  ['settle_relapses', 'relapses before it settled', 'count'],
  ['hold_relapses', 'relapses after it had settled', 'count'],
  ['path_delay', 'delay of a held path', 'ms', ['of', 'kind']],
  ['policy_effect', 'policy or deletion in effect', 'ms'],
  ['policy_agreement', 'whole table in agreement', 'ms'],
  ['policy_change', 'policy change on one path', 'ms', ['what', 'transport']],
  ['new_pod_leak_window', 'new pod reaches what it may not', 'ms'],
  ['new_pod_ingress_leak_window', 'new pod is reached by whom it may not', 'ms'],
  ['new_connections_closed_after', 'new connections end after a deny', 'ms'],
  ['endpoint_added', 'new endpoint answers', 'ms'],
  ['endpoint_removed', 'removed endpoint answers no more', 'ms'],
  ['downtime.longest', 'longest downtime window', 'ms', ['connections']],
  ['downtime.sum', 'downtime in all', 'ms', ['connections']],
  ['downtime.windows', 'downtime windows', 'count', ['connections']],
  ['under_fault.downtime', 'longest downtime while a fault held', 'ms'],
  ['under_fault.recovery', 'recovery after a fault', 'ms'],
  ['traffic.failures', 'failed attempts', 'count', ['connections']],
  ['traffic.cuts', 'connections cut', 'count', ['connections']],
  ['kept_flow.cuts', 'long-lived connections cut', 'count', ['rhythm']],
  ['datagrams_unanswered', 'datagrams unanswered while a backend is replaced', 'count'],
  ['round_trip', 'first round trip', 'us', ['protocol']],
  ['mebibyte_echo', 'a mebibyte there and back', 'us'],
  ['stream_time', 'time of a stream', 'ms'],
  ['slowest_connection', 'slowest of a burst of connections', 'us'],
  ['latency', 'latency', 'us', ['protocol']],
  ['loss', 'packets lost', 'ratio', ['protocol']],
];

const load = 'the case of the suite that measures it';

/** Metrics that the cases of `ordeal run` log and that say what is better. */
export const runMetrics: readonly MetricDeclaration[] = lower.map(([name, title, unit, by = []]) => {
  return { name, title, unit, better: 'lower', load, by };
});

interface Query {
  readonly expr: string;
  readonly legend: string;
}

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly kind: 'timeseries' | 'stat' | 'state-timeline';
  readonly queries: readonly Query[];
}

const panels: readonly Panel[] = [
  {
    title: 'Paths that are ill now',
    ...{ unit: 'none', kind: 'stat' },
    queries: [{ expr: 'sum(ordeal_watch_ill{connections!="idle"}) or vector(0)', legend: 'ill' }],
  },
  {
    title: 'Forbidden traffic that got through, 5 minutes',
    ...{ unit: 'none', kind: 'stat' },
    queries: [
      { expr: 'sum(increase(ordeal_watch_failures_total{expected="closed"}[5m])) or vector(0)', legend: 'leaks' },
    ],
  },
  {
    title: 'Paths, ill or well',
    ...{ unit: 'none', kind: 'state-timeline' },
    queries: [
      { expr: 'max by (class, from, to) (ordeal_watch_ill{connections!="idle"})', legend: '{{from}} -> {{to}}' },
    ],
  },
  {
    title: 'Attempts that failed, share',
    ...{ unit: 'percentunit', kind: 'timeseries' },
    queries: [
      {
        expr: 'sum by (class) (rate(ordeal_watch_failures_total{expected="open"}[1m])) / sum by (class) (rate(ordeal_watch_attempts_total{expected="open"}[1m]))',
        legend: '{{class}}',
      },
    ],
  },
  {
    title: 'Mean answer',
    ...{ unit: 's', kind: 'timeseries' },
    queries: [
      {
        expr: 'sum by (class, transport) (rate(ordeal_watch_answer_seconds_total[1m])) / sum by (class, transport) (rate(ordeal_watch_answers_total[1m]))',
        legend: '{{class}} {{transport}}',
      },
    ],
  },
  {
    title: 'Downtime, seconds in 10 minutes',
    ...{ unit: 's', kind: 'timeseries' },
    queries: [
      {
        expr: 'max by (from, to) (increase(ordeal_watch_window_seconds_total{kind="down"}[10m]))',
        legend: '{{from}} -> {{to}}',
      },
    ],
  },
];

const width = 12;
const height = 8;

/** Returns a Grafana dashboard over the metrics of a watch, as JSON to import; the data source is asked for there. */
export function dashboard(): string {
  const board = {
    ...{ title: 'Ordeal: paths of a cluster', uid: 'ordeal-watch', schemaVersion: 39, version: 1, refresh: '5s' },
    time: { from: 'now-30m', to: 'now' },
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' }] },
    panels: panels.map(panelOf),
  };
  return `${JSON.stringify(board, undefined, 2)}\n`;
}

function panelOf({ title, unit, kind, queries }: Panel, index: number): object {
  const datasource = { type: 'prometheus', uid: '${datasource}' };
  return {
    ...{ id: index + 1, title, type: kind, datasource },
    gridPos: { x: (index % 2) * width, y: Math.floor(index / 2) * height, w: width, h: height },
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: queries.map(({ expr, legend }, at) => {
      return { refId: String.fromCharCode(65 + at), expr, legendFormat: legend, datasource };
    }),
  };
}

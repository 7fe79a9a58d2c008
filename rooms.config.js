/**
 * The rooms of the house and the floors they stand on. An import may only lead downwards, to a lower floor; rooms on one
 * floor do not know each other. `npm run lint` holds this, and that no files import each other in a circle.
 */
export const floors = {
  'harness/base': 1,
  'harness/measure': 1,
  'harness/events': 2,
  'harness/kube': 2,
  clusters: 3,
  reports: 3,
  'harness/node': 3,
  'harness/probe': 3,
  'harness/oracle': 3,
  'harness/baseline': 3,
  'harness/table': 4,
  'harness/images': 4,
  'harness/doctor': 5,
  'harness/cluster': 5,
  'harness/disruption': 5,
  'harness/fault': 6,
  'harness/case': 7,
  'harness/chaos': 7,
  'harness/during': 8,
  'harness/netpol': 8,
  'harness/workload': 8,
  'harness/upgrade': 8,
  suites: 9,
  'harness/fuzz': 9,
  'harness/bench': 9,
  'harness/cli': 10,
  'harness/packaging': 11,
  'harness/testing': 11,
};

/** What suites leave to the harness. */
const closedToSuites = ['node_modules/(undici|ws)/', 'execa', '^(node:)?fs', '^(node:)?child_process'];

const pathOf = (room) => `^${room}/`;
const roomsFrom = (floor) => Object.keys(floors).filter((room) => floors[room] >= floor);

const downwards = Object.entries(floors).map(([room, floor]) => ({
  name: `down from ${room}`,
  comment: `${room} is on floor ${floor}: it may import from lower floors only.`,
  severity: 'error',
  from: { path: pathOf(room), pathNot: ['[.]test[.]ts$', '[.]test-support[.]ts$'] },
  to: { path: roomsFrom(floor).map(pathOf), pathNot: pathOf(room) },
}));

export default {
  forbidden: [
    ...downwards,
    { name: 'no circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'every file in a room', severity: 'error', from: {}, to: { path: '^harness/[^/]+$' } },
    {
      name: 'suites say what is tested',
      comment: 'The harness talks to the cluster and to files.',
      severity: 'error',
      from: { path: '^suites/', pathNot: '[.]test[.]ts$' },
      to: { path: closedToSuites },
    },
    {
      name: 'reports know the event log alone',
      severity: 'error',
      from: { path: '^reports/', pathNot: '[.]test[.]ts$' },
      to: { path: '^(clusters|harness/(?!base/|measure/|events/))' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};

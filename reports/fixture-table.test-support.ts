import { loggedTable } from '../harness/events/case-table.ts';
import type { LoggedTable } from '../harness/events/table-cell.ts';

const pods = ['x/a', 'x/b', 'x/c', 'y/a', 'y/b', 'y/c', 'z/a', 'z/b', 'z/c'];
const wires = [
  { port: 80, protocol: 'TCP' },
  { port: 81, protocol: 'TCP' },
  { port: 80, protocol: 'UDP' },
  { port: 81, protocol: 'UDP' },
];

/** Returns a table of nine pods by two routes; `failed`: with a policy on x/b that four cells do not obey. */
export function inventedTable(failed: boolean): LoggedTable {
  const cells = ['pod', 'service'].flatMap((route) =>
    pods.flatMap((from) => pods.flatMap((to) => wires.map((wire) => ({ from, to, route, ...wire })))),
  );
  return loggedTable(
    cells.map(({ from, to, route, ...wire }) => {
      const closed = to === 'x/b' && from !== to;
      const leaks =
        failed && closed && wire.port === 80 && wire.protocol === 'TCP' && from.endsWith('/a') && from > 'y';
      const place = { from, to: route === 'service' ? `svc ${to}` : to, route, ...wire };
      const expected = closed ? 'dropped' : 'open';
      const reason = closed ? 'dropped: ingress isolated by `deny-all` in x' : `open: no policy selects ${to}`;
      return {
        ...place,
        expected,
        measured: leaks ? 'open' : expected,
        ...(leaks ? { result: 'differs' as const } : {}),
        reason,
      };
    }),
  );
}

#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { KillBed } from './kill-bed.ts';
import { killSignals } from './ordeal-process.ts';

/** Kills runs at random and says what each left; exit 1 where one left something. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kubeconfig: { type: 'string' },
      'agent-image': { type: 'string', default: 'docker.io/library/node:22-slim' },
      kills: { type: 'string', default: '200' },
    },
  });
  if (values.kubeconfig === undefined) throw new Error('--kubeconfig FILE is needed, of a cluster that may be harmed');
  const bed = await KillBed.at(values.kubeconfig, values['agent-image']);
  process.stdout.write(`a whole run ended with ${await bed.whole()}\n`);
  let harmed = 0;
  for (let index = 0; index < Number(values.kills); index++) {
    const signal = killSignals[Math.floor(Math.random() * killSignals.length)] ?? 'SIGKILL';
    const kill = { signal, share: Math.random() };
    const left = await bed.kill(kill);
    harmed += left.length === 0 ? 0 : 1;
    process.stdout.write(
      `${signal} at ${kill.share.toFixed(2)}: ${left.length === 0 ? 'nothing left' : left.join('\n')}\n`,
    );
  }
  process.stdout.write(`${harmed} of ${values.kills} kills left something\n`);
  process.exitCode = harmed === 0 ? 0 : 1;
}

await main();

import type { Command } from 'commander';
import { OrdealError } from '../base/errors.ts';
import type { AnyDriver } from '../chaos/run-fault.ts';
import type { ChaosFlags } from './chaos-run.ts';
import { collect } from './flags.ts';
import { toStderr, toStdout, type Write } from './output.ts';

/** Adds `ordeal chaos`: injects one fault into a kept cluster and takes it back; lists and describes what there is. */
export function registerChaos(program: Command, write: Write = toStdout, warn: Write = toStderr): void {
  const chaos = program.command('chaos').description('inject a fault, see what it does, take it back');
  registerRun(chaos);
  chaos
    .command('list')
    .description('every fault there is')
    .action(async () => {
      for (const { name, summary } of await allDrivers()) await write(`${name.padEnd(16)} ${summary}\n`);
    });
  chaos
    .command('describe')
    .description('what a fault takes')
    .argument('<fault>')
    .action(async (name: string) => write(await description(name)));
  registerImport(chaos, write, warn);
  registerRevert(chaos, write);
}

function registerImport(chaos: Command, write: Write, warn: Write): void {
  chaos
    .command('import')
    .description('write the scenario that a file of Chaos Mesh experiments amounts to; exit 4 when not all can be said')
    .argument('<file>', 'YAML with NetworkChaos, PodChaos, DNSChaos')
    .action(async (file: string) => {
      const { importChaosMesh } = await import('./chaos-import.ts');
      process.exitCode = await importChaosMesh(file, write, warn);
    });
}

function registerRevert(chaos: Command, write: Write): void {
  chaos
    .command('revert')
    .description('take back every fault on a kept cluster at once, those of running commands too')
    .requiredOption('--name <cluster>', 'the kind cluster')
    .option('--results <folder>', 'where runs wrote, whose records of faults are read', 'ordeal-results')
    .action(async ({ name, results }: { name: string; results: string }) => {
      const { cleanFaults } = await import('./clean-faults.ts');
      const done = await cleanFaults({ only: name, force: true, results });
      for (const line of done) await write(`${line}\n`);
      if (done.length === 0) process.stderr.write('nothing to revert\n');
    });
}

function registerRun(chaos: Command): void {
  chaos
    .command('run')
    .description(
      'inject a fault, or those of a scenario, into a kind cluster that `ordeal run --keep` left; take them back',
    )
    .argument('[fault]', 'as `ordeal chaos list` names it')
    .option('-f, --file <scenario>', 'a scenario in YAML: steady state, faults, hypotheses; see docs/faults.md')
    .requiredOption('--name <cluster>', 'the kind cluster')
    .option('--target <what>', 'NAMESPACE/POD, NAMESPACE:LABEL=VALUE, a node, or NAMESPACE/NAME of a workload')
    .option('--for <duration>', 'how long it holds: 30s, 2m, at most 1h')
    .option('--set <name=value>', 'a parameter, as `ordeal chaos describe` names it; may repeat', append, [])
    .option(
      '--watch <probe>',
      'tcp://, udp://, http://HOST[:PORT] or dns://NAME, asked all the while; may repeat',
      collect,
      [],
    )
    .option('--allow-namespace <name>', 'a protected namespace that may be hit; may repeat', collect, [])
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--out <folder>', 'where the log goes (default ordeal-results/<run id>)')
    .option('--timeouts <file>', 'YAML or JSON laid over the default timeouts')
    .action(async (name: string | undefined, flags: ChaosFlags & { readonly file?: string }) => {
      if (flags.file !== undefined) {
        refuseBesideFile(name, flags);
        const { runScenario } = await import('./chaos-scenario.ts');
        process.exitCode = await runScenario(flags.file, flags);
        return;
      }
      if (name === undefined) throw new OrdealError('USAGE', 'name a fault, or a scenario with --file');
      const { runChaos } = await import('./chaos-run.ts');
      process.exitCode = await runChaos(await driverNamed(name), flags);
    });
}

/** @throws OrdealError USAGE for what the file says. */
function refuseBesideFile(name: string | undefined, { target, for: lasts, set, watch }: ChaosFlags): void {
  const given = {
    [`the fault ${name}`]: name,
    '--target': target,
    '--for': lasts,
    '--set': set[0],
    '--watch': watch[0],
  };
  const said = Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
  if (said.length > 0) throw new OrdealError('USAGE', `--file: the scenario says it, so leave out ${said.join(', ')}`);
}

/** Values hold commas of their own. */
function append(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

async function allDrivers(): Promise<readonly AnyDriver[]> {
  return (await import('../fault/drivers/index.ts')).drivers;
}

async function driverNamed(name: string): Promise<AnyDriver> {
  const drivers = await allDrivers();
  const found = drivers.find((driver) => driver.name === name);
  if (found !== undefined) return found;
  throw new OrdealError('USAGE', `there is no fault ${name}; there are ${drivers.map((one) => one.name).join(', ')}`);
}

async function description(name: string): Promise<string> {
  const { name: fault, summary, targets, needs, params } = await driverNamed(name);
  const [{ describeParams, paramsSchema }, { targetForm, targetParams }] = await Promise.all([
    import('../chaos/settings.ts'),
    import('../chaos/target.ts'),
  ]);
  return [
    `${fault}: ${summary}`,
    `--target: ${targetForm(targets)}`,
    ...(needs.length === 0 ? [] : [`needs: ${needs.join(', ')}`]),
    '--set:',
    ...describeParams(paramsSchema(params), targetParams[targets]),
    '',
  ].join('\n');
}

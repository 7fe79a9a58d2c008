import { arch as hostArch } from 'node:os';
import { fileURLToPath } from 'node:url';
import { allComponents } from '../../clusters/components/index.ts';
import type { Arch, Component } from '../../clusters/component.ts';
import { OrdealError } from '../base/errors.ts';
import type { StepReport } from '../base/progress.ts';
import { runCommand, type Run } from './command.ts';
import { Limit } from '../base/limit.ts';
import { openStore, type Store } from './store.ts';

/** What every builder function is given. Fakes replace `run` and `store` in tests. */
export interface BuildContext {
  readonly store: Store;
  readonly run: Run;
  readonly arch: Arch;
  /** The repository's `clusters/` folder. */
  readonly clusters: string;
  readonly components: readonly Component[];
  /** Compilers: each uses all cores already, two overlap one's linking with the other's compiling. */
  readonly compile: Limit;
  /** Package installs: apt of one root at a time. */
  readonly install: Limit;
  readonly report: StepReport;
}

/** Returns the context of a real build on this machine. @throws OrdealError ENVIRONMENT on an architecture nothing is declared for. */
export function hostContext(options: { report?: StepReport; store?: Store } = {}): BuildContext {
  return {
    store: options.store ?? openStore(),
    run: runCommand,
    arch: archOf(hostArch()),
    clusters: fileURLToPath(new URL('../../clusters', import.meta.url)),
    components: allComponents,
    compile: new Limit(2),
    install: new Limit(1),
    report: options.report ?? (() => undefined),
  };
}

function archOf(name: string): Arch {
  if (name === 'x64') return 'amd64';
  if (name === 'arm64') return 'arm64';
  throw new OrdealError('ENVIRONMENT', `images cannot be built on ${name}`, {
    remedy: 'use an amd64 or arm64 Linux machine, or --kubeconfig with an existing cluster',
  });
}

/** Returns the component of that name. @throws OrdealError IMAGE_BUILD when a declaration refers to one that does not exist. */
export function componentNamed(context: BuildContext, name: string): Component {
  const found = context.components.find((component) => component.name === name);
  if (found !== undefined) return found;
  throw new OrdealError('IMAGE_BUILD', `no component is called ${name}`, {
    remedy: `use one of ${context.components.map((component) => component.name).join(', ')}`,
  });
}

import { join } from 'node:path';
import { noMesh, type CniName, type MeshName } from '../../clusters/names.ts';
import type { Subject } from '../bench/compare-networks.ts';
import { type Handicap, parseHandicap } from '../bench/handicap.ts';
import { distinctNames } from '../bench/rounds.ts';
import { OrdealError } from '../base/errors.ts';
import type { Progress } from '../base/progress.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { provideExisting, provideKept, provideKind } from '../cluster/provide.ts';
import type { RunFrame } from '../cluster/provider.ts';
import type { CompareOptions } from './compare-options.ts';
import { parseRunOptions, type RunOptions } from './run-options.ts';

export interface SubjectFrame {
  readonly runId: string;
  readonly folder: string;
  readonly progress: Progress;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
}

/**
 * Returns the options of `ordeal run` by which the clusters of each mesh are made; one where no cluster is. @throws
 * OrdealError USAGE.
 */
export function makingOf({ cni, mesh, workers, images, registry, fix, install }: CompareOptions): RunOptions[] {
  const meshes = (mesh ?? noMesh).split(',').map((name) => name.trim());
  return meshes.map((one) =>
    parseRunOptions({ ...(cni === undefined ? {} : { cni }), mesh: one, workers, images, registry, fix, install }),
  );
}

/** Returns what is to be compared: clusters to be made of every CNI with every mesh, kept ones, or an existing one. */
export function subjectsOf(options: CompareOptions, making: readonly RunOptions[], frame: SubjectFrame): Subject[] {
  const made = options.cni === undefined ? [] : making.flatMap((one) => one.cni.map((cni) => ({ cni, one })));
  const { kubeconfig } = options;
  const asked = [
    ...made.map(({ cni, one }) => networkName(cni, one.mesh)),
    ...options.cluster,
    ...(kubeconfig === undefined ? [] : [options.context ?? 'cluster']),
  ];
  const names = distinctNames(asked);
  const nameAt = (index: number) => names[index] ?? '';
  const handicaps = options.handicap.map(parseHandicap);
  refuseAliens(handicaps, names);
  const plain = [
    ...made.map(({ cni, one }, index) => madeSubject({ cni, one, name: nameAt(index), index }, frame)),
    ...options.cluster.map((cluster, index): Subject => {
      const name = nameAt(made.length + index);
      return { name, given: true, provide: () => provideKept(cluster, frameOf(name, frame)) };
    }),
    ...(kubeconfig === undefined
      ? []
      : [existingSubject(kubeconfig, options, { name: nameAt(names.length - 1), frame })]),
  ];
  return plain.map((subject) => ({ ...subject, handicap: handicaps.find((one) => one.subject === subject.name) }));
}

function refuseAliens(handicaps: readonly Handicap[], names: readonly string[]): void {
  const alien = handicaps.find(({ subject }) => !names.includes(subject));
  if (alien === undefined) return;
  throw new OrdealError('USAGE', `--handicap ${alien.subject}: none of the networks is called so`, {
    remedy: `Called: ${names.join(', ')}.`,
  });
}

const networkName = (cni: CniName, mesh: MeshName): string => (mesh === noMesh ? cni : `${cni}+${mesh}`);

interface Made {
  readonly cni: CniName;
  readonly one: RunOptions;
  readonly name: string;
  readonly index: number;
}

function madeSubject({ cni, one, name, index }: Made, frame: SubjectFrame): Subject {
  const { mesh, workers, zones, images, registry } = one;
  const cluster = `ordeal-${frame.runId.slice(-6)}-${index}`;
  const spec = { cni, mesh, workers, zones, images, registry, name: cluster };
  return { name, given: false, provide: () => provideKind(spec, frameOf(name, frame)) };
}

function existingSubject(
  kubeconfig: string,
  { context, agentImage }: CompareOptions,
  { name, frame }: { name: string; frame: SubjectFrame },
): Subject {
  const spec = { kubeconfig, context, agentImage, spareHostPorts: true };
  // What it can do is not known from what made it: all of it is looked for.
  const looking = { ...frameOf(name, frame), features: undefined };
  return { name, given: true, provide: () => provideExisting(spec, looking) };
}

const frameOf = (name: string, { folder, ...frame }: SubjectFrame): RunFrame => {
  return { ...frame, folder: join(folder, name), features: 'from facts', collectLogs: 'system' };
};

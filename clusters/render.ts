import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OrdealError } from '../harness/base/errors.ts';
import type { KubeObject } from '../harness/kube/types.ts';
import { mapContainers, parseManifest } from './manifest.ts';

/** Where upstream's own objects come from: a file or a Helm chart inside a published, checksummed Go module. */
export type ManifestSource =
  | { readonly from: 'file'; readonly component: string; readonly module: string; readonly path: string }
  | {
      readonly from: 'chart';
      readonly component: string;
      readonly module: string;
      readonly path: string;
      readonly release: string;
      readonly namespace: string;
    };

/** Chart values, one entry per top-level key. */
export type ChartValues = Readonly<Record<string, unknown>>;

/** What about the objects depends on this very cluster. */
export interface RenderContext {
  /** One IPv4 range, one IPv6 range, or both. */
  readonly podCidrs: readonly string[];
  /** `v1.36.3`; charts choose API versions by it. */
  readonly kubernetes: string;
  /** Images are loaded into the nodes beforehand: `Never` turns a forgotten one into a clear event instead of a pull. */
  readonly pullPolicy: 'Never' | 'IfNotPresent';
  /** MTU of the nodes' own interface, where it is known; pods then get it less the VXLAN headers from the start. */
  readonly nodeMtu?: number;
  /** Put on every object's own metadata, not on pod templates. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Maps a declared image reference to the one loaded, where these differ (private mirror, content tag). */
  readonly imageRef?: (reference: string) => string;
  /** Ranges of Services; agents that admit them must know them. */
  readonly serviceCidrs?: readonly string[];
}

/** The two things rendering needs from outside; tests give fakes. */
export interface RenderTools {
  /** Returns the folder of a module's published tree, at the version the component's go.mod requires. */
  readonly moduleDir: (component: string, module: string) => Promise<string>;
  /** Runs Helm with these arguments and returns its stdout. */
  readonly helm: (args: readonly string[]) => Promise<string>;
}

/** Returns the objects of one source, as upstream publishes them. @throws OrdealError ENVIRONMENT when the module cannot be had. */
export async function readSource(
  source: ManifestSource,
  values: ChartValues,
  context: RenderContext,
  tools: RenderTools,
): Promise<KubeObject[]> {
  const folder = await moduleFolder(source, tools);
  const path = join(folder, source.path);
  if (source.from === 'file') return parseManifest(await readFile(path, 'utf8'), `${source.module}/${source.path}`);
  const text = await tools.helm([
    ...['template', source.release, path, '--namespace', source.namespace],
    ...['--kube-version', context.kubernetes, '--include-crds'],
    ...Object.entries(values).flatMap(([key, value]) => ['--set-json', `${key}=${JSON.stringify(value)}`]),
  ]);
  return parseManifest(text, `chart ${source.module}/${source.path}`);
}

async function moduleFolder(source: ManifestSource, tools: RenderTools): Promise<string> {
  try {
    return await tools.moduleDir(source.component, source.module);
  } catch (cause) {
    throw new OrdealError(
      'ENVIRONMENT',
      `reading ${source.path} of the published Go module ${source.module} failed: the manifest of ${source.component} comes from there in every image mode`,
      { remedy: 'install Go 1.24 or later (`ordeal doctor --fix` does) and check that GOPROXY answers', cause },
    );
  }
}

/** Returns the objects with image references, pull policy and labels of this cluster. */
export function adapt(objects: readonly KubeObject[], context: RenderContext): KubeObject[] {
  const { imageRef = (reference: string) => reference, pullPolicy, labels = {} } = context;
  return objects.map((object) => {
    const own = { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };
    return mapContainers(own, (container) => ({
      ...container,
      image: imageRef(container.image),
      imagePullPolicy: pullPolicy,
    }));
  });
}

/** Returns the first range of the family, or undefined. */
export const cidrOf = (cidrs: readonly string[], family: 4 | 6): string | undefined =>
  cidrs.find((cidr) => cidr.includes(':') === (family === 6));

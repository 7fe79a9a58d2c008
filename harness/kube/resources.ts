import { z } from 'zod';
import { KubeError } from './errors.ts';
import type { Transport } from './transport.ts';

/** Where objects of one kind live. */
export interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

const ResourceList = z.looseObject({
  resources: z.array(z.looseObject({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** Maps kinds to paths by asking the API server, once per group and version; asks again for a kind it does not know. */
export class Resources {
  private readonly known = new Map<string, Promise<ReadonlyMap<string, Resource>>>();
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /** Returns where `kind` lives, or undefined when this cluster does not serve it. @throws KubeError */
  async find(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const found = (await this.group(apiVersion)).get(kind);
    if (found !== undefined) return found;
    this.known.delete(apiVersion);
    return (await this.group(apiVersion)).get(kind);
  }

  /**
   * Returns the path of a collection, or of one object when `name` is given. A missing namespace of a namespaced kind
   * means all namespaces for a collection and `default` for an object, as kubectl has it. @throws KubeError
   */
  async path(object: { apiVersion: string; kind: string; namespace?: string; name?: string }): Promise<string> {
    const { apiVersion, kind, namespace, name } = object;
    const resource = await this.find(apiVersion, kind);
    if (resource === undefined) throw unknownKind(apiVersion, kind);
    const inside = namespace ?? (name === undefined ? undefined : 'default');
    const scope = resource.namespaced && inside !== undefined ? `/namespaces/${encodeURIComponent(inside)}` : '';
    const one = name === undefined || name === '' ? '' : `/${encodeURIComponent(name)}`;
    return `${groupPath(apiVersion)}${scope}/${resource.plural}${one}`;
  }

  private group(apiVersion: string): Promise<ReadonlyMap<string, Resource>> {
    const known = this.known.get(apiVersion);
    if (known !== undefined) return known;
    const asked = this.ask(apiVersion);
    this.known.set(apiVersion, asked);
    asked.catch(() => this.known.delete(apiVersion));
    return asked;
  }

  private async ask(apiVersion: string): Promise<ReadonlyMap<string, Resource>> {
    const request = { method: 'GET', path: groupPath(apiVersion), verb: 'discover', what: apiVersion } as const;
    const body = await this.transport.json(request).catch((error: unknown) => {
      if (error instanceof KubeError && error.status === 404) return { resources: [] };
      throw error;
    });
    const { resources } = ResourceList.parse(body);
    const own = resources.filter((resource) => !resource.name.includes('/'));
    return new Map(own.map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced }]));
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function unknownKind(apiVersion: string, kind: string): KubeError {
  return new KubeError(
    `this cluster serves no ${kind} in ${apiVersion}`,
    { status: 404, reason: 'UnknownKind' },
    { remedy: 'Install the custom resource definition, or check apiVersion and kind.' },
  );
}

import { z } from 'zod';
import { OrdealError } from '../../base/errors.ts';
import type { FaultTarget } from '../driver.ts';

const Pod = z.looseObject({
  metadata: z.looseObject({ uid: z.string() }),
  spec: z.looseObject({ nodeName: z.string().default('') }),
  status: z.looseObject({
    containerStatuses: z
      .array(
        z.looseObject({
          name: z.string(),
          containerID: z.string().default(''),
          restartCount: z.int(),
          state: z.looseObject({ running: z.unknown().optional() }).default({}),
        }),
      )
      .default([]),
  }),
});

/** A running container. */
export interface FoundContainer {
  readonly node: string;
  readonly name: string;
  /** As the container runtime names it. */
  readonly id: string;
  readonly restarts: number;
  readonly runs: boolean;
}

/** Returns a pod's container, the first where none is named. @throws OrdealError USAGE where there is none. */
export async function findContainer(
  { kube }: Pick<FaultTarget, 'kube'>,
  driver: string,
  { namespace, name, container }: { namespace: string; name: string; container?: string | undefined },
): Promise<FoundContainer> {
  const pod = Pod.parse(
    (await kube.get({ apiVersion: 'v1', kind: 'Pod', namespace, name })) ?? {
      metadata: { uid: '' },
      spec: {},
      status: {},
    },
  );
  const { containerStatuses: all } = pod.status;
  const found = container === undefined ? all[0] : all.find((one) => one.name === container);
  const id = found?.containerID.replace(/^\w+:\/\//, '') ?? '';
  if (found === undefined || !/^[0-9a-f]+$/.test(id)) {
    const names = all.map((one) => one.name).join(', ') || 'none';
    throw new OrdealError(
      'USAGE',
      `the fault ${driver}: pod ${namespace}/${name} has no such container; it has ${names}`,
    );
  }
  const { restartCount: restarts, state } = found;
  return { node: pod.spec.nodeName, name: found.name, id, restarts, runs: state.running !== undefined };
}

/** A shell expression that is the process id of a container on its node. */
export const pidOf = ({ id }: Pick<FoundContainer, 'id'>) =>
  `$(crictl inspect --output go-template --template '{{.info.pid}}' ${id})`;

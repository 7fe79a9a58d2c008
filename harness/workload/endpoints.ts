import { z } from 'zod';
import type { CaseContext } from '../case/types.ts';
import type { Served } from './serve.ts';

const Conditions = z.looseObject({
  ready: z.boolean().optional(),
  serving: z.boolean().optional(),
  terminating: z.boolean().optional(),
});
const Slice = z.looseObject({
  endpoints: z
    .array(z.looseObject({ addresses: z.array(z.string()), conditions: Conditions.default({}) }))
    .nullish()
    .transform((endpoints) => endpoints ?? []),
});

type Endpoint = z.infer<typeof Slice>['endpoints'][number];

async function endpointsOf(ctx: CaseContext, service: Served): Promise<Endpoint[]> {
  const slices = await ctx.kube.list({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace: service.namespace,
    labelSelector: `kubernetes.io/service-name=${service.name}`,
  });
  return slices.flatMap((slice) => Slice.parse(slice).endpoints);
}

/** Returns the conditions of every endpoint the API server holds for a Service. */
export async function endpointConditions(ctx: CaseContext, service: Served): Promise<Endpoint['conditions'][]> {
  return (await endpointsOf(ctx, service)).map((endpoint) => endpoint.conditions);
}

/** Returns the addresses of the ready endpoints the API server holds for a Service. */
export async function endpointAddresses(ctx: CaseContext, service: Served): Promise<string[]> {
  const endpoints = await endpointsOf(ctx, service);
  return endpoints.filter((one) => one.conditions.ready !== false).flatMap((one) => one.addresses);
}

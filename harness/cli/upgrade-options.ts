import { z } from 'zod';
import { OrdealError } from '../base/errors.ts';
import { parseDuration } from '../chaos/duration.ts';
import { usageError } from './usage-error.ts';

const UpgradeOptions = z.strictObject({
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  name: z.string().optional(),
  agentImage: z.string().optional(),
  yes: z.boolean().default(false),
  check: z.boolean().default(false),
  target: z
    .string()
    .regex(/^v?1\.\d+(\.\d+)?$/, 'a Kubernetes version such as 1.37 is expected')
    .optional(),
  untilEnter: z.boolean().default(false),
  /** Of `ordeal watch`: until Ctrl-C. */
  untilStopped: z.boolean().default(false),
  for: z.string().optional(),
  before: z.string(),
  suite: z.array(z.string()).default([]),
  conformance: z.boolean().default(true),
  path: z.array(z.string()).default([]),
  nodes: z.coerce.number().int().min(1).max(200),
  budget: z.string().optional(),
  out: z.string().optional(),
  timeouts: z.string().optional(),
});
export type UpgradeFlags = z.input<typeof UpgradeOptions>;

/** What happens to the cluster while it is sampled. */
export type Happening =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  | { readonly kind: 'enter' }
  | { readonly kind: 'until stopped' }
  | { readonly kind: 'time'; readonly ms: number };

export type UpgradeOptions = z.infer<typeof UpgradeOptions> & {
  readonly happening: Happening;
  readonly beforeMs: number;
};

/** Returns validated flags. @throws OrdealError USAGE naming the flag, before anything is made. */
export function parseUpgradeOptions(argv: readonly string[], flags: unknown): UpgradeOptions {
  const parsed = UpgradeOptions.safeParse(flags);
  if (!parsed.success) throw usageError(parsed.error, 'upgrade');
  const { data } = parsed;
  refuseIdle(data);
  return { ...data, happening: happeningOf(argv, data), beforeMs: parseDuration(data.before, '--before') };
}

type Given = z.infer<typeof UpgradeOptions>;

/** What somebody asked for must not quietly not happen. */
function refuseIdle({ kubeconfig, name, context, agentImage }: Given): void {
  if ((kubeconfig === undefined) === (name === undefined))
    throw new OrdealError('USAGE', 'which cluster? Give one of --kubeconfig FILE and --name CLUSTER');
  if (kubeconfig === undefined && (context !== undefined || agentImage !== undefined))
    throw new OrdealError('USAGE', '--context and --agent-image do not apply: they need --kubeconfig');
}

function happeningOf(argv: readonly string[], flags: Given): Happening {
  const given: Happening[] = [
    ...(argv.length > 0 ? [{ kind: 'command', argv } as const] : []),
    ...(flags.check ? [{ kind: 'nothing' } as const] : []),
    ...(flags.untilEnter ? [{ kind: 'enter' } as const] : []),
    ...(flags.untilStopped ? [{ kind: 'until stopped' } as const] : []),
    ...(flags.for === undefined ? [] : [{ kind: 'time', ms: parseDuration(flags.for, '--for') } as const]),
  ];
  const [one, second] = given;
  if (one !== undefined && second === undefined) return one;
  const ways = 'a command after `--`, --until-enter, --for, --check';
  throw new OrdealError('USAGE', `what upgrades the cluster? Give one of: ${ways}`, {
    remedy: 'For example: ordeal upgrade --kubeconfig F -- helm upgrade cilium cilium/cilium --version 1.19.3',
  });
}

import type { Duplex } from 'node:stream';
import type { Kube } from '../kube/types.ts';

/** Where every agent's control server listens unless its pod shares the node's network. */
export const defaultControlPort = 9474;
/** Where the agent's file is mounted in every probe pod. */
export const agentPath = '/ordeal/agent.cjs';

/** The ways in to one agent. */
export interface AgentTransport {
  /** A byte stream to the agent's control server. */
  open(): Promise<Duplex>;
  /** Sends one frame and returns the one-line reply without a kept connection; for when `open` is refused. */
  ask?(frame: string, timeoutMs: number): Promise<string>;
}

/** Returns the transport to the agent of a pod: port-forward to its loopback, which no NetworkPolicy touches; else exec inside it. */
export function podTransport(
  kube: Kube,
  pod: { namespace: string; name: string; container?: string },
  port: number,
): AgentTransport {
  return {
    open: () => kube.portForward(pod, port),
    ask: async (frame, timeoutMs) => {
      const argv = ['node', agentPath, 'ask', String(port)];
      const { code, stdout, stderr } = await kube.exec(pod, argv, { stdin: frame, timeoutMs });
      if (code !== 0) throw new Error(`exec in the pod ended with ${code}: ${stderr.trim()}`);
      return stdout.trim();
    },
  };
}

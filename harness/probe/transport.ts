import type { Duplex } from 'node:stream';
import type { ExecResult, Kube } from '../kube/types.ts';

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
    ask: askByExec('the pod', port, (argv, options) => kube.exec(pod, argv, options)),
  };
}

type Exec = (argv: readonly string[], options: { stdin: string; timeoutMs: number }) => Promise<ExecResult>;

/** Returns what asks an agent by a command inside its container; `where` names that in errors. */
export function askByExec(where: string, port: number, exec: Exec): NonNullable<AgentTransport['ask']> {
  return async (stdin, timeoutMs) => {
    const { code, stdout, stderr } = await exec(['node', agentPath, 'ask', String(port)], { stdin, timeoutMs });
    if (code !== 0) throw new Error(`exec in ${where} ended with ${code}: ${stderr.trim()}`);
    return stdout.trim();
  };
}

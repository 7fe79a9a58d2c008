import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describeError, OrdealError } from '../base/errors.ts';

/** The agent as one file: `code` of a CommonJS module, `hash` of its content (12 hex digits). */
export interface AgentBundle {
  readonly code: string;
  readonly hash: string;
}

let bundled: Promise<AgentBundle> | undefined;

async function bundle(): Promise<AgentBundle> {
  const entry = fileURLToPath(new URL('agent/main.ts', import.meta.url));
  try {
    const options = {
      bundle: true,
      minify: true,
      write: false,
      platform: 'node',
      target: 'node20',
      // An ES module that imports node:http has all its exports read, among them the one that loads a whole fetch: half
      // of the CPU a probe pod takes to start.
      format: 'cjs',
    } as const;
    const { outputFiles } = await build({ ...options, entryPoints: [entry], logLevel: 'silent' });
    const code = outputFiles[0]?.text ?? '';
    return { code, hash: createHash('sha256').update(code).digest('hex').slice(0, 12) };
  } catch (error) {
    throw new OrdealError('AGENT', `bundling the probe agent failed: ${describeError(error)}`, { cause: error });
  }
}

/** Returns the agent bundled for Node.js >= 20, made once per process. @throws OrdealError AGENT. */
export function bundleAgent(): Promise<AgentBundle> {
  bundled ??= bundle();
  return bundled;
}

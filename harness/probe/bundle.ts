import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describeError, OrdealError } from '../base/errors.ts';

/** The agent as one file: `code` of a CommonJS module. */
export interface AgentBundle {
  readonly code: string;
}

let bundled: Promise<AgentBundle> | undefined;

/** The npm package brings the agent bundled (`npm run build`); a checkout bundles what is edited. */
const brought = fileURLToPath(new URL('agent.cjs', import.meta.url));

async function bundle(): Promise<AgentBundle> {
  return { code: existsSync(brought) ? await readFile(brought, 'utf8') : await fromSources() };
}

async function fromSources(): Promise<string> {
  const entry = fileURLToPath(new URL('agent/main.ts', import.meta.url));
  try {
    const { build } = await import('esbuild');
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
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    throw new OrdealError('AGENT', `bundling the probe agent failed: ${describeError(error)}`, { cause: error });
  }
}

/** Returns the agent bundled for Node.js >= 20, made once per process. @throws OrdealError AGENT. */
export function bundleAgent(): Promise<AgentBundle> {
  bundled ??= bundle();
  return bundled;
}

import { ok, type HostCheck } from './host-check.ts';
import type { Host } from './host.ts';

/** The go line of the components' go.mod; an older Go fetches it through its own GOPROXY. */
const wantedGo = [1, 26] as const;
/** First release that can switch toolchains. */
export const switchingGo = [1, 21] as const;

interface Tool {
  readonly command: string;
  readonly use: string;
  readonly neededBy: HostCheck['neededBy'];
  readonly packages: readonly string[];
}

const tools: readonly Tool[] = [
  { command: 'flock', use: 'locks of the image cache', neededBy: 'run', packages: ['util-linux'] },
  { command: 'tar', use: 'image layers', neededBy: 'run', packages: ['tar'] },
  { command: 'unshare', use: 'build roots', neededBy: 'source', packages: ['util-linux'] },
  { command: 'debootstrap', use: 'Debian root of images', neededBy: 'source', packages: ['debootstrap'] },
  { command: 'gcc', use: 'components with cgo', neededBy: 'source', packages: ['gcc', 'libc6-dev'] },
  { command: 'pip3', use: 'Envoy of the mesh sidecar', neededBy: 'wheels', packages: ['python3-pip'] },
];

/** Returns the checks on programs the builder calls. */
export async function checkTools(host: Host): Promise<readonly HostCheck[]> {
  return Promise.all([...tools.map((tool) => checkTool(host, tool)), checkGo(host)]);
}

async function checkTool(host: Host, tool: Tool): Promise<HostCheck> {
  const { command, use, neededBy, packages } = tool;
  const answer = await host.run(['sh', '-c', `command -v ${command}`]);
  const title = `${command} (${use})`;
  if (answer.code === 0) return ok(command, title, answer.out.trim(), neededBy);
  const remedy = `install ${packages.join(' ')}, or run \`ordeal doctor --fix\``;
  return { id: command, title, state: 'missing', found: 'not on PATH', neededBy, remedy, packages };
}

async function checkGo(host: Host): Promise<HostCheck> {
  const answer = await host.run(['go', 'version']);
  const version = /go(\d+)\.(\d+)/.exec(answer.out);
  const title = 'Go (reads published modules: kind, manifests, and images in source mode)';
  const base = { id: 'go', title, neededBy: 'run', packages: ['golang-go'] } as const;
  const remedy = 'install Go 1.26 or newer, or run `ordeal doctor --fix`';
  if (answer.code !== 0 || version === null) return { ...base, state: 'missing', found: 'not on PATH', remedy };
  const have = [Number(version[1]), Number(version[2])] as const;
  if (atLeast(have, wantedGo)) return ok('go', title, answer.out.trim());
  if (atLeast(have, switchingGo)) {
    return ok('go', title, `${answer.out.trim()}; fetches ${wantedGo.join('.')} itself (GOTOOLCHAIN=auto)`);
  }
  return { ...base, state: 'missing', found: `${answer.out.trim()} is too old`, remedy };
}

/** Whether a major.minor is that of `want` or later. */
export const atLeast = (have: readonly [number, number], want: readonly [number, number]): boolean =>
  have[0] > want[0] || (have[0] === want[0] && have[1] >= want[1]);

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../kube/connect.ts';
import { dumpCluster, dumpDifference } from './cluster-dump.ts';
import { begin, type KillSignal, ordeal, scratch } from './ordeal-process.ts';

/** Short, and it reaches what is somebody's: the Corefile and pods of CoreDNS. */
const include = ['dns-cluster-name', 'dns-forwarded', 'faults-coredns-kill', 'networkpolicy-api-crud'];
/** A dead run is known as dead within two seconds. */
const timeouts = { heartbeatMs: 500, namespaceGoneMs: 60_000 };
const longestRunMs = 5 * 60_000;

/** Where a run is killed: once its log has that share of the lines of a whole one. */
export interface Kill {
  readonly signal: KillSignal;
  readonly share: number;
}

/** The cluster runs are killed on. */
export class KillBed {
  private readonly args: readonly string[];
  private readonly kubeconfig: string;
  private lines = 0;

  constructor(kubeconfig: string, agentImage: string, timeoutsFile: string) {
    this.kubeconfig = kubeconfig;
    const chosen = include.flatMap((id) => ['--include', id]);
    const allowed = ['--allow-disruption', 'all', '--yes', '--quiet', '--agent-image', agentImage];
    this.args = ['--kubeconfig', kubeconfig, ...allowed, '--timeouts', timeoutsFile, ...chosen];
  }

  static async at(kubeconfig: string, agentImage: string): Promise<KillBed> {
    const file = join(await scratch('kills'), 'timeouts.json');
    await writeFile(file, JSON.stringify(timeouts));
    return new KillBed(kubeconfig, agentImage, file);
  }

  /** Runs to the end once, for the length of its log. Returns the exit code. */
  async whole(): Promise<number> {
    const out = await scratch('whole');
    const { exitCode } = await ordeal('run', ...this.args, '--out', out);
    this.lines = (await linesOf(out)).length;
    return exitCode;
  }

  /** Kills one run, cleans, and returns what is otherwise on the cluster than before, in words; none where all is as it was. */
  async kill({ signal, share }: Kill): Promise<string[]> {
    const before = await this.dump();
    const out = await scratch('killed');
    const running = begin('run', ...this.args, '--out', out);
    const deadline = Date.now() + longestRunMs;
    for (let is = 0; is < share * this.lines && Date.now() < deadline; is = (await linesOf(out)).length)
      await pause(10);
    running.signal(signal);
    await running.ended;
    const cleaned = await ordeal('clean', '--kubeconfig', this.kubeconfig);
    const left = dumpDifference(before, await this.dump());
    return cleaned.exitCode === 0 ? left : [`clean ended with ${cleaned.exitCode}: ${cleaned.stderr}`, ...left];
  }

  private async dump(): Promise<Map<string, string>> {
    const kube = await connect(this.kubeconfig);
    try {
      return await dumpCluster(kube);
    } finally {
      await kube.close();
    }
  }
}

async function linesOf(out: string): Promise<string[]> {
  const text = await readFile(join(out, 'run.ndjson'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

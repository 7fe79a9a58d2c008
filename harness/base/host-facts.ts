import { cpus, release, totalmem, type } from 'node:os';

/** Returns what a reader of a report must know of the machine that measured: system, kernel, cores, memory, Node. */
export function hostFacts(): Record<string, string> {
  return {
    system: type(),
    kernel: release(),
    cores: String(cpus().length),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
  };
}

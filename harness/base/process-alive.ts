import { readFileSync } from 'node:fs';

/** Whether a process of this id runs, another user's too. An id is used again: what must not be fooled asks its start. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Returns what names this process for good: its id, which is used again, and its start. */
export function processMark(): string {
  return `${process.pid}.${startTime(process.pid) ?? 0}`;
}

/** Whether the process of a mark, made on this machine, still runs. */
export function isMarkAlive(mark: string): boolean {
  const [pid, started] = mark.split('.').map(Number);
  return pid !== undefined && started !== undefined && startTime(pid) === started;
}

/** Returns field 22 of /proc/<pid>/stat (clock ticks since boot), or undefined when there is no such process. */
function startTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return undefined;
  }
}

/** Whether a process of this id runs, another user's too. An id is used again: what must not be fooled asks its start. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

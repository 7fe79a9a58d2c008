import { randomBytes } from 'node:crypto';

/** Returns `20261121-140509-calico-3f9a2c`: sorts by time, says what ran, ends in what names its cluster objects. */
export function newRunId(subject: string, now = new Date()): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${subject}-${randomBytes(3).toString('hex')}`;
}

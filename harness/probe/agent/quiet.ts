import { nowUs } from './clock.ts';

const tickMs = 10;
const leastSilenceMs = 15;
/** On a slow machine answers come far apart: silence counts from this part of the time the row has taken. */
const part = 0.25;

/**
 * Tells once when the answers to a row have ceased and what is left is silence: the machine, which agents may share, is
 * free for the next row.
 */
export class Quiet {
  private readonly beganUs = nowUs();
  private heardUs = this.beganUs;
  private readonly timer: NodeJS.Timeout;
  private readonly tell: () => void;

  constructor(tell: () => void) {
    this.tell = tell;
    // After the sockets were read: a starved process has answers waiting that it has not seen.
    this.timer = setInterval(() => setImmediate(() => this.listen()), tickMs);
  }

  heard(): void {
    this.heardUs = nowUs();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private listen(): void {
    const now = nowUs();
    if (now - this.heardUs < Math.max(leastSilenceMs * 1000, (now - this.beganUs) * part)) return;
    this.stop();
    this.tell();
  }
}

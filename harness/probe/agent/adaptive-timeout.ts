import { nowUs } from './clock.ts';

/** An answer may take this many times the slowest one of its row before it counts as missing. */
const factor = 4;
/**
 * The same in a table, which is believed only when two looks agree. Of 13,957 answers of a busy machine 64 would have
 * missed what their row's others allow, and 56 with twice the wait, which doubles the wait of every look.
 */
export const tableFactor = 2;
const mostExtraMs = 2_000;
const tickMs = 20;

/*
 * On a machine with more work than cores an answer comes late, and a short timeout alone would call that a drop: a
 * deny case could pass while nothing is denied. So the row's own answers, and how late this very process is scheduled,
 * say how long silence must last before it means something. On an idle machine that is the timeout itself.
 */
export class AdaptiveTimeout {
  private slowestMs = 0;

  /** Takes note of an answer, or of this process, being that late. */
  note(ms: number): void {
    this.slowestMs = Math.max(this.slowestMs, ms);
  }

  /**
   * Returns how long a probe with this timeout waits in all, in milliseconds; `moved`: packets did pass already; `times`:
   * what the slowest answer is taken times.
   */
  waitMs(timeoutMs: number, moved: boolean, times = factor): number {
    const most = timeoutMs + mostExtraMs;
    return moved ? most : Math.min(Math.max(timeoutMs, times * this.slowestMs), most);
  }

  /** Notes how late this process runs its timers until the returned function is called. */
  watch(): () => void {
    let due = nowUs() + tickMs * 1000;
    const timer = setInterval(() => {
      this.note((nowUs() - due) / 1000);
      due = nowUs() + tickMs * 1000;
    }, tickMs);
    return () => clearInterval(timer);
  }
}

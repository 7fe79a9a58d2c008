/** Where narration goes: stderr, or anything that takes text. `columns` and `isTTY` as on node's tty streams. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const fallbackColumns = 80;
const eraseLine = '\r\u001b[2K';

/** Plain lines above, and on a terminal one live line below that is redrawn in place. */
export class LiveLine {
  readonly live: boolean;
  private readonly sink: Sink;
  private shown = '';

  constructor(sink: Sink) {
    this.sink = sink;
    this.live = sink.isTTY === true;
  }

  /** Prints a whole line; the live line moves down. */
  print(line: string): void {
    this.sink.write(`${this.eraser()}${line}\n`);
    if (this.shown !== '') this.sink.write(this.shown);
  }

  /** Redraws the live line, cut to the width of the terminal; does nothing where there is none. */
  show(text: string): void {
    if (!this.live) return;
    const width = (this.sink.columns ?? fallbackColumns) - 1;
    const next = text.length > width ? `${text.slice(0, width - 1)}…` : text;
    if (next !== this.shown) this.sink.write(`${eraseLine}${next}`);
    this.shown = next;
  }

  clear(): void {
    if (this.shown !== '') this.sink.write(eraseLine);
    this.shown = '';
  }

  private eraser(): string {
    return this.shown === '' ? '' : eraseLine;
  }
}

/** Returns text that stays on its line and cannot steer a terminal: details come from compilers and pods. */
export function plainText(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}

/** Returns time passed as a clock: `0:07`, `12:40`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

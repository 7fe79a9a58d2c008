/** `missing` stops a run; `warn` narrows what it can do. */
export type HostCheckState = 'ok' | 'warn' | 'missing';

/** One fact about this machine. `neededBy`: everything, only building images, only the named extra. */
export interface HostCheck {
  readonly id: string;
  readonly title: string;
  readonly state: HostCheckState;
  /** What was seen, in words. */
  readonly found: string;
  readonly neededBy: 'run' | 'source' | 'wheels' | 'nothing';
  /** What to do; absent when `ok`. */
  readonly remedy?: string;
  /** Debian packages that cure it, where a package does. */
  readonly packages?: readonly string[];
}

export const ok = (id: string, title: string, found: string, neededBy: HostCheck['neededBy'] = 'run'): HostCheck => ({
  id,
  title,
  state: 'ok',
  found,
  neededBy,
});

/** One sample of a metric family. */
export interface Sampled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Returns the lines of one metric family of OpenMetrics 1.0 text. A counter's samples carry the suffix `_total`. */
export function family(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sampled[]): string[] {
  const suffix = type === 'counter' ? '_total' : '';
  const lines = samples.map(({ labels, value }) => `${name}${suffix}${labelText(labels)} ${value}`);
  return [`# TYPE ${name} ${type}`, `# HELP ${name} ${help}`, ...lines];
}

function labelText(labels: Sampled['labels']): string {
  const said = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${said.join(',')}}`;
}

const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);

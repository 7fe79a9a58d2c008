/** One place a rule comes from: words for a reader, and where to read on. */
export interface SourceLink {
  readonly text: string;
  readonly url: string;
}

/** The branch whose e2e tests cases are named after. */
const kubernetesSource = 'https://github.com/kubernetes/kubernetes/blob/master';
const dnsSpecification = 'https://github.com/kubernetes/dns/blob/master/docs/specification.md';

/** How a part of a source is written, and what it leads to. */
const forms: readonly { readonly pattern: RegExp; readonly url: (match: RegExpExecArray) => string }[] = [
  { pattern: /^(?<url>https:\/\/\S+)( \(.+\))?$/, url: (match) => match.groups?.['url'] ?? '' },
  { pattern: /^RFC (?<rfc>\d+)( section (?<section>[\d.]+))?( \(.+\))?$/, url: rfcUrl },
  { pattern: /^KEP-(?<kep>\d+)$/, url: (match) => `https://kep.k8s.io/${match.groups?.['kep'] ?? ''}` },
  { pattern: /^DNS specification \d[\d.]*(, \d[\d.]*)*$/, url: () => dnsSpecification },
  { pattern: /^e2e: .+$/, url: e2eUrl },
];

/**
 * Returns where a case's rule comes from, in the order it is written: parts between `; `, each a URL, `RFC n section s`,
 * `KEP-n`, `DNS specification s` or `e2e: title`, a URL or RFC with a remark in brackets behind it. A part of another
 * form is left out: `unreadableSources` names it.
 */
export function sourceLinks(source: string): SourceLink[] {
  return source.split('; ').flatMap((text) => linkOf(text) ?? []);
}

/** Returns the parts of a source that no reader can follow; a case with any is refused when it is loaded. */
export function unreadableSources(source: string): string[] {
  return source.split('; ').filter((text) => linkOf(text) === undefined);
}

function linkOf(text: string): SourceLink | undefined {
  for (const { pattern, url } of forms) {
    const match = pattern.exec(text);
    if (match !== null) return { text, url: url(match) };
  }
  return undefined;
}

function rfcUrl({ groups }: RegExpExecArray): string {
  const page = `https://www.rfc-editor.org/rfc/rfc${groups?.['rfc'] ?? ''}`;
  const section = groups?.['section'];
  return section === undefined ? page : `${page}#section-${section}`;
}

/** Files of the e2e tests by the beginning of their titles; the first that fits. */
const e2eFiles: readonly (readonly [string, string])[] = [
  ['Services', 'service.go'],
  ['LoadBalancers ESIPP', 'loadbalancer.go'],
  ['DNS configMap', 'dns_configmap.go'],
  ['DNS', 'dns.go'],
  ['EndpointSlice', 'endpointslice.go'],
  ['Networking Granular Checks: Pods', '../common/network/networking.go'],
  ['Networking', 'networking.go'],
  ['NoSNAT', 'no_snat.go'],
  ['HostPort', 'hostport.go'],
  ['Conntrack', 'conntrack.go'],
  ['Traffic Distribution', 'traffic_distribution.go'],
  ['IPv4/IPv6 dual-stack', 'dual_stack.go'],
  ['Proxy', 'proxy.go'],
];

function e2eUrl({ 0: text }: RegExpExecArray): string {
  const title = text.slice('e2e: '.length);
  const file = e2eFiles.find(([beginning]) => title.startsWith(beginning))?.[1] ?? '';
  return new URL(`test/e2e/network/${file}`, `${kubernetesSource}/`).href;
}

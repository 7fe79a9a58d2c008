import { X509Certificate } from 'node:crypto';
import type { Finding } from './finding.ts';
import { type Inventory, nameOf } from './objects.ts';

const dayMs = 86_400_000;
const soonDays = 30;

/** Certificates that end soon: the API server's own, and those that webhooks are trusted by. */
export function certificateFindings({ servingCertificateEnds, webhooks }: Inventory, now: Date): Finding[] {
  const serving =
    servingCertificateEnds === undefined
      ? []
      : endsSoon(
          'API server',
          servingCertificateEnds,
          now,
          'kubeadm certs renew all, or what your distribution has for it',
        );
  const trusted = webhooks.flatMap((configuration) =>
    configuration.webhooks.flatMap(({ name, clientConfig: { caBundle } }) => {
      const ends = caBundle === undefined ? undefined : endOf(caBundle);
      if (ends === undefined) return [];
      return endsSoon(`${configuration.kind} ${nameOf(configuration)}: ${name}`, ends, now, 'renew its caBundle');
    }),
  );
  return [...serving, ...trusted];
}

function endsSoon(object: string, ends: Date, now: Date, remedy: string): Finding[] {
  const days = Math.floor((ends.getTime() - now.getTime()) / dayMs);
  if (days > soonDays) return [];
  const what = days < 0 ? `its certificate ended ${-days} days ago` : `its certificate ends in ${days} days`;
  return [{ check: 'certificate', severity: days < 7 ? 'critical' : 'warning', object, what, remedy }];
}

/** The first certificate of a bundle in base64; undefined for what is none. */
function endOf(caBundle: string): Date | undefined {
  try {
    return new Date(new X509Certificate(Buffer.from(caBundle, 'base64')).validTo);
  } catch {
    return undefined;
  }
}

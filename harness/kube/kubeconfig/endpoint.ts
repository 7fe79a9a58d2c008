import type { Placed } from './choose.ts';
import { readMaterial, requireCertificates } from './pem.ts';
import type { ClusterEntry } from './schema.ts';
import { unusable } from './unusable.ts';

/** Where an API server answers, and by what it is known to be the right one. */
export interface Endpoint {
  readonly server: URL;
  /** PEM. Absent: the certificates this machine trusts. */
  readonly ca: string | undefined;
  /** The name its certificate must carry, where that is not its address. */
  readonly servername: string | undefined;
  /** Any certificate will do. */
  readonly insecure: boolean;
  /** http, https or socks5; may hold a password. */
  readonly proxy: URL | undefined;
}

/** Returns the endpoint of a cluster entry; files it names are read. @throws OrdealError USAGE naming the field. */
export async function endpointOf({ at, entry }: Placed<ClusterEntry>, folder: string): Promise<Endpoint> {
  const { 'certificate-authority': file, 'certificate-authority-data': data } = entry;
  const insecure = entry['insecure-skip-tls-verify'] === true;
  const ca = await readMaterial({ at, name: 'certificate-authority', file, data, folder });
  if (ca !== undefined && insecure) {
    throw unusable(`${at}.insecure-skip-tls-verify`, 'true contradicts the certificate-authority beside it');
  }
  if (ca !== undefined) requireCertificates(`${at}.certificate-authority`, ca);
  const secured = ca !== undefined || insecure;
  return {
    server: serverOf(`${at}.server`, entry.server ?? '', secured),
    ca,
    servername: entry['tls-server-name'] === '' ? undefined : entry['tls-server-name'],
    insecure,
    proxy: proxyOf(`${at}.proxy-url`, entry['proxy-url'] ?? ''),
  };
}

/** Without a scheme it is https where TLS is spoken of, else http (client-go's DefaultServerURL). */
function serverOf(field: string, server: string, secured: boolean): URL {
  if (server === '') throw unusable(field, 'it is missing', 'Give the address of the API server, https://HOST:PORT.');
  const whole = server.includes('://') ? server : `${secured ? 'https' : 'http'}://${server}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw unusable(field, 'it is no http or https URL', 'Give the address of the API server, https://HOST:PORT.');
  }
  if (url.username === '' && url.password === '') return url;
  throw unusable(field, 'it holds a user name or password', 'Put them into users[].user.username and .password.');
}

function proxyOf(field: string, proxy: string): URL | undefined {
  if (proxy === '') return undefined;
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (url !== undefined && ['http:', 'https:', 'socks5:'].includes(url.protocol)) return url;
  throw unusable(field, 'it is no http, https or socks5 URL', 'Give http://HOST:PORT, or take the field away.');
}

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One archive the machine takes packages from. `signedBy` is a keyring path where the entry names one. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | undefined;
}

/** Returns the enabled `deb` archives of an apt folder (`/etc/apt`), deb822 and one-line style alike. */
export async function readAptSources(folder = '/etc/apt'): Promise<readonly AptSource[]> {
  const parts = await readdir(join(folder, 'sources.list.d')).catch(() => []);
  const files = [join(folder, 'sources.list'), ...parts.toSorted().map((name) => join(folder, 'sources.list.d', name))];
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(file, 'utf8').catch(() => '') })),
  );
  return texts.flatMap(({ file, text }) => {
    if (file.endsWith('.sources')) return parseDeb822(text);
    return file.endsWith('.list') ? parseOneLine(text) : [];
  });
}

/** Returns the archives of a deb822 `.sources` text. */
export function parseDeb822(text: string): readonly AptSource[] {
  return text
    .replaceAll(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .map(
      (block) =>
        new Map(
          [...block.matchAll(/^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t]+.*)*)/gm)].map(([, k, v]) => [
            k?.toLowerCase(),
            v ?? '',
          ]),
        ),
    )
    .filter((fields) => words(fields.get('types')).includes('deb') && fields.get('enabled') !== 'no')
    .flatMap((fields) =>
      words(fields.get('uris')).map((uri) => ({
        uri,
        suites: words(fields.get('suites')),
        components: words(fields.get('components')),
        signedBy: fields.get('signed-by')?.trim(),
      })),
    );
}

/** Returns the archives of a `sources.list` text. */
export function parseOneLine(text: string): readonly AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line.replace(/#.*/, ''));
    if (match === null) return [];
    const [, options = '', uri = '', suite = '', components = ''] = match;
    return [{ uri, suites: [suite], components: words(components), signedBy: /signed-by=(\S+)/.exec(options)?.[1] }];
  });
}

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

/**
 * Returns the archive a Debian suite can be had from: the one that gives this machine its own Debian release, so that
 * a private mirror is used without being told; undefined where the machine is no Debian.
 */
export function debianArchive(sources: readonly AptSource[], codename: string): AptSource | undefined {
  return sources.find((source) => source.suites.includes(codename) && source.components.includes('main'));
}

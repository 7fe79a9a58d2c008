import { expect } from 'chai';
import { debianArchive, parseDeb822, parseOneLine } from './apt-sources.ts';

const deb822 = `Types: deb
# a comment inside
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/k.gpg

Types: deb
URIs: http://mirror.test/security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.test/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://src.test/debian
Suites: bookworm
Components: main
`;

describe('images/apt-sources', () => {
  it('reads deb822, leaving out what is off or source only', () => {
    const sources = parseDeb822(deb822);
    expect(sources.map(({ uri }) => uri)).to.deep.equal(['http://mirror.test/debian', 'http://mirror.test/security']);
    expect(sources[0]).to.deep.include({
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main', 'contrib'],
      signedBy: '/usr/share/keyrings/k.gpg',
    });
  });

  it('reads one-line sources with options and comments', () => {
    const text = 'deb [arch=amd64 signed-by=/k.gpg] http://m.test/d trixie main # mine\n#deb http://no.test x main\n';
    expect(parseOneLine(text)).to.deep.equal([
      { uri: 'http://m.test/d', suites: ['trixie'], components: ['main'], signedBy: '/k.gpg' },
    ]);
  });

  it('takes the archive of the release itself, not its security or third parties', () => {
    expect(debianArchive(parseDeb822(deb822), 'bookworm')?.uri).to.equal('http://mirror.test/debian');
    expect(debianArchive(parseDeb822(deb822), 'noble')).to.equal(undefined);
  });
});

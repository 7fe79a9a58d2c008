import { expect } from 'chai';
import { sourceLinks, unreadableSources } from './source-links.ts';

describe('sourceLinks', () => {
  it('leads to what each part names, in the order it is written', () => {
    const source = 'RFC 9293 section 3.5.2; KEP-2086; DNS specification 2.4.1, 2.4.3; https://x.example/a#b (a remark)';
    expect(sourceLinks(source).map(({ url }) => url)).to.deep.equal([
      'https://www.rfc-editor.org/rfc/rfc9293#section-3.5.2',
      'https://kep.k8s.io/2086',
      'https://github.com/kubernetes/dns/blob/master/docs/specification.md',
      'https://x.example/a#b',
    ]);
    expect(sourceLinks(source)[3]?.text).to.equal('https://x.example/a#b (a remark)');
  });

  it('finds the file of an e2e test by the beginning of its title', () => {
    const [dns] = sourceLinks('e2e: DNS should provide DNS for services');
    expect(dns?.url).to.equal('https://github.com/kubernetes/kubernetes/blob/master/test/e2e/network/dns.go');
    const [pods] = sourceLinks(
      'e2e: Networking Granular Checks: Pods should function for intra-pod communication: http',
    );
    expect(pods?.url).to.match(/test\/e2e\/common\/network\/networking\.go$/);
  });

  it('names what nobody can follow', () => {
    expect(unreadableSources('RFC 4343; some blog; http://plain.example')).to.deep.equal([
      'some blog',
      'http://plain.example',
    ]);
    expect(unreadableSources('KEP-614')).to.deep.equal([]);
  });
});

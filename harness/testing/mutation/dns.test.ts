import { expect } from 'chai';
import { staleCorefile } from './dns.ts';

const kubeadm = `.:53 {
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       ttl 30
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
}`;

describe('the Corefile of a stale DNS', () => {
  it('keeps answers of the own zone too, where kubeadm takes it out of the cache', () => {
    const stale = staleCorefile(kubeadm);
    expect(stale).to.contain('ttl 3600').and.to.contain('success 9984 3600 3600').and.not.contain('disable');
    expect(stale.match(/[{}]/g)).to.have.length(6);
  });

  it('opens the block where the cache has none', () => {
    const stale = staleCorefile(kubeadm.replace(/cache 30 \{[^}]*\}/, 'cache 30'));
    expect(stale).to.match(/cache 3600 \{\s+success 9984 3600 3600\s+denial 9984 3600 3600\s+\}/);
  });
});

import { expect } from 'chai';
import { figure } from './figure.ts';

describe('a figure', () => {
  it('keeps three digits and says its unit', () => {
    expect(figure(9_412_000_000, 'bits_per_second')).to.equal('9.41 Gbit/s');
    expect(figure(1_234.5, 'per_second')).to.equal('1.23 k/s');
    expect(figure(84.25, 'us')).to.equal('84.3 µs');
    expect(figure(1_234, 'us')).to.equal('1.23 ms');
    expect(figure(61_000, 'ms')).to.equal('61 s');
    expect(figure(0, 'ms')).to.equal('0 ms');
    expect(figure(0.0123, 'ratio')).to.equal('0.0123');
    expect(figure(3, 'count')).to.equal('3');
  });
});

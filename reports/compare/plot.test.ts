import { expect } from 'chai';
import fc from 'fast-check';
import { type Axis, ticksOf, xOf, yOf } from './plot.ts';

const axis = (from: number, to: number, scale: Axis['scale'] = 'linear'): Axis => {
  return { title: '', from, to, scale, say: String };
};

describe('the axes of a chart', () => {
  it('have round ticks within their ends', () => {
    expect(ticksOf(axis(0, 1))).to.deep.equal([0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
    expect(ticksOf(axis(10, 1_000, 'log'))).to.deep.equal([10, 20, 50, 100, 200, 500, 1_000]);
    expect(ticksOf(axis(3, 3))).to.deep.equal([3]);
  });

  it('hold every value, however far out, and keep their order', () => {
    const value = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.constantFrom('linear' as const, 'log' as const), (a, b, scale) => {
        const frame = { x: axis(1, 1e6, scale), y: axis(1, 1e6, scale) };
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(xOf(frame, low)).to.be.within(0, 960);
        expect(xOf(frame, low)).to.be.at.most(xOf(frame, high));
        expect(yOf(frame, low)).to.be.at.least(yOf(frame, high));
      }),
    );
  });
});

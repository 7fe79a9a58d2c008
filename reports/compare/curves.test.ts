import { expect } from 'chai';
import type { MetricDeclaration } from '../../harness/events/metric-declaration.ts';
import { curvesOf, isCurveMetric } from './curves.ts';
import type { Sample } from './samples.ts';

const metric: MetricDeclaration = {
  ...{ name: 'curve.x', title: 'x', unit: 'ms', better: 'lower', load: 'none', by: ['dimension', 'level'] },
};

function sample(round: number, level: number, value: number): Sample {
  const labels = { dimension: 'Services', level: String(level) };
  const logged = { type: 'case.measure', at: '', id: 'c', metric: metric.name, unit: 'ms', value, labels } as const;
  return { subject: 'net', round: String(round), area: 'bench', caseName: 'c', metric, labels, logged };
}

describe('cost curves', () => {
  it('give what 100 more cost in the middle of rounds, its interval, and where the line leads', () => {
    const rounds = [0.1, 0.2, 0.3].flatMap((slope, round) =>
      [10, 100, 1_000].map((level) => sample(round, level, 5 + slope * level)),
    );
    const [curve] = curvesOf(rounds);
    const [one] = curve?.subjects ?? [];
    expect(curve).to.include({ dimension: 'Services', metric: 'curve.x' });
    expect(one?.points.map(({ level, median }) => [level, median])).to.deep.equal([
      [10, 7],
      [100, 25],
      [1_000, 205],
    ]);
    expect(one?.slopePer100).to.be.closeTo(20, 1e-9);
    expect(one?.interval?.low).to.be.closeTo(10, 1e-9);
    expect(one?.interval?.high).to.be.closeTo(30, 1e-9);
    expect(one?.projection.level).to.equal(10_000);
    expect(one?.projection.value).to.be.closeTo(2_005, 1e-6);
  });

  it('have no interval of fewer than three rounds, and no line through one level', () => {
    const two = [0, 1].flatMap((round) => [sample(round, 10, 1), sample(round, 100, 2)]);
    expect(curvesOf(two)[0]?.subjects[0]?.interval).to.equal(null);
    expect(curvesOf([sample(0, 10, 1)])[0]?.subjects).to.deep.equal([]);
  });

  it('are of metrics that are measured level by level', () => {
    expect(isCurveMetric(metric)).to.equal(true);
    expect(isCurveMetric({ ...metric, by: ['path'] })).to.equal(false);
  });
});

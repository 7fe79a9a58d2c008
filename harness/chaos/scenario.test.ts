import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../base/paths.ts';
import { fromChaosMesh } from './chaos-mesh.ts';
import { scenarioOf } from './imported-scenario.ts';
import { pickerOf } from './run-scenario.ts';
import { parseScenario, Scenario } from './scenario.ts';
import { scheduleOf } from './schedule.ts';

const docs = (name: string) => readFileSync(join(projectRoot, 'docs', name), 'utf8');
const scenario = (more: object) =>
  stringify({
    ...{ apiVersion: 'ordeal.dev/v1', kind: 'Scenario', name: 'x' },
    faults: [{ fault: 'loss', target: 'shop:app=web', for: '10s' }],
    ...more,
  });
const refused = (more: object) => {
  try {
    return JSON.stringify(parseScenario(scenario(more), 'x.yaml'));
  } catch (error) {
    return String(error);
  }
};

describe('a scenario file', () => {
  it('has a published schema (npm run docs:scenario renews it)', () => {
    const schema: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(Scenario, { io: 'input' })));
    expect(JSON.parse(docs('scenario.schema.json'))).to.deep.equal(schema);
  });

  it('is as the documentation shows it', () => {
    const examples = [...docs('faults.md').matchAll(/```yaml\n(apiVersion: ordeal[\s\S]*?)```/g)].map(
      ([, text]) => text,
    );
    expect(examples).to.have.length.above(0);
    for (const text of examples) scheduleOf(parseScenario(text ?? '', 'docs/faults.md'));
  });

  it('is refused with the field that is wrong', () => {
    expect(refused({ faults: [] })).to.match(/x.yaml: .*faults/);
    expect(refused({ faults: [{ fault: 'lag', for: '1s' }] })).to.match(/faults\[0\].fault/);
    expect(refused({ faults: [{ fault: 'loss', for: 'long' }] })).to.match(/500ms.*faults\[0\].for/);
    expect(refused({ hypotheses: [{ expect: 'availability', watch: 'web', atLeast: 200 }] })).to.match(/atLeast/);
    expect(refused({ hypotheses: [{ expect: 'downtime', watch: 'web', atMost: '1s' }] })).to.match(/no watch.*web/);
    expect(refused({ hypothesis: [] })).to.match(/hypothesis/);
  });

  it('says when each fault is injected: at once, in pulses, or in steps of a setting', () => {
    const stretches = (fault: object) => {
      const faults = [{ fault: 'loss', for: '10s', ...fault }];
      return scheduleOf(parseScenario(scenario({ faults }), 'x'))[0]?.stretches.map(({ fromMs, forMs, settings }) => [
        ...[fromMs, forMs, settings['percent']],
      ]);
    };
    expect(stretches({ set: { percent: 5 } })).to.deep.equal([[0, 10_000, 5]]);
    expect(stretches({ set: { percent: 5 }, pulse: { on: '3s', off: '1s' } })).to.deep.equal([
      ...[
        [0, 3_000, 5],
        [4_000, 3_000, 5],
        [8_000, 2_000, 5],
      ],
    ]);
    expect(stretches({ ramp: { setting: 'percent', from: 10, to: 30, steps: 2 } })).to.deep.equal([
      ...[
        [0, 5_000, 10],
        [5_000, 5_000, 30],
      ],
    ]);
  });

  it('picks the same pods for the same seed', () => {
    const pods = ['a', 'b', 'c', 'd', 'e'];
    expect(pickerOf('one', 7)(pods)).to.deep.equal(pickerOf('one', 7)(pods)).and.have.length(1);
    expect(pickerOf({ count: 3 }, 1)(pods)).to.have.length(3);
    expect(pickerOf({ percent: 50 }, 1)(pods)).to.have.length(3);
    expect(pickerOf('all', 1)(pods)).to.equal(pods);
  });
});

/** In the form of the examples of Chaos Mesh's own documentation. */
describe('documented examples of Chaos Mesh', () => {
  const example = (spec: string) => {
    const text = `apiVersion: chaos-mesh.org/v1alpha1\nkind: NetworkChaos\nmetadata:\n  name: example\nspec:\n${spec}`;
    const imported = fromChaosMesh(parse(text));
    return { lost: imported.lost, fault: parseScenario(scenarioOf([imported]), 'x').faults[0] };
  };
  const selector = '  selector:\n    namespaces:\n      - default\n    labelSelectors:\n      app: web-show\n';

  it('delay one pod', () => {
    const delay = "  delay:\n    latency: '10ms'\n    correlation: '100'\n    jitter: '0ms'\n";
    const { lost, fault } = example(`  action: delay\n  mode: one\n${selector}${delay}`);
    expect(lost).to.deep.equal([]);
    expect(fault).to.deep.include({ fault: 'delay', target: 'default:app=web-show', pick: 'one' });
    expect(fault?.set).to.deep.equal({ ms: 10, direction: 'egress' });
  });

  it('partition two applications', () => {
    const target =
      '  direction: both\n  target:\n    mode: all\n    selector:\n      namespaces: [default]\n      labelSelectors: {app: db}\n';
    const { lost, fault } = example(`  action: partition\n  mode: all\n${selector}${target}`);
    expect(lost).to.deep.equal([]);
    expect(fault).to.deep.include({ fault: 'isolate', target: 'default:app=web-show', peers: 'default:app=db' });
    expect(fault?.set).to.deep.equal({ direction: 'both' });
  });
});

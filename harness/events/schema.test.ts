import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../base/paths.ts';
import { RunEvent } from './types.ts';

const docs = (name: string): string => readFileSync(join(projectRoot, 'docs', name), 'utf8');

describe('the published format of the event log', () => {
  it('is what the writer checks (npm run docs:event-log renews it)', () => {
    expect(JSON.parse(docs('event-log.schema.json'))).to.deep.equal(z.toJSONSchema(RunEvent));
  });

  it('has every event in words as well', () => {
    const described = [...docs('event-log.md').matchAll(/^\| `([a-z.]+)`/gm)].map(([, type]) => type);
    expect(described.sort()).to.deep.equal(RunEvent.options.map(({ shape }) => shape.type.value).sort());
  });

  it('has examples that are events', () => {
    const examples = docs('event-log.md').match(/^\{"type".*$/gm) ?? [];
    expect(examples).to.have.length.above(3);
    for (const line of examples) RunEvent.parse(JSON.parse(line));
  });
});

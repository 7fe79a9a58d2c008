import { expect } from 'chai';
import { parse } from 'yaml';
import { alertRules } from './alerts.ts';
import { dashboard } from './dashboard.ts';
import type { WatchedLane, WatchState } from './model.ts';
import { watchOpenMetrics } from './open-metrics.ts';
import { watchLine, watchView } from './view.ts';

const none = { count: 0, seconds: 0 };
const lane = (more: Partial<WatchedLane> = {}): WatchedLane => ({
  ...{ class: 'cluster-ip', from: 'n1', to: 'Service web', transport: 'TCP', connections: 'new', expected: 'open' },
  ...{ attempts: 100, failed: 3, lost: 0, cuts: 0, answered: 97, answerSeconds: 0.1, isIll: false },
  windows: { down: { count: 1, seconds: 1.5 }, leak: none, lost: none, starved: none },
  ...more,
});
const state = (...lanes: WatchedLane[]): WatchState => {
  return { sinceMs: 0, nowMs: 60_000, agents: 6, silent: 1, lanes, latest: ['something happened'] };
};

describe('what a watch shows', () => {
  it('has what is ill first, and fits the terminal', () => {
    const many = Array.from({ length: 40 }, (_, index) => lane({ to: `pod ${index}` }));
    const view = watchView(state(...many, lane({ to: 'Service ill', isIll: true })), { width: 80, height: 20 }).split(
      '\n',
    );
    expect(view.length).to.be.at.most(20);
    expect(Math.max(...view.map(({ length }) => length))).to.be.at.most(80);
    expect(view[0]).to.include('1 of 41 lanes ill').and.include('1 not heard');
    expect(view[3]).to.include('Service ill');
  });

  it('is one line in CI', () => {
    expect(watchLine(state(lane({ isIll: true })))).to.equal(
      '1 m 00 s: 100 attempts, 3 failed; ill: n1 -> Service web TCP; 5 of 6 agents heard',
    );
  });

  it('is counters and gauges for Prometheus, with an end', () => {
    const text = watchOpenMetrics(state(lane()));
    expect(text).to.match(/ordeal_watch_failures_total\{[^}]*to="Service web"[^}]*\} 3\n/);
    expect(text).to.match(/ordeal_watch_window_seconds_total\{[^}]*kind="down"\} 1\.5\n/);
    expect(text.endsWith('# EOF\n')).to.equal(true);
  });

  it('names in dashboard and alerts only metrics that there are', () => {
    const text = watchOpenMetrics(state(lane()));
    const known = new Set([...text.matchAll(/^(ordeal_watch_\w+)[\s\{]/gmv)].map(([, name]) => name));
    const asked = [...`${dashboard()} ${alertRules()}`.matchAll(/ordeal_watch_\w+/gv)].map(([name]) => name);
    expect(asked).to.have.length.above(8);
    expect(asked.filter((name) => !known.has(name))).to.deep.equal([]);
  });

  it('has alert rules that are YAML with an expression each', () => {
    const { groups } = parse(alertRules()) as { groups: { rules: { alert: string; expr: string }[] }[] };
    expect(groups[0]?.rules.map(({ expr }) => typeof expr)).to.deep.equal(['string', 'string', 'string', 'string']);
  });
});

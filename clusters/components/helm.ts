import type { Component } from '../component.ts';

/** Host tool: renders the charts that published modules carry. */
export const helm: Component = {
  name: 'helm',
  version: 'v3.22.0',
  go: { moduleDir: 'helm', binaries: [{ name: 'helm', package: 'helm.sh/helm/v3/cmd/helm' }] },
};

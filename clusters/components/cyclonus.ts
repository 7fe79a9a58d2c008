import type { Component } from '../component.ts';

/** The peer whose NetworkPolicy cases Ordeal's are timed against; a tool of this machine, built on demand. */
export const cyclonus: Component = {
  name: 'cyclonus',
  version: 'v0.5.6',
  go: {
    moduleDir: 'cyclonus',
    binaries: [{ name: 'cyclonus', package: 'github.com/mattfenwick/cyclonus/cmd/cyclonus' }],
  },
};

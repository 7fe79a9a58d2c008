import type { Component } from '../component.ts';

/** Of Debian's package: iperf3 itself, whose answers are read as JSON. */
const version = '3.18';
const reference = `ordeal.dev/iperf3:${version}`;

/** Moves bytes as fast as a network lets it; built on demand, for comparisons. */
export const iperf3: Component = {
  name: 'iperf3',
  version,
  images: {
    [reference]: {
      base: 'debian',
      packages: ['iperf3'],
      files: [],
      entrypoint: ['/usr/bin/iperf3'],
      cmd: ['--version'],
      user: '65532:65532',
    },
  },
};

/** What pods name it by. */
export const iperf3Image = reference;

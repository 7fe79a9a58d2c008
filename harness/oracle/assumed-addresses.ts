/**
 * What files give no address gets one of each family from ranges that no private block contains and nobody routes:
 * 240.0.0.0/4 (RFC 1112, reserved) and 100::/64 (RFC 6666, discard-only). The ranges of pods, nodes and Services are
 * apart.
 */
const starts = { pod: 0, node: 0xfe0000, service: 0xff0000 } as const;

/** Returns the addresses of the `at`th pod, node or Service, IPv4 first. */
export function assumedAddresses(what: keyof typeof starts, at: number): string[] {
  const number = starts[what] + at;
  const v4 = `240.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  const v6 = `100::${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
  return [v4, v6];
}

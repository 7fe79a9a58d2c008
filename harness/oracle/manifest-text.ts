/** The text of a file, or why it has none that kubectl could read. */
export type Decoded = { readonly text: string } | { readonly fault: string };

const marks: readonly { readonly bytes: readonly number[]; readonly name: string }[] = [
  { bytes: [0xff, 0xfe, 0x00, 0x00], name: 'UTF-32 (little-endian)' },
  { bytes: [0x00, 0x00, 0xfe, 0xff], name: 'UTF-32 (big-endian)' },
  { bytes: [0xff, 0xfe], name: 'UTF-16 (little-endian)' },
  { bytes: [0xfe, 0xff], name: 'UTF-16 (big-endian)' },
];

/** Returns the text of UTF-8 bytes, with or without a byte order mark; any other encoding is a fault that names it. */
export function decodeText(bytes: Uint8Array): Decoded {
  const encoding = marks.find((mark) => mark.bytes.every((byte, at) => bytes[at] === byte))?.name ?? unmarked(bytes);
  if (encoding !== undefined) return { fault: `the file is ${encoding}; save it as UTF-8` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { fault: 'the file is not UTF-8; save it as UTF-8' };
  }
}

/** UTF-16 without a mark shows by its zero bytes: manifests begin in ASCII. */
function unmarked([first, second]: Uint8Array): string | undefined {
  if (first === undefined || second === undefined) return undefined;
  if (first !== 0 && second === 0) return 'UTF-16 (little-endian)';
  return first === 0 && second !== 0 ? 'UTF-16 (big-endian)' : undefined;
}

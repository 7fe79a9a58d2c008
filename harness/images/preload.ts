import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot } from './chroot.ts';
import type { BuildContext } from './context.ts';
import { writeArchive, type NamedImage } from './archive.ts';
import { packLayer } from './layer.ts';
import type { ImageRecord } from './record.ts';

/**
 * Runs the node's own containerd inside the node's root and imports the images unpacked. Their layer blobs are dropped
 * afterwards, as containerd itself does with discard_unpacked_layers: every node then starts without unpacking half a
 * gigabyte. Overlay mounts need a file system that can carry them; where that fails the caller imports packed instead.
 */
export const importScript = `
mount -t tmpfs tmpfs /run/lock
containerd --root /var/lib/containerd --state /run/containerd --address /run/c.sock --log-level error &
daemon=$!
ctr="ctr --address /run/c.sock --namespace k8s.io"
tries=0
until $ctr version > /dev/null 2>&1; do
  tries=$((tries + 1)); [ $tries -lt 300 ] || { echo "containerd does not answer" >&2; exit 1; }
  kill -0 $daemon; sleep 0.1
done
$ctr images import --snapshotter overlayfs $UNPACK /run/out/images.tar
for image in $IMAGES; do
  $ctr images label "$image" io.cri-containerd.image=managed io.cri-containerd.pinned=pinned
done
[ -n "$UNPACK" ] || $ctr content prune references
$ctr images ls -q
kill -TERM $daemon
wait $daemon || true
`;

/**
 * Returns the layer (sha256) that holds a node's image store filled with these images; `scratch` is a folder of the
 * caller's. @throws OrdealError IMAGE_BUILD.
 */
export async function packImageStore(
  context: BuildContext,
  node: ImageRecord,
  images: readonly NamedImage[],
  scratch: string,
): Promise<string> {
  const root = join(scratch, 'node');
  const side = join(scratch, 'side');
  await unpack(context, node, root);
  await mkdir(side, { recursive: true });
  await writeArchive(context, images, join(side, 'images.tar'));
  await importImages(context, images, { root, side });
  const store = join(scratch, 'store');
  await mkdir(join(store, 'var/lib'), { recursive: true });
  await rename(join(root, 'var/lib/containerd'), join(store, 'var/lib/containerd'));
  return pack(context, store);
}

async function importImages(
  context: BuildContext,
  images: readonly NamedImage[],
  where: { root: string; side: string },
): Promise<void> {
  context.report(`node: importing ${images.length} images`);
  const names = images.map(({ tag }) => tag).join(' ');
  const attempt = (unpackFlag: string) =>
    inRoot(context, 'node', { ...where, env: { IMAGES: names, UNPACK: unpackFlag } }, importScript);
  await attempt('').catch(async () => {
    await context.run('node', ['rm', '-rf', join(where.root, 'var/lib/containerd')]);
    await attempt('--no-unpack');
  });
}

async function unpack(context: BuildContext, node: ImageRecord, root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const layer of node.layers) {
    const file = context.store.path('layers', `${layer}.tar`);
    await context.run('node', [
      'tar',
      '--extract',
      '--numeric-owner',
      '--same-permissions',
      `--file=${file}`,
      `--directory=${root}`,
    ]);
  }
}

async function pack(context: BuildContext, root: string): Promise<string> {
  const layer = await packLayer(context, { component: 'node', root, prune: [], rootOwned: false });
  if (layer === undefined) throw new Error('a whole layer is never undefined');
  return layer;
}

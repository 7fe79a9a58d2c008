/** One image of a set. `inNode` = already in the node image's store; else `archive` must be imported into each node. */
export interface SetImage {
  readonly reference: string;
  readonly digest: string;
  readonly inNode: boolean;
  readonly archive: string | undefined;
}

/** All a cluster needs: the node image, known to Docker, and every image that goes into the nodes. */
export interface ImageSet {
  readonly source: 'registry' | 'source';
  /** Why that source was taken, in words. */
  readonly why: string;
  /** What kind is told to use. */
  readonly nodeImage: string;
  readonly nodeDigest: string;
  readonly images: readonly SetImage[];
}

/** A set before it is said where it came from. */
export type ImagesOfSet = Omit<ImageSet, 'source' | 'why'>;

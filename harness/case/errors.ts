import { OrdealError } from '../errors.ts';

/** The tool, not the network, broke: the case is neither passed nor failed. */
export class InconclusiveError extends OrdealError {
  constructor(message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super('INCONCLUSIVE', message, options);
    this.name = 'InconclusiveError';
  }
}

/** A failure that the baseline of this CNI does not explain, in a case it says will fail: it counts in full. */
export class NewFailureError extends OrdealError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('NOT_SETTLED', message, options);
    this.name = 'NewFailureError';
  }
}

/** Found while running that the cluster cannot offer what the case needs; carries what was found and needed. */
export class SkipError extends Error {
  override readonly name = 'SkipError';
}

/** How a run ends. Documented in README "Exit codes"; CI scripts depend on these numbers. */
export const ExitCode = {
  conforms: 0,
  doesNotConform: 1,
  usage: 2,
  setupFailed: 3,
  inconclusive: 4,
  interrupted: 130,
} as const;
/** How a process ends that broke by a defect of its own (EX_SOFTWARE of sysexits.h); no run's verdict. */
export const internalErrorCode = 70;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export type ErrorCode =
  | 'USAGE'
  | 'ENVIRONMENT'
  | 'IMAGE_BUILD'
  | 'CLUSTER'
  | 'KUBE_API'
  | 'API_WAIT'
  | 'NOT_SETTLED'
  | 'AGENT'
  | 'FAULT'
  | 'INCONCLUSIVE'
  | 'INTERRUPTED';

/**
 * Every error a person may read: the message is one paragraph saying operation, object, last observation; `remedy`
 * says what to do. Never carries tokens.
 */
export class OrdealError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string | undefined;

  constructor(code: ErrorCode, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'OrdealError';
    this.code = code;
    this.remedy = options.remedy;
  }
}

/** Whether something was waited for on the network and did not come, where all else went well. */
export function isUnsettled(error: unknown): error is OrdealError {
  return error instanceof OrdealError && error.code === 'NOT_SETTLED';
}

/** Whether the API server or a controller did not get an object ready in time: that is no word about the network. */
export function isApiWait(error: unknown): error is OrdealError {
  return error instanceof OrdealError && error.code === 'API_WAIT';
}

/** Returns the exit code an error of this kind ends a run with. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof OrdealError)) return ExitCode.setupFailed;
  if (error.code === 'USAGE') return ExitCode.usage;
  if (error.code === 'INTERRUPTED') return ExitCode.interrupted;
  if (error.code === 'INCONCLUSIVE') return ExitCode.inconclusive;
  return ExitCode.setupFailed;
}

/** Returns the message of anything thrown, following causes that it does not tell itself, on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = error.message.replaceAll(/\s*\n\s*/g, ' ');
  const cause = error.cause === undefined ? '' : describeError(error.cause);
  return cause === '' || said.includes(cause) ? said : `${said} (cause: ${cause})`;
}

/** The tool, not the network, broke: the case is neither passed nor failed. */
export class InconclusiveError extends OrdealError {
  constructor(message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super('INCONCLUSIVE', message, options);
    this.name = 'InconclusiveError';
  }
}

/** A pod got no network, or its node does not reach it: the CNI of that node failed, not the tool. */
export class PodNetworkError extends OrdealError {
  readonly node: string;

  constructor(node: string, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super('NOT_SETTLED', message, options);
    this.name = 'PodNetworkError';
    this.node = node;
  }
}

/** A failure that the baseline of this CNI does not explain, in a case it says will fail: it counts in full. */
export class UnexplainedFailureError extends OrdealError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('NOT_SETTLED', message, options);
    this.name = 'UnexplainedFailureError';
  }
}

/** A failure whose every cell is what the CNI is known to make of the policies: what a baseline entry may excuse. */
export class ExplainedFailureError extends OrdealError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('NOT_SETTLED', message, options);
    this.name = 'ExplainedFailureError';
  }
}

/** Found while running that the cluster cannot offer what the case needs; carries what was found and needed. */
export class SkipError extends Error {
  override readonly name = 'SkipError';
}

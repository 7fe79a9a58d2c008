import { InconclusiveError } from '../base/errors.ts';
import type { NodeExec } from '../node/types.ts';
import type { MeasureEffect } from './types.ts';

/** Far more than a health endpoint on a busy node takes: the kernel accepts for a process that hangs. */
const answerSeconds = 2;

/** What curl exits with, of what tells something of who was asked. */
const curlCodes: Readonly<Record<number, string>> = {
  0: 'answers',
  7: 'refuses',
  28: 'does not answer',
  52: 'hangs up without an answer',
  56: 'hangs up without an answer',
};
const noAnswer = 28;

/**
 * Returns an effect check that asks a health endpoint from a node; present while it accepts connections and answers
 * nothing. One that refuses them belongs to a process that is gone, not to one that hangs. @throws InconclusiveError when
 * the asking itself broke.
 */
export function healthEffect(
  exec: NodeExec,
  { askedFrom, url }: { readonly askedFrom: string; readonly url: string },
): MeasureEffect {
  const ask = ['curl', '--silent', '--insecure', '--noproxy', '*', '--output', '/dev/null'];
  return async () => {
    const { code, stderr } = await exec(askedFrom, [...ask, '--max-time', String(answerSeconds), url]);
    const said = curlCodes[code];
    if (said === undefined) {
      throw new InconclusiveError(`asking ${url} from ${askedFrom} broke: curl exits ${code}: ${stderr.trim()}`);
    }
    return { present: code === noAnswer, seen: `${url} ${said}, asked from ${askedFrom}` };
  };
}

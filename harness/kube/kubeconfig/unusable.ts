import { OrdealError } from '../../base/errors.ts';

const look = 'Check the file with `kubectl config view --kubeconfig FILE`; choose a context with --context.';

/**
 * Returns the error of a kubeconfig that no cluster can be reached by: `field` as it stands in the file
 * (`users[0].user.token`), or what is wrong of the file as a whole. Carries no value of the file and no cause: what parsers
 * say quotes the text, passwords among it.
 */
export function unusable(field: string, why: string, remedy = look): OrdealError {
  return new OrdealError('USAGE', `the kubeconfig is not usable: ${field}: ${why}`, { remedy });
}

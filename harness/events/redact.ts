const secretFlag = /^--?[\w-]*(?:token|password|passwd|secret|credential|api-?key|auth)[\w-]*(=|$)/i;
const hidden = '[redacted]';

/**
 * Returns a command line without secrets: values of flags that are named after one, and user names and passwords inside
 * URLs. Logs are published; whoever repeats the command fills them in again.
 */
export function redactArgv(argv: readonly string[]): string[] {
  return argv.map((word, index) => {
    const [, equals] = secretFlag.exec(word) ?? [];
    if (equals === '=') return `${word.slice(0, word.indexOf('='))}=${hidden}`;
    const [, before] = secretFlag.exec(argv[index - 1] ?? '') ?? [];
    const isValue = before === '' && !word.startsWith('-');
    // A file's text in place of its name holds who knows what.
    if (isValue || word.includes('\n')) return hidden;
    return word.replace(/(^|\/\/)[^/@\s]+:[^/@\s]+@(?!sha256:)|(\/\/)[^/@\s]+@/, `$1$2${hidden}@`);
  });
}

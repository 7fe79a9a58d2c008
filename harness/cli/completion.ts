import { Argument, type Command } from 'commander';
import { toStdout } from './output.ts';
import type { CommandWords, FlagWords } from './completion-words.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** Adds `ordeal completion bash|zsh|fish`: the script that lets a shell complete commands, flags and their values. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print what lets a shell complete: `source <(ordeal completion bash)`, or into its completions folder')
    .addArgument(new Argument('<shell>').choices(shells))
    .action(async (shell: Shell) => {
      const { wordsOf } = await import('./completion-words.ts');
      await toStdout(scripts[shell](wordsOf(program)));
    });
}

const scripts: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string>> = { bash, zsh, fish };

/** Words after a command: those below it, and its flags. */
const following = ({ subcommands, flags }: CommandWords) =>
  [...subcommands, ...flags.map(({ long }) => long)].join(' ');

/** Inner commands first: the first pattern that fits is taken. */
function caseOf(commands: readonly CommandWords[], act: (words: string) => string): string {
  const arms = commands
    .toSorted((a, b) => b.path.length - a.path.length)
    .map((one) => {
      const pattern = one.path.length === 0 ? '*' : `'${one.path.join(' ')} '*`;
      return `    ${pattern}) ${act(following(one))} ;;`;
    });
  return arms.join('\n');
}

/** What may follow a flag: closed lists and files. A flag of one name accepts the same with every command. */
function flagArms(commands: readonly CommandWords[], act: (flag: FlagWords) => string): string {
  const flags = new Map(commands.flatMap((one) => one.flags).map((flag) => [flag.long, flag]));
  const followed = [...flags.values()].filter(({ takes }) => takes !== 'nothing');
  return followed.map((flag) => `    ${flag.long}) ${act(flag)} ;;`).join('\n');
}

function bash(commands: readonly CommandWords[]): string {
  const values = ({ values, takes }: FlagWords) =>
    takes === 'file'
      ? 'COMPREPLY=($(compgen -f -- "$cur")); return'
      : `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$cur")); return`;
  return `# bash completion of ordeal
_ordeal() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" words=
  COMPREPLY=()
  case "$prev" in
${flagArms(commands, values)}
  esac
  case "\${COMP_WORDS[*]:1:COMP_CWORD-1} " in
${caseOf(commands, (words) => `words='${words}'`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o bashdefault -o default -F _ordeal ordeal
`;
}

function zsh(commands: readonly CommandWords[]): string {
  const values = ({ values, takes }: FlagWords) =>
    takes === 'file' ? '_files; return' : `compadd -- ${values.join(' ')}; return`;
  return `#compdef ordeal
_ordeal() {
  case "\${words[CURRENT - 1]}" in
${flagArms(commands, values)}
  esac
  case "\${words[2,CURRENT - 1]} " in
${caseOf(commands, (words) => `compadd -- ${words}`)}
  esac
}
compdef _ordeal ordeal
`;
}

function fish(commands: readonly CommandWords[]): string {
  return `# fish completion of ordeal\ncomplete -c ordeal -f\n${commands.flatMap(fishLines(commands)).join('\n')}\n`;
}

const fishLines =
  (all: readonly CommandWords[]) =>
  ({ path, subcommands, flags }: CommandWords): string[] => {
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const none = subcommands.length === 0 ? [] : [`not __fish_seen_subcommand_from ${subcommands.join(' ')}`];
    const when = [...seen, ...none].join('; and ') || 'true';
    const below = subcommands.map((name) => {
      const about = all.find((one) => one.path.join(' ') === [...path, name].join(' '))?.about ?? '';
      return `complete -c ordeal -n '${when}' -a ${name} -d ${quoted(about)}`;
    });
    return [
      ...below,
      ...flags.map((flag) => `complete -c ordeal -n '${when}' -l ${flag.long.slice(2)}${fishValue(flag)}`),
    ];
  };

function fishValue({ takes, values, about }: FlagWords): string {
  const value = takes === 'nothing' ? '' : takes === 'file' ? ' -rF' : ` -x -a '${values.join(' ')}'`;
  return `${value} -d ${quoted(about)}`;
}

const quoted = (text: string) => `'${text.replaceAll(/[\\']/g, (sign) => `\\${sign}`)}'`;

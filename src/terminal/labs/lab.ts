/**
 * A lab: a staged machine and steps to take on it. Steps are judged by the machine's state; what was
 * typed matters only to hints. Words are those of one language or of all (see `Worded`).
 */

/** A range as `49152-65535`, or one number. */
export type Ports = string | number;

/** What may be said of a machine. Exactly one member is given; the schema sees to that. */
export interface Condition {
  /** A kernel parameter's value now; white space counts as one space. */
  readonly running?: { readonly key: string; readonly is: string } | undefined;
  /** A file sets a key, by sysctl.conf's own syntax (the last line wins); any value if none is given. */
  readonly sets?:
    | { readonly path: string; readonly key: string; readonly value?: string | undefined }
    | undefined;
  /** The file is as it was when the lab began. */
  readonly original?: string | undefined;
  /** Every line that the file had when the lab began is still in it. */
  readonly 'keeps-original'?: string | undefined;
  /** A copy of the file as it was when the lab began lies somewhere else. */
  readonly backup?: string | undefined;
  readonly exists?: string | undefined;
  /** The file's text matches; `^` and `$` are ends of lines. */
  readonly matches?: { readonly path: string; readonly pattern: string } | undefined;
  readonly listening?: { readonly port: Ports; readonly by?: string | undefined } | undefined;
  readonly service?:
    | { readonly name: string; readonly is: 'active' | 'inactive' | 'failed' }
    | undefined;
  readonly connection?: ConnectionCondition | undefined;
  /** The machine's packet filter lets new TCP connections from other hosts in to the port. */
  readonly 'lets-in'?: number | undefined;
  /** The machine's packet filter lets packets of connections that are established go on to the port. */
  readonly 'keeps-open'?: number | undefined;
  /** Other machines can open a connection to it: somebody listens where they come in, and is let through to. */
  readonly reachable?: number | undefined;
  /** The kernel gives the port to nobody by itself, neither now nor after the next boot. */
  readonly 'never-picks'?: number | undefined;
  /** A proxy has passed on everything for so long. */
  readonly serves?: ServesCondition | undefined;
  /** Who the shell belongs to. */
  readonly user?: string | undefined;
  /** A kernel parameter's present value has been on the screen since the step began. */
  readonly 'seen-running'?: string | undefined;
  /** A line with this port and with the program that listens there has been on the screen. */
  readonly 'seen-listener'?: number | undefined;
  /** On the screen since the step began. */
  readonly shown?: string | undefined;
  /** What the last command printed. */
  readonly printed?: string | undefined;
  /** The last command line. For hints only. */
  readonly typed?: string | undefined;
  readonly not?: Condition | undefined;
  readonly any?: readonly Condition[] | undefined;
  readonly all?: readonly Condition[] | undefined;
}

/** A proxy service that works. */
export interface ServesCondition {
  readonly service: string;
  /** For so many seconds it has passed on every request. */
  readonly seconds: number;
  /** The machine has been booted again since the lab began. */
  readonly booted?: boolean | undefined;
}

/** A connection that is open, or whose end still waits. */
export interface ConnectionCondition {
  /** The local port. */
  readonly from?: Ports | undefined;
  /** The remote port. */
  readonly to?: Ports | undefined;
  /** The address at the other end. */
  readonly at?: string | undefined;
  readonly parity?: 'even' | 'odd' | undefined;
  /** Made since the step began. */
  readonly fresh?: boolean | undefined;
  /** Its local port has been on the screen since the step began. */
  readonly seen?: boolean | undefined;
  /** The host whose side is looked at; the learner's machine if none is given. */
  readonly on?: string | undefined;
  /** How many of them at least; 1 if not given. */
  readonly count?: number | undefined;
}

/** A command line, or an editor opened by one, in which text is changed and saved. */
export type Action =
  | string
  | {
      readonly edit: string;
      /** A line to be added at the end. */
      readonly add?: string | undefined;
      /** A line, and what takes its place; without it the line goes. */
      readonly line?: string | undefined;
      readonly becomes?: string | undefined;
    };

/** A command to run, or a piece of one to put into the line. */
export type LabChip = string | { readonly put: string };

/** Words as the reader sees them (`W` = string), or in every language. */
export interface Hint<W = string> {
  readonly id: string;
  /** All must hold. */
  readonly when: readonly Condition[];
  readonly words: W;
}

export interface Step<W = string> {
  readonly id: string;
  /** A few words for a list; only in a lab without an order. */
  readonly name?: W | undefined;
  readonly instruction: W;
  /** All must hold. */
  readonly goal: readonly Condition[];
  /** The learner has seen what is wrong, though it is not mended yet. */
  readonly found?: readonly Condition[] | undefined;
  /** The first that fits is given. */
  readonly hints: readonly Hint<W>[];
  /** For a state that no hint foresees. */
  readonly hint: W;
  readonly solution: readonly Action[];
  /** What the sensei says of it afterwards. */
  readonly after: W;
  /** What can be tapped instead of typed. */
  readonly chips: readonly LabChip[];
}

export interface LabMachine {
  readonly distribution: string;
  readonly seed: number;
  /** Lines run as root before the learner comes in. */
  readonly setup: readonly string[];
  /** Programs that root has left running, each listening on a TCP port. */
  readonly servers: readonly {
    readonly command: string;
    readonly args: string;
    readonly port: number;
  }[];
  /** Packages installed besides what the distribution brings. */
  readonly installs?: readonly string[] | undefined;
}

export interface Lab<W = string> {
  readonly id: string;
  /** Its place among the labs. */
  readonly number: number;
  /** The lesson's slug. */
  readonly lesson: string;
  readonly title: W;
  readonly about: W;
  readonly machine: LabMachine;
  /** `any`: the steps are faults of one machine, mended as the learner finds them. */
  readonly order?: 'given' | 'any' | undefined;
  readonly steps: readonly Step<W>[];
  /** Once all is done. */
  readonly ending: W;
}

/** What an action looks like to a reader. */
export function describeAction(action: Action): readonly string[] {
  if (typeof action === 'string') return [action];
  const change =
    action.add !== undefined
      ? [`+ ${action.add}`]
      : [
          `- ${action.line ?? ''}`,
          ...(action.becomes === undefined ? [] : [`+ ${action.becomes}`]),
        ];
  return [action.edit, ...change];
}

/** The text after an editor's action; `undefined` where the line to be changed is not there. */
export function applyEdit(text: string, action: Exclude<Action, string>): string | undefined {
  if (action.add !== undefined) {
    const base = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    return `${base}${action.add}\n`;
  }
  const lines = text.split('\n');
  const at = lines.indexOf(action.line ?? '');
  if (at === -1) return undefined;
  lines.splice(at, 1, ...(action.becomes === undefined ? [] : [action.becomes]));
  return lines.join('\n');
}

/**
 * The recipes of CONTRIBUTING.md as they are printed: what each touches, and its examples. A block's
 * first line names its language and file: ```ts src/terminal/commands/tty.ts.
 */

export interface Example {
  /** `diff`: lines added to a file that is there; `sh`: commands; else a file, or its end. */
  readonly kind: 'file' | 'end' | 'diff' | 'sh';
  /** From the project's root; empty for commands. */
  readonly path: string;
  readonly text: string;
}

export interface Recipe {
  /** `A lesson` */
  readonly title: string;
  /** Paths with places such as `<slug>`; a folder ends with a slash. */
  readonly touches: readonly string[];
  readonly examples: readonly Example[];
}

const block = /^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm;

/** All recipes, in the order of the page. A section without "Touches:" is none. */
export function readRecipes(page: string): readonly Recipe[] {
  const sections = page.split(/^## /m).slice(1);
  return sections.flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'));
    const touches = /^Touches: (.*?)\.(?: |$)/m.exec(section)?.[1];
    if (touches === undefined) return [];
    return [
      {
        title,
        touches: [...touches.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
        examples: [...section.matchAll(block)].flatMap(([, language = '', rest = '', text = '']) =>
          exampleOf(language, rest.trim(), text),
        ),
      },
    ];
  });
}

function exampleOf(language: string, rest: string, text: string): readonly Example[] {
  const [path = '', ...where] = rest.split(' ');
  if (language === 'sh') return [{ kind: 'sh', path: '', text }];
  if (path === '') return [];
  if (language === 'diff') return [{ kind: 'diff', path, text }];
  return [{ kind: where.length > 0 ? 'end' : 'file', path, text }];
}

/**
 * A text with a diff's lines added. Lines that begin with a space must be there, once, one after
 * another; `@@` begins another place.
 * @throws Error where they are not.
 */
export function withAdded(text: string, diff: string): string {
  return diff.split(/^@@.*\n/m).reduce((before, hunk) => {
    const lines = hunk.replace(/\n$/, '').split('\n');
    const old = lines.flatMap((line) => (line.startsWith('+') ? [] : [`${line.slice(1)}\n`]));
    const now = lines.map((line) => `${line.slice(1)}\n`).join('');
    const parts = `\n${before}`.split(`\n${old.join('')}`);
    if (parts.length !== 2) {
      throw new Error(`There ${String(parts.length - 1)} times, not once:\n${old.join('')}`);
    }
    return parts.join(`\n${now}`).slice(1);
  }, text);
}

/** Whether a path is one that a recipe says it touches. */
export function isTouched(path: string, touches: string): boolean {
  const places = touches
    .split(/<\w+>/)
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('[^/]+');
  return new RegExp(`^${places}${touches.endsWith('/') ? '.+' : ''}$`).test(path);
}

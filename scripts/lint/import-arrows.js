/**
 * A lint rule: imports point one way, from pages through views to pure code. The table below is the
 * one in docs/architecture.md; each message says what to do instead.
 */
import { posix, relative, sep } from 'node:path';

/**
 * The folders of src/, lowest first. A file may import from its own folder and from lower ones.
 * @type {readonly { readonly level: number, readonly folders: readonly string[] }[]}
 */
const levels = [
  { level: 0, folders: ['time-and-chance'] },
  { level: 1, folders: ['network'] },
  { level: 2, folders: ['services', 'i18n', 'quiz/engine', 'inspect'] },
  { level: 3, folders: ['schemas', 'progress', 'quiz', 'quiz/generators', 'terminal'] },
  { level: 4, folders: ['cli'] },
  { level: 5, folders: ['site-ui', 'simulation-kit', 'styles', 'search', 'offline'] },
  {
    level: 6,
    folders: [
      'terminal/view',
      'terminal/labs-view',
      'terminal/Lab.astro',
      'quiz/exports',
      'quiz/view',
      'simulations',
    ],
  },
  { level: 7, folders: ['lesson-kit'] },
  { level: 8, folders: ['classroom', 'layouts'] },
  { level: 9, folders: ['pages'] },
];

/** Folders that know nothing of a browser, of Node, of the clock or of luck. */
const pureFolders = ['time-and-chance', 'network', 'quiz/engine', 'quiz/generators'];

const places = levels
  .flatMap(({ level, folders }) => folders.map((folder) => ({ level, folder })))
  .sort((a, b) => b.folder.length - a.folder.length);

/** @param {string} path below src/ */
function placeOf(path) {
  return places.find(({ folder }) => path === folder || path.startsWith(`${folder}/`));
}

/** @param {string} file absolute @param {string} root absolute */
function belowSource(file, root) {
  const path = relative(root, file).split(sep).join('/');
  return path.startsWith('src/') ? path.slice('src/'.length) : undefined;
}

/** @param {string} path below src/ @returns the widget's name, for a file of a widget */
function widgetOf(path) {
  return /^simulations\/([^/]+)\//.exec(path)?.[1];
}

/**
 * What is wrong with an import, in words; undefined where nothing is.
 * @param {string} from the importing file, below src/
 * @param {string} specifier what it imports
 * @returns {string | undefined}
 */
export function judgeImport(from, specifier) {
  const isPure = pureFolders.some((folder) => from.startsWith(`${folder}/`));
  const place = placeOf(from);
  const target = resolve(from, specifier);
  if (target === undefined) {
    if (!isPure) return undefined;
    return (
      `"${specifier}" is not pure code: ${place?.folder ?? from} runs the same in a page, a worker ` +
      'and Node. Take what you need as a parameter, or move this file to the folder that shows it.'
    );
  }
  if (isPure && specifier.startsWith('@/')) {
    return `Import "${target}" by its relative path with its .ts ending: Node runs pure code without a build.`;
  }
  const other = placeOf(target);
  if (place === undefined || other === undefined) return undefined;
  if (other.level > place.level) {
    return (
      `${place.folder} may not know ${other.folder}: imports point from pages to views to pure code. ` +
      'Hand it in as a prop or parameter from above, or move the shared part down.'
    );
  }
  const [widget, otherWidget] = [widgetOf(from), widgetOf(target)];
  const isPublic = /^simulations\/[^/]+\/[^/]+\.astro$/.test(target);
  if (otherWidget !== undefined && widget !== otherWidget && !isPublic) {
    return (
      `"${target}" is private to the widget ${otherWidget}. Move what both need to ` +
      'src/simulation-kit, or use its .astro file.'
    );
  }
  return undefined;
}

/** @param {string} from @param {string} specifier @returns a path below src/, or undefined for a package */
function resolve(from, specifier) {
  if (specifier.startsWith('@/')) return specifier.slice(2);
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.normalize(posix.join(posix.dirname(from), specifier));
  return path.startsWith('..') ? undefined : path;
}

/** @type {import('eslint').Rule.RuleModule} */
export const importArrows = {
  meta: { type: 'problem', schema: [], messages: { arrow: '{{ reason }}' } },
  create(context) {
    const from = belowSource(context.filename, context.cwd);
    if (from === undefined || /\.test\.ts$/.test(from)) return {};
    /** @param {{ source?: import('estree').Node | null }} node */
    const check = ({ source }) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const reason = judgeImport(from, source.value);
      if (reason !== undefined)
        context.report({ node: source, messageId: 'arrow', data: { reason } });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    };
  },
};

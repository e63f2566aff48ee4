/**
 * CodeMirror as vi (with its vim mode) and as nano (plain, with nano's two keys). Loaded when a file
 * is opened. It lives in a shadow tree: there its styles need no <style> element. The vim mode's commands are global to the page; each editor's own doings hang on it.
 */

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { getCM, Vim, vim } from '@replit/codemirror-vim';

export interface EditorActions {
  /** `:w`, `:w name`; the bang tries even where the file is read-only. */
  save(path: string | undefined, isForced: boolean): boolean;
  /** `:q`; the bang throws changes away. */
  quit(isForced: boolean): void;
  /** nano's Ctrl+O. */
  write(): void;
  /** Whether the key answers a question of nano's, and is no text. */
  answer(key: string, isControl: boolean): boolean;
}

const actionsOf = new WeakMap<EditorView, EditorActions>();

interface ExParams {
  readonly argString?: string;
}

/** What the vim mode hands to a command. */
interface VimEditor {
  readonly cm6: EditorView;
}

let areCommandsDefined = false;

function defineVimCommands(): void {
  if (areCommandsDefined) return;
  areCommandsDefined = true;
  const define = (
    name: string,
    short: string,
    act: (actions: EditorActions, isForced: boolean, rest: string) => void,
  ) => {
    Vim.defineEx(name, short, (editor: VimEditor, params: ExParams) => {
      const actions = actionsOf.get(editor.cm6);
      const argument = (params.argString ?? '').trim();
      const isForced = argument.startsWith('!');
      if (actions !== undefined) act(actions, isForced, argument.replace(/^!/, '').trim());
    });
  };
  const nameOf = (text: string) => (text === '' ? undefined : text);
  define('write', 'w', (actions, isForced, rest) => actions.save(nameOf(rest), isForced));
  define('quit', 'q', (actions, isForced) => {
    actions.quit(isForced);
  });
  for (const [name, short] of [
    ['wq', 'wq'],
    ['xit', 'x'],
  ] as const) {
    define(name, short, (actions, isForced, rest) => {
      if (actions.save(nameOf(rest), isForced)) actions.quit(true);
    });
  }
  Vim.defineAction('saveAndQuit', (editor: VimEditor) => {
    const actions = actionsOf.get(editor.cm6);
    if (actions?.save(undefined, false)) actions.quit(true);
  });
  Vim.defineAction('quitWithout', (editor: VimEditor) => {
    actionsOf.get(editor.cm6)?.quit(true);
  });
  Vim.mapCommand('ZZ', 'action', 'saveAndQuit', {}, { context: 'normal' });
  Vim.mapCommand('ZQ', 'action', 'quitWithout', {}, { context: 'normal' });
}

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-fat-cursor': { background: 'var(--seal)', color: 'var(--seal-ink)' },
  '&:not(.cm-focused) .cm-fat-cursor': { background: 'none', outline: 'solid 1px var(--seal)' },
  '.cm-panels': { backgroundColor: 'var(--paper-raised)', color: 'var(--ink)' },
  '.cm-vim-panel': { padding: '0.25rem 0.5rem', fontFamily: 'var(--font-code)' },
  '.cm-vim-panel input': { fontSize: '1rem', color: 'var(--ink)', fontFamily: 'var(--font-code)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    background: 'var(--range-registered-soft)',
  },
});

export interface EditorHandle {
  readonly view: EditorView;
  text(): string;
  /** As if typed: for the buttons of those without an Escape key. */
  press(key: 'Escape' | 'i'): void;
  destroy(): void;
}

export function createEditor(options: {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly kind: 'vi' | 'nano';
  readonly label: string;
  readonly actions: EditorActions;
  onChange(): void;
}): EditorHandle {
  if (options.kind === 'vi') defineVimCommands();
  const nanoKeys = keymap.of([
    {
      key: 'Ctrl-o',
      preventDefault: true,
      run: () => {
        options.actions.write();
        return true;
      },
    },
    {
      key: 'Ctrl-x',
      preventDefault: true,
      run: () => {
        options.actions.quit(false);
        return true;
      },
    },
  ]);
  const nanoAnswers = EditorView.domEventHandlers({
    keydown: (event) => {
      const isAnswer = options.actions.answer(event.key, event.ctrlKey);
      if (isAnswer) event.preventDefault();
      return isAnswer;
    },
  });
  const isVi = options.kind === 'vi';
  // In a shadow tree the editor's styles are adopted sheets, which a strict style-src allows.
  const root = options.parent.shadowRoot ?? options.parent.attachShadow({ mode: 'open' });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      // vi shows no line after the last end of line; nano does.
      doc: isVi ? options.text.replace(/\n$/, '') : options.text,
      extensions: [
        isVi ? vim({ status: true }) : [Prec.highest(nanoAnswers), Prec.high(nanoKeys)],
        history(),
        drawSelection(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          autocapitalize: 'off',
          spellcheck: 'false',
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange();
        }),
        theme,
      ],
    }),
  });
  actionsOf.set(view, options.actions);
  view.focus();
  return {
    view,
    text: () => {
      const text = view.state.doc.toString();
      return !isVi && (text === '' || text.endsWith('\n')) ? text : `${text}\n`;
    },
    press: (key) => {
      const editor = getCM(view);
      if (editor !== null) Vim.handleKey(editor, key === 'Escape' ? '<Esc>' : key, 'user');
      view.focus();
    },
    destroy: () => {
      view.destroy();
      root.replaceChildren();
    },
  };
}

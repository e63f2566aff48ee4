/**
 * WebKit through WebDriver: HTTP and JSON as the W3C writes them down, so that no client is needed.
 * https://www.w3.org/TR/webdriver2/
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { WebKitPrograms } from '../../scripts/setup/other-engines.ts';
import { type Engine, freePort } from './engine.ts';

/** The code points that the standard gives to keys without a character. */
const keyCodes: Readonly<Record<string, string>> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  ArrowDown: '\uE015',
};

const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

interface Reply {
  readonly value: unknown;
}

/** Runs in the page around a function of the tests: hands its result, or what it threw, on. */
const wrapped = (what: string): string =>
  `const done = arguments[arguments.length - 1];
   const values = [...arguments].slice(0, -1);
   Promise.resolve().then(() => (${what})(...values)).then(
     (value) => done({ value: value === undefined ? null : value }),
     (error) => done({ error: String(error && error.message || error) }),
   );`;

export async function startWebKit({ driver, browser, screen }: WebKitPrograms): Promise<Engine> {
  const xvfb = spawn(
    screen,
    ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const display = await firstLine(xvfb, xvfb.stdio[3] as Readable);
  const port = await freePort();
  const server = spawn(driver, [`--port=${String(port)}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: `:${display}`,
      // There is no graphics card to ask.
      LIBGL_ALWAYS_SOFTWARE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    },
  });
  const end = (): void => {
    server.kill();
    xvfb.kill();
  };

  const ask = async (
    method: 'POST' | 'DELETE',
    path: string,
    body: object = {},
  ): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${String(port)}${path}`, {
      method,
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    });
    const { value } = (await response.json()) as Reply;
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value).slice(0, 400)}`);
    return value;
  };

  try {
    await listening(port);
    const session = (await ask('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          browserName: 'MiniBrowser',
          // Without its bar of tools the window may be as narrow as a phone.
          'webkitgtk:browserOptions': { binary: browser, args: ['--automation', '--full-screen'] },
          timeouts: { script: 60_000, pageLoad: 60_000 },
        },
      },
    })) as { sessionId: string };
    const own = `/session/${session.sessionId}`;
    const run = async (what: (...values: never[]) => unknown, values: readonly unknown[]) => {
      const script = wrapped(String(what));
      const answer = await ask('POST', `${own}/execute/async`, { script, args: values });
      const { value, error } = answer as { value?: unknown; error?: string };
      if (error !== undefined) throw new Error(error);
      return value;
    };
    const act = (actions: readonly object[]) =>
      ask('POST', `${own}/actions`, { actions: [{ type: 'key', id: 'keys', actions }] });
    return {
      name: 'WebKit',
      open: async (url) => {
        await ask('POST', `${own}/url`, { url });
      },
      run: (what, ...values) => run(what, values) as Promise<never>,
      click: async (using) => {
        await run(
          (selector: string) => {
            document
              .querySelector(selector)
              ?.scrollIntoView({ block: 'center', behavior: 'instant' });
            // It clicks where the element was when it last drew.
            return new Promise((resolve) => setTimeout(resolve, 350));
          },
          [using],
        );
        const element = { using: 'css selector', value: using };
        const found = (await ask('POST', `${own}/element`, element)) as Record<string, string>;
        await ask('POST', `${own}/element/${String(found[elementKey])}/click`);
      },
      type: async (text) => {
        await act(
          Array.from(text).flatMap((value) => [
            { type: 'keyDown', value },
            { type: 'keyUp', value },
          ]),
        );
      },
      press: async (key) => {
        const value = keyCodes[key];
        await act([
          { type: 'keyDown', value },
          { type: 'keyUp', value },
        ]);
      },
      resize: async (width, height) => {
        await ask('POST', `${own}/window/rect`, { x: 0, y: 0, width, height });
      },
      // A driver has one session: one that is not ended keeps its browser.
      quit: async () => {
        await ask('DELETE', own).finally(end);
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

async function firstLine(from: ChildProcess, stream: Readable): Promise<string> {
  const ended = once(from, 'exit').then(() => {
    throw new Error('The screen in memory (Xvfb) ended.');
  });
  const [line] = (await Promise.race([once(stream, 'data'), ended])) as [Buffer];
  return line.toString().trim();
}

/** @throws where nothing listens after a while */
async function listening(port: number): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await fetch(`http://127.0.0.1:${String(port)}/status`);
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

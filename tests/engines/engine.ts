/** What the tests ask of a browser's engine, whichever it is and however it is driven. */
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

export interface Engine {
  readonly name: string;
  /** Goes to an address and waits until it has loaded. */
  open(address: string): Promise<void>;
  /** Runs a function in the page, with values for it; it sees nothing of what is around it here. */
  run<Values extends readonly unknown[], Result>(
    what: (...values: Values) => Result | Promise<Result>,
    ...values: Values
  ): Promise<Result>;
  /** Clicks the middle of the first element of a CSS selector, with the pointer. */
  click(selector: string): Promise<void>;
  /** Writes ASCII where the focus is. */
  type(text: string): Promise<void>;
  /** Presses a key and lets it go. */
  press(key: 'Tab' | 'Enter' | 'Escape' | 'ArrowDown'): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  readonly quit: () => Promise<void>;
}

/** A port of this machine that nobody holds now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

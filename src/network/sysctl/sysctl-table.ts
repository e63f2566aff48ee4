/**
 * A host's kernel settings as text, the way the real system takes, refuses and prints them. What a
 * key accepts is said by its definition; this table keeps the values, the kernel's log lines, and a
 * counter by which others notice that something was written.
 */

import type { Result } from '../errors.ts';

export interface SysctlReader {
  /** As the system shows it, or undefined where the key does not exist. */
  get(key: string): string | undefined;
}

/** What a write does: the value as shown afterwards, and what the kernel says about it in its log. */
export interface SysctlWrite {
  readonly value: string;
  readonly warning?: string;
}

export interface SysctlKey {
  readonly key: string;
  /** As shown on a fresh system. */
  readonly initial: string;
  /** null: the kernel answers EINVAL and nothing changes. Absent: the key cannot be written (EACCES). */
  write?(text: string, settings: SysctlReader): SysctlWrite | null;
}

export class SysctlTable implements SysctlReader {
  readonly #keys = new Map<string, SysctlKey>();
  readonly #values = new Map<string, string>();
  readonly #log: string[] = [];
  #version = 0;

  constructor(keys: readonly SysctlKey[]) {
    for (const key of keys) {
      this.#keys.set(key.key, key);
      this.#values.set(key.key, key.initial);
    }
  }

  /** Grows with every successful write. */
  get version(): number {
    return this.#version;
  }

  /** In ascending order. */
  keys(): readonly string[] {
    return [...this.#keys.keys()].sort();
  }

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  /**
   * Writes a text as `sysctl -w` and `echo` do, which end it with a line end; '' is an empty line.
   * Result: the value as now shown; ENOENT, EACCES or EINVAL as the system would, with
   * nothing changed.
   */
  set(key: string, text: string): Result<string> {
    const definition = this.#keys.get(key);
    if (definition === undefined) return { ok: false, error: 'ENOENT' };
    if (definition.write === undefined) return { ok: false, error: 'EACCES' };
    const written = definition.write(text, this);
    if (written === null) return { ok: false, error: 'EINVAL' };
    this.#values.set(key, written.value);
    this.#version++;
    if (written.warning !== undefined && !this.#log.includes(written.warning)) {
      this.#log.push(written.warning);
    }
    return { ok: true, value: written.value };
  }

  /** Kernel-log lines that writes have caused; the kernel says each once. */
  log(): readonly string[] {
    return this.#log;
  }
}

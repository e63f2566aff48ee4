/**
 * `Get-NetTCPConnection | Format-List`: a socket over several lines, `LocalPort : 445`. Its fields are
 * put into one line, as the table prints it, and read as such.
 */

const FIELD =
  /^(LocalAddress|LocalPort|RemoteAddress|RemotePort|State|AppliedSetting|OwningProcess|CreationTime|OffloadState)\s*:(.*)$/;

export interface GatheredLine {
  /** Where the socket's last field stands, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Gathers fields until a socket is whole: its process, which stands last, has been named. */
export class PowershellList {
  readonly #fields = new Map<string, string>();

  /** @returns null where the line is no field; `text` is empty until a socket is whole. */
  take(text: string, line: number): GatheredLine | null {
    const [, name = '', value = ''] = FIELD.exec(text) ?? [];
    if (name === '') return null;
    if (name === 'LocalAddress') this.#fields.clear();
    this.#fields.set(name, value.trim());
    if (name !== 'OwningProcess') return { line, text: '' };
    const order = [
      'LocalAddress',
      'LocalPort',
      'RemoteAddress',
      'RemotePort',
      'State',
      'OwningProcess',
    ];
    const words = order.map((one) => this.#fields.get(one) ?? '');
    this.#fields.clear();
    return { line, text: words.every((word) => word !== '') ? words.join(' ') : '' };
  }
}

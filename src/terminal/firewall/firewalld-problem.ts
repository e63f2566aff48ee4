/** What firewalld refuses: its name of the problem, more words, and the status that goes with it (firewall/errors.py). */

const codes: Readonly<Record<string, number>> = {
  UNKNOWN_INTERFACE: 17,
  UNKNOWN_SOURCE: 30,
  ZONE_CONFLICT: 18,
  INVALID_SERVICE: 101,
  INVALID_PORT: 102,
  INVALID_PROTOCOL: 103,
  INVALID_INTERFACE: 104,
  INVALID_ADDR: 105,
  INVALID_TARGET: 110,
  INVALID_ZONE: 112,
  INVALID_RULE: 122,
  MISSING_FAMILY: 207,
};

export class FirewalldProblem extends Error {
  /** Empty where the real one could and this machine's cannot. */
  readonly problem: string;
  readonly detail: string;

  constructor(problem: string, detail = '') {
    super(detail === '' ? problem : `${problem}: ${detail}`);
    this.problem = problem;
    this.detail = detail;
  }

  get code(): number {
    return codes[this.problem] ?? 254;
  }
}

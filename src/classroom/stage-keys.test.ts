import { describe, expect, it } from 'vitest';
import { commandOf, type Focus } from './stage-keys.ts';

const press = (key: string, focus: Focus = 'stage', isShifted = false) =>
  commandOf({ key, isShifted, isBrowsers: false }, focus);

describe('a key on the stage', () => {
  it('turns the screen as any presenter does', () => {
    for (const key of ['PageDown', 'ArrowRight', 'ArrowDown', ' ']) expect(press(key)).toBe('next');
    for (const key of ['PageUp', 'ArrowLeft', 'ArrowUp']) expect(press(key)).toBe('previous');
    expect(press(' ', 'stage', true)).toBe('previous');
    expect([press('Home'), press('End')]).toEqual(['first', 'last']);
    expect([press('b'), press('B'), press('.')]).toEqual(['blank', 'blank', 'blank']);
    expect(press('Escape')).toBe('overview');
    expect(press('q')).toBe('code');
  });

  it('belongs to the widget in focus, but for the presenter’s own two and the letters', () => {
    for (const key of ['ArrowRight', ' ', 'Home']) expect(press(key, 'control')).toBeNull();
    expect(press('PageDown', 'control')).toBe('next');
    expect(press('n', 'control')).toBe('notes');
  });

  it('is a letter where somebody writes', () => {
    for (const key of ['b', '.', 'v', 'ArrowLeft', 'Escape'])
      expect(press(key, 'field')).toBeNull();
    expect(press('PageUp', 'field')).toBe('previous');
  });

  it('is the browser’s with Ctrl, Alt or Meta', () => {
    const pressed = { key: 'f', isShifted: false, isBrowsers: true };
    expect(commandOf(pressed, 'stage')).toBeNull();
  });
});

/** How options are named in the margin: with the keys that choose them, or as an exam writes them. */

export const optionLabelKinds = ['numbers', 'letters', 'kana'] as const;

export type OptionLabels = (typeof optionLabelKinds)[number];

const names: Readonly<Record<OptionLabels, string>> = {
  numbers: '123456789',
  letters: 'ABCDEFGHI',
  kana: 'アイウエオカキクケ',
};

/** @param place from 0. */
export function optionLabel(kind: OptionLabels, place: number): string {
  return [...names[kind]][place] ?? String(place + 1);
}

/** How options are named in the margin: with the keys that choose them, or as an exam writes them. */

export const optionLabelKinds = ['numbers', 'letters', 'kana'] as const;

export type OptionLabels = (typeof optionLabelKinds)[number];

const names: Readonly<Record<OptionLabels, readonly string[]>> = {
  numbers: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  letters: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'],
  kana: ['ア', 'イ', 'ウ', 'エ', 'オ', 'カ', 'キ', 'ク', 'ケ'],
};

/** @param place from 0. */
export function optionLabel(kind: OptionLabels, place: number): string {
  return names[kind][place] ?? String(place + 1);
}

import { vitePreprocess } from '@astrojs/svelte';

/** The name of a component's class repeats in every element: five letters instead of fourteen. */
function shortClass({ hash, css }) {
  const number = Number.parseInt(hash(css).replace(/\W/g, ''), 36) % 36 ** 4;
  return `s${number.toString(36).padStart(4, '0')}`;
}

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { cssHash: shortClass },
};

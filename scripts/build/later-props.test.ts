import { expect, it } from 'vitest';
import { fileOf, withoutProps } from './later-props.ts';

const island = (uid: string, client: string, props: string): string =>
  `<astro-island uid="${uid}" client="${client}" props="${props}" ssr><p>a &quot; b</p></astro-island>`;

it('takes the props of widgets that wake when seen, and leaves all else as it is', () => {
  const props = '{&quot;a&quot;:[0,&quot;&lt;b&gt; &#38;amp; &#39;$1&#39;&quot;]}';
  const page = `<main>${island('A', 'seen', props)}${island('C', 'seen', '{}')}${island('B', 'load', '{}')}</main>`;
  const addresses: string[] = [];
  const { html, props: taken } = withoutProps(page, (content) => {
    addresses.push(content);
    return '/_astro/props.json';
  });
  expect(taken).toEqual({ A: `{"a":[0,"<b> &amp; '$1'"]}`, C: '{}' });
  expect(addresses).toEqual([fileOf(taken)]);
  expect(html).toBe(
    page
      .replace(` props="${props}"`, ' data-props="/_astro/props.json"')
      .replace(' props="{}"', ' data-props="/_astro/props.json"'),
  );
});

it('leaves a page with one widget or none alone', () => {
  for (const html of ['<p>1</p>', island('A', 'seen', '{}')]) {
    expect(withoutProps(html, () => '')).toEqual({ html, props: {} });
  }
});

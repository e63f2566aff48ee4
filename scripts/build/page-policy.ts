/**
 * Each page's content security policy names the inline styles and scripts of that page, no more and
 * no less. Astro (7.3) names those of every page that could be, and leaves out the styles of
 * components that a lesson imports, which the browser then refuses. The styles of a page become one,
 * in its head, and its small modules one: one hash stands for all of a kind.
 */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { AstroIntegration } from 'astro';

const policy = /<meta http-equiv="content-security-policy" content="([^"]*)"/i;
const style = /<style(?: [^>]*)?>([\s\S]*?)<\/style>/g;
const inlineModule = /<script type="module">([\s\S]*?)<\/script>/g;
/** What Astro marks a component's own parts with. */
const component = /data-astro-cid-\w+/g;
const inlineScript = /<script(?![^>]* src=)[^>]*>([\s\S]*?)<\/script>/g;

/** @returns the page with one style and one module, and a policy for exactly what it holds inline. */
export function withOwnPolicy(html: string): string {
  if (!policy.test(html)) return html;
  const joined = withOneModule(withOneStyle(html));
  return joined.replace(policy, (whole, content: string) => {
    const own = content
      .split(';')
      .map((directive) => {
        const [name, ...sources] = directive.trim().split(/\s+/);
        const kept = sources.filter((source) => !source.startsWith("'sha256-"));
        if (name === 'style-src') return [name, ...kept, ...hashes(joined, style)].join(' ');
        if (name === 'script-src')
          return [name, ...kept, ...hashes(joined, inlineScript)].join(' ');
        return directive.trim();
      })
      .filter((directive) => directive !== '')
      .join('; ');
    return whole.replace(content, () => own);
  });
}

function withOneStyle(html: string): string {
  const styles = [...html.matchAll(style)].map(([, content = '']) => content);
  if (styles.length < 2 || html.search(style) > html.search(/<\/head>/i)) return html;
  let isFirst = true;
  return html.replace(style, () => {
    const rules = withoutStrangers(withoutRepeats([...new Set(styles)].join('')), html);
    const whole = isFirst ? `<style>${rules.join('')}</style>` : '';
    isFirst = false;
    return whole;
  });
}

/**
 * Astro gives a component's rules once for each file that imports it. Of rules that are the same the last
 * decides, and of the same orders of layers the first; where a layer is begun is left as it is.
 */
function withoutRepeats(css: string): readonly string[] {
  const rules = rulesOf(css);
  const last = new Map(rules.map((rule, index) => [rule, index]));
  return rules.filter((rule, index) => {
    if (!rule.startsWith('@layer')) return last.get(rule) === index;
    return rule.endsWith('}') || rules.indexOf(rule) === index;
  });
}

/**
 * A page also gets the rules of components that it only could have shown (a wall's page has no header).
 * Such a rule names its component in each of its selectors, and no script makes parts of one.
 */
function withoutStrangers(rules: readonly string[], html: string): readonly string[] {
  const there = new Set(html.replace(style, '').match(component));
  return rules.filter((rule) => {
    if (rule.startsWith('@')) return true;
    const named = rule.slice(0, rule.indexOf('{')).match(component) ?? [];
    return named.length === 0 || named.some((one) => there.has(one));
  });
}

/** A sheet's outermost rules. */
function rulesOf(css: string): readonly string[] {
  const rules: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: mark, index } of css.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]/g)) {
    if (mark === '{') depth += 1;
    if (mark === '}') depth -= 1;
    if (depth > 0 || (mark !== '}' && mark !== ';')) continue;
    rules.push(css.slice(start, index + 1).trim());
    start = index + 1;
  }
  return [...rules, css.slice(start).trim()];
}

/** Modules wait for the page in any case; each keeps its names to itself. */
function withOneModule(html: string): string {
  const modules = [...html.matchAll(inlineModule)].map(([, content = '']) => content);
  // What imports, exports or waits cannot stand within a function.
  if (modules.length < 2 || modules.some((one) => /\b(?:import|export|await)\b/.test(one)))
    return html;
  let left = modules.length;
  return html.replace(inlineModule, () => {
    left -= 1;
    if (left > 0) return '';
    return `<script type="module">${modules.map((one) => `(()=>{${one}\n})();`).join('')}</script>`;
  });
}

function hashes(html: string, element: RegExp): readonly string[] {
  const found = [...html.matchAll(element)].map(
    ([, content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`,
  );
  return [...new Set(found)];
}

export function pagePolicy(): AstroIntegration {
  return {
    name: 'page-policy',
    hooks: {
      'astro:build:done': async ({ assets }) => {
        const pages = [...assets.values()]
          .flat()
          .filter(({ pathname }) => pathname.endsWith('.html'));
        await Promise.all(
          pages.map(async (page) => {
            const html = await readFile(page, 'utf8');
            const complete = withOwnPolicy(html);
            if (complete !== html) await writeFile(page, complete);
          }),
        );
      },
    },
  };
}

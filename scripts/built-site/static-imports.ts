/** What a built module imports, read off its code. */

/** The modules that a built module imports before it runs: not those it imports when asked. */
export function staticImports(code: string): readonly string[] {
  const pattern =
    /(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{},\s]*?\bfrom\s*|\{[^}]*\}\s*from\s*)?(["'])([^"'\n]+)\1/g;
  return [...code.matchAll(pattern)].map(([, , specifier = '']) => specifier);
}

/** The modules that a built module imports when asked. */
export function laterImports(code: string): readonly string[] {
  return [...code.matchAll(/\bimport\(\s*(["'`])([^"'`\n$]+)\1\s*\)/g)].map(
    ([, , specifier = '']) => specifier,
  );
}

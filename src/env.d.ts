declare namespace App {
  interface Locals {
    /** Set by the lesson page for the parts of the lesson. */
    lesson?: import('./lesson-kit/lesson-context.ts').LessonContext;
  }
}

declare namespace Astro {
  interface ClientDirectives {
    /** Wakes a widget when it comes into view, and fetches its props then. */
    'client:seen'?: boolean | { readonly rootMargin?: string };
  }
}

/** For what knows TypeScript only; Astro's own tools read the component itself. */
declare module '*.astro' {
  const component: import('astro/runtime/server/index.js').AstroComponentFactory;
  export default component;
}

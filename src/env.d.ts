declare namespace App {
  interface Locals {
    /** Set by the lesson page for the parts of the lesson. */
    lesson?: import('./lesson-kit/lesson-context.ts').LessonContext;
  }
}

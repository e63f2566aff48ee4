/** The scenarios of the simulator that a page shows, each with the controls it has there. */
export const embeddedScenarios = {
  'the-line': 'simple',
  'one-page': 'simple',
  'http-and-https': 'full',
  'two-clients': 'simple',
  'two-servers-one-port': 'simple',
  'mail-and-time': 'simple',
} as const;

export type EmbeddedScenario = keyof typeof embeddedScenarios;

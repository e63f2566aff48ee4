/**
 * All that the simulator needs only once somebody does something: the engine itself, the actions, and
 * links to a moment. Loaded on demand.
 */

export { candidatesAt } from './candidate-list.ts';
export { act, resize } from './learner-actions.ts';
export { Recorder } from './recorder.ts';
export { decodeMoment, encodeMoment } from './session-code.ts';

/** The project's own rules, as a plugin for Oxlint. */
import { importArrows } from './import-arrows.js';

export default { meta: { name: 'project' }, rules: { 'import-arrows': importArrows } };

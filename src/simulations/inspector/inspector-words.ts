/** The words of the page, as its parts take them. */

import type { Messages } from '../../i18n/messages.ts';

export type InspectorWords = Messages['inspect'];

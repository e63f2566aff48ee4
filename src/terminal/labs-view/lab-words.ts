/** The words around a lab: content/interface/labs. */

import type en from '../../../content/interface/labs/en.json';

export type LabWords = typeof en;

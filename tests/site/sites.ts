/**
 * The two builds that the tests of the built site read: at the root, and below a base path. The second
 * comes from a copy with more pages, among them those of one more language (tests/recipes/).
 */
import { readBuiltSite } from '../../scripts/built-site/pages.ts';
import { basePath, basePathFolder } from '../../scripts/checks/checks.ts';

export const site = readBuiltSite('dist', '/');
export const siteBelowBasePath = readBuiltSite(basePathFolder, basePath);

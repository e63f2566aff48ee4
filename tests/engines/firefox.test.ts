import { findFirefox } from '../../scripts/setup/other-engines.ts';
import { startFirefox } from './firefox.ts';
import { describeSmoke } from './smoke.ts';

const path = findFirefox();
describeSmoke('Firefox', path === undefined ? undefined : () => startFirefox(path));

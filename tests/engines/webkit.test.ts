import { findWebKit } from '../../scripts/setup/other-engines.ts';
import { describeSmoke } from './smoke.ts';
import { startWebKit } from './webkit.ts';

const programs = findWebKit();
describeSmoke('WebKit', programs === undefined ? undefined : () => startWebKit(programs));

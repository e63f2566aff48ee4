/**
 * Records what the bash of this machine makes of each case in cases.txt, into recorded.json. To be run
 * where bash 5.2 and GNU's tools are: `node tests/golden/bash/record.ts`. Each case runs as a script, in a
 * fresh /tmp of its own (a mount namespace), as an ordinary environment has it.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { readCases } from './cases.ts';

const recorded = readCases(readFileSync(new URL('cases.txt', import.meta.url), 'utf8')).map(
  ({ name, script }) => {
    const run = spawnSync(
      'unshare',
      [
        '--mount',
        'bash',
        '-c',
        'mount -t tmpfs none /tmp && cat > /tmp/case.sh && cd /tmp && exec env -i HOME=/tmp PATH=/usr/bin:/bin LANG=C.UTF-8 bash /tmp/case.sh < /dev/null',
      ],
      { input: script, encoding: 'utf8', timeout: 20_000 },
    );
    return { name, stdout: run.stdout, stderr: run.stderr, status: run.status };
  },
);
writeFileSync(new URL('recorded.json', import.meta.url), `${JSON.stringify(recorded, null, 1)}\n`);

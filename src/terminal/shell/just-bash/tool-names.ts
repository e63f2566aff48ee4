/** The tools of the shell library that this machine has. */

import { getCommandNames } from 'just-bash/browser';

/** Tools that a Linux machine has by other means, or not by these names. */
const hidden = new Set(
  `alias bash bg break cd continue curl echo env eval exec exit export false fg hash head help history
  hostname html-to-markdown jobs jq js-exec kill ls node printf pwd python python3 read rg seq sh shift sleep
  source sqlite3 tail tee test time timeout true type ulimit umask unalias uname uniq unset wait wc whoami xan xargs
  yes yq gzip gunzip zcat tar cat diff date [`
    .split(/\s+/)
    .filter(Boolean),
);

export const toolNames: ReadonlySet<string> = new Set(
  getCommandNames().filter((name) => !hidden.has(name)),
);

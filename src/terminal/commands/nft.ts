/** nft (1.0.6), to look: the rules that iptables sets, in nftables' words. */

import { rulesetText } from '../firewall/nft-text.ts';
import { failed, Printer, printed, unsupported, type Command } from './command.ts';
import { filterOf } from './iptables.ts';

export const nft: Command = {
  name: 'nft',
  async run(context) {
    const { args } = context;
    const options = args.filter((arg) => arg.startsWith('-'));
    const words = args.filter((arg) => !arg.startsWith('-'));
    if (options.includes('-h') || options.includes('--help'))
      return printed((await context.manual('nft')) ?? '');
    if (options.includes('-v') || options.includes('--version'))
      return printed('nftables v1.0.6 (Lester Gooch #5)\n');
    const unknown = options.find((option) => option !== '-n' && option !== '-a');
    if (unknown !== undefined) return unsupported(context, 'nft', unknown);
    const [verb, what = '', ...rest] = words;
    if (verb === undefined) return failed('nft: no command specified');
    if (verb !== 'list') {
      const isReal = ['add', 'insert', 'delete', 'create', 'flush', 'replace', 'reset', 'monitor'];
      if (isReal.includes(verb)) return unsupported(context, 'nft', verb);
      return failed(
        `Error: syntax error, unexpected newline, expecting string\n${verb}\n${' '.repeat(verb.length)}^`,
      );
    }
    if (context.user.uid !== 0)
      return failed(
        'Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted',
      );
    const chains = filterOf(context).chains();
    const text = rulesetText(chains);
    const demanded =
      context.machine.host.firewallSpec()?.later === undefined
        ? null
        : await import('./firewalld-on-demand.ts');
    const runtime = demanded === null ? null : new demanded.Firewalld(context.machine).runtime;
    const firewalld = demanded === null || runtime === null ? '' : demanded.tableText(runtime);
    const out = new Printer();
    // Rules that nftables knows only by way of iptables' own modules.
    const isForeign = chains.some(({ rules }) =>
      rules.some(({ rule }) => rule.matches.some(({ name }) => name !== 'tcp' && name !== 'udp')),
    );
    if (isForeign && what !== 'tables')
      out.problem('# Warning: table ip filter is managed by iptables-nft, do not touch!');
    switch (what) {
      case 'ruleset':
        if (rest.length > 0) {
          const line = words.join(' ');
          const [wrong = ''] = rest;
          return failed(
            `Error: syntax error, unexpected string, expecting end of file or newline or semicolon\n${line}\n${' '.repeat(line.indexOf(wrong, 'list ruleset'.length))}${'^'.repeat(wrong.length)}`,
          );
        }
        out.text(text + firewalld);
        return out.result(0);
      case 'tables':
        return printed(
          `${text === '' ? '' : 'table ip filter\n'}${firewalld === '' ? '' : 'table inet firewalld\n'}`,
        );
      case 'chain': {
        const [family, table, name = ''] = rest;
        const isFirewalld = family === 'inet' && table === 'firewalld' && rest.length === 3;
        const listing =
          isFirewalld && runtime !== null ? demanded?.chainListing(runtime, name) : undefined;
        if (listing === undefined) return unsupported(context, 'nft', words.join(' '));
        return printed(listing);
      }
      case 'chains':
        out.text(rulesetText(chains, false));
        return out.result(0);
      case 'table':
        if (rest.join(' ') === 'inet firewalld' && firewalld !== '') return printed(firewalld);
        if (rest.at(-1) !== 'filter' || text === '')
          return failed(
            `Error: No such file or directory\n${words.join(' ')}\n${' '.repeat(words.join(' ').length - (rest.at(-1)?.length ?? 0))}${'^'.repeat(rest.at(-1)?.length ?? 1)}`,
          );
        out.text(text);
        return out.result(0);
      default:
        return unsupported(context, 'nft', words.join(' '));
    }
  },
};

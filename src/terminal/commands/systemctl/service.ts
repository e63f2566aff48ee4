/** service: systemctl in the words of the scripts in /etc/init.d. */

import { failed, printed, type Command } from '../command.ts';
import { systemctl } from './systemctl.ts';

const serviceUsage =
  'Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]';
const scriptVerbs = ['start', 'stop', 'reload', 'force-reload', 'restart', 'try-restart', 'status'];

/** `service NAME VERB`, the older way round. */
export const service: Command = {
  name: 'service',
  async run(context) {
    const [name, verb] = context.args;
    const isNew = context.machine.distribution.systemd > 219;
    if (name === '--status-all' && isNew) {
      const units = context.machine.services.list().filter(({ spec }) => spec.hasInitScript);
      const lines = units
        .map(({ spec, state }) => ` [ ${state.active === 'active' ? '+' : '-'} ]  ${spec.name}\n`)
        .sort();
      return printed(lines.join(''));
    }
    if (name === undefined) return failed(serviceUsage);
    const script = `Usage: /etc/init.d/${name} {${scriptVerbs.join('|')}}.`;
    const hasScript = context.machine.services.find(name)?.spec.hasInitScript === true;
    if (hasScript && (verb === undefined || !scriptVerbs.includes(verb))) return failed(script);
    if (verb === undefined) return failed(serviceUsage);
    const result = await systemctl.run({ ...context, args: [verb, name] });
    if (isNew) return result;
    const note = `Redirecting to /bin/systemctl ${verb} ${name}.service\n`;
    return {
      ...result,
      stderr: `${note}${result.stderr}`,
      inOrder: [
        { stream: 'err', text: note },
        ...(result.inOrder ?? [
          { stream: 'out', text: result.stdout },
          { stream: 'err', text: result.stderr },
        ]),
      ],
    };
  },
};

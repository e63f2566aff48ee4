/** The verbs of systemctl that change a unit: start, stop, reload, enable, mask and their like. */

import type { Unit } from '../../formats/systemctl-lists.ts';
import type { ServiceSpec } from '../../linux/distribution.ts';
import type { ServiceState } from '../../linux/services.ts';
import type { CommandContext, Printer } from '../command.ts';
import { unitOf } from './unit-names.ts';

/** What one verb does to one unit. */
export class UnitAction {
  private readonly context: CommandContext;
  private readonly verb: string;
  private readonly name: string;
  private readonly unit: string;
  private readonly isNow: boolean;
  private readonly out: Printer;
  private readonly isNew: boolean;

  constructor(context: CommandContext, verb: string, name: string, isNow: boolean, out: Printer) {
    this.context = context;
    this.verb = verb;
    this.name = name;
    this.unit = unitOf(name);
    this.isNow = isNow;
    this.out = out;
    this.isNew = context.machine.distribution.systemd > 219;
  }

  /** @returns the exit status */
  perform(): number {
    const { verb } = this;
    const found = this.context.machine.services.find(this.name);
    const isFileVerb = ['enable', 'disable', 'mask', 'unmask'].includes(verb);
    if (this.context.user.uid !== 0) return this.refused(isFileVerb, found);
    if (found === undefined) return this.missing();
    const { spec, state } = found;
    if (verb === 'enable' || verb === 'disable') return this.link(spec, state);
    if (verb === 'mask' || verb === 'unmask') return this.mask(spec, state);
    switch (verb) {
      case 'start':
        return this.started(spec, state);
      case 'stop':
        return this.stopped(spec);
      case 'restart':
        return this.restarted(spec, state);
      case 'try-restart':
        return state.active === 'active' ? this.restarted(spec, state) : 0;
      case 'kill':
        if (state.pid !== null) this.context.machine.endProcess(state.pid);
        return 0;
      case 'reset-failed':
        this.context.machine.services.resetFailed(spec.name);
        return 0;
      default:
        return this.reloaded(spec, state);
    }
  }

  /** The verb as the messages have it. */
  private get plain(): string {
    return this.verb.replace('try-', '').replace('reload-or-', '');
  }

  private refused(isFileVerb: boolean, found: Unit | undefined): number {
    const { out, unit, verb } = this;
    if (isFileVerb && this.isNew) {
      if (found?.spec.hasInitScript === true && verb !== 'mask' && verb !== 'unmask') {
        this.sayInSync(found.spec);
        out.problem('Reload daemon failed: Interactive authentication required.');
        out.problem('Reload daemon failed: Interactive authentication required.');
      }
      out.problem(`Failed to ${verb} unit: Interactive authentication required.`);
      return 1;
    }
    out.problem(`Failed to ${this.plain} ${unit}: Interactive authentication required.`);
    out.problem(`See system logs and 'systemctl status ${unit}' for details.`);
    return 1;
  }

  private missing(): number {
    const { out, unit, verb } = this;
    if (verb === 'enable' || verb === 'disable') {
      out.problem(`Failed to ${verb} unit: Unit file ${unit} does not exist.`);
      return 1;
    }
    if (verb === 'mask' || verb === 'unmask') {
      out.problem(`Unit ${unit} does not exist, proceeding anyway.`);
      if (verb === 'mask') out.problem(`Created symlink /etc/systemd/system/${unit} → /dev/null.`);
      return 0;
    }
    const isAbout = verb === 'stop' || verb === 'kill' || verb === 'reset-failed';
    const what = this.isNew && isAbout ? 'not loaded' : 'not found';
    out.problem(`Failed to ${this.plain} ${unit}: Unit ${unit} ${what}.`);
    return 5;
  }

  private sayInSync(spec: ServiceSpec): void {
    const script = '/lib/systemd/systemd-sysv-install';
    this.out.problem(
      `Synchronizing state of ${spec.name}.service with SysV service script with ${script}.`,
    );
    this.out.problem(`Executing: ${script} ${this.verb} ${spec.name}`);
  }

  private link(spec: ServiceSpec, state: ServiceState): number {
    const { isNew, name, out, verb } = this;
    const { services } = this.context.machine;
    const isOn = verb === 'enable';
    const plain = name.replace(/\.service$/, '');
    if (isNew && isOn && plain !== spec.name && state.isEnabled) {
      out.problem(
        `Failed to enable unit: Refusing to operate on alias name or linked unit file: ${plain}.service`,
      );
      return 1;
    }
    services.enable(spec.name, isOn);
    if (isNew && spec.hasInitScript === true) this.sayInSync(spec);
    if (isOn !== state.isEnabled) {
      const folder = '/etc/systemd/system';
      const own = `${folder}/multi-user.target.wants/${spec.name}.service`;
      const aliases = isNew ? (spec.aliases ?? []).map((one) => `${folder}/${one}.service`) : [];
      const arrow = (link: string) =>
        isNew
          ? `Created symlink ${link} → ${spec.unitPath}.`
          : `Created symlink from ${link} to ${spec.unitPath}.`;
      const removed = (link: string) => (isNew ? `Removed "${link}".` : `Removed symlink ${link}.`);
      const links = isOn ? [...aliases, own].map(arrow) : [own, ...aliases].map(removed);
      for (const line of links) out.problem(line);
    }
    if (!this.isNow) return 0;
    return isOn ? this.started(spec, state) : this.stopped(spec);
  }

  private mask(spec: ServiceSpec, state: ServiceState): number {
    const { out, verb } = this;
    const link = `/etc/systemd/system/${spec.name}.service`;
    const isMasking = verb === 'mask';
    if (isMasking === (state.isMasked === true)) return 0;
    this.context.machine.services.mask(spec.name, isMasking);
    if (isMasking)
      out.problem(
        this.isNew
          ? `Created symlink ${link} → /dev/null.`
          : `Created symlink from ${link} to /dev/null.`,
      );
    else out.problem(this.isNew ? `Removed "${link}".` : `Removed symlink ${link}.`);
    return this.isNow && isMasking ? this.stopped(spec) : 0;
  }

  private started(spec: ServiceSpec, state: ServiceState): number {
    if (state.isMasked === true) {
      this.out.problem(
        `Failed to ${this.plain} ${spec.name}.service: Unit ${spec.name}.service is masked.`,
      );
      return 1;
    }
    const outcome = this.context.machine.services.start(spec.name);
    if (outcome.ok) return 0;
    const unit = `${spec.name}.service`;
    this.out.problem(
      `Job for ${unit} failed because the control process exited with error code.${this.isNew ? '\n' : ' '}` +
        `See "systemctl status ${unit}" and "journalctl ${this.isNew ? `-xeu ${unit}` : '-xe'}" for details.`,
    );
    return 1;
  }

  private stopped(spec: ServiceSpec): number {
    this.context.machine.services.stop(spec.name);
    return 0;
  }

  private restarted(spec: ServiceSpec, state: ServiceState): number {
    this.stopped(spec);
    return this.started(spec, state);
  }

  private reloaded(spec: ServiceSpec, state: ServiceState): number {
    const { out, verb } = this;
    if (state.active !== 'active') {
      if (verb === 'reload-or-restart') return this.started(spec, state);
      out.problem(`${spec.name}.service is not active, cannot reload.`);
      return 1;
    }
    if (!spec.canReload) {
      if (verb === 'reload-or-restart') return this.restarted(spec, state);
      out.problem(
        `Failed to reload ${spec.name}.service: Job type reload is not applicable for unit ${spec.name}.service.`,
      );
      return this.isNew ? 3 : 1;
    }
    const outcome = this.context.machine.services.reload(spec.name);
    if (outcome.ok) return 0;
    const unit = `${spec.name}.service`;
    out.problem(
      `Job for ${unit} failed.${this.isNew ? '\n' : ' '}See "systemctl status ${unit}" and "journalctl ${this.isNew ? `-xeu ${unit}` : '-xe'}" for details.`,
    );
    return 1;
  }
}

/** tcpdump (4.99.3): what passes the machine's interfaces, on the screen or into a pcap file. */

import { FrameMaker, type Frame } from '../../network/trace/frame.ts';
import {
  COOKED,
  ETHERNET,
  ipBytes,
  linkBytes,
  noHardware,
  pcapHead,
  pcapRecord,
  readPcap,
  type LinkType,
} from '../../network/trace/pcap.ts';
import { readFilter, type FrameTest, type ReadFilter } from '../capture/filter.ts';
import { PacketPrinter } from '../capture/printing.ts';
import { FileError, errorText, resolvePath } from '../linux/file-system.ts';
import { interfacesOf, type OwnAddresses } from '../linux/network-config.ts';
import { neighbours } from '../linux/neighbourhood.ts';
import {
  failed,
  printed,
  startOwner,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';
import { parseOptions, type GivenOptions } from './options.ts';

const version = 'tcpdump version 4.99.3\nlibpcap version 1.10.3 (with TPACKET_V3)\n';

const usage = `${version}Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
\t\t[ -i interface ] [ -r file ] [ -s snaplen ] [ --version ] [ -w file ] [ expression ]
`;

export const tcpdump: Command = {
  name: 'tcpdump',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'AbDefhKlLnNOpqStuUvxX#',
      valued: 'icrswQBCGWyFTMEVjzZ',
      long: {
        interface: 'i',
        'list-interfaces': 'D',
        number: '#',
        'packet-buffered': 'U',
        'no-promiscuous-mode': 'p',
        'snapshot-length': 's',
        'absolute-tcp-sequence-numbers': 'S',
        'immediate-mode': 'U',
        count: 'κ',
        print: 'π',
        direction: 'Q',
        help: 'h',
        version: 'ν',
      },
    });
    if (!parsed.ok) {
      const { option, problem } = parsed;
      const letter = option.replace(/^-+/, '');
      const said =
        problem === 'needs-value'
          ? `option requires an argument -- '${letter}'`
          : option.startsWith('--')
            ? `unrecognized option '${option}'`
            : `invalid option -- '${letter}'`;
      return failed(`tcpdump: ${said}\n${usage}`);
    }
    const given = parsed.options;
    if (given.has('h')) return printed((await context.manual('tcpdump')) ?? '');
    if (given.has('ν')) return printed(version);
    const missing = Array.from('bBCGWyFTMEVjzZKLNOκ').find((letter) => given.has(letter));
    if (missing !== undefined)
      return unsupported(context, 'tcpdump', missing === 'κ' ? '--count' : `-${missing}`);
    if (given.has('D'))
      return printed(
        '1.eth0 [Up, Running, Connected]\n2.any (Pseudo-device that captures on all interfaces) [Up, Running]\n3.lo [Up, Running, Loopback]\n',
      );
    const count = given.value('c');
    if (count !== undefined && !/^[1-9]\d*$/.test(count))
      return failed(`tcpdump: invalid packet count ${count}`);
    const { machine } = context;
    const names = {
      resolve: (name: string) => machine.resolve(name),
      portOf: (service: string) => machine.serviceNames().byName(service)?.port,
    };
    const expression = parsed.operands.join(' ');
    const job = new Capture(context, given, count === undefined ? Infinity : Number(count));
    if (given.has('r'))
      return job.replay(given.value('r') ?? '', (link) =>
        readFilter(expression, names, linkBytes[link]),
      );
    const name = given.value('i') ?? 'eth0';
    if (context.user.uid !== 0)
      return failed(
        `tcpdump: ${name}: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)`,
      );
    if (!['any', 'lo', 'eth0'].includes(name))
      return failed(`tcpdump: ${name}: No such device exists\n(No such device exists)`);
    const link = name === 'any' ? COOKED : ETHERNET;
    const filter = readFilter(expression, names, linkBytes[link]);
    if (!filter.ok) return failed(`tcpdump: ${filter.problem}`);
    return job.run(name, link, filter.test);
  },
};

/** How long it listens before it shows what has come. */
const listeningMs = 100;

class Capture {
  private readonly context: CommandContext;
  private readonly given: GivenOptions;
  private readonly most: number;
  private captured = 0;
  private received = 0;

  constructor(context: CommandContext, given: GivenOptions, most: number) {
    this.context = context;
    this.given = given;
    this.most = most;
  }

  private get path(): string | undefined {
    const path = this.given.value('w');
    return path === undefined || path === '-' ? path : resolvePath(this.context.cwd, path);
  }

  private printer(namesInterface: boolean): PacketPrinter {
    const { given } = this;
    const { machine } = this.context;
    const isNumeric = given.has('n');
    const services = machine.serviceNames();
    return new PacketPrinter({
      time: Math.min(5, given.count('t')),
      isQuiet: given.has('q'),
      verbosity: given.count('v'),
      isAbsolute: given.has('S'),
      showsLink: given.has('e'),
      showsText: given.has('A'),
      showsHex: given.has('X'),
      namesInterface,
      host: (address) => (isNumeric ? address : machine.nameOf(address)),
      port: (port, protocol) =>
        (isNumeric ? undefined : services.byPort(port, protocol)?.name) ?? String(port),
      hardware: (address) => hardwareOf(machine.distribution, address),
    });
  }

  /** `-r`: a file's packets. */
  replay(path: string, filterFor: (link: LinkType) => ReadFilter): CommandResult {
    const { context } = this;
    let bytes: string;
    try {
      bytes = context.machine.files.read(resolvePath(context.cwd, path), context.identity);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return failed(`tcpdump: ${path}: ${errorText(error.code)}`);
    }
    const read = readPcap(bytes);
    if (!read.ok)
      return failed(
        read.problem === 'truncated'
          ? 'tcpdump: pcap_loop: truncated dump file'
          : `tcpdump: unknown file format`,
      );
    const filter = filterFor(read.link);
    if (!filter.ok) return failed(`tcpdump: ${filter.problem}`);
    const link = linkText(read.link);
    const head = `reading from file ${path}, link-type ${link}, snapshot length 262144\n`;
    const printer = this.printer(read.link === COOKED);
    const frames = read.frames.filter(filter.test).slice(0, this.most);
    const text = frames.map((frame) => printer.text(frame)).join('');
    return {
      stdout: text,
      stderr: head,
      exitCode: 0,
      inOrder: [
        { stream: 'err', text: head },
        { stream: 'out', text },
      ],
    };
  }

  /** Captures until enough has come or it is told to end. */
  async run(name: string, link: LinkType, test: FrameTest): Promise<CommandResult> {
    const { context, given, path } = this;
    const { machine, terminal } = context;
    if (path !== undefined && path !== '-') {
      const problem = this.create(path, link);
      if (problem !== null) return problem;
    }
    if (name === 'any') terminal.write('tcpdump: data link type LINUX_SLL2\n', 'err');
    const isVerbose = given.has('v');
    const hint = path === undefined && !isVerbose;
    if (hint)
      terminal.write(
        'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n',
        'err',
      );
    terminal.write(
      `${hint ? '' : 'tcpdump: '}listening on ${name}, link-type ${linkText(link)}, snapshot length 262144 bytes\n`,
      'err',
    );
    const { end } = startOwner(context, 'tcpdump', { kind: 'idle' });
    const printer = this.printer(name === 'any');
    const waiting: Frame[] = [];
    const maker = new FrameMaker({
      epochMs: machine.epochNowMs - machine.world.nowMs,
      owns: (address) =>
        address.startsWith('127.') || address === '::1' || machine.host.addresses.includes(address),
      contents: (from, to, offset, bytes) => machine.wireTexts.slice(from, to, offset, bytes),
      quote: ipBytes,
    });
    const stop = machine.world.listen((event) => {
      const frame = maker.frameOf(event);
      if (frame === null || (name !== 'any' && frame.interface !== name) || !test(frame)) return;
      // Loopback hands each packet over twice, going out and coming in.
      this.received += frame.interface === 'lo' ? 2 : 1;
      if (waiting.length + this.captured < this.most) waiting.push(frame);
    });
    try {
      while (this.captured < this.most && !context.signal.aborted) {
        this.show(waiting.splice(0), printer, link);
        if (this.captured >= this.most) break;
        // In the foreground nothing else lets time pass.
        if (context.pace.isDriving) await context.pace.pass(listeningMs, context.signal);
        else await context.pace.idle(context.signal);
      }
      this.show(waiting.splice(0), printer, link);
    } finally {
      stop();
      end();
    }
    if (context.signal.aborted && path === undefined) terminal.write('\n');
    const s = this.captured === 1 ? '' : 's';
    const r = this.received === 1 ? '' : 's';
    terminal.write(
      `${this.captured} packet${s} captured\n${this.received} packet${r} received by filter\n0 packets dropped by kernel\n`,
      'err',
    );
    this.offer();
    return printed('');
  }

  /** What was saved can be had outside the machine as well. */
  private offer(): void {
    const { context, path } = this;
    if (path === undefined || path === '-' || this.captured === 0) return;
    const { files } = context.machine;
    if (!files.exists(path, context.identity)) return;
    context.terminal.offerFile(path.replace(/^.*\//, ''), files.read(path, context.identity));
  }

  private create(path: string, link: LinkType): CommandResult | null {
    const { context } = this;
    try {
      context.machine.files.write(path, pcapHead(link), context.identity);
      return null;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return failed(`tcpdump: ${this.given.value('w') ?? ''}: ${errorText(error.code)}`);
    }
  }

  private show(frames: readonly Frame[], printer: PacketPrinter, link: LinkType): void {
    const { context, path } = this;
    if (frames.length === 0) return;
    this.captured += frames.length;
    if (path === undefined) {
      for (const frame of frames) context.terminal.write(printer.text(frame));
      return;
    }
    const { files, distribution } = context.machine;
    const hardware = (address: string) => hardwareOf(distribution, address);
    const records = frames.map((frame) => pcapRecord(frame, link, hardware)).join('');
    const before = files.exists(path, context.identity)
      ? files.read(path, context.identity)
      : pcapHead(link);
    files.write(path, before + records, context.identity);
  }
}

function linkText(link: LinkType): string {
  return link === COOKED ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)';
}

/** The hardware address behind an IP address: the machine's own card's, a neighbour's, or the gateway's. */
function hardwareOf(own: OwnAddresses, address: string): string {
  if (address.includes(':')) return noHardware;
  const card = interfacesOf(own).find((one) => one.address === address);
  if (card !== undefined) return card.mac;
  const isNear = neighbours.some((one) => one.address === address) && address.startsWith('10.0.0.');
  const last = Number((isNear ? address : '10.0.0.1').split('.').at(-1));
  return `06:0a:00:00:00:${last.toString(16).padStart(2, '0')}`;
}

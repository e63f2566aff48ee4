import { describe, expect, it } from 'vitest';
import { clientAndWeb, line, linesFrom, plainConnect, statesOf } from '../world-fixtures.ts';
import { World, type WorldSnapshot } from '../world.ts';

const close = (atMs: number, by: string): Record<string, unknown> => ({
  atMs,
  do: 'close',
  connection: 'page',
  by,
});

describe('opening', () => {
  it('takes three segments (RFC 9293 figure 6)', () => {
    const world = clientAndWeb({ actions: [plainConnect] });
    world.runToEnd();
    expect(world.trace.map(line)).toEqual([
      '0 web LISTEN',
      '0 client SYN-SENT',
      '0 50000>80 SYN',
      '10 50000>>80 SYN',
      '10 web SYN-RECEIVED',
      '10 80>50000 SYN ACK',
      '20 80>>50000 SYN ACK',
      '20 client ESTABLISHED',
      '20 50000>80 ACK',
      '30 50000>>80 ACK',
      '30 web ESTABLISHED',
    ]);
  });

  it('both sides at once makes one connection (figure 8)', () => {
    const world = clientAndWeb({
      actions: [
        plainConnect,
        {
          ...plainConnect,
          from: 'web',
          to: '10.0.0.2:50000',
          localPort: 80,
          as: 'back',
          reuseAddress: true,
        },
      ],
      listen: [],
    });
    world.runToEnd();
    expect(linesFrom(world, 10)).toEqual([
      '10 web SYN-RECEIVED',
      '10 80>50000 SYN ACK',
      '10 client SYN-RECEIVED',
      '10 50000>80 SYN ACK',
      '20 client ESTABLISHED',
      '20 web ESTABLISHED',
    ]);
  });

  it('a socket that reaches itself is connected to itself', () => {
    const world = clientAndWeb({ sysctl: { 'net.ipv4.ip_local_port_range': '40000 40000' } });
    world.host('client')?.connect('tcp', '127.0.0.1', 40_000, { request: 2 });
    world.runUntil(10);
    expect(world.host('client')?.sockets()).toMatchObject([
      { localPort: 40_000, remotePort: 40_000, state: 'ESTABLISHED' },
    ]);
    world.host('client')?.close(world.host('client')?.sockets()[0]?.id ?? 0);
    world.runUntil(20);
    expect(linesFrom(world, 10).filter((text) => !text.includes('>'))).toEqual([
      '10 client FIN-WAIT-1',
      '10 client CLOSING',
      '10 client TIME-WAIT',
    ]);
  });

  it('a closed port refuses with RST, and the client says ECONNREFUSED', () => {
    const world = clientAndWeb({ actions: [{ ...plainConnect, to: '10.0.0.10:81' }] });
    world.runToEnd();
    expect(linesFrom(world, 1)).toEqual([
      '10 81>50000 RST ACK',
      '20 client connect ECONNREFUSED',
      '20 client CLOSED',
    ]);
    const reset = world.trace.find(
      (event) => event.event === 'segment' && event.flags.includes('RST'),
    );
    expect(reset).toMatchObject({ seq: 0, ack: 1 });
  });

  it('nobody there: eleven SYNs, then ETIMEDOUT after 131 s', () => {
    const world = clientAndWeb({ actions: [{ ...plainConnect, to: '10.9.9.77:80' }] });
    world.runToEnd();
    const sent = world.trace.flatMap((event) =>
      event.event === 'segment' && event.phase === 'sent' ? [event.atMs] : [],
    );
    expect(sent).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67].map((seconds) => seconds * 1000));
    expect(world.trace.slice(-2).map(line)).toEqual([
      '131000 client connect ETIMEDOUT',
      '131000 client CLOSED',
    ]);
  });

  it('tcp_syn_retries shortens the wait', () => {
    const world = clientAndWeb({
      sysctl: { 'net.ipv4.tcp_syn_retries': '2' },
      actions: [{ ...plainConnect, to: '10.9.9.77:80' }],
    });
    world.runToEnd();
    expect(world.nowMs).toBe(7000);
  });

  it('a repeated SYN on a slow path opens one connection, not two', () => {
    const world = clientAndWeb({ latencyMs: 1500, actions: [plainConnect] });
    world.runToEnd();
    expect(statesOf(world, 'client')).toEqual(['ESTABLISHED']);
    expect(statesOf(world, 'web')).toEqual(['LISTEN', 'ESTABLISHED']);
  });

  it('a client that gives up answers the late SYN,ACK with RST', () => {
    const world = clientAndWeb({ actions: [plainConnect, close(15, 'client')] });
    world.runToEnd();
    expect(linesFrom(world, 15)).toEqual(['15 client CLOSED', '20 50000>80 RST', '30 web CLOSED']);
  });
});

describe('data', () => {
  it('one request, one answer, with the ports swapped', () => {
    const world = clientAndWeb({ actions: [{ ...plainConnect, request: 100, response: 300 }] });
    world.runToEnd();
    expect(linesFrom(world, 20)).toEqual([
      '20 client ESTABLISHED',
      '20 50000>80 ACK',
      '20 50000>80 PSH ACK',
      '30 web ESTABLISHED',
      '30 80>50000 PSH ACK',
      '40 50000>80 ACK',
    ]);
    const [request, answer] = world.trace.filter(
      (event) => event.event === 'segment' && event.phase === 'sent' && event.bytes > 0,
    );
    expect(request).toMatchObject({ bytes: 100, seq: 1, ack: 1 });
    expect(answer).toMatchObject({ bytes: 300, seq: 1, ack: 101 });
  });
});

describe('closing', () => {
  const opened = [plainConnect];

  it.each([
    ['client', 'web', '50000>80', '80>50000'],
    ['web', 'client', '80>50000', '50000>80'],
  ])('by %s: that side has TIME-WAIT for 60 s (figure 12)', (first, second, there, back) => {
    const world = clientAndWeb({ actions: [...opened, close(100, first)] });
    world.runToEnd();
    expect(linesFrom(world, 100)).toEqual([
      `100 ${first} FIN-WAIT-1`,
      `100 ${there} FIN ACK`,
      `110 ${second} CLOSE-WAIT`,
      `110 ${back} ACK`,
      `110 ${second} LAST-ACK`,
      `110 ${back} FIN ACK`,
      `120 ${first} FIN-WAIT-2`,
      `120 ${first} TIME-WAIT`,
      `120 ${there} ACK`,
      `130 ${second} CLOSED`,
      `60120 ${first} CLOSED`,
    ]);
  });

  it('by both at once: CLOSING, and TIME-WAIT on both sides (figure 13)', () => {
    const world = clientAndWeb({ actions: [...opened, close(100, 'client'), close(100, 'web')] });
    world.runToEnd();
    expect(linesFrom(world, 100)).toEqual([
      '100 client FIN-WAIT-1',
      '100 50000>80 FIN ACK',
      '100 web FIN-WAIT-1',
      '100 80>50000 FIN ACK',
      '110 web CLOSING',
      '110 80>50000 ACK',
      '110 client CLOSING',
      '110 50000>80 ACK',
      '120 client TIME-WAIT',
      '120 web TIME-WAIT',
      '60120 client CLOSED',
      '60120 web CLOSED',
    ]);
  });

  it('half: one side goes on sending after the other has ended', () => {
    const world = clientAndWeb({ actions: opened, listen: [{ port: 80, answersClose: false }] });
    world.runUntil(100);
    const [client, web] = [world.host('client'), world.host('web')];
    const mine = client?.sockets()[0]?.id ?? 0;
    const theirs = web?.sockets()[1]?.id ?? 0;
    client?.shutdown(mine);
    world.runUntil(200);
    expect([statesOf(world, 'client'), statesOf(world, 'web')]).toEqual([
      ['FIN-WAIT-2'],
      ['LISTEN', 'CLOSE-WAIT'],
    ]);
    expect(web?.send(theirs, 50)).toEqual({ ok: true, value: null });
    world.runUntil(300);
    web?.close(theirs);
    world.runUntil(400);
    expect(statesOf(world, 'client')).toEqual(['TIME-WAIT']);
    expect(statesOf(world, 'web')).toEqual(['LISTEN']);
  });

  it('an orphan waits for the other FIN only as long as tcp_fin_timeout; there is no TIME-WAIT then', () => {
    const world = clientAndWeb({
      sysctl: { 'net.ipv4.tcp_fin_timeout': '5' },
      listen: [{ port: 80, answersClose: false }],
      actions: [...opened, close(100, 'client')],
    });
    world.runToEnd();
    expect(linesFrom(world, 100)).toEqual([
      '100 client FIN-WAIT-1',
      '100 50000>80 FIN ACK',
      '110 web CLOSE-WAIT',
      '110 80>50000 ACK',
      '120 client FIN-WAIT-2',
      '5120 client CLOSED',
    ]);
    expect(statesOf(world, 'web')).toEqual(['LISTEN', 'CLOSE-WAIT']);
  });

  it('data for a program that is gone is answered with RST', () => {
    const world = clientAndWeb({
      actions: [...opened, close(100, 'client')],
      listen: [{ port: 80, answersClose: false }],
    });
    world.runUntil(200);
    world.host('web')?.send(world.host('web')?.sockets()[1]?.id ?? 0, 10);
    world.runToEnd();
    expect(linesFrom(world, 200)).toEqual([
      '200 80>50000 PSH ACK',
      '210 50000>80 RST',
      '210 client CLOSED',
      '220 web receive ECONNRESET',
      '220 web CLOSED',
    ]);
  });

  it('before the answer has come: the program reads on, then the connection ends in order', () => {
    const world = clientAndWeb({
      actions: [{ ...plainConnect, request: 10, response: 10 }, close(25, 'client')],
    });
    world.runUntil(1000);
    expect(linesFrom(world, 25)).toEqual([
      '25 client FIN-WAIT-1',
      '25 50000>80 FIN ACK',
      '30 web ESTABLISHED',
      '30 80>50000 PSH ACK',
      '35 web CLOSE-WAIT',
      '35 80>50000 ACK',
      '35 web LAST-ACK',
      '35 80>50000 FIN ACK',
      '40 50000>80 ACK',
      '45 client FIN-WAIT-2',
      '45 client TIME-WAIT',
      '45 50000>80 ACK',
      '55 web CLOSED',
    ]);
  });

  it('tcp_max_tw_buckets: what is above it is closed at once', () => {
    const world = clientAndWeb({
      sysctl: { 'net.ipv4.tcp_max_tw_buckets': '5' },
      actions: [
        { atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80', as: 'c', count: 20 },
        { atMs: 100, do: 'close', connections: 'all' },
      ],
    });
    world.runUntil(500);
    expect(statesOf(world, 'client')).toEqual(new Array(5).fill('TIME-WAIT'));
  });

  it('a second close, and one of what is gone, say ENOTCONN; of what never was, ENOENT', () => {
    const world = clientAndWeb({
      actions: [
        ...opened,
        close(100, 'client'),
        close(101, 'client'),
        close(70_000, 'client'),
        { atMs: 70_001, do: 'close', connection: 'other' },
      ],
    });
    world.runToEnd();
    const errors = world.trace.filter(({ event }) => event === 'error').map(line);
    expect(errors).toEqual([
      '101 client close ENOTCONN',
      '70000 client close ENOTCONN',
      '70001  close ENOENT',
    ]);
  });
});

describe('resetting', () => {
  it('sends RST, leaves no TIME-WAIT, and tells the other program', () => {
    const world = clientAndWeb({
      actions: [plainConnect, { atMs: 100, do: 'reset', connection: 'page', by: 'client' }],
    });
    world.runToEnd();
    expect(linesFrom(world, 100)).toEqual([
      '100 50000>80 RST',
      '100 client CLOSED',
      '110 web receive ECONNRESET',
      '110 web CLOSED',
    ]);
  });
});

describe('TIME-WAIT', () => {
  it('of a server gives way to a new SYN from the same port', () => {
    const world = clientAndWeb({
      actions: [plainConnect, close(100, 'web'), { ...plainConnect, atMs: 200, as: 'again' }],
    });
    world.runUntil(300);
    expect(linesFrom(world, 200)).toEqual([
      '200 client SYN-SENT',
      '200 50000>80 SYN',
      '210 web CLOSED',
      '210 web SYN-RECEIVED',
      '210 80>50000 SYN ACK',
      '220 client ESTABLISHED',
      '220 50000>80 ACK',
      '230 web ESTABLISHED',
    ]);
  });

  it('of a closed listener answers a new SYN, whose sender resets it and is refused in the end', () => {
    const world = clientAndWeb({
      actions: [
        plainConnect,
        close(100, 'web'),
        { atMs: 150, do: 'unlisten', host: 'web', port: 80 },
        { ...plainConnect, atMs: 200, as: 'again' },
      ],
    });
    world.runUntil(2000);
    expect(linesFrom(world, 200)).toEqual([
      '200 client SYN-SENT',
      '200 50000>80 SYN',
      '210 80>50000 ACK',
      '220 50000>80 RST',
      '230 web CLOSED',
      '1200 50000>80 SYN',
      '1210 80>50000 RST ACK',
      '1220 client connect ECONNREFUSED',
      '1220 client CLOSED',
    ]);
  });
});

describe('listening', () => {
  it('the most specific address gets the connection', () => {
    const world = clientAndWeb({
      listen: [
        { port: 80, reusePort: true },
        { port: 81 },
        { port: 80, address: '10.0.0.10', reusePort: true, responds: false },
      ],
      actions: [{ ...plainConnect, request: 10, response: 10 }],
    });
    world.runUntil(100);
    const answers = world.trace.filter(
      (event) => event.event === 'segment' && event.from === '10.0.0.10:80' && event.bytes > 0,
    );
    expect(answers).toEqual([]);
  });

  it('on loopback is out of reach for others', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, address: '127.0.0.1' }],
      actions: [plainConnect],
    });
    world.host('web')?.connect('tcp', '127.0.0.1', 80, { as: 'own' });
    world.runUntil(100);
    expect(world.trace.map(line)).toContain('20 client connect ECONNREFUSED');
    expect(statesOf(world, 'web')).toEqual(['LISTEN', 'ESTABLISHED', 'ESTABLISHED']);
  });

  it('ends without ending what it has accepted; what waits in its queue is reset', () => {
    const world = clientAndWeb({
      listen: [{ port: 80 }, { port: 81, accepts: false }],
      actions: [
        plainConnect,
        { ...plainConnect, to: '10.0.0.10:81', as: 'waiting', localPort: 50_001 },
      ],
    });
    world.runUntil(100);
    const [first, second] = world.host('web')?.sockets() ?? [];
    expect(second).toMatchObject({ state: 'LISTEN', recvQ: 1, sendQ: 511 });
    world.host('web')?.close(first?.id ?? 0);
    world.host('web')?.close(second?.id ?? 0);
    world.runUntil(200);
    expect(statesOf(world, 'client')).toEqual(['ESTABLISHED']);
    expect(statesOf(world, 'web')).toEqual(['ESTABLISHED']);
  });

  it('a full queue leaves SYNs unanswered until something is accepted', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, accepts: false, backlog: 1 }],
      actions: [
        {
          atMs: 0,
          do: 'connect',
          from: 'client',
          to: '10.0.0.10:80',
          as: 'c',
          count: 3,
          everyMs: 100,
          request: 0,
        },
      ],
    });
    world.runUntil(900);
    const listener = world.host('web')?.sockets()[0];
    expect(listener).toMatchObject({ recvQ: 2, sendQ: 1 });
    expect(statesOf(world, 'client')).toEqual(['ESTABLISHED', 'ESTABLISHED', 'SYN-SENT']);
    expect(world.host('web')?.accept(listener?.id ?? 0).ok).toBe(true);
    world.runUntil(1300);
    expect(statesOf(world, 'client')).toEqual(['ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED']);
  });

  it('a connection that is reset while it waits stays in the queue until it is taken', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, accepts: false, backlog: 0 }],
      actions: [plainConnect, { atMs: 100, do: 'reset', connection: 'page' }],
    });
    world.runUntil(200);
    const web = world.host('web');
    const [listener] = web?.sockets() ?? [];
    expect(listener).toMatchObject({ state: 'LISTEN', recvQ: 1 });
    expect(web?.sockets()).toHaveLength(1);
    world.host('client')?.connect('tcp', '10.0.0.10', 80, { request: 0 });
    world.runUntil(300);
    expect(statesOf(world, 'client')).toEqual(['SYN-SENT']);
    const taken = web?.accept(listener?.id ?? 0);
    expect(taken?.ok && web?.socket(taken.value)).toBeUndefined();
    expect(web?.accept(listener?.id ?? 0)).toEqual({ ok: false, error: 'EAGAIN' });
    world.runUntil(1500);
    expect(statesOf(world, 'client')).toEqual(['ESTABLISHED']);
  });

  it('a connection accepted late still gets its answer', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, accepts: false }],
      actions: [{ ...plainConnect, request: 5, response: 7 }],
    });
    world.runUntil(100);
    world.host('web')?.accept(world.host('web')?.sockets()[0]?.id ?? 0);
    world.runToEnd();
    expect(linesFrom(world, 100)).toEqual(['100 80>50000 PSH ACK', '110 50000>80 ACK']);
  });
});

describe('a snapshot', () => {
  it('as JSON gives back the same world, which goes on the same way', () => {
    const world = clientAndWeb({ actions: [{ ...plainConnect, request: 9, response: 9 }] });
    world.runUntil(15);
    world.host('client')?.connect('tcp', '10.0.0.10', 80, { as: 'typed' });
    world.host('client')?.sysctl.set('net.ipv4.ip_local_port_range', '50000 50010');
    world.schedule({ atMs: 60, do: 'close', connections: 'all' });
    world.runUntil(55.5);
    const copy = World.restore(JSON.parse(JSON.stringify(world.snapshot())) as WorldSnapshot);
    expect(copy.trace).toEqual(world.trace);
    expect(copy.nowMs).toBe(55.5);
    for (const each of [world, copy]) {
      each.host('client')?.bind('tcp', '0.0.0.0', 0);
      each.runToEnd();
    }
    expect(copy.trace).toEqual(world.trace);
  });
});

/**
 * The running simulator: which session, which moment, whether time moves. All that is shown is read
 * off the story's replay at this moment; here is only what the learner has chosen.
 */

import type { Candidate } from '../../network/port-selection/candidates.ts';
import type { Scenario } from '../../network/scenario/scenario.ts';
import type { SocketRow } from '../../simulation-kit/socket-rows.ts';
import { advance, speedFactor } from '../../simulation-kit/timeline.ts';
import { type Motion, type SpeedId } from '../../simulation-kit/speeds.ts';
import { portOf } from '../../simulation-kit/endpoint.ts';
import type { Live } from '../../simulation-kit/mirrored-moments.ts';
import { fill, formatTime } from '../../simulation-kit/words.ts';
import type * as engineModule from './engine.ts';
import {
  isPagePort,
  requestableServices,
  servesHttp3,
  QUIC_PORT,
  requestFor,
  type RequestableService,
} from './requestable-services.ts';
import { questionBetween, type Question } from './prediction.ts';
import type { SharedMoment } from './session-code.ts';
import { runningStreams, sessionOf, type NewLearnerAction, type Session } from './session.ts';
import {
  failureAt,
  openingMoment,
  socketsOf,
  storyOf,
  type Opening,
  type Recording,
  type Story,
} from './story.ts';
import { contextOf, sentenceOf, subjectOf } from './event-sentences.ts';
import type { System } from './why.ts';
import { usualSize, wireAt, type PictureSize, type WirePicture } from './wire-picture.ts';
import type { Words } from './words.ts';

interface Past {
  readonly session: Session;
  readonly nowMs: number;
  readonly seenMs: number;
  readonly isAtRest: boolean;
  readonly isBefore: boolean;
}

/** Rewind and fast forward go this much faster than play. */
const FAST = 8;
/** Without sliding, each picture stands for this long at the speed `slow`. */
const STILL_MS = 1600;
const MOST_UNDO = 100;
/** So many stories are kept. */
const MOST_KNOWN = 2;
/** In a crowd what is read is drawn anew so often: nobody reads sixty numbers a second. */
const READ_EVERY_MS = 150;
/** With more failures than this, playing runs through them. */
const MOST_STOPS = 5;

export interface SimulatorOptions {
  readonly scenario: Scenario;
  readonly words: Words;
  /** The systems there are, by id. */
  readonly systems: Readonly<Record<string, System>>;
  readonly asks: boolean;
  readonly opens: Opening;
  /** The scenario as the page carries it, already run. */
  readonly recording: Recording;
}

type Engine = typeof engineModule;
type Recorder = InstanceType<Engine['Recorder']>;

export class Simulator {
  readonly base: Scenario;
  readonly words: Words;
  readonly systems: Readonly<Record<string, System>>;
  readonly opens: Opening;
  /** What the clients' buttons ask for. */
  readonly services: readonly RequestableService[];
  readonly isOfPages: boolean;
  /** Whether https can be asked for over HTTP/3 too. */
  readonly hasQuic: boolean;

  session: Session = $state.raw({
    seed: 0,
    clients: [],
    servers: 0,
    cutMs: null,
    learnerActions: [],
  });
  nowMs = $state(0);
  motion: Motion = $state('paused');
  speed: SpeedId = $state('slow');
  asks = $state(false);
  question: Question | null = $state.raw(null);
  isAnswered = $state(false);
  selected: string | null = $state(null);
  announcement = $state('');
  /** How things stand after it: the picture shows that, and goes on showing it as time goes on. */
  context = $state('');
  /** What is wrong with the link that was opened, until something is done. */
  problem = $state('');
  /** Nobody has touched it: the picture is the lesson's own. */
  isAtRest = $state(true);
  /** At 0 ms, and nothing of that moment has happened yet. */
  isBefore = $state(true);
  /** Motion is not wanted: segments stand in the middle, time goes in steps. */
  isStill = $state(false);
  atOnce = $state(1);
  /** Pages of https are asked for over HTTP/3. */
  overQuic = $state(false);
  /** How much room the picture has. */
  room: PictureSize = $state.raw(usualSize);
  targets: readonly number[] = $state.raw([]);

  /** What the engine left of the session, laid out. Set together with it. */
  story: Story = $state.raw(null as never);
  readonly wire = $derived(this.#wireAt(this.nowMs));
  /** Time goes on, and more is on its way than can be told. */
  readonly #isCrowded = $derived(this.motion !== 'paused' && this.wire.density === 'crowd');
  /** When what is read was last drawn, while much happens at once. */
  #readMs = $state(0);
  #sinceRead = 0;
  /** What is read (sockets, counts, sentences) shows this moment: in a crowd, of a moment ago. */
  readonly readMs = $derived(this.#isCrowded ? this.#readMs : this.nowMs);
  /** How much of the trace has happened by then: what does not move depends on this only. */
  readonly index = $derived(this.#indexAt(this.readMs));
  readonly sockets = $derived.by(() => socketsOf(this.story, this.index));
  readonly counts = $derived.by(() => {
    const counts = { open: 0, used: 0, waiting: 0 };
    for (const host of this.story.cast.clients) {
      for (const { state, remotePort } of this.sockets.get(host.name) ?? []) {
        if (state === 'TIME-WAIT') counts.waiting += 1;
        else if (remotePort !== 0) counts.used += 1;
        const isQuic = state === 'ESTAB' && remotePort === QUIC_PORT;
        if (state === 'ESTABLISHED' || isQuic) counts.open += 1;
      }
    }
    return counts;
  });
  /** The picture as sentences tell it. */
  readonly told = $derived(this.#isCrowded ? this.#wireAt(this.#readMs) : this.wire);
  /** The latest choice of a port, or the selected connection's. */
  readonly picked = $derived.by(() => {
    const { choices } = this.story;
    let low = 0;
    let high = choices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((choices[middle]?.index ?? 0) < this.index) low = middle + 1;
      else high = middle;
    }
    const selected = this.selected;
    const picked =
      selected === null
        ? undefined
        : choices.slice(0, low).findLast(({ event }) => event.connection === selected);
    return picked ?? choices[low - 1] ?? null;
  });
  readonly choice = $derived(this.picked?.event ?? null);
  /** The port that was chosen; null where none was free. */
  readonly chosenPort = $derived(this.choice?.event === 'port-chosen' ? this.choice.port : null);
  /** A call that has failed, as long as nothing has come after it; and the port it was for. */
  readonly failure = $derived.by(() => {
    if (this.selected !== null) return null;
    const failed = failureAt(this.story.failures, this.index);
    return failed === null ? null : { event: failed, port: this.#portOf(failed.connection ?? '') };
  });
  readonly isStreaming = $derived(runningStreams(this.session, this.nowMs).length > 0);

  #past: Past[] = $state.raw([]);
  readonly canUndo = $derived(this.#past.length > 0);
  #seenMs = 0;
  #settled: readonly string[] = [];
  #stillFor = 0;

  #engine: Engine | null = $state.raw(null);
  #recorder: Recorder | null = null;
  #isBusy = false;
  /** The stories of the latest sessions: undoing the last action tells nothing anew. */
  #known: (readonly [Session, Story])[];
  /** The page's recording lacks its end: the engine must run before time goes on. */
  readonly isCut: boolean;

  constructor({ scenario, words, systems, asks, opens, recording }: SimulatorOptions) {
    this.isCut = recording.isCut;
    this.base = scenario;
    this.words = words;
    this.systems = systems;
    this.asks = asks;
    this.opens = opens;
    this.services = requestableServices(scenario);
    this.isOfPages = this.services.every(({ port }) => isPagePort(port));
    this.hasQuic = servesHttp3(scenario);
    this.session = sessionOf(scenario);
    this.story = storyOf(scenario, this.session, recording);
    this.#known = [[this.session, this.story]];
    this.targets = this.session.clients.map(() => 0);
    this.nowMs = openingMoment(this.story.trace, opens);
    this.#seenMs = this.nowMs;
  }

  #indexAt(ms: number): number {
    const { replay, opening } = this.story;
    if (this.isBefore && ms <= 0) replay.seekIndex(opening);
    else replay.seekTime(ms);
    return replay.index;
  }

  #wireAt(ms: number): WirePicture {
    const { replay, cast } = this.story;
    this.#indexAt(ms);
    return wireAt(
      replay.flights(),
      ms,
      cast,
      this.base.latencyMs,
      this.isStill,
      this.room,
      this.question?.segment ?? null,
    );
  }

  /** What is read is drawn now. */
  #read(): void {
    this.#readMs = this.nowMs;
    this.#sinceRead = 0;
    this.#recorder?.follow(this.nowMs);
  }

  /** To which port a connection goes, by its name. */
  #portOf(connection: string): number | null {
    const stem = connection.split('#')[0];
    const action = this.session.learnerActions.find((one) => `c${String(one.id)}` === stem);
    if (action !== undefined) return 'port' in action ? action.port : null;
    const given = this.base.actions.find((one) => one.do === 'connect' && one.as === stem);
    return given?.do === 'connect' ? portOf(given.to) : null;
  }

  /** Stands at the end for a moment, as on paper; gives back how to return. */
  showEnd(): () => void {
    const { nowMs, isBefore } = this;
    this.nowMs = this.story.timeline.endMs;
    this.isBefore = false;
    return () => {
      this.nowMs = nowMs;
      this.isBefore = isBefore;
    };
  }

  get isEmpty(): boolean {
    return this.session.cutMs === -1 && this.session.learnerActions.length === 0;
  }

  /** A host's name at the head of a sentence, or within one. */
  subject(name: string, isObject = false): string {
    return subjectOf(this.words, this.story.cast, name, isObject);
  }

  /** A client's system. */
  systemAt(name: string): System {
    const os = this.story.cast.clients.find((host) => host.name === name)?.os ?? '';
    return this.systems[os] ?? { name: os, evidence: 'assumed' };
  }

  systemOf(name: string): string {
    return this.systemAt(name).name;
  }

  #say(...sentences: string[]): void {
    this.announcement = sentences.filter((sentence) => sentence !== '').join(' ');
    this.context = '';
  }

  /** Says it, and how many connections there are now to those who do not see it. */
  #sayWithContext(...sentences: string[]): void {
    this.#say(...sentences);
    this.context = contextOf(this.words, this.counts);
  }

  /** Loads the engine, if it is not there yet, and then uses it. */
  #run(use: (engine: Engine) => void): void {
    if (this.#engine !== null) use(this.#engine);
    else {
      this.prepare().then(use, () => {
        this.#say(this.words.announce.noEngine);
      });
    }
  }

  /** Loads the engine, so that the first action need not wait for it. */
  async prepare(): Promise<Engine> {
    const loaded = await import('./engine.ts');
    if (this.#engine === null) {
      this.#engine = loaded;
      this.#recorder = new loaded.Recorder(this.base);
      if (this.isCut) this.#tell(this.#recorder, this.session);
      else this.#recorder.begin(this.session);
    }
    return loaded;
  }

  #tell(recorder: Recorder, session: Session): void {
    this.story = storyOf(this.base, session, recorder.record(session));
    this.#known = [...this.#known.slice(1 - MOST_KNOWN), [session, this.story]];
    recorder.begin(session);
  }

  #stand(session: Session, nowMs: number, seenMs: number): void {
    if (session !== this.session && this.#recorder !== null) {
      const [, known] = this.#known.find(([of]) => of === session) ?? [];
      if (known === undefined) this.#tell(this.#recorder, session);
      else {
        this.story = known;
        this.#recorder.begin(session);
      }
    }
    this.session = session;
    this.nowMs = nowMs;
    this.#read();
    this.#seenMs = seenMs;
    this.question = null;
    this.isAnswered = false;
  }

  #remember(): void {
    const { session, nowMs, isAtRest, isBefore } = this;
    const past = { session, nowMs, seenMs: this.#seenMs, isAtRest, isBefore };
    this.#past = [...this.#past.slice(-MOST_UNDO + 1), past];
    this.isAtRest = false;
    this.problem = '';
  }

  #changeBy(engine: Engine, action: NewLearnerAction | { readonly kind: 'stop' }, atMs: number) {
    const isFirst = this.isBefore && this.nowMs <= 0;
    return engine.act(this.base, this.session, atMs, this.#seenMs, action, isFirst);
  }

  /** What may concern thousands: their world runs in slices first, and the page stays alive. */
  #doMany(engine: Engine, action: NewLearnerAction, say: (branched: string) => void): void {
    if (this.#isBusy) return;
    const change = this.#changeBy(engine, action, Math.ceil(this.nowMs));
    if (change.ok) this.motion = 'paused';
    this.#isBusy = true;
    const ready = change.ok ? this.#recorder?.makeReady(change.session) : undefined;
    void Promise.resolve(ready).then(() => {
      this.#isBusy = false;
      const branched = this.#do(engine, action);
      if (branched !== null) say(branched);
    });
  }

  #do(engine: Engine, action: NewLearnerAction | { readonly kind: 'stop' }): string | null {
    const atMs = Math.ceil(this.nowMs);
    const change = this.#changeBy(engine, action, atMs);
    if (!change.ok) {
      this.#say(this.words.announce.tooMany);
      return null;
    }
    this.#remember();
    this.#stand(change.session, atMs, atMs);
    this.isBefore = false;
    // What has failed at once stands still to be read.
    this.motion = this.failure === null ? 'playing' : 'paused';
    this.#stillFor = 0;
    return change.replacedFuture ? this.words.announce.branched : '';
  }

  /** Whether a press on this port opens a page over HTTP/3. */
  isQuic(port: number): boolean {
    return this.overQuic && this.hasQuic && port === QUIC_PORT;
  }

  /** Opens connections from a client to its chosen server. */
  connect(client: number, port: number): void {
    this.#run((engine) => {
      const server = Math.min(this.targets[client] ?? 0, this.session.servers - 1);
      const count = this.atOnce;
      const isQuic = this.isQuic(port);
      const branched = this.#do(engine, {
        kind: 'connect',
        client,
        server,
        port,
        count,
        ...(isQuic && { isQuic }),
      });
      if (branched === null) return;
      const { cast } = this.story;
      const host = this.subject(cast.clients[client]?.name ?? '');
      const to = { host, port, server: this.subject(cast.servers[server]?.name ?? '', true) };
      this.selected = null;
      const { choice } = this;
      const failure = choice?.event === 'error' ? sentenceOf(this.words, cast, choice) : null;
      const source = this.chosenPort ?? 0;
      this.#sayWithContext(
        branched,
        failure ??
          (isQuic
            ? fill(this.words.announce.openedQuic, { ...to, count, source })
            : count === 1
              ? fill(
                  requestFor(this.base, port).protocol === 'udp'
                    ? this.words.announce.sentOne
                    : this.words.announce.openedOne,
                  { ...to, source },
                )
              : fill(this.words.announce.openedMany, { ...to, count })),
      );
    });
  }

  stopStream(): void {
    this.#run((engine) => {
      const branched = this.#do(engine, { kind: 'stop' });
      if (branched !== null) this.#sayWithContext(branched, this.words.announce.streamStopped);
    });
  }

  toggleStream(client: number, port: number, perSecond: number, keepsOpen: boolean): void {
    this.#run((engine) => {
      const { announce } = this.words;
      if (this.isStreaming) {
        this.stopStream();
        return;
      }
      const server = Math.min(this.targets[client] ?? 0, this.session.servers - 1);
      const stream = { client, server, port, perSecond, keepsOpen, untilMs: null };
      this.#doMany(engine, { kind: 'stream', ...stream }, (branched) => {
        const name = this.subject(this.story.cast.servers[server]?.name ?? '', true);
        this.#say(branched, fill(announce.streamed, { count: perSecond, port, server: name }));
      });
    });
  }

  close(row: SocketRow, host: string): void {
    this.#run((engine) => {
      const branched = this.#do(engine, { kind: 'close', connection: row.connection, by: host });
      if (branched === null) return;
      this.#sayWithContext(
        branched,
        fill(row.protocol === 'udp' ? this.words.announce.closedUdp : this.words.announce.closed, {
          host: this.subject(host),
          port: row.localPort,
        }),
      );
    });
  }

  closeAll(by: 'clients' | 'servers'): void {
    this.#run((engine) => {
      this.#doMany(engine, { kind: 'close-all', by }, (branched) => {
        this.#sayWithContext(
          branched,
          by === 'clients'
            ? this.words.announce.closedAllclients
            : this.words.announce.closedAllservers,
        );
      });
    });
  }

  #retell(session: Session, said: string): void {
    this.#run(() => {
      this.#remember();
      this.#stand(session, this.nowMs, this.#seenMs);
      this.nowMs = Math.min(this.nowMs, this.story.timeline.endMs);
      this.#sayWithContext(said);
    });
  }

  /** The same actions with other luck. False: not a seed. */
  reseed(text: string): boolean {
    const seed = Number(text);
    if (!/^\d{1,10}$/.test(text.trim()) || seed > 0xffff_ffff) {
      this.#say(this.words.announce.badSeed);
      return false;
    }
    if (seed !== this.session.seed) {
      this.#retell({ ...this.session, seed }, fill(this.words.announce.seed, { seed }));
    }
    return true;
  }

  /** The same actions with a client of another system. */
  changeSystem(client: number, os: string): void {
    const clients = this.session.clients.map((old, index) => (index === client ? os : old));
    const host = this.subject(this.story.cast.clients[client]?.name ?? '');
    this.#retell(
      { ...this.session, clients },
      fill(this.words.announce.system, { host, system: this.systems[os]?.name ?? os }),
    );
  }

  resize(clients: number, servers: number): void {
    this.#run((engine) => {
      this.targets = Array.from({ length: clients }, (_, index) => this.targets[index] ?? 0);
      this.#retell(
        engine.resize(this.session, clients, servers),
        fill(this.words.announce.hosts, { clients, servers }),
      );
    });
  }

  target(client: number, server: number): void {
    this.targets = this.targets.map((old, index) => (index === client ? server : old));
  }

  clear(): void {
    this.#run(() => {
      this.#remember();
      this.motion = 'paused';
      this.selected = null;
      this.#settled = [];
      this.#stand({ ...this.session, cutMs: -1, learnerActions: [] }, 0, 0);
      this.isBefore = true;
      this.#say(this.words.announce.cleared);
    });
  }

  reset(): void {
    this.#run(() => {
      this.#remember();
      this.motion = 'paused';
      this.selected = null;
      this.#settled = [];
      this.#stand(sessionOf(this.base), 0, 0);
      this.targets = this.session.clients.map(() => 0);
      this.nowMs = openingMoment(this.story.trace, this.opens);
      this.isBefore = true;
      this.#seenMs = this.nowMs;
      this.isAtRest = true;
      this.#say(this.words.announce.reset);
    });
  }

  undo(): void {
    this.#run(() => {
      const past = this.#past.at(-1);
      if (past === undefined) return;
      this.#past = this.#past.slice(0, -1);
      this.motion = 'paused';
      this.#stand(past.session, past.nowMs, past.seenMs);
      this.isAtRest = past.isAtRest;
      this.isBefore = past.isBefore;
      this.targets = this.session.clients.map((_, index) => this.targets[index] ?? 0);
      this.#sayWithContext(this.words.announce.undone);
    });
  }

  move(motion: Motion): void {
    this.isAtRest = false;
    this.problem = '';
    this.#stillFor = 0;
    if (motion === 'paused') {
      this.motion = 'paused';
      // At a moment that a link can name, so that it is the same wherever the link is opened.
      this.nowMs = Math.round(this.nowMs * 100) / 100;
      this.#say(fill(this.words.announce.paused, { time: formatTime(this.nowMs) }));
      return;
    }
    this.#leaveQuestion();
    if (motion !== 'rewinding' && this.nowMs >= this.story.timeline.endMs) this.nowMs = 0;
    this.motion = motion;
  }

  #leaveQuestion(): void {
    if (this.question !== null) this.#settled = [...this.#settled, this.question.about];
    this.question = null;
    this.isAnswered = false;
  }

  seek(ms: number): void {
    this.isAtRest = false;
    this.problem = '';
    this.isBefore = ms <= 0;
    this.#leaveQuestion();
    this.nowMs = Math.min(Math.max(ms, 0), this.story.timeline.endMs);
    this.#read();
    this.#seenMs = Math.max(this.#seenMs, this.nowMs);
  }

  step(direction: 1 | -1): void {
    const { timeline } = this.story;
    this.motion = 'paused';
    const to = direction > 0 ? timeline.next(this.nowMs) : timeline.previous(this.nowMs);
    if (to === null) return;
    if (direction > 0 && this.#askBetween(this.nowMs, to)) return;
    this.seek(to);
  }

  jump(end: 'start' | 'end'): void {
    this.motion = 'paused';
    this.seek(end === 'start' ? 0 : this.story.timeline.endMs);
  }

  #askBetween(fromMs: number, toMs: number): boolean {
    if (!this.asks) return false;
    const question = questionBetween(this.story.questions, fromMs, toMs, this.#settled);
    if (question === null) return false;
    this.isAtRest = false;
    this.nowMs = question.atMs;
    this.#seenMs = Math.max(this.#seenMs, this.nowMs);
    this.motion = 'paused';
    this.question = question;
    this.isAnswered = false;
    this.#say(this.words.predict.asked);
    return true;
  }

  /** Playing stops where a call fails, so that it is seen; once for each, and not in a flood. */
  #failsBetween(fromMs: number, toMs: number): boolean {
    const { failures } = this.story;
    if (failures.length > MOST_STOPS) return false;
    const failed = failures.find(({ event }) => event.atMs > fromMs && event.atMs <= toMs);
    if (failed === undefined) return false;
    this.nowMs = failed.event.atMs;
    this.#seenMs = Math.max(this.#seenMs, this.nowMs);
    this.selected = null;
    this.motion = 'paused';
    this.#sayWithContext(sentenceOf(this.words, this.story.cast, failed.event) ?? '');
    return true;
  }

  /** The learner has answered, or wants to see: go on. */
  goOn(): void {
    this.#leaveQuestion();
    this.motion = 'playing';
  }

  skip(): void {
    this.asks = false;
    this.goOn();
  }

  /** `screenMs` have passed on the screen. */
  tick(screenMs: number): void {
    if (this.motion === 'paused') return;
    const { timeline } = this.story;
    const sign = this.motion === 'rewinding' ? -1 : 1;
    const factor =
      speedFactor(this.speed, this.base.latencyMs) * (this.motion === 'playing' ? 1 : FAST);
    let to: number;
    if (this.isStill) {
      this.#stillFor += screenMs;
      if (this.#stillFor < STILL_MS / 2) return;
      to = advance(timeline, this.nowMs, sign * this.#stillFor, this.speed, factor);
      this.#stillFor = 0;
      to = (sign > 0 ? timeline.next(to) : timeline.previous(to)) ?? to;
    } else {
      to = advance(timeline, this.nowMs, sign * Math.min(screenMs, 100), this.speed, factor);
    }
    if (this.motion === 'playing' && this.#askBetween(this.nowMs, to)) return;
    if (this.motion === 'playing' && this.#failsBetween(this.nowMs, to)) return;
    this.nowMs = to;
    this.#sinceRead += screenMs;
    if (!this.#isCrowded || this.#sinceRead >= READ_EVERY_MS) this.#read();
    this.#seenMs = Math.max(this.#seenMs, to);
    if (sign < 0 && to <= 0) this.isBefore = true;
    if (sign > 0 ? to >= timeline.endMs : to <= 0) {
      this.motion = 'paused';
      if (sign > 0) this.#sayWithContext(this.words.announce.ended);
    }
  }

  /** Every candidate of the choice that is shown; the world is run again for it. */
  async listCandidates(): Promise<readonly Candidate[]> {
    const { picked, session } = this;
    const engine = await this.prepare();
    return picked === null ? [] : engine.candidatesAt(this.base, session, picked.index);
  }

  /**
   * Stands and moves as the same simulator in another window does; `done` is called when it does. A
   * state that cannot be read changes nothing.
   */
  follow(state: string, live: Live | undefined, done: () => void): void {
    this.#run((engine) => {
      const shared = engine.decodeMoment(this.base, state, Object.keys(this.systems));
      if (shared !== null) {
        const here = engine.encodeMoment(this.base, { session: this.session, nowMs: this.nowMs });
        if (here !== state) this.#standAt(shared);
        this.isAtRest = false;
        this.speed = live?.speed ?? this.speed;
        this.asks = live?.asks ?? this.asks;
        if (live?.isAsking !== true) {
          this.#leaveQuestion();
          // The other window has answered what is asked here.
          const asked = this.story.questions.filter(
            ({ atMs }) => Math.abs(atMs - this.nowMs) < 0.1,
          );
          this.#settled = [...this.#settled, ...asked.map(({ about }) => about)];
        } else if (this.question === null) this.#askBetween(this.nowMs - 0.1, this.nowMs + 0.1);
        this.motion = live?.motion ?? 'paused';
        this.#stillFor = 0;
      }
      done();
    });
  }

  #standAt(shared: SharedMoment): void {
    this.isAtRest = false;
    this.isBefore = true;
    this.problem = '';
    this.motion = 'paused';
    this.#stand(shared.session, 0, 0);
    this.targets = this.session.clients.map(() => 0);
    this.nowMs = Math.min(shared.nowMs, this.story.timeline.endMs);
    this.#seenMs = this.nowMs;
  }

  /** This session and moment for the address bar. */
  encode(): string | null {
    return this.#engine === null
      ? null
      : this.#engine.encodeMoment(this.base, { session: this.session, nowMs: this.nowMs });
  }

  /** Stands where a link says; a link that cannot be read gets a message and changes nothing. */
  restore(text: string): void {
    this.#run((engine) => {
      const shared = engine.decodeMoment(this.base, text, Object.keys(this.systems));
      if (shared === null) {
        this.problem = this.words.announce.badLink;
        return;
      }
      this.#standAt(shared);
    });
  }
}

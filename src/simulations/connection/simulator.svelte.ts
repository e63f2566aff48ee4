/**
 * The running simulator: what the learner does. Each act gives a new session, which the engine runs and
 * tells as a story; the acts before it are remembered. The top floor: what is shown of a session at a
 * moment, and how time moves, are below it (shown-moment.svelte.ts, playback.svelte.ts).
 */

import type { Candidate } from '../../network/port-selection/candidates.ts';
import type { SocketRow } from '../../simulation-kit/socket-rows.ts';
import type { Live } from '../../simulation-kit/mirrored-moments.ts';
import { fill } from '../../simulation-kit/words.ts';
import type * as engineModule from './engine.ts';
import {
  isPagePort,
  requestableServices,
  servesHttp3,
  QUIC_PORT,
  requestFor,
  type RequestableService,
} from './requestable-services.ts';
import type { SharedMoment } from './session-code.ts';
import { runningStreams, sessionOf, type NewLearnerAction, type Session } from './session.ts';
import { openingMoment, type Story } from './story.ts';
import { captionOf, sentenceOf } from './event-sentences.ts';
import type { ShownOptions } from './shown-moment.svelte.ts';
import { Playback } from './playback.svelte.ts';

interface Past {
  readonly session: Session;
  readonly nowMs: number;
  readonly seenMs: number;
  readonly isAtRest: boolean;
  readonly isBefore: boolean;
}

const MOST_UNDO = 100;
/** So many stories are kept. */
const MOST_KNOWN = 2;

type Engine = typeof engineModule;
type Recorder = InstanceType<Engine['Recorder']>;

export class Simulator extends Playback {
  /** What the clients' buttons ask for. */
  readonly services: readonly RequestableService[];
  readonly isOfPages: boolean;
  /** Whether https can be asked for over HTTP/3 too. */
  readonly hasQuic: boolean;
  atOnce = $state(1);
  /** Pages of https are asked for over HTTP/3. */
  overQuic = $state(false);
  targets: readonly number[] = $state.raw([]);
  readonly isStreaming = $derived(runningStreams(this.session, this.nowMs).length > 0);

  protected override recorder: Recorder | null = null;
  #past: Past[] = $state.raw([]);
  readonly canUndo = $derived(this.#past.length > 0);

  /** What the picture shows, in one sentence. */
  readonly caption = $derived(
    captionOf(this.words, this.story.cast, this.told, this.counts, this.#captionState()),
  );

  #engine: Engine | null = $state.raw(null);
  /** What is pressed while the engine still works for another press. */
  readonly #waiting: (() => void)[] = [];
  /** The stories of the latest sessions: undoing the last action tells nothing again. */
  #known: (readonly [Session, Story])[];
  /** The page's recording lacks its end: the engine must run before time goes on. */
  readonly isCut: boolean;

  constructor(options: ShownOptions) {
    super(options);
    const { scenario, recording } = options;
    this.isCut = recording.isCut;
    this.services = requestableServices(scenario);
    this.isOfPages = this.services.every(({ port }) => isPagePort(port));
    this.hasQuic = servesHttp3(scenario);
    this.#known = [[this.session, this.story]];
    this.targets = this.session.clients.map(() => 0);
  }

  #captionState(): Parameters<typeof captionOf>[4] {
    if (this.failure !== null) return this.failure.event;
    if (this.question !== null && !this.isAnswered) return 'asking';
    if (this.isEmpty) return this.isOfPages ? 'empty' : 'emptyAny';
    if (this.isAtRest && this.nowMs > 0) return 'midway';
    if (this.isAtRest || (this.isBefore && this.nowMs <= 0 && this.motion === 'paused'))
      return this.isOfPages ? 'ready' : 'readyAny';
    return 'running';
  }

  /** Loads the engine, if it is not there yet, and then uses it. */
  #run(use: (engine: Engine) => void): void {
    if (this.#engine !== null) use(this.#engine);
    else {
      this.prepare().then(use, () => {
        this.say(this.words.announce.noEngine);
      });
    }
  }

  /** Whether the engine is there: without it a moment has no words for a link. */
  get isPrepared(): boolean {
    return this.#engine !== null;
  }

  /** Loads the engine, so that the first action need not wait for it. */
  async prepare(): Promise<Engine> {
    const loaded = await import('./engine.ts');
    if (this.#engine === null) {
      this.#engine = loaded;
      this.recorder = new loaded.Recorder(this.base);
      if (this.isCut) this.#tell(this.recorder, this.session);
      else this.recorder.begin(this.session);
    }
    return loaded;
  }

  /** `isSoFar`: as far as it is ready; the rest is told when it is there. */
  #tell(recorder: Recorder, session: Session, isSoFar = false): void {
    const know = (story: Story): void => {
      this.story = story;
      const others = this.#known.filter(([of]) => of !== session);
      this.#known = [...others.slice(1 - MOST_KNOWN), [session, story]];
    };
    know(recorder.tell(session, this.story.cast, isSoFar ? know : undefined));
    recorder.begin(session);
  }

  #stand(session: Session, nowMs: number, seenMs: number, isSoFar = false): void {
    if (session !== this.session && this.recorder !== null) {
      const [, known] = this.#known.find(([of]) => of === session) ?? [];
      if (known?.isWhole !== true) this.#tell(this.recorder, session, isSoFar);
      else {
        this.story = known;
        this.recorder.begin(session);
      }
    }
    this.session = session;
    this.nowMs = nowMs;
    this.read();
    this.seenMs = seenMs;
    this.question = null;
    this.isAnswered = false;
  }

  #remember(): void {
    const { session, nowMs, isAtRest, isBefore } = this;
    const past = { session, nowMs, seenMs: this.seenMs, isAtRest, isBefore };
    this.#past = [...this.#past.slice(-MOST_UNDO + 1), past];
    this.isAtRest = false;
    this.problem = '';
  }

  /**
   * When a press happens: now, or a millisecond after what a packet or a timer has just brought. What is
   * seen has happened, and at one moment a world's actions come before what packets bring.
   */
  #pressMs(): number {
    const atMs = Math.ceil(this.nowMs);
    const actions = [...this.base.actions, ...this.session.learnerActions];
    const isBrought =
      !this.isBefore &&
      this.story.trace.some((event) => event.atMs === atMs) &&
      !actions.some((action) => action.atMs === atMs);
    return isBrought ? atMs + 1 : atMs;
  }

  #changeBy(engine: Engine, action: NewLearnerAction | { readonly kind: 'stop' }, atMs: number) {
    const isFirst = this.isBefore && this.nowMs <= 0;
    return engine.act(this.base, this.session, atMs, this.seenMs, action, isFirst);
  }

  /**
   * What needs the engine: its world runs in slices first, time stands meanwhile, and the page stays
   * alive; what is shown of it comes after that.
   */
  #doReady(
    engine: Engine,
    action: NewLearnerAction,
    say: (branched: string) => void,
    isLong = false,
  ): void {
    if (this.isHeld) {
      this.#waiting.push(() => {
        this.#doReady(engine, action, say, isLong);
      });
      return;
    }
    const change = this.#changeBy(engine, action, this.#pressMs());
    this.isHeld = true;
    const ready = change.ok ? this.recorder?.makeReady(change.session, isLong) : undefined;
    void Promise.resolve(ready)
      .finally(() => (this.isHeld = false))
      .then(() => {
        const branched = this.#do(engine, action, isLong);
        if (branched !== null) say(branched);
      })
      // Also where the world has failed: the page is told, and time goes on.
      .finally(() => this.#waiting.shift()?.());
  }

  /** The same for what may concern thousands and takes a while: time is seen to stand. */
  #doMany(engine: Engine, action: NewLearnerAction, say: (branched: string) => void): void {
    if (this.isHeld) return;
    if (this.#changeBy(engine, action, this.#pressMs()).ok) this.motion = 'paused';
    this.#doReady(engine, action, say, true);
  }

  #do(
    engine: Engine,
    action: NewLearnerAction | { readonly kind: 'stop' },
    isSoFar = false,
  ): string | null {
    const atMs = this.#pressMs();
    const change = this.#changeBy(engine, action, atMs);
    if (!change.ok) {
      this.say(this.words.announce.tooMany);
      return null;
    }
    this.#remember();
    this.#stand(change.session, atMs, atMs, isSoFar);
    this.isBefore = false;
    // What has failed at once stands still to be read.
    this.motion = this.failure === null ? 'playing' : 'paused';
    this.drawClock();
    this.stillFor = 0;
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
      const action = {
        kind: 'connect',
        client,
        server,
        port,
        count,
        ...(isQuic && { isQuic }),
      } as const;
      this.#doReady(engine, action, (branched) => {
        const { cast } = this.story;
        const host = this.subject(cast.clients[client]?.name ?? '');
        const to = { host, port, server: this.subject(cast.servers[server]?.name ?? '', true) };
        this.selected = null;
        const { choice } = this;
        const failure = choice?.event === 'error' ? sentenceOf(this.words, cast, choice) : null;
        const source = this.chosenPort ?? 0;
        this.sayWithContext(
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
    });
  }

  stopStream(): void {
    this.#run((engine) => {
      const branched = this.#do(engine, { kind: 'stop' });
      if (branched !== null) this.sayWithContext(branched, this.words.announce.streamStopped);
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
        this.say(branched, fill(announce.streamed, { count: perSecond, port, server: name }));
      });
    });
  }

  close(row: SocketRow, host: string): void {
    this.#run((engine) => {
      const branched = this.#do(engine, { kind: 'close', connection: row.connection, by: host });
      if (branched === null) return;
      this.sayWithContext(
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
        this.sayWithContext(
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
      this.#stand(session, this.nowMs, this.seenMs);
      this.nowMs = Math.min(this.nowMs, this.story.timeline.endMs);
      this.sayWithContext(said);
    });
  }

  /** The same actions with another seed. False: not a seed. */
  reseed(text: string): boolean {
    const seed = Number(text);
    if (!/^\d{1,10}$/.test(text.trim()) || seed > 0xffff_ffff) {
      this.say(this.words.announce.badSeed);
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
      this.settled = [];
      this.#stand({ ...this.session, cutMs: -1, learnerActions: [] }, 0, 0);
      this.isBefore = true;
      this.say(this.words.announce.cleared);
    });
  }

  reset(): void {
    this.#run(() => {
      this.#remember();
      this.motion = 'paused';
      this.selected = null;
      this.settled = [];
      this.#stand(sessionOf(this.base), 0, 0);
      this.targets = this.session.clients.map(() => 0);
      this.nowMs = openingMoment(this.story.trace, this.opens);
      this.isBefore = true;
      this.seenMs = this.nowMs;
      this.isAtRest = true;
      this.say(this.words.announce.reset);
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
      this.sayWithContext(this.words.announce.undone);
    });
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
          this.leaveQuestion();
          // The other window has answered what is asked here.
          const asked = this.story.questions.filter(
            ({ atMs }) => Math.abs(atMs - this.nowMs) < 0.1,
          );
          this.settled = [...this.settled, ...asked.map(({ about }) => about)];
        } else if (this.question === null) this.askBetween(this.nowMs - 0.1, this.nowMs + 0.1);
        this.motion = live?.motion ?? 'paused';
        this.drawClock();
        this.stillFor = 0;
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
    this.seenMs = this.nowMs;
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

/** What a server says on one connection: HTTP request by request, ssh's banner. */

import type { SocketInfo } from '../../network/world.ts';
import { readRequest, respond, wireText, type HttpMachine, type HttpPlace } from './http-server.ts';
import type { ServerApp } from './processes.ts';

/** What a server's conversation needs of its machine. */
export interface TalkMachine extends HttpMachine {
  httpPlace(app: 'http' | 'http-closing', client: SocketInfo): HttpPlace;
  serverLogged(client: SocketInfo, line: string): void;
}

export interface Answer {
  readonly text: string;
  /** The server closes its side after the answer. */
  readonly hangsUp: boolean;
}

export class ServerTalk {
  private readonly machine: TalkMachine;
  private readonly app: ServerApp;
  private readonly socket: SocketInfo;
  private heard = '';

  /** @param socket the client's end */
  constructor(machine: TalkMachine, app: ServerApp, socket: SocketInfo) {
    this.machine = machine;
    this.app = app;
    this.socket = socket;
  }

  get banner(): string {
    return this.app === 'ssh' ? 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n' : '';
  }

  /** Hears a piece of what a client says. */
  receive(text: string): Answer {
    this.heard += text;
    // A name server is asked in whole messages (name-server.ts).
    if (this.app === 'silent' || this.app === 'dns') return { text: '', hangsUp: false };
    if (this.app === 'ssh') {
      if (!this.heard.includes('\n')) return { text: '', hangsUp: false };
      return this.heard.startsWith('SSH-')
        ? { text: '', hangsUp: false }
        : { text: 'Invalid SSH identification string.\r\n', hangsUp: true };
    }
    let answer = '';
    for (;;) {
      const request = readRequest(this.heard);
      if (request === null) return { text: answer, hangsUp: false };
      this.heard = request.rest;
      const response = respond(
        this.machine,
        this.machine.httpPlace(this.app, this.socket),
        request,
      );
      if (response.logLine !== undefined) this.machine.serverLogged(this.socket, response.logLine);
      answer += wireText(response);
      if (response.closes) return { text: answer, hangsUp: true };
    }
  }
}

/** Words around a terminal: content/interface, keys `terminal.open`. */

export interface OpenWords {
  readonly poster: string;
  readonly invitation: string;
  readonly button: string;
  readonly noScript: string;
  readonly profile: string;
  readonly profileNote: string;
  readonly picture: string;
  readonly pictureClose: string;
  readonly pictureLine: string;
  readonly pictureRange: string;
  readonly pictureSockets: string;
  readonly experiments: string;
  readonly experimentType: string;
  readonly restored: string;
  /** Where the machine's state is not simply kept. */
  readonly keeping: Readonly<Record<'no-room' | 'aside' | 'locked' | 'elsewhere', string>>;
  readonly asideSave: string;
  readonly asideForget: string;
  readonly sockets: {
    readonly state: string;
    readonly local: string;
    readonly peer: string;
    readonly actions: string;
    readonly why: string;
    readonly close: string;
    readonly empty: string;
    readonly secondsLeft: string;
    readonly more: string;
  };
}

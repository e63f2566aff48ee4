/** The words beside what can be shared: `sharedState` of the interface, or a widget's own. */

export interface CopyLinkWords {
  link: string;
  copied: string;
  copyByHand: string;
  embed: string;
  embedCopied: string;
  embedByHand: string;
  qr: string;
  qrLabel: string;
  qrTooLong: string;
  qrClose: string;
}

export interface SharedStateWords extends CopyLinkWords {
  badLink: string;
}

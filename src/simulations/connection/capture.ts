/** A story's packets as a capture file, as its clients' network cards see them. */

import { framesOf, placeAt } from '../../network/trace/frame.ts';
import { ETHERNET, ipBytes, pcapFile } from '../../network/trace/pcap.ts';
import type { Story } from './story.ts';

export interface Capture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly packets: number;
}

/**
 * The capture of a whole story: its clock begins at the simulator's 0. A packet that is lost on its way to a
 * client is not in it; what a segment carries is zeros.
 */
export function captureOf({ cast, trace }: Story): Capture {
  const addresses = cast.clients.flatMap((host) => host.addresses);
  const frames = framesOf(trace, placeAt(addresses, 0, ipBytes));
  const file = pcapFile(frames, ETHERNET, hardwareOf);
  return { bytes: Uint8Array.from(file, (one) => one.charCodeAt(0)), packets: frames.length };
}

/** A locally administered address that is made of the IP address, as QEMU and Docker make them. */
function hardwareOf(ip: string): string {
  const numbers = ip.includes(':')
    ? ip
        .split(':')
        .slice(-2)
        .flatMap((part) => [
          Number.parseInt(part || '0', 16) >> 8,
          Number.parseInt(part || '0', 16) & 255,
        ])
    : ip.split('.').map(Number);
  return ['02', '42', ...numbers.map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

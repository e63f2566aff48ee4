/** strerror(3) and the numbers of errno(3) on Linux x86_64, for the errors the engine knows. */

import type { Errno } from '../../network/errors.ts';

const errors: Readonly<Record<Errno, readonly [number: number, text: string]>> = {
  EPERM: [1, 'Operation not permitted'],
  ENOENT: [2, 'No such file or directory'],
  EAFNOSUPPORT: [97, 'Address family not supported by protocol'],
  EAGAIN: [11, 'Resource temporarily unavailable'],
  EACCES: [13, 'Permission denied'],
  EINVAL: [22, 'Invalid argument'],
  EADDRINUSE: [98, 'Address already in use'],
  EADDRNOTAVAIL: [99, 'Cannot assign requested address'],
  ENETUNREACH: [101, 'Network is unreachable'],
  ECONNRESET: [104, 'Connection reset by peer'],
  ENOTCONN: [107, 'Transport endpoint is not connected'],
  ETIMEDOUT: [110, 'Connection timed out'],
  ECONNREFUSED: [111, 'Connection refused'],
  EHOSTUNREACH: [113, 'No route to host'],
};

export function strerror(error: Errno): string {
  return errors[error][1];
}

export function errnoNumber(error: Errno): number {
  return errors[error][0];
}

/** How a call on a system ends. */

/** The errno's name, as on Linux. */
export type Errno =
  | 'EACCES'
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'EAFNOSUPPORT'
  | 'EAGAIN'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'ENETUNREACH'
  | 'ENOENT'
  | 'ENOTCONN'
  | 'EPERM'
  | 'ETIMEDOUT';

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Errno };

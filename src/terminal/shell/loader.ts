/** ld.so before main(): a program that has no descriptor left cannot load its libraries. */

/** The library that each asks for first, where it is not the C library; seen on Debian 12. */
const firstLibraries: Readonly<Record<string, string>> = {
  awk: 'libm.so.6',
  bash: 'libtinfo.so.6',
  cp: 'libselinux.so.1',
  curl: 'libcurl.so.4',
  dig: 'libjemalloc.so.2',
  find: 'libselinux.so.1',
  grep: 'libpcre2-8.so.0',
  host: 'libjemalloc.so.2',
  id: 'libselinux.so.1',
  ip: 'libbpf.so.1',
  iptables: 'libxtables.so.12',
  journalctl: 'libsystemd-shared-252.so',
  less: 'libtinfo.so.6',
  ls: 'libselinux.so.1',
  lsof: 'libtirpc.so.3',
  mkdir: 'libselinux.so.1',
  mv: 'libselinux.so.1',
  nc: 'libbsd.so.0',
  netstat: 'libselinux.so.1',
  nft: 'libnftables.so.1',
  nmap: 'libpcre.so.3',
  pgrep: 'libproc2.so.0',
  ping: 'libcap.so.2',
  ps: 'libproc2.so.0',
  python3: 'libm.so.6',
  sed: 'libacl.so.1',
  ss: 'libselinux.so.1',
  ssh: 'libselinux.so.1',
  stat: 'libselinux.so.1',
  su: 'libpam.so.0',
  systemctl: 'libcap.so.2',
  tcpdump: 'libcrypto.so.3',
  telnet: 'libtinfo.so.6',
  vi: 'libm.so.6',
  watch: 'libncursesw.so.6',
  wget: 'libpcre2-8.so.0',
};

/** What is printed in a program's place. */
export function loaderRefusal(name: string): string {
  const library = firstLibraries[name] ?? 'libc.so.6';
  return `${name}: error while loading shared libraries: ${library}: cannot open shared object file: Error 24\n`;
}
